"""The captures of a run as files: one for each tap, and the keys for those who asked for them.

    hq-inside.pcapng  hq-outside.pcapng  internet-to-hq.pcapng  ...
    wireshark/        a profile with which they open decrypted; only with keys

Files with keys can be read by their owner only.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from gwsim import __version__
from gwsim.capture.pcapng import pcapng
from gwsim.capture.sighted import Place, Tap, comments_of, seen_inside, sighted, taps
from gwsim.capture.wanted import InsidePacket
from gwsim.capture.wireshark import profile
from gwsim.gateway.keys import ExportedKeys
from gwsim.lab.load import Loaded
from gwsim.lab.messages import trace_of
from gwsim.lab.plan import Plan
from gwsim.lab.record import Record
from gwsim.lab.runner import Run
from gwsim.lab.scenario import Scenario

PROFILE = "wireshark"
"""The folder of the Wireshark profile."""

_READ_BY_OWNER = 0o600
_READ_BY_ALL = 0o666


@dataclass(frozen=True, slots=True)
class CaptureFile:
    """One file: its name below the captures' folder, and what stands in it.

    A `secret` one holds keys.
    """

    name: str
    content: bytes = field(repr=False)
    secret: bool = False


def capture_files(record: Record, title: str) -> tuple[CaptureFile, ...]:
    """Make all files of a run that was told to capture; `title` says what was run.

    Raises ValueError for a run that was not.
    """
    if record.capture is None:
        raise ValueError("this run was not told to capture anything")
    comments = comments_of(trace_of(record))
    inside = dict(record.capture.inside)
    about = _about(record, title)
    files = [
        CaptureFile(f"{tap.name}.pcapng", _capture(tap, record, comments, inside, about))
        for tap in taps([gateway.name for gateway in record.gateways])
    ]
    return (*files, *_profile(record.capture.keys))


@dataclass(frozen=True, slots=True)
class CaptureKeeper:
    """Writes the captures of runs, those of each in a folder of its own (interface: `Keeper`).

    Below `folder` that is the scenario file's path below `root`, without its suffix.
    """

    folder: Path
    root: Path

    def looks(self, _scenario: Scenario, _plan: Plan) -> tuple[float, ...]:
        """Need no snapshots."""
        return ()

    def keep(self, loaded: Loaded, run: Run) -> None:
        """Write what was captured; raises OSError."""
        write_captures(run.record, run.plan.title, self.place(loaded.name))

    def place(self, file: str) -> Path:
        """Give the folder for the captures of a scenario file."""
        return self.folder / Path(file).resolve().relative_to(self.root).with_suffix("")


def keeper_below(folder: Path, files: Sequence[str]) -> CaptureKeeper:
    """Make a keeper for these scenario files, at least one."""
    parents = [Path(file).resolve().parent for file in files]
    return CaptureKeeper(folder, Path(os.path.commonpath(parents)))


def write_captures(record: Record, title: str, folder: Path) -> None:
    """Write all files of a run into a folder, made if need be; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in capture_files(record, title):
        path = folder / file.name
        path.parent.mkdir(exist_ok=True)
        write_file(path, file.content, file.secret)


def write_file(path: Path, content: bytes, secret: bool) -> None:
    """Write a file in one step; a secret one nobody but its owner can read, at no time.

    Raises OSError.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    mode = _READ_BY_OWNER if secret else _READ_BY_ALL
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    fresh.replace(path)


def _capture(
    tap: Tap,
    record: Record,
    comments: Mapping[tuple[int, int], str],
    inside: Mapping[str, tuple[InsidePacket, ...]],
    about: str,
) -> bytes:
    if tap.place is Place.INSIDE:
        packets = seen_inside(inside.get(tap.gateway, ()))
    else:
        packets = sighted(tap, record.path, comments)
    # The gateways' own clocks have no time zone; in UTC a capture shows the times of their logs.
    epoch = record.epoch if record.epoch.tzinfo else record.epoch.replace(tzinfo=UTC)
    return pcapng([tap.interface], packets, epoch, about)


def _about(record: Record, title: str) -> str:
    """Say what a capture is of, what it lacks, and that there are keys to it."""
    assert record.capture is not None
    lines = [
        f"{title}, seed {record.seed}, gwsim {__version__}",
        "The time of day in UTC is that of the gateways' clocks and logs",
    ]
    if record.capture.lost:
        lines.append(f"{record.capture.lost} packets came too fast to be kept and are missing")
    if record.capture.keys is not None:
        lines.append(
            "WARNING: the keys that decrypt this capture were exported with it"
            f" (folder {PROFILE}); who has both reads everything in it"
        )
        lines.append(
            "Wireshark decrypts a message of phase 1 at its first sight;"
            " sent again it may call it malformed, for its IV has moved on"
        )
    return "\n".join(lines)


def _profile(keys: ExportedKeys | None) -> tuple[CaptureFile, ...]:
    if keys is None:
        return ()
    return tuple(
        CaptureFile(f"{PROFILE}/{name}", text.encode(), secret=True)
        for name, text in profile(keys).items()
    )
