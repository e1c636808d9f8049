"""What containers leave each other, and their next lives, in the directory of their lab."""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gwsim.lab.live.places import Place


def wires_of(place: Place, node: str) -> Path:
    """Give the file in which a node says what is wrong with its wires, nothing if they are well."""
    return place.path / f"{node}.wires"


def remember(place: Place, node: str, config: str) -> None:
    """Keep the configuration of a node for when it comes back; there are keys in it."""
    fresh = place.path / f".{node}.config"
    fresh.touch(mode=0o600)
    fresh.write_text(config, encoding="utf-8")
    fresh.replace(place.path / f"{node}.config")


def remembered(place: Place, node: str) -> str:
    """Give the configuration that a node was told last, "" if it is as it was at the start."""
    with suppress(FileNotFoundError):
        return (place.path / f"{node}.config").read_text(encoding="utf-8")
    return ""


def taken(place: Place, node: str) -> str:
    """Give what `remembered` gives, and leave nothing of it behind."""
    mine = place.path / f".{node}.taken"
    with suppress(FileNotFoundError):
        (place.path / f"{node}.config").rename(mine)
        told = mine.read_text(encoding="utf-8")
        mine.unlink()
        return told
    return ""


@dataclass(frozen=True, slots=True)
class Life:
    """How the process of a node fares, as the container in which it is has noted.

    `number` counts its lives. `pid` is 0 when it has ended; `ended` says how it did last and `at`
    when, on the machine's monotonic clock.
    """

    number: int = 0
    pid: int = 0
    ended: str = ""
    at: float = 0.0


def life(place: Place, node: str) -> Life:
    """Tell how the process of a node fares."""
    with suppress(FileNotFoundError, ValueError, TypeError):
        return Life(**json.loads((place.path / f"{node}.life").read_text(encoding="utf-8")))
    return Life()


def begin_life(place: Place, node: str) -> int:
    """Count a start of a node and tell which one it is."""
    before = life(place, node)
    unseen = bool(before.pid)  # the container ended with it
    ended = "" if unseen else before.ended
    return _note(place, node, replace(before, number=before.number + 1, pid=0, ended=ended)).number


def note_process(place: Place, node: str, pid: int) -> None:
    """Note which process a node is."""
    _note(place, node, replace(life(place, node), pid=pid))


def note_end(place: Place, node: str, ended: str, at: float) -> None:
    """Note how the process of a node has ended, and when."""
    _note(place, node, replace(life(place, node), pid=0, ended=ended, at=at))


def _note(place: Place, node: str, what: Life) -> Life:
    fresh = place.path / f".{node}.life"
    fresh.write_text(json.dumps(asdict(what)), encoding="utf-8")
    fresh.replace(place.path / f"{node}.life")
    return what


def hold(place: Place, node: str) -> int:
    """Say that a node's container is there, as long as the descriptor that is given is open."""
    descriptor = os.open(_held(place, node), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_held(place: Place, node: str) -> bool:
    """Tell whether a node's container is there."""
    try:
        descriptor = os.open(_held(place, node), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _held(place: Place, node: str) -> Path:
    return place.path / f"{node}.held"
