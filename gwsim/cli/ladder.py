"""`gwsim ladder`: the ladder of a capture, ours or anybody's."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Annotated

import typer

from gwsim.capture.reading.dialogue import Dialogue
from gwsim.capture.reading.files import CaptureError
from gwsim.capture.reading.outline import Outline, read_outline
from gwsim.capture.reading.text import Shown, dialogue_text, head_text
from gwsim.capture.reading.unsealing import KeyTableError, parse_table
from gwsim.cli.diagnose import known_of, known_vendor
from gwsim.cli.options import Jobs
from gwsim.cli.output import stop, write
from gwsim.ike.states import State
from gwsim.lab.diagnose.captured import ends_of, observed, vendor_of
from gwsim.lab.diagnose.diagnosis import diagnose as diagnosed
from gwsim.lab.diagnose.diagnosis import pairs_for
from gwsim.lab.diagnose.knowledge import is_kept
from gwsim.lab.diagnose.observations import Observations
from gwsim.lab.diagnose.report import to_text
from gwsim.vendors.registry import VENDORS
from gwsim.wire.ip import parse_address

TABLE = "ikev1_decryption_table"

FEW = 3
"""How many places of a diagnosis are shown."""


def ladder(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="pcap or pcapng, gzipped or not; - for stdin.")
    ],
    keys: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=f"Decrypt with a Wireshark {TABLE}, or its folder."),
    ] = None,
    peer: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="Draw only what this address takes part in."),
    ] = None,
    diagnose: Annotated[
        bool | None,
        typer.Option(
            "--diagnose/--no-diagnose",
            help="Rank the causes; not said: if what is known of these vendors is there already.",
        ),
    ] = None,
    initiator: Annotated[
        str, typer.Option(metavar="VENDOR", help="What begins, if vendor IDs do not tell.")
    ] = "",
    responder: Annotated[
        str, typer.Option(metavar="VENDOR", help="What answers, if vendor IDs do not tell.")
    ] = "",
    jobs: Jobs = 2,
) -> None:
    """Draw the ladder of a capture, and say where it stops and why.

    Messages, proposals, NAT, notifies, of any two devices; nobody's keys are needed for that.
    """
    for address in peer or ():
        _require_address(address)
    vendors = known_vendor(initiator), known_vendor(responder)
    outline = _read(file, _table(keys), peer or [])
    write(head_text(outline))
    for dialogue in outline.dialogues:
        write("\n" + dialogue_text(dialogue, outline.start, shown=_screens(dialogue, vendors)))
        if diagnose is not False:
            _diagnose(observed(dialogue, outline.end, *vendors), dialogue, diagnose, jobs)


def _screens(dialogue: Dialogue, named: tuple[str | None, str | None]) -> Shown:
    """Say what the devices of a dialogue show, as far as it is known what they are."""
    ends = zip(ends_of(dialogue), named, strict=True)
    vendors = {end: name or vendor_of(dialogue, end) for end, name in ends}

    def shown(end: str, state: State, mode: str) -> str:
        name = vendors.get(end)
        word = name and VENDORS[name].state_word(state, mode.removesuffix(" mode"))
        return f"{VENDORS[name].title}: {word}" if name and word else ""

    return shown


def _diagnose(
    told: Observations | None, dialogue: Dialogue, wanted: bool | None, jobs: int
) -> None:
    """Write what the matrix makes of a dialogue, if it can make something of it."""
    if told is None:
        if wanted and dialogue.attempts:
            write("\nno diagnosis: no phase 1 begins in this capture")
        return
    if told.initiator.vendor is None and told.responder.vendor is None:
        if wanted:
            write("\nno diagnosis: vendor IDs do not tell; say --initiator or --responder VENDOR")
        return
    pairs = pairs_for(told)
    if not wanted and not all(map(is_kept, pairs)):
        return
    write("\n" + to_text(diagnosed(told, known_of(told, jobs)), FEW))


def _require_address(address: str) -> None:
    try:
        parse_address(address)
    except ValueError as error:
        stop(str(error))


def _read(file: Path, keys: dict[bytes, bytes], peers: list[str]) -> Outline:
    try:
        with _opened(file) as stream:
            return read_outline(stream, keys, peers)
    except CaptureError as error:
        stop(f"{file}: {error}")
    except OSError as error:
        stop(f"{file}: cannot be read: {error.strerror or error}")


def _opened(file: Path) -> nullcontext[IO[bytes]] | IO[bytes]:
    return nullcontext(sys.stdin.buffer) if str(file) == "-" else file.open("rb")


def _table(keys: Path | None) -> dict[bytes, bytes]:
    """Read a table of keys, from its file or from the profile folder it is in."""
    if keys is None:
        return {}
    file = keys / TABLE if keys.is_dir() else keys
    try:
        return parse_table(file.read_text(encoding="utf-8"))
    except (KeyTableError, UnicodeDecodeError) as error:
        stop(f"{file}: {error}")
    except OSError as error:
        stop(f"{file}: cannot be read: {error.strerror}")
