"""What can be seen of a run: every single thing that is either so or not so in a cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.cell import Cell, EndCell
from gwsim.vendors.registry import VENDORS

_LONG = 0.15
"""The part of the time from which on one is likely to meet a state when one looks."""


class Kind(StrEnum):
    """What kind of thing is seen, and in `WEIGHTS` how much it counts."""

    STATE = "state passed"
    STAY = "state"
    FLAPPING = "flapping"
    SCREEN = "screen"
    LOG = "log"
    COUNTER = "counter"
    NOTIFY = "notify"
    ENDING = "tunnel"
    WIRE = "wire"
    DEBUG = "debug"


WEIGHTS: dict[Kind, float] = {
    Kind.STATE: 2.0,
    Kind.STAY: 1.0,
    Kind.FLAPPING: 2.0,
    Kind.SCREEN: 0.5,
    Kind.LOG: 1.0,
    Kind.COUNTER: 1.0,
    Kind.NOTIFY: 1.0,
    Kind.ENDING: 2.0,
    Kind.WIRE: 1.0,
    Kind.DEBUG: 0.25,
}
"""A screen has many lines that change together, a debug far more; a state is one word."""


@dataclass(frozen=True, slots=True, order=True)
class Observable:
    """One thing that can be seen at an end, or (BOTH) of the tunnel and between the ends.

    `text` is a state's word, a pattern of a line, `decaps 0`, `main-5 repeated`, an ending;
    `command` is the one that shows a line of a screen, else "".
    """

    kind: Kind
    end: Where
    text: str
    command: str = ""

    @property
    def weight(self) -> float:
        """How much it counts when it contradicts a cause."""
        return WEIGHTS[self.kind]


def observables(cell: Cell) -> Iterator[tuple[Observable, bool]]:
    """Walk through everything that can be seen in a cell, and whether its words are believed."""
    yield Observable(Kind.ENDING, Where.BOTH, cell.ending.value), False
    for one in cell.wire:
        for text in wire_texts(one.label, one.sent, one.arrived):
            yield Observable(Kind.WIRE, one.sender, text), False
    for end in (Where.INITIATOR, Where.RESPONDER):
        yield from _at_end(cell.end(end), end)


def wire_texts(label: str, sent: int, arrived: int) -> Iterator[str]:
    """Say what can be seen of the messages of one label that one end sent."""
    if sent:
        yield f"{label} sent"
    if sent > 1:
        yield f"{label} repeated"
    if sent:
        yield f"{label} arrives" if arrived else f"{label} never arrives"


def _at_end(end: EndCell, where: Where) -> Iterator[tuple[Observable, bool]]:
    for text in _states(end):
        yield Observable(Kind.STATE, where, text), False
    for text in _stays(end):
        yield Observable(Kind.STAY, where, text), False
    if end.flapping:
        yield Observable(Kind.FLAPPING, where, "phase 1 comes up again and again"), False
    for text in counter_texts(end):
        yield Observable(Kind.COUNTER, where, text), False
    for notify in end.notifies_sent:
        yield Observable(Kind.NOTIFY, where, f"sends {notify}"), False
    for message in end.messages:
        kind = Kind.DEBUG if message.debug else Kind.LOG
        yield Observable(kind, where, message.text), message.believed
    for command, lines in end.screens:
        for line in lines:
            yield Observable(Kind.SCREEN, where, line, command), False


def _states(end: EndCell) -> set[str]:
    """Give all words for states that were passed, the engine's and those on a screen too."""
    words = {word for passed in end.passed for word in (passed.state, passed.name)}
    known = set(VENDORS[end.vendor].state_words)
    for _, lines in end.screens:
        for line in lines:
            words |= known.intersection(line.split())
    return words


def _stays(end: EndCell) -> set[str]:
    """Give the words for states in which one is likely to find the end."""
    stays = {word for p in end.passed if p.share >= _LONG for word in (p.state, p.name)}
    return stays | {end.rest, end.last}


def counter_texts(end: EndCell) -> Iterator[str]:
    """Say which counters of an end are zero and which are not."""
    for name, count in (("encaps", end.encapsulated), ("decaps", end.decapsulated)):
        yield f"{name} {'not 0' if count else '0'}"
    for cause, _ in end.drops:
        yield f"{cause} not 0"
