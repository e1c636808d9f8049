"""`gwsim exam`: a lab with hidden faults, and a mark for who finds and repairs them."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.files import Seed
from gwsim.cli.output import FAILED, complain, interactive, stop, write
from gwsim.lab.exam.mark import Mark
from gwsim.lab.exam.paper import LEVELS, NoPaper, Paper, draw
from gwsim.lab.exam.room import Misunderstood, Room
from gwsim.lab.exam.words import DONE, answer
from gwsim.lab.nearest import nearest
from gwsim.lab.runtimes.registry import RUNTIMES, SIM, make_runtime
from gwsim.lab.runtimes.runtime import RuntimeFailure

PROMPT = "exam> "


def exam(
    level: Annotated[str, typer.Option(help="One of " + ", ".join(LEVELS) + ".")] = LEVELS[0],
    seed: Seed = None,
    faults: Annotated[
        int, typer.Option(min=0, max=3, help="How many are hidden; 0: as the level has it.")
    ] = 0,
    runtime: Annotated[
        str, typer.Option(help="Where the lab runs: " + ", ".join(RUNTIMES) + ".")
    ] = SIM,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Say the lines of this file instead of asking."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result as JSON.")
    ] = None,
) -> None:
    """Find hidden faults by what the gateways show, repair them, and get a mark.

    The same level and seed give the same exam; without a seed it is a new one each time.
    """
    for word, known in ((level, LEVELS), (runtime, tuple(RUNTIMES))):
        if word not in known:
            near = nearest(word, known)
            hint = f"; did you mean {near!r}?" if near else ""
            stop(f"there is no {word!r}, only {', '.join(known)}{hint}")
    try:
        paper = draw(level, int(time.time()) % 1_000_000 if seed is None else seed, faults)
        with Room(paper, make_runtime(runtime)) as room:
            begun = time.monotonic()
            write(room.ticket())
            _sit(room, answers)
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


def _sit(room: Room, answers: Path | None) -> None:
    """Take line after line until the student is done, or there are no more."""
    with suppress(KeyboardInterrupt):
        for line in _lines(answers):
            if not line.strip():
                continue
            if answers is not None:
                write(PROMPT + line.rstrip())
            try:
                write(answer(room, line))
            except Misunderstood as error:
                complain(str(error))
            if line.split()[0] == DONE:
                return


def _lines(answers: Path | None) -> Iterator[str]:
    if answers is not None:
        with answers.open(encoding="utf-8") as source:
            yield from source
    elif sys.stdin.isatty() and interactive():
        with suppress(EOFError):
            while True:
                yield input(PROMPT)
    else:
        yield from sys.stdin


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
    try:
        target.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        stop(f"{target}: cannot be written: {error.strerror}")
