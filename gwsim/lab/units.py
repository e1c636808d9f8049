"""Quantities as people write them: durations, counts, fractions and volumes, with their units.

Each is a pydantic annotation, so that a model field says what it holds and the JSON Schema shows
how it is written. Every reader raises ValueError with the offending words.
"""

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

LONGEST = 366 * 86400.0
"""The longest duration a scenario may name, in seconds: a leap year."""

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_NUMBER = r"(?:[0-9]{1,9}(?:\.[0-9]{1,9})?)"
_DURATION = re.compile(rf"(?:{_NUMBER}(?:ms|s|m|h|d))+|{_NUMBER}")
_PIECE = re.compile(rf"({_NUMBER})(ms|s|m|h|d)?")
_VOLUMES = {"kb": 1, "mb": 1000, "gb": 1_000_000}
_VOLUME = re.compile(r"([0-9]{1,10}) ?([kKmMgG][bB])?")
_COMPARED = re.compile(r"(>=|<=|>|<|=|==)? ?([0-9]{1,12})")
_RANGE = re.compile(r"([0-9]{1,12}) ?(?:\.\.|-) ?([0-9]{1,12})")


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


def fraction(value: object) -> float:
    """Read a probability: `5%`, `0.05`, from none to all."""
    number: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    elif isinstance(value, str):
        match = re.fullmatch(rf"({_NUMBER}) ?(%?)", value.strip())
        if match:
            number = float(match[1]) / (100 if match[2] else 1)
    if number is None or not 0 <= number <= 1:
        raise ValueError(f"{value!r} is not a share; write it as 5% or 0.05, from 0% to 100%")
    return number


def volume(value: object) -> int:
    """Read a volume in kilobytes: `4608000`, `100MB`, `4GB` (a thousand kilobytes a megabyte)."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**32:
        return value
    match = _VOLUME.fullmatch(value.strip()) if isinstance(value, str) else None
    kilobytes = int(match[1]) * _VOLUMES[(match[2] or "kb").lower()] if match else 0
    if not 0 < kilobytes < 2**32:
        raise ValueError(f"{value!r} is not a volume; write it as 4608000, 100MB or 4GB")
    return kilobytes


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is expected: from `low` to `high`, both included; `high` None has no end."""

    low: int
    high: int | None

    def __contains__(self, number: int) -> bool:
        return self.low <= number and (self.high is None or number <= self.high)

    def __str__(self) -> str:
        if self.high is None:
            return f"at least {self.low}"
        if self.high == self.low:
            return str(self.low)
        return f"{self.low} to {self.high}" if self.low else f"at most {self.high}"


def count(value: object) -> Count:
    """Read an expected number: `4`, `>= 3`, `> 0`, `< 5`, `3..5`, `none` or `some`."""
    if isinstance(value, Count):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return Count(value, value)
    if isinstance(value, str):
        text = value.strip()
        if text in ("none", "some"):
            return Count(0, 0) if text == "none" else Count(1, None)
        if match := _COMPARED.fullmatch(text):
            return _compared(match[1] or "=", int(match[2]))
        if match := _RANGE.fullmatch(text):
            low, high = int(match[1]), int(match[2])
            if low <= high:
                return Count(low, high)
    raise ValueError(f"{value!r} is not a number to expect; write 4, '>= 3', '3..5', none or some")


def _compared(sign: str, number: int) -> Count:
    if sign == ">=":
        return Count(number, None)
    if sign == ">":
        return Count(number + 1, None)
    if sign == "<=":
        return Count(0, number)
    if sign == "<":
        if number == 0:
            raise ValueError("no number is less than 0")
        return Count(0, number - 1)
    return Count(number, number)


def _schema(description: str, pattern: str, example: str) -> dict[str, Any]:
    """Say in the JSON Schema that a quantity is a number or a text of a pattern."""
    text = {"type": "string", "pattern": pattern}
    return {
        "anyOf": [{"type": "number", "minimum": 0}, text],
        "description": description,
        "examples": [example],
    }


def _written(value: Any) -> Any:
    return str(value)


Duration = Annotated[
    float,
    BeforeValidator(duration),
    WithJsonSchema(
        _schema(
            "A duration: 90s, 250ms, 2m, 1h30m; a bare number counts seconds.",
            r"^([0-9]+(\.[0-9]+)?(ms|s|m|h|d))+$|^[0-9]+(\.[0-9]+)?$",
            "90s",
        )
    ),
]
"""Seconds, written with a unit."""

Fraction = Annotated[
    float,
    BeforeValidator(fraction),
    WithJsonSchema(
        _schema("A share of all packets: 5% or 0.05.", r"^[0-9]+(\.[0-9]+)? ?%?$", "5%")
    ),
]
"""A probability from 0 to 1."""

Volume = Annotated[
    int,
    BeforeValidator(volume),
    WithJsonSchema(
        _schema(
            "A volume in kilobytes: 4608000, 100MB, 4GB.", "^[0-9]+ ?([kKmMgG][bB])?$", "4608000"
        )
    ),
]
"""Kilobytes of traffic."""

NUMBER_SCHEMA = _schema(
    "An expected number: 4, '>= 3', '> 0', '3..5', none or some.",
    r"^(none|some|(>=|<=|>|<|=|==)? ?[0-9]+|[0-9]+ ?(\.\.|-) ?[0-9]+)$",
    ">= 3",
)
"""How a number that is expected is written, for the JSON Schema."""

Number = Annotated[
    Count,
    BeforeValidator(count),
    PlainSerializer(_written, return_type=str),
    WithJsonSchema(NUMBER_SCHEMA),
]
"""A number that is expected, exact or between limits."""
