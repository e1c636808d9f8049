"""Reports as files: a page for each scenario file, where it stood, and an index of them all.

index.html  phase1/psk-mismatch.html  nat/udp-4500-blocked.html  ...
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from gwsim.lab.captures import PROFILE, CaptureKeeper
from gwsim.lab.html.index import Entry, index
from gwsim.lab.html.moments import looks
from gwsim.lab.html.page import Attached, error_page, page
from gwsim.lab.load import Loaded
from gwsim.lab.plan import Plan
from gwsim.lab.runner import Run, run_twin
from gwsim.lab.runtimes.registry import SIM
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import ScenarioError
from gwsim.lab.verdict import Verdict

INDEX = "index.html"


@dataclass(frozen=True, slots=True)
class ReportKeeper:
    """Writes the page of each run (interface: `Keeper`).

    `root` is the folder below which all scenario files are, `runtime` where they run. What
    `captures` has written before is linked.
    """

    folder: Path
    root: Path
    runtime: str = SIM
    captures: CaptureKeeper | None = None

    def looks(self, scenario: Scenario, plan: Plan) -> tuple[float, ...]:
        """Need snapshots when the scenario looks, and now and then."""
        return looks(scenario, plan)

    def keep(self, loaded: Loaded, run: Run) -> None:
        """Run the twin of a faulty scenario and write the page; raises OSError."""
        place = self.place(loaded.name)
        files = self._captured(loaded.name, place.parent)
        write_page(place, page(loaded, run, twin_of(loaded, run), self.runtime, files))

    def place(self, file: str) -> Path:
        """Give where the page of a scenario file stands."""
        below = Path(file).resolve().relative_to(self.root)
        plain = below.suffix == ".yaml" and below.name != "index.yaml"
        return self.folder / (below.with_suffix(".html") if plain else f"{below}.html")

    def _captured(self, file: str, page_folder: Path) -> list[Attached]:
        """List the captures of a scenario file, and where they are seen from its page."""
        if self.captures is None:
            return []
        below = self.captures.place(file)
        return [
            attached(found.relative_to(below).as_posix(), found, page_folder)
            for found in sorted(below.rglob("*"))
            if found.is_file()
        ]


def attached(name: str, file: Path, page_folder: Path) -> Attached:
    """Make a link to a file that stands beside a page; keys are called so."""
    secret = name.startswith(f"{PROFILE}/")
    title = f"{name} (of a Wireshark profile, with keys)" if secret else name
    return Attached(title, quote(Path(os.path.relpath(file, page_folder)).as_posix()))


def report_below(
    folder: Path,
    files: Sequence[str],
    runtime: str = SIM,
    captures: CaptureKeeper | None = None,
) -> ReportKeeper:
    """Make a keeper for these scenario files, at least one."""
    parents = [Path(file).resolve().parent for file in files]
    return ReportKeeper(folder, Path(os.path.commonpath(parents)), runtime, captures)


def twin_of(loaded: Loaded, run: Run) -> Verdict | None:
    """Judge the twin of a run, in process; None where there is no fault to leave out."""
    if not run.scenario.faults:
        return None
    try:
        return run_twin(loaded, run.plan.seed).verdict
    except ScenarioError as error:
        return replace(run.verdict, findings=(), bites=(), error=str(error))


def write_index(
    keeper: ReportKeeper, scenarios: Sequence[Loaded], verdicts: Sequence[Verdict]
) -> Path:
    """Write the index, and pages for the runs that broke off; raises OSError."""
    entries = []
    for loaded, verdict in zip(scenarios, verdicts, strict=True):
        place = keeper.place(verdict.file)
        if verdict.error:
            write_page(place, error_page(verdict, keeper.runtime))
        href = place.relative_to(keeper.folder).as_posix()
        entries.append(Entry(href, loaded.scenario, verdict))
    target = keeper.folder / INDEX
    write_page(target, index(entries, keeper.runtime))
    return target


def write_page(path: Path, text: str) -> None:
    """Write a page and the folders above it; what no text can hold becomes a question mark."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


__all__ = ["INDEX", "Attached", "ReportKeeper", "report_below", "twin_of", "write_index"]
