"""`gwsim new`: write a commented scenario to start from."""

import re
from os.path import relpath
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.options import require
from gwsim.cli.output import stop, write
from gwsim.lab.new import new_scenario
from gwsim.lab.schema import FILE as SCHEMA
from gwsim.vendors.registry import VENDORS


def new(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to write it; not said: to stdout.")
    ] = Path("-"),
    first: Annotated[
        str, typer.Option(metavar="VENDOR", help="The vendor of the head office.")
    ] = "asa",
    second: Annotated[
        str, typer.Option(metavar="VENDOR", help="The vendor of the branch.")
    ] = "screenos",
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented scenario to start from.

    It runs and passes as it stands.
    """
    for vendor in (first, second):
        require(vendor, VENDORS, "vendor")
    schema = relpath(SCHEMA, Path.cwd() if str(file) == "-" else file.parent)
    text = new_scenario(_name(file), first, second, Path(schema).as_posix())
    if str(file) == "-":
        write(text)
        return
    try:
        with file.open("w" if force else "x", encoding="utf-8") as target:
            target.write(text)
    except FileExistsError:
        stop(f"{file} is already there; --force replaces it")
    except (OSError, ValueError) as error:
        stop(f"{file}: cannot be written: {getattr(error, 'strerror', None) or error}")
    write(f"{file} is written; try: gwsim run {file}")


def _name(file: Path) -> str:
    """Make a scenario's name out of a file's."""
    name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    return name[:64] or "new-scenario"
