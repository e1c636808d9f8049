"""A run made into one file.

    manifest.json                 what was run and what came of it, sizes and digests
    psk-mismatch.yaml             the scenario
    report.html  ladder.txt       to look at
    logs/hq.log  hq-debug.log     each gateway's, as the device writes them
    captures/hq-outside.pcapng    every line; captures/wireshark/ only with keys

The same run in process gives the same file, octet for octet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from gwsim import __version__
from gwsim.capture.ladder import ladder_text
from gwsim.lab.bundle.manifest import FORMAT, MANIFEST, Manifest, PackedFile, manifest_text
from gwsim.lab.bundle.result import result_of
from gwsim.lab.captures import CaptureFile, capture_files, write_file
from gwsim.lab.expect.evidence import Evidence, Witness
from gwsim.lab.html.folder import twin_of
from gwsim.lab.html.moments import looks
from gwsim.lab.html.page import Attached, page
from gwsim.lab.load import Loaded
from gwsim.lab.messages import ladder_of
from gwsim.lab.plan import Plan
from gwsim.lab.runner import Run
from gwsim.lab.runtimes.registry import SIM
from gwsim.lab.scenario import Scenario
from gwsim.vendors.registry import VENDORS

SUFFIX = ".gwsim"
REPORT = "report.html"
_CAPTURES = "captures"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class BundleKeeper:
    """Packs a run into the file `target` (interface: `Keeper`).

    The run must have been told to capture. `runtime` and `speed` say where and how it ran.
    """

    target: Path
    runtime: str = SIM
    speed: float | None = None

    def looks(self, scenario: Scenario, plan: Plan) -> tuple[float, ...]:
        """Need the snapshots that a report needs."""
        return looks(scenario, plan)

    def keep(self, loaded: Loaded, run: Run) -> None:
        """Write the bundle, for its owner's eyes only if there are keys in it; raises OSError."""
        files = contents(loaded, run, self.runtime)
        secret = any(file.secret for file in files)
        self.target.parent.mkdir(parents=True, exist_ok=True)
        write_file(self.target, packed(files, self._manifest(run, files)), secret)

    def _manifest(self, run: Run, files: tuple[CaptureFile, ...]) -> Manifest:
        return Manifest(
            format=FORMAT,
            version=__version__,
            name=run.plan.name,
            title=run.plan.title,
            scenario=scenario_file(run.scenario),
            report=REPORT,
            seed=run.plan.seed,
            runtime=self.runtime,
            speed=self.speed,
            simulated=run.record.duration,
            result=result_of(run),
            files=tuple(_listed(file) for file in files),
        )


def for_travel(loaded: Loaded) -> Loaded:
    """Give a scenario the name its file has in a bundle, so that nothing tells where it lay."""
    name = scenario_file(loaded.scenario)
    warnings = tuple(replace(warning, path=name) for warning in loaded.warnings)
    return replace(loaded, source=replace(loaded.source, name=name), warnings=warnings)


def scenario_file(scenario: Scenario) -> str:
    """Name the file of a scenario in a bundle."""
    return f"{scenario.name}.yaml"


def contents(loaded: Loaded, run: Run, runtime: str = SIM) -> tuple[CaptureFile, ...]:
    """Make all files of a bundle but the manifest; raises ValueError for a run not captured."""
    seen = [
        replace(file, name=f"{_CAPTURES}/{file.name}")
        for file in capture_files(run.record, run.plan.title)
    ]
    others = [_text("ladder.txt", ladder_text(ladder_of(run.record))), *_logs(run)]
    links = [Attached(file.name, file.name) for file in (*others, *seen)]
    report = page(loaded, run, twin_of(loaded, run), runtime, links)
    scenario = _text(scenario_file(run.scenario), loaded.source.text)
    return (scenario, _text(REPORT, report), *others, *seen)


def packed(files: tuple[CaptureFile, ...], manifest: Manifest) -> bytes:
    """Put files and manifest into one archive that depends on nothing but them."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, manifest_text(manifest).encode())
        for file in files:
            _add(archive, file.name, file.content)
    return target.getvalue()


def _add(archive: ZipFile, name: str, content: bytes) -> None:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)


def _listed(file: CaptureFile) -> PackedFile:
    digest = sha256(file.content).hexdigest()
    return PackedFile(file.name, len(file.content), digest, file.secret)


def _logs(run: Run) -> Iterator[CaptureFile]:
    evidence = Evidence(run.record, VENDORS)
    for gateway in run.record.gateways:
        witness = evidence.of(gateway.name)
        yield _text(f"logs/{gateway.name}.log", _lines(witness, debug=False))
        yield _text(f"logs/{gateway.name}-debug.log", _lines(witness, debug=True))


def _lines(witness: Witness, debug: bool) -> str:
    lines = (line for line in witness.lines if line.debug is debug)
    return "".join(f"{witness.written(line)}\n" for line in lines)


def _text(name: str, text: str) -> CaptureFile:
    return CaptureFile(name, text.encode("utf-8", "replace"))
