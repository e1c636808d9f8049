"""A cell as a row of words: what all forms of the matrix have in common."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.cell import Cell, EndCell, Message, times
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates

DID_NOT_BITE = "did not bite"
BELIEVED = "believed"

HEAD = (
    "fault",
    "at",
    "setting",
    "initiator",
    "responder",
    "initiator's state",
    "responder's state",
    "tunnel",
    "initiator's log",
    "responder's log",
    "wire",
    "notifies",
    "counters",
    "traffic",
    "known or believed",
    "what is believed",
)
"""The columns of a matrix in full."""

SHORT = (0, 1, 2, 3, 4, 5, 6, 7, 14)
"""The columns that fit on a terminal."""

_NONE = "-"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cell, and the words of its columns in the order of `HEAD`."""

    cell: Cell
    words: tuple[str, ...]

    @property
    def standing(self) -> str:
        """Whether all of it is `known`, or some of it `believed`; why a fault did not bite."""
        return self.words[-2]

    def short(self) -> tuple[str, ...]:
        """Give the words of the columns that fit on a terminal."""
        return tuple(self.words[place] for place in SHORT)


def rows(cells: Iterable[Cell]) -> tuple[Row, ...]:
    """Give the rows of a matrix; of a log they show what a healthy run does not."""
    listed = tuple(cells)
    healthy = {_environment(cell.at): cell for cell in listed if cell.at.fault == HEALTHY}
    return tuple(Row(cell, _words(cell, healthy)) for cell in listed)


def _environment(at: Coordinates) -> tuple[str, str, str]:
    return at.setting, at.initiator, at.responder


def _words(cell: Cell, healthy: Mapping[tuple[str, str, str], Cell]) -> tuple[str, ...]:
    at = cell.at
    place = (at.cause, at.where.value, at.setting, at.initiator, at.responder)
    if not cell.bit:
        return (*place, DID_NOT_BITE, DID_NOT_BITE, DID_NOT_BITE, *[_NONE] * 6, cell.why, _NONE)
    control = None if at.fault == HEALTHY else healthy.get(_environment(at))
    ends = (Where.INITIATOR, Where.RESPONDER)
    told = [telling(cell.end(end), control.end(end) if control else None) for end in ends]
    guessed = "; ".join(_guessed(cell, told))
    return (
        *place,
        states(cell.initiator),
        states(cell.responder),
        cell.ending.value,
        *map(_log, told),
        _wire(cell),
        _notifies(cell),
        _counters(cell),
        f"{cell.answered} of {cell.asked} pings; -> {cell.forth}, <- {cell.back}",
        BELIEVED if guessed else "known",
        guessed or _NONE,
    )


def states(end: EndCell) -> str:
    """Give where phase 1 rested, through what it went to get there, and whether it flaps."""
    names = [passed.name for passed in end.passed]
    way = " > ".join(dict.fromkeys(names))
    words = end.rest if not names or names == [end.rest] else f"{end.rest} ({way})"
    return f"{words}, flapping" if end.flapping else words


def telling(end: EndCell, control: EndCell | None) -> tuple[Message, ...]:
    """Give the messages of the log proper that a healthy run of this vendor does not have."""
    ordinary = {message.text for message in control.messages} if control else set()
    return tuple(m for m in end.messages if not m.debug and m.text not in ordinary)


def _guessed(cell: Cell, told: Sequence[tuple[Message, ...]]) -> Iterator[str]:
    """Say what of a row is general knowledge of a device: its telling words, its habits."""
    for where, messages in zip((Where.INITIATOR, Where.RESPONDER), told, strict=True):
        end = cell.end(where)
        if end.unseen:
            yield f"{where.value}: all but some of its wire"
            continue
        if any(message.believed for message in messages):
            yield f"{where.value}: words"
        yield from (f"{where.value}: {guess}" for guess in end.guesses)


def _log(messages: Iterable[Message]) -> str:
    lines = (
        f"{f'{message.id} ' if message.id else ''}{message.text}"
        f"{f' (x {times(message.count)})' if message.count > 1 else ''}"
        f"{' [believed]' if message.believed else ''}"
        for message in messages
    )
    return "; ".join(lines) or _NONE


def _wire(cell: Cell) -> str:
    arrow = {Where.INITIATOR: "->", Where.RESPONDER: "<-"}
    said = []
    for one in cell.wire:
        count = f" x {times(one.sent)}" if one.sent > 1 else ""
        lost = ", none arrived" if not one.arrived else ", some lost" * (one.arrived < one.sent)
        said.append(f"{arrow[one.sender]} {one.label}{count}{lost}")
    return "; ".join(said) or _NONE


def _notifies(cell: Cell) -> str:
    sent = (
        f"{where.value} sent {notify}"
        for where in (Where.INITIATOR, Where.RESPONDER)
        for notify in cell.end(where).notifies_sent
    )
    return "; ".join(sent) or _NONE


def _counters(cell: Cell) -> str:
    said = []
    for where in (Where.INITIATOR, Where.RESPONDER):
        end = cell.end(where)
        sas = f"encaps {times(end.encapsulated)}, decaps {times(end.decapsulated)}"
        drops = "".join(f", {cause} {times(count)}" for cause, count in end.drops)
        said.append(f"{where.value}: {sas}{drops}")
    return "; ".join(said)
