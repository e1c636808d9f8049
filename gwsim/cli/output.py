"""Text for people and terminals: tables, complaints, and the end of a program.

On a terminal there is colour; anywhere else the same words come plain, without escape sequences
and in a width that depends on nothing but the text.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gwsim.lab.source import ScenarioError

FAILED = 1
BAD = 2

STYLES = {"passed": "green", "failed": "bold red", "error": "bold red"}
"""How a verdict's word looks on a terminal."""


def write(text: str) -> None:
    """Write text to standard output as it is, with a newline at its end."""
    typer.echo(text.rstrip("\n"))


def complain(text: str) -> None:
    """Write text to standard error."""
    typer.echo(text, err=True)


def stop(text: str, code: int = BAD) -> NoReturn:
    """End the program with a complaint."""
    complain(text)
    raise typer.Exit(code)


def stop_for(error: ScenarioError) -> NoReturn:
    """End the program with everything that is wrong with a file."""
    stop("\n".join(str(problem) for problem in error.problems))


def save(target: Path, text: str) -> None:
    """Write text to a file; ends the program where that cannot be done."""
    try:
        target.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        stop(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}")


def interactive() -> bool:
    """Say whether standard output is a terminal."""
    return Console().is_terminal


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Write a table; `right` are the columns (from 0) that hold numbers."""
    if interactive():
        _rich_table(head, rows, right)
    else:
        write(plain_table(head, rows, right))


def plain_table(
    head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
) -> str:
    """Lay a table out in plain text, columns as wide as their longest entry."""
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _rich_table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int]) -> None:
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column, title in enumerate(head):
        drawn.add_column(title, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    Console().print(drawn)


def heading(text: str) -> None:
    """Write a line that begins something new."""
    if interactive():
        Console(highlight=False).print(Text(text, style="bold"))
    else:
        write(text)
