"""`gwsim run`: run scenarios and say whether everything came out as they say."""

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.cli.choices import Runtime, require_runtime
from gwsim.cli.files import ScenarioPaths, load_all
from gwsim.cli.options import Jobs, Seed, Speed
from gwsim.cli.output import FAILED, save, stop, table, write
from gwsim.cli.progress import watched
from gwsim.cli.signals import ended_in_order
from gwsim.lab.captures import CaptureKeeper, keeper_below
from gwsim.lab.load import Loaded
from gwsim.lab.report import to_json, to_junit, totals, verdict_text
from gwsim.lab.runner import run_many
from gwsim.lab.runtimes.registry import SIM
from gwsim.lab.verdict import Verdict

_PAGES = "gwsim.lab.html.folder"
"""What writes reports; it brings a library of templates that only they need."""


def run(
    paths: ScenarioPaths,
    junit: Annotated[
        str, typer.Option(metavar="FILE", help="Write the outcome as JUnit XML (- for stdout).")
    ] = "",
    json: Annotated[
        str, typer.Option(metavar="FILE", help="Write the outcome as JSON (- for stdout).")
    ] = "",
    seed: Seed = None,
    jobs: Jobs = 1,
    runtime: Runtime = SIM,
    speed: Speed = None,
    capture: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write captures of every line there, as pcapng."),
    ] = None,
    keys: Annotated[
        bool, typer.Option("--keys", help="With them the keys, as a profile of Wireshark.")
    ] = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Write an HTML page per scenario and an index there."),
    ] = None,
) -> None:
    """Run scenarios and judge them by their own expectations."""
    require_runtime(runtime, speed)
    if keys and capture is None:
        stop("--keys exports the keys of a capture; say where to with --capture FOLDER")
    for target in (junit, json):
        _require_folder(target)
    scenarios = load_all(paths)
    files = [loaded.name for loaded in scenarios]
    captures = None if capture is None else _capture_keeper(capture, files)
    reports = None if report is None else _report_keeper(report, files, runtime, captures)
    keepers = [keeper for keeper in (captures, reports) if keeper is not None]
    wanted = NOTHING if capture is None else Wanted(packets=True, keys=keys)
    running = run_many(files, seed, jobs, runtime, speed, keepers, wanted)
    with ended_in_order():
        verdicts = list(watched(running, len(files), "running"))
    if "-" not in (junit, json):
        _summary(verdicts)
        if capture is not None:
            write(_where(capture, keys))
    if reports is not None:
        _save_index(reports, scenarios, verdicts, quiet="-" in (junit, json))
    _save(junit, to_junit(verdicts))
    _save(json, to_json(verdicts))
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(FAILED)


def _capture_keeper(folder: Path, files: list[str]) -> CaptureKeeper:
    _make_folder(folder, "captures")
    return keeper_below(folder, files)


def _report_keeper(
    folder: Path, files: list[str], runtime: str, captures: CaptureKeeper | None
) -> Any:
    _make_folder(folder, "reports")
    return import_module(_PAGES).report_below(folder, files, runtime, captures)


def _require_folder(target: str) -> None:
    """End the program before a long run whose outcome could not be written."""
    if target not in ("", "-") and not Path(target).parent.is_dir():
        stop(f"{target}: there is no folder {Path(target).parent}")


def _make_folder(folder: Path, what: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(f"{folder}: no folder for {what}: {error.strerror}")


def _save_index(keeper: Any, scenarios: list[Loaded], verdicts: list[Verdict], quiet: bool) -> None:
    try:
        index = import_module(_PAGES).write_index(keeper, scenarios, verdicts)
    except OSError as error:
        stop(f"{error.filename}: cannot be written: {error.strerror}")
    if not quiet:
        write(f"the report begins in {index}")


def _where(folder: Path, keys: bool) -> str:
    """Say where captures are and how they are opened."""
    secret = ", with the keys of each in its folder `wireshark`, a profile to open it with"
    return f"captures are below {folder}{secret if keys else ''}"


def _summary(verdicts: list[Verdict]) -> None:
    """Write one line for each scenario, then everything about those that did not pass."""
    head = ("scenario", "verdict", "tunnel", "simulated", "seed")
    rows = [
        (one.file, one.word, _tunnels(one), f"{one.simulated:.0f} s", str(one.seed))
        for one in verdicts
    ]
    table(head, rows, right=(3, 4))
    for verdict in verdicts:
        if not verdict.passed or verdict.warnings:
            write("\n" + verdict_text(verdict))
    write("\n" + totals(verdicts))


def _tunnels(verdict: Verdict) -> str:
    """Say what became of the tunnels of a run, each word once."""
    return "; ".join(dict.fromkeys(tunnel.word for tunnel in verdict.tunnels)) or "-"


def _save(target: str, text: str) -> None:
    if target == "-":
        write(text)
    elif target:
        save(Path(target), text)
