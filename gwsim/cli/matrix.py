"""`gwsim matrix`: what every fault looks like between every two vendors, computed."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.choices import require_fault
from gwsim.cli.options import Jobs, require
from gwsim.cli.output import FAILED, plain_table, save, stop, table, write
from gwsim.cli.progress import watched
from gwsim.lab.matrix.cell import Cell
from gwsim.lab.matrix.compute import BROKE_OFF, compute
from gwsim.lab.matrix.coordinates import HEALTHY, every
from gwsim.lab.matrix.rows import HEAD, SHORT, rows
from gwsim.lab.matrix.setting import SETTINGS
from gwsim.lab.matrix.tables import FORMATS
from gwsim.vendors.registry import VENDORS

TERMINAL = "terminal"


def matrix(
    fault: Annotated[
        list[str] | None, typer.Option(metavar="FAULT", help="Only this fault; repeatable.")
    ] = None,
    vendors: Annotated[
        str, typer.Option(metavar="V,V", help="Only these: " + ", ".join(VENDORS) + ".")
    ] = "",
    setting: Annotated[
        str, typer.Option(metavar="S,S", help="Only these: " + ", ".join(SETTINGS) + ".")
    ] = "",
    jobs: Jobs = 2,
    form: Annotated[
        str,
        typer.Option("--format", metavar="FORM", help=", ".join((TERMINAL, *FORMATS)) + "."),
    ] = TERMINAL,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there, not to the screen.")
    ] = None,
) -> None:
    """Compute what every fault looks like between every two vendors.

    Every row is a run with the fault at one end. A fault that took no effect in it is said to
    have had none, and the row of a healthy tunnel stands above all others.
    """
    require(form, (TERMINAL, *FORMATS), "form of output")
    for name in fault or ():
        require_fault(name)
    cells = list(
        every(
            [HEALTHY, *dict.fromkeys(fault)] if fault else None,
            _listed(vendors, VENDORS, "vendor") or None,
            _listed(setting, SETTINGS, "setting") or None,
        )
    )
    if output is not None and not output.parent.is_dir():
        stop(f"{output}: there is no folder {output.parent}")
    done = tuple(watched(compute(cells, jobs, brief=True), len(cells), "computing the matrix"))
    _put(done, form, output)
    broken = [one for one in done if one.why.startswith(BROKE_OFF)]
    if broken:
        stop("\n".join(f"{one.at.cause}, {one.at.pair}: {one.why}" for one in broken), FAILED)


def _put(cells: Sequence[Cell], form: str, output: Path | None) -> None:
    if form == TERMINAL and output is None:
        table([HEAD[place] for place in SHORT], [row.short() for row in rows(cells)])
        return
    text = _plain(cells) if form == TERMINAL else FORMATS[form](cells)
    if output is None:
        write(text)
    else:
        save(output, text + "\n")


def _plain(cells: Sequence[Cell]) -> str:
    return plain_table([HEAD[place] for place in SHORT], [row.short() for row in rows(cells)])


def _listed(text: str, known: Collection[str], what: str) -> list[str]:
    words = dict.fromkeys(word.strip() for word in text.split(",") if word.strip())
    for word in words:
        require(word, known, what)
    return list(words)
