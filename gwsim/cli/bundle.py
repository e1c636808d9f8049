"""`gwsim bundle` and `gwsim open`: a run in one file, and what a colleague does with it."""

import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from gwsim import __version__
from gwsim.capture.wanted import Wanted
from gwsim.cli.choices import Runtime, require_runtime
from gwsim.cli.files import ScenarioPath, load
from gwsim.cli.options import Seed, Speed
from gwsim.cli.output import FAILED, stop, write
from gwsim.cli.signals import ended_in_order
from gwsim.lab.bundle.manifest import BundleError, Manifest
from gwsim.lab.bundle.pack import SUFFIX, BundleKeeper, for_travel
from gwsim.lab.bundle.result import Comparison, Result, compare, result_of
from gwsim.lab.bundle.unpack import unpack
from gwsim.lab.html.moments import looks
from gwsim.lab.load import Loaded
from gwsim.lab.plan import Plan
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import Run, run_loaded
from gwsim.lab.runtimes.registry import SIM
from gwsim.lab.scenario import Scenario

KEYS = "whoever has this file reads everything that its captures hold"


def bundle(
    scenario: ScenarioPath,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Not said: NAME.gwsim, here."),
    ] = None,
    seed: Seed = None,
    runtime: Runtime = SIM,
    speed: Speed = None,
    keys: Annotated[
        bool, typer.Option("--keys", help="With the keys that decrypt the captures.")
    ] = False,
) -> None:
    """Run a scenario and pack all that came of it into one file.

    That is scenario, report, captures and logs. `gwsim open` takes it apart, shows it and runs it
    again.
    """
    require_runtime(runtime, speed)
    loaded = for_travel(load(scenario))
    target = output or Path(f"{loaded.scenario.name}{SUFFIX}")
    if target.is_dir():
        stop(f"{target}: is a folder; name a file for the bundle")
    keeper = BundleKeeper(target, runtime, speed)
    with ended_in_order():
        verdict = run_loaded(loaded, seed, runtime, speed, [keeper], Wanted(True, keys))
    write(verdict_text(verdict))
    if verdict.error:
        raise typer.Exit(FAILED)
    write(f"packed in {target}; `gwsim open {target}` shows it")
    if keys:
        write(f"WARNING: it holds keys: {KEYS}")
    if not verdict.passed:
        raise typer.Exit(FAILED)


def open_bundle(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `gwsim bundle` has packed.")],
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help="A new or empty one; not said: a fresh one."),
    ] = None,
    run: Annotated[
        bool, typer.Option("--run", help="Run it again, and say whether the same comes out.")
    ] = False,
    runtime: Annotated[
        str, typer.Option("--runtime", metavar="RUNTIME", help="Not said: that of the bundle.")
    ] = "",
    browse: Annotated[bool, typer.Option("--browse", help="Show the report in a browser.")] = False,
) -> None:
    """Check a bundle and take it apart, or run it again and compare."""
    if runtime and not run:
        stop("--runtime says where --run runs it again; there is no --run here")
    try:
        manifest, folder = unpack(file, to)
    except BundleError as error:
        stop(str(error))
    write(_summary(manifest, folder))
    if browse:
        webbrowser.open((folder / manifest.report).resolve().as_uri())
    if run and not _run_again(manifest, folder, runtime or manifest.runtime):
        raise typer.Exit(FAILED)


def _summary(manifest: Manifest, folder: Path) -> str:
    result = manifest.result
    met = sum(result.expectations)
    files = f"{len(manifest.files)}, {manifest.size / 1000:.0f} kB, each as it was packed"
    lines = [
        f"{manifest.name}: {_printable(manifest.title)}",
        f"  verdict   {_printable(result.verdict)}, {met} of {len(result.expectations)} "
        "expectations met",
        f"  run       {manifest.simulated:g} s, runtime {_printable(manifest.runtime)}, "
        f"seed {manifest.seed}, gwsim {_printable(manifest.version)}",
        f"  files     {files}",
        f"  scenario  {folder / manifest.scenario}",
        f"  report    {folder / manifest.report}",
    ]
    return "\n".join([*lines, f"  KEYS      {KEYS}"] if manifest.keys else lines)


@dataclass(slots=True)
class _Again:
    """Keeps what came of a run, having looked when the packed one did (interface: `Keeper`)."""

    result: Result | None = None

    def looks(self, scenario: Scenario, plan: Plan) -> tuple[float, ...]:
        return looks(scenario, plan)

    def keep(self, _loaded: Loaded, run: Run) -> None:
        self.result = result_of(run)


def _run_again(manifest: Manifest, folder: Path, runtime: str) -> bool:
    """Run the scenario of a bundle with its seed; tells whether the same came out."""
    speed = manifest.speed if runtime == manifest.runtime else None
    require_runtime(runtime, speed)
    again = _Again()
    with ended_in_order():
        loaded = load(folder / manifest.scenario)
        verdict = run_loaded(loaded, manifest.seed, runtime, speed, [again])
    if again.result is None:
        write(verdict_text(verdict))
        return False
    found = compare(manifest.result, again.result)
    same_place = manifest.runtime == runtime == SIM and manifest.version == __version__
    same = found.octets and found.states and found.outcome if same_place else found.outcome
    write(f"run again on {runtime}: " + _compared(found, same))
    for difference in found.differences:
        write(f"  {_printable(difference)}")
    return same


def _compared(found: Comparison, same: bool) -> str:
    if found.outcome and found.states and found.octets:
        return "the same, octet for octet"
    if same:
        return "the same verdict, expectations and faults; not the same are"
    return "NOT the same"


def _printable(text: str) -> str:
    """Replace what a terminal might take for an order; a bundle may be a stranger's."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
