"""Durations as people write them."""

import math
import re

NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?)"
"""How a number is written in front of a unit, as a regular expression."""

LONGEST = 366 * 86400.0
"""The longest duration a scenario may name, in seconds: a leap year."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(rf"(?:{NUMBER}(?:ms|s|m|h|d))+|{NUMBER}")
_PIECE = re.compile(rf"({NUMBER})(ms|s|m|h|d)?")


def duration(value: object) -> float:
    """Read a duration in seconds: `90s`, `250ms`, `2m`, `1h30m`, or a bare number of seconds."""
    if isinstance(value, bool):
        raise ValueError("a duration is wanted, such as 90s, 2m or 250ms")
    if isinstance(value, int | float):
        seconds = float(value)
    elif isinstance(value, str) and _DURATION.fullmatch(value.strip()):
        pieces = _PIECE.findall(value)
        seconds = sum(float(number) * _UNITS[unit or "s"] for number, unit in pieces)
    else:
        raise ValueError(f"{value!r} is not a duration; write it as 90s, 2m, 1h30m or 250ms")
    if not math.isfinite(seconds) or not 0 <= seconds <= LONGEST:
        raise ValueError(f"{value!r} is not a duration between 0 and a year")
    return seconds


def duration_text(seconds: float) -> str:
    """Write a duration the way `duration` reads it, in its largest whole unit."""
    milliseconds = round(seconds * 1000)
    for unit, size in (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)):
        if milliseconds and milliseconds % size == 0:
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms" if milliseconds else "0s"
