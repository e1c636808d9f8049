"""The complaints of the models in words a person can use, each at its place in the file."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gwsim.lab.base import NAME
from gwsim.lab.nearest import nearest
from gwsim.lab.scenario import FORWARD, SCENARIO_NAME
from gwsim.lab.source import Loc

_CHOICE = re.compile(r"'([^']*)'")
KEY = "[key]"
"""What pydantic appends to the way to a key that is wrong itself."""

_VAGUE = frozenset(
    ("literal_error", "model_type", "dict_type", "too_short", "model_attributes_type", "tuple_type")
)
"""Errors that only say "not this": dropped where a deeper one says what is wrong."""

_KINDS: dict[str, str] = {
    "string_type": "text is wanted here",
    "int_type": "a whole number is wanted here",
    "int_parsing": "a whole number is wanted here",
    "int_from_float": "a whole number is wanted here",
    "float_type": "a number is wanted here",
    "float_parsing": "a number is wanted here",
    "bool_type": "yes or no is wanted here",
    "bool_parsing": "yes or no is wanted here",
    "model_type": "a block of `key: value` lines is wanted here",
    "model_attributes_type": "a block of `key: value` lines is wanted here",
    "dict_type": "a block of `key: value` lines is wanted here",
    "tuple_type": "a list is wanted here",
    "list_type": "a list is wanted here",
}
"""What each type of pydantic error comes to."""

_NUMBERS: dict[str, str] = {"min_length": "at least", "max_length": "at most"}
"""How a limit to the number of entries is said, by the name pydantic gives the limit."""

_LIMITS: dict[str, str] = {
    "min_length": "too short: {} at least",
    "max_length": "too long: {} at most",
    "ge": "too small: {} at least",
    "gt": "too small: more than {}",
    "le": "too large: {} at most",
    "lt": "too large: less than {}",
}
"""What is wrong with a value beyond a limit, by the name pydantic gives the limit."""

_PATTERNS: dict[str, str] = {
    SCENARIO_NAME: "is not a name: small letters, digits and `-`, no more than 64",
    FORWARD: "is not a forward; there are udp/500, udp/4500 and so on, and esp",
    f"^{NAME.pattern}$": "is not a name: a letter, then letters, digits, `-` and `_`, at most 32",
}
"""What a text that does not fit a pattern should have been."""


def complaints(error: ValidationError, data: Any, prefix: Loc = ()) -> list[tuple[Loc, str, str]]:
    """Give place, words and hint of each error; `data` is what was validated, at `prefix`."""
    details = error.errors(include_url=False, include_context=True)
    placed = [(_place(data, detail["loc"]), detail) for detail in details]
    places = [place for place, _ in placed]
    kept = [item for item in placed if not _is_vague(item, places)]
    by_place: dict[Loc, list[ErrorDetails]] = {}
    for place, detail in kept:
        by_place.setdefault(place, []).append(detail)
    return [
        ((*prefix, *place), *words)
        for place, found in by_place.items()
        for words in _in_words(found, data, place, prefix)
    ]


def _place(data: Any, loc: Iterable[str | int]) -> Loc:
    """Follow pydantic's path through the data, leaving out what the file does not have.

    Of a mapping's key pydantic says `[key]` behind it; that is the end of the way, for the value
    may be anything.
    """
    place: list[str | int] = []
    for part in loc:
        if part == KEY:
            break
        if _has(data, part):
            data = data[part]
            place.append(part)
    return tuple(place)


def _has(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _is_vague(item: tuple[Loc, ErrorDetails], places: list[Loc]) -> bool:
    place, detail = item
    deeper = any(len(other) > len(place) and other[: len(place)] == place for other in places)
    return deeper and detail["type"] in _VAGUE


def _in_words(
    found: list[ErrorDetails], data: Any, place: Loc, prefix: Loc
) -> list[tuple[str, str]]:
    """Say what is wrong at one place; of several arms of a union the most telling one."""
    missing = [detail for detail in found if detail["type"] == "missing"]
    if missing and isinstance(missing[0]["loc"][-1], int):
        wanted = max(int(detail["loc"][-1]) for detail in missing) + 1
        return [(f"{wanted} entries are wanted here, not {len(_value(data, place))}", "")]
    if missing:
        names = (part for part in reversed((*prefix, *place)) if isinstance(part, str))
        block = next(names, "the scenario")
        return [(f"{detail['loc'][-1]!r} is missing in {block}", "") for detail in missing]
    told = [detail for detail in found if detail["type"] != "extra_forbidden"]
    if not told:
        return []
    keys = [detail for detail in told if detail["loc"][-1:] == (KEY,)]
    if keys:
        return [_one(keys[0], place[-1])]
    value = _value(data, place)
    if value is None:
        return [("there is no value here", "")]
    return [_one(_choose(told, value), value)]


def _value(data: Any, place: Loc) -> Any:
    for part in place:
        data = data[part]
    return data


def _choose(found: list[ErrorDetails], value: object) -> ErrorDetails:
    """Prefer what speaks of a value of this form: choices for words, our own sentences first."""
    order = ["value_error", "literal_error"] if isinstance(value, str) else ["value_error"]
    for kind in order:
        for detail in found:
            if detail["type"] == kind:
                return detail
    return found[0]


def _one(detail: ErrorDetails, value: object) -> tuple[str, str]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", detail["msg"])), ""
    if kind == "literal_error":
        choices = _CHOICE.findall(str(context.get("expected", "")))
        listed = str(context.get("expected", "")).replace("'", "")
        return f"{_shown(value)} is none of {listed}", nearest(str(value), choices)
    if kind in _KINDS:
        return f"{_KINDS[kind]}, not {_shown(value)}", ""
    if kind == "string_pattern_mismatch":
        return f"{_shown(value)} {_PATTERNS.get(str(context['pattern']), 'is not a name')}", ""
    if isinstance(value, list | dict):
        for limit, words in _NUMBERS.items():
            if limit in context:
                return f"{words} {context[limit]} are wanted here, not {len(value)}", ""
    for limit, words in _LIMITS.items():
        if limit in context:
            return f"{_shown(value)} is {words.format(context[limit])}", ""
    return f"{_shown(value)} is not understood here: {detail['msg']}", ""


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a block"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
