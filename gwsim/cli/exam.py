"""`gwsim exam`: a lab with hidden faults, and a mark for who finds and repairs them."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from gwsim.cli.choices import Runtime, require_runtime
from gwsim.cli.options import require
from gwsim.cli.output import FAILED, complain, interactive, save, stop, write
from gwsim.cli.signals import ended_in_order
from gwsim.lab.exam.mark import Mark
from gwsim.lab.exam.paper import LEVELS, NoPaper, Paper, draw
from gwsim.lab.exam.room import Misunderstood, Room
from gwsim.lab.exam.words import DONE, answer
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.registry import SIM, make_runtime

PROMPT = "exam> "


def exam(
    level: Annotated[
        str, typer.Option(metavar="LEVEL", help="One of " + ", ".join(LEVELS) + ".")
    ] = LEVELS[0],
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="Draw this exam; not said: a new one."),
    ] = None,
    faults: Annotated[
        int,
        typer.Option(
            metavar="N", min=0, max=3, help="How many are hidden; 0: as the level has it."
        ),
    ] = 0,
    runtime: Runtime = SIM,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Say the lines of this file instead of asking."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result as JSON.")
    ] = None,
) -> None:
    """Find the hidden faults of a lab, repair them, and get a mark.

    The same level and seed give the same exam; without a seed it is a new one each time.
    """
    require(level, LEVELS, "level")
    require_runtime(runtime)
    try:
        paper = draw(level, int(time.time()) % 1_000_000 if seed is None else seed, faults)
        with ended_in_order(), Room(paper, make_runtime(runtime)) as room:
            begun = time.monotonic()
            write(room.ticket())
            if not _sat(room, answers):
                _leave(paper, faults, runtime)
            result = room.result()
            _reveal(room, result)
    except (NoPaper, RuntimeFailure) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}")
    if report is not None:
        _save(report, paper, room, result, time.monotonic() - begun)
    if not result.passed:
        raise typer.Exit(FAILED)


def _sat(room: Room, answers: Path | None) -> bool:
    """Take line after line until the student is done; False if the student goes before that.

    The end of a file is the end of the exam, that of what somebody types is going.
    """
    try:
        for line in _lines(answers):
            if not line.strip():
                continue
            if answers is not None:
                write(PROMPT + line.rstrip())
            try:
                write(answer(room, line))
            except Misunderstood as error:
                complain(str(error))
                continue
            if line.split()[0] == DONE:
                return True
    except (EOFError, KeyboardInterrupt):
        return False
    return True


def _lines(answers: Path | None) -> Iterator[str]:
    if answers is not None:
        with answers.open(encoding="utf-8") as source:
            yield from source
    elif sys.stdin.isatty() and interactive():
        with suppress(ImportError):
            import_module("readline")  # arrow keys at the prompt, where the system has it
        while True:
            yield input(PROMPT)
    else:
        yield from sys.stdin


def _leave(paper: Paper, faults: int, runtime: str) -> NoReturn:
    """Let a student go who has not said `done`: nothing is revealed, nothing marked."""
    again = ["gwsim exam", f"--level {paper.level}", f"--seed {paper.seed}"]
    again += [f"--faults {faults}"] if faults else []
    again += [f"--runtime {runtime}"] if runtime != SIM else []
    write(f"\nyou have left; there is no mark. The same exam from its start: {' '.join(again)}")
    raise typer.Exit(FAILED)


def _reveal(room: Room, result: Mark) -> None:
    works = "works" if room.progress.works else "does not work"
    lines = ["", *room.evidence(), "", *result.reasons]
    verdict = "passed" if result.passed else "not passed"
    lines.append(f"{result.points} of 100 points, and the tunnel {works}: {verdict}")
    write("\n".join(lines))


def _save(target: Path, paper: Paper, room: Room, result: Mark, elapsed: float) -> None:
    document = {
        "level": paper.level,
        "seed": paper.seed,
        "answers": [asdict(one) for one in paper.answers],
        "progress": asdict(room.progress),
        **asdict(result),
        "elapsed": round(elapsed, 1),
    }
    save(target, json.dumps(document, indent=2) + "\n")
