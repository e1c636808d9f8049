"""`gwsim new`: write a commented scenario to start from."""

import os
import re
from functools import partial
from os.path import relpath
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.files import stop_for
from gwsim.cli.options import require
from gwsim.cli.output import complain, stop, write
from gwsim.cli.schema import nearest_schema
from gwsim.lab.new import new_scenario
from gwsim.lab.source import ScenarioError
from gwsim.lab.standalone.between import scenario_between
from gwsim.lab.standalone.configuration import ConfigurationError, read_configuration
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
    devices: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="A device's configuration; given twice, first of the end that begins.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a commented scenario to start from.

    It runs and passes as it stands. With --from it is made of what two devices print (`more
    system:running-config`, `show running-config`, `get config`, `show full-configuration`): each
    end then has just what its device has, mistakes included. Such a file holds their keys and is
    for its owner's eyes only.
    """
    for vendor in (first, second):
        require(vendor, VENDORS, "vendor")
    folder = Path.cwd() if str(file) == "-" else file.parent
    line = Path(relpath(nearest_schema(folder), folder)).as_posix()
    if devices:
        text = _between(devices, _name(file), line)
    else:
        text = new_scenario(_name(file), first, second, line)
    if str(file) == "-":
        write(text)
        return
    try:
        # What a customer's devices hold is nobody else's business.
        opener = partial(os.open, mode=0o600 if devices else 0o666)
        with open(file, "w" if force else "x", encoding="utf-8", opener=opener) as target:
            target.write(text)
    except FileExistsError:
        stop(f"{file} is already there; --force replaces it")
    except (OSError, ValueError) as error:
        stop(f"{file}: cannot be written: {getattr(error, 'strerror', None) or error}")
    write(f"{file} is written; try: gwsim run {file}")


def _between(devices: list[Path], name: str, schema: str) -> str:
    """Give the scenario of two devices; what it cannot say is told and stands at its top."""
    if len(devices) != 2:
        stop(f"--from is given twice, once for each end of the tunnel; here it is {len(devices)}")
    try:
        one, other = (read_configuration(device) for device in devices)
        made = scenario_between(one, other, name)
    except ConfigurationError as error:
        stop(str(error))
    except ScenarioError as error:
        stop_for(error)
    notes = [*one.unused, *other.unused, *made.notes]
    for note in notes:
        complain(f"note: {note}")
    head = [f"yaml-language-server: $schema={schema}", *notes]
    return "".join(f"# {line}\n" for line in head) + "\n" + made.text


def _name(file: Path) -> str:
    """Make a scenario's name out of a file's."""
    name = re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")
    return name[:64] or "new-scenario"
