"""Reading configurations of lines and blocks, as Cisco's devices print them.

A line is read by the first rule that fits the whole of it. One that is indented belongs to the
block of the last line that is not, and its rules see it as `block / line`. What no rule knows, and
what contradicts itself, is returned with its number and never stops the reading.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from gwsim.vendors.vendor import Ignored
from gwsim.wire.ip import ALL_ONES, parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

D = TypeVar("D")
T = TypeVar("T")

Handler = Callable[[D, re.Match[str]], None]
"""Gets what has been read so far and the line as its rule matched it; raises ValueError."""

GROUPS = (1, 2, 5, 14, 15, 16, 19, 20, 21, 24)
"""Diffie-Hellman groups that can be had."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[D]):
    """A regular expression for a line, compiled when one is read, and what such a line does."""

    pattern: str
    handler: Handler[D]


def rules(*given: tuple[str, Handler[D]]) -> tuple[Rule[D], ...]:
    """Make rules out of regular expressions and handlers, in the order in which they are tried."""
    return tuple(Rule(pattern, handler) for pattern, handler in given)


@dataclass(frozen=True, slots=True)
class Grammar(Generic[D]):
    """The rules for `lines` of their own and for those of `blocks`; `comments` begin with these."""

    lines: tuple[Rule[D], ...]
    blocks: tuple[Rule[D], ...]
    comments: tuple[str, ...]

    def read(self, text: str, draft: D) -> tuple[Ignored, ...]:
        """Let a text do to a draft what it says; gives the lines that did nothing, and why."""
        block, ignored = "", []
        for number, line in enumerate(text.splitlines(), 1):
            said = line.strip()
            if not said or said.startswith(self.comments):
                continue
            if line.startswith(" "):
                why = _obey(self.blocks, f"{block} / {said}", draft)
            else:
                block = said
                why = _obey(self.lines, said, draft)
            if why:
                ignored.append(Ignored(number, line, why))
        return tuple(ignored)


def _obey(known: tuple[Rule[D], ...], subject: str, draft: D) -> str:
    """Do what one line says; gives why it was ignored, or nothing."""
    for rule in known:
        found = re.fullmatch(rule.pattern, subject, re.ASCII)
        if found is not None:
            try:
                rule.handler(draft, found)
            except ValueError as wrong:
                return str(wrong)
            return ""
    return "not known here"


def word_of(table: dict[str, T], word: str) -> T:
    """Give what one of several words means."""
    if word not in table:
        raise ValueError(f"{word} is not known here")
    return table[word]


def number(text: str) -> int:
    """Read a number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError(f"{text} is not a number")
    return int(text)


def group(text: str) -> int:
    """Read a Diffie-Hellman group by its number."""
    found = number(text)
    if found not in GROUPS:
        raise ValueError(f"group {found} is not known here")
    return found


def protocol(text: str, names: dict[str, int]) -> int:
    """Read an IP protocol, by one of its names or its number."""
    found = int(text) if text.isascii() and text.isdigit() else names.get(text, -1)
    if not 0 <= found <= 255:
        raise ValueError(f"{text} is not a protocol known here")
    return found


def port(text: str, names: dict[str, int]) -> int:
    """Read a port, by one of its names or its number."""
    found = int(text) if text.isascii() and text.isdigit() else names.get(text, -1)
    if not 0 <= found <= 65535:
        raise ValueError(f"{text} is not a port known here")
    return found


def host(address: str) -> Selector:
    """Read a single address."""
    found = parse_address(address)
    return Selector(found, found, id_type=IdType.IPV4_ADDR)


def subnet(address: str, mask: str) -> Selector:
    """Cut the host bits off an address by its mask."""
    return _spread(address, parse_address(mask) ^ ALL_ONES, mask)


def by_wildcard(address: str, wildcard: str) -> Selector:
    """Cut the host bits off an address by its wildcard, in which they are set."""
    return _spread(address, parse_address(wildcard), wildcard)


def _spread(address: str, hosts: int, said: str) -> Selector:
    if hosts & (hosts + 1):
        raise ValueError(f"{said} has holes")
    first = parse_address(address) & (hosts ^ ALL_ONES)
    return Selector(first, first | hosts, id_type=IdType.IPV4_ADDR_SUBNET)


def nothing(draft: object, m: re.Match[str]) -> None:
    """Understood, and of no consequence here."""
