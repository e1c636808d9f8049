"""The vendors there are, and how what somebody typed becomes one of their commands.

Both families match word by word, each word by any beginning that only one of the commands left
can mean; a word spelled out in full wins over longer ones that begin with it. Case is ignored.
After a bar both take a filter: `show logging | include 713119`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import dropwhile
from typing import cast

from gwsim.vendors.vendor import Vendor, View

WHERE: dict[str, str] = {
    "asa": "gwsim.vendors.asa:VENDOR",
    "ios": "gwsim.vendors.ios:VENDOR",
    "pix": "gwsim.vendors.ios.pix:VENDOR",
    "screenos": "gwsim.vendors.screenos:VENDOR",
    "contivity": "gwsim.vendors.contivity:VENDOR",
    "fortios": "gwsim.vendors.fortios:VENDOR",
}
"""Where each vendor stands, by the name that scenarios use; a new vendor is one line here."""


class _Vendors(Mapping[str, Vendor]):
    """The vendors, each imported when it is looked up: a lab of two does not wait for the rest."""

    def __getitem__(self, name: str) -> Vendor:
        return _imported(WHERE[name])

    def __iter__(self) -> Iterator[str]:
        return iter(WHERE)

    def __len__(self) -> int:
        return len(WHERE)

    def __contains__(self, name: object) -> bool:
        return name in WHERE


VENDORS: Mapping[str, Vendor] = _Vendors()
"""Every vendor by its name."""


@cache
def _imported(where: str) -> Vendor:
    module, _, name = where.partition(":")
    return cast(Vendor, getattr(import_module(module), name))


@dataclass(frozen=True, slots=True)
class _Search:
    """How far a line could be followed: `commands` it may still become, after `position` words.

    `ambiguous` when the word at `position` begins several different words.
    """

    commands: tuple[str, ...]
    position: int
    ambiguous: bool = False


FILTERS: dict[str, Callable[[list[str], str], list[str]]] = {
    "include": lambda lines, text: [line for line in lines if text in line],
    "exclude": lambda lines, text: [line for line in lines if text not in line],
    "begin": lambda lines, text: list(dropwhile(lambda line: text not in line, lines)),
    "grep": lambda lines, text: [line for line in lines if text in line],
}
"""What may stand after the bar, by any beginning of it; the rest is what to look for."""


def match(vendor: Vendor, typed: str) -> str | list[str] | None:
    """Find the command that was typed, up to a bar: its key in the tables, or why there is none.

    A list holds the full spellings of all commands that an ambiguous or unfinished line could
    still become; None says that no command begins like this.
    """
    found = _search(vendor, typed.partition("|")[0])
    if not found.commands:
        return None
    if not found.ambiguous:
        for command in found.commands:
            if len(command.split()) == found.position:
                return command
    return list(found.commands)


def complaint(vendor: Vendor, typed: str, prompt: str = "") -> str:
    """Say what the device prints below a line that `match` could not resolve.

    Its marker stands under the offending word, `prompt` and all. Where no screen of a vendor is
    known, that is said instead.
    """
    if vendor.unseen:
        return f"{vendor.unseen}\n"
    found = _search(vendor, typed)
    words = typed.split()
    texts = vendor.complaints
    if found.ambiguous:
        return texts.ambiguous.format(typed=typed.strip(), word=words[found.position])
    if found.commands:
        return texts.incomplete.format(typed=typed.strip())
    word = words[found.position]
    column = len(prompt) + _column(typed, found.position)
    return texts.unknown.format(typed=typed.strip(), word=word, indent=" " * column)


def screen(vendor: Vendor, typed: str, view: View) -> str:
    """Give what the device prints when somebody types this: a screen, or its complaint."""
    found = match(vendor, typed)
    command, bar, wish = typed.partition("|")
    if not isinstance(found, str):
        return complaint(vendor, command, vendor.prompt(view.snapshot))
    if found in vendor.parametric:
        text = vendor.parametric[found](view, command.rsplit(maxsplit=1)[-1])
    else:
        text = vendor.commands[found](view)
    return _filtered(vendor, text, wish) if bar else text


def _filtered(vendor: Vendor, text: str, wish: str) -> str:
    word, _, sought = wish.strip().partition(" ")
    for name, keep in FILTERS.items():
        if word and name.startswith(word.lower()):
            return "".join(f"{line}\n" for line in keep(text.splitlines(), sought.strip()))
    return vendor.complaints.unknown.format(typed=wish.strip(), word=word, indent="")


def _search(vendor: Vendor, typed: str) -> _Search:
    left = (*vendor.commands, *vendor.parametric)
    for position, word in enumerate(typed.lower().split()):
        fitting = tuple(c for c in left if _fits(c.split(), position, word))
        exact = tuple(c for c in fitting if c.split()[position] == word)
        left = exact or fitting
        meanings = {c.split()[position] for c in left}
        if len(meanings) != 1:
            return _Search(left, position, ambiguous=bool(left))
    return _Search(left, len(typed.split()))


def _fits(spelled: list[str], position: int, word: str) -> bool:
    if position >= len(spelled):
        return False
    return spelled[position].startswith("<") or spelled[position].startswith(word)


def _column(typed: str, position: int) -> int:
    """Where the word at this position begins in the line as typed."""
    column = 0
    for word in typed.split()[:position]:
        column = typed.index(word, column) + len(word)
    return typed.index(typed.split()[position], column)
