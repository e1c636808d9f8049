"""Text for people and terminals: tables, complaints, and the end of a program.

On a terminal there is colour; anywhere else the same words come plain, without escape sequences
and in a width that depends on nothing but the text.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TextIO

import typer

FAILED = 1
BAD = 2

_DRAWN = "gwsim.cli.drawn"
"""What draws on terminals; imported where there is one, for elsewhere nobody needs its library."""


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


def save(target: Path, text: str) -> None:
    """Write text to a file; ends the program where that cannot be done."""
    try:
        target.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        stop(f"{target}: cannot be written: {getattr(error, 'strerror', None) or error}")


def terminal(stream: TextIO) -> bool:
    """Say whether a stream is a terminal, or to be taken for one ($FORCE_COLOR)."""
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def interactive() -> bool:
    """Say whether standard output is a terminal."""
    return terminal(sys.stdout)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Write a table; `right` are the columns (from 0) that hold numbers."""
    if interactive():
        import_module(_DRAWN).table(head, rows, right)
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


def heading(text: str) -> None:
    """Write a line that begins something new."""
    plain = not interactive() or os.environ.get("TERM") == "dumb"
    typer.secho(text, bold=None if plain else True)
