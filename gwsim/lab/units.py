"""Quantities as people write them: durations, counts, fractions and volumes, with their units.

Each is a pydantic annotation, so that a model field says what it holds and the JSON Schema shows
how it is written. Every reader raises ValueError with the offending words.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from gwsim.lab.durations import NUMBER, duration

_VOLUMES = {"kb": 1, "mb": 1000, "gb": 1_000_000}
_VOLUME = re.compile(r"([0-9]{1,10}) ?([kKmMgG][bB])?")
_COMPARED = re.compile(r"(>=|<=|>|<|=|==)? ?([0-9]{1,12})")
_RANGE = re.compile(r"([0-9]{1,12}) ?(?:\.\.|-) ?([0-9]{1,12})")


def fraction(value: object) -> float:
    """Read a probability: `5%`, `0.05`, from none to all."""
    number: float | None = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = float(value)
    elif isinstance(value, str):
        match = re.fullmatch(rf"({NUMBER}) ?(%?)", value.strip())
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
