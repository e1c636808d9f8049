"""What may follow a `set`: choices, numbers, addresses, lists of names.

Each function raises ValueError with the reason for what makes no sense or cannot be had here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from gwsim.vendors.fortios.config_draft import ANYWHERE, Draft
from gwsim.vendors.fortios.names import GROUPS
from gwsim.wire.ip import ALL_ONES, parse_address
from gwsim.wire.selector import Selector

T = TypeVar("T")
Handler = Callable[[Draft, str, list[str]], None]
"""Gets what has been read so far, the name of the entry and the values."""

SWITCH = {"enable": True, "disable": False}
DH_GROUPS = {str(int(group)): int(group) for group in GROUPS}
"""Diffie-Hellman groups by the number they are typed as."""


def nothing(draft: Draft, entry: str, values: list[str]) -> None:
    """Pass over what is known and means nothing to a tunnel."""


def choice(values: list[str], kinds: Mapping[str, T], wanted: str = "") -> T:
    """Give what one of several words means."""
    if values[0] not in kinds:
        raise ValueError(f"{wanted or ', '.join(kinds)} can be had here, {values[0]} not")
    return kinds[values[0]]


def number(values: list[str], least: int, most: int) -> int:
    """Read a number within bounds."""
    text = values[0]
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise ValueError(f"{text} is not a number from {least} to {most}")
    return int(text)


def known(values: list[str], table: Mapping[str, T]) -> tuple[T, ...]:
    """Give what the known ones of several names mean; there must be one."""
    found = tuple(table[value] for value in dict.fromkeys(values) if value in table)
    if not found:
        raise ValueError(f"{' '.join(values)} is not known here")
    return found


def complain(values: list[str], table: Iterable[str]) -> None:
    """Refuse, after the fact, names that are not known."""
    others = [value for value in values if value not in set(table)]
    if others:
        raise ValueError(f"without {' '.join(others)}, which is not known here")


def address(text: str) -> str:
    """Make sure that this is an address."""
    parse_address(text)
    return text


def subnet(values: list[str]) -> Selector:
    """Read `10.1.0.0 255.255.255.0` or `10.1.0.0/24`; host bits are those of an interface."""
    if len(values) == 1 and "/" in values[0]:
        start, _, length = values[0].partition("/")
        spread = ALL_ONES >> number([length], 0, 32)
    else:
        start, mask = values[0], values[1]
        spread = parse_address(mask) ^ ALL_ONES
        if spread & (spread + 1):
            raise ValueError(f"{mask} has holes")
    first = parse_address(start) & ~spread
    return ANYWHERE if spread == ALL_ONES else Selector(first, first | spread)
