"""`gwsim ladder`: the ladder of a capture, ours or anybody's."""

import sys
from contextlib import nullcontext
from pathlib import Path
from typing import IO, Annotated

import typer

from gwsim.capture.reading.files import CaptureError
from gwsim.capture.reading.outline import Outline, read_outline
from gwsim.capture.reading.text import outline_text
from gwsim.capture.reading.unsealing import KeyTableError, parse_table
from gwsim.cli.output import stop, write
from gwsim.wire.ip import parse_address

TABLE = "ikev1_decryption_table"


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
) -> None:
    """Draw the ladder of a capture: messages, proposals, NAT, notifies, and where it stops.

    It takes captures of any device; nobody's keys are needed for the outline.
    """
    for address in peer or ():
        _require_address(address)
    write(outline_text(_read(file, _table(keys), peer or [])))


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
