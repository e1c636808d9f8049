"""What containers leave each other, and their next lives, in the directory of their lab."""

import json
from contextlib import suppress
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


def lives(place: Place, node: str) -> int:
    """Tell how often a node was started."""
    with suppress(FileNotFoundError, ValueError):
        return int(json.loads((place.path / f"{node}.lives").read_text(encoding="ascii")))
    return 0


def begin_life(place: Place, node: str) -> int:
    """Count a start of a node and tell which one it is."""
    count = lives(place, node) + 1
    (place.path / f"{node}.lives").write_text(str(count), encoding="ascii")
    return count
