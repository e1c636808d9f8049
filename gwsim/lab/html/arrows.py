"""The ladder as rows of a page: an arrow that fits any width, and the same in a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from gwsim.capture.ladder import Ladder, Row
from gwsim.lab.html.svg import drawing, markup, percent, shape, text

_HEAD, _TAIL = 200, 60
_LEFT, _SPAN = 5.0, 90.0  # where the first pole stands and how far the last is from it, percent
_ARROW = 23
_LETTERS = 17
_LOST = 0.72  # how far an arrow comes that does not arrive
_FOLDED = ("esp", "keepalive")


@dataclass(frozen=True, slots=True)
class Rung:
    """One row: when, the arrow, what stands beside it, and all of it in a sentence."""

    at: float
    arrow: Markup
    payloads: str
    remarks: tuple[str, ...]
    sentence: str
    arrives: bool


@dataclass(frozen=True, slots=True)
class Rungs:
    """A ladder: its poles with their addresses, the `first` rows, `left_out`, the `last` ones."""

    poles: tuple[str, ...]
    head: Markup
    first: tuple[Rung, ...]
    left_out: int
    last: tuple[Rung, ...]


def rungs(drawn: Ladder) -> Rungs:
    """Turn a ladder into rows of a page; of a very long one the middle is left out."""
    rows = drawn.rows
    cut = max(0, len(rows) - _HEAD - _TAIL)
    first = rows[:_HEAD] if cut else rows
    last = rows[-_TAIL:] if cut else ()
    places = _places(drawn.poles)
    return Rungs(
        poles=drawn.poles,
        head=_poles(drawn, places),
        first=tuple(_rung(row, places) for row in first),
        left_out=cut,
        last=tuple(_rung(row, places) for row in last),
    )


def _places(poles: Sequence[str]) -> dict[str, float]:
    step = _SPAN / (len(poles) - 1)
    return {pole: _LEFT + step * place for place, pole in enumerate(poles)}


def _poles(drawn: Ladder, places: dict[str, float]) -> Markup:
    head = drawing("poles", height=38)
    ends = {0: "start", len(drawn.poles) - 1: "end"}
    for place, pole in enumerate(drawn.poles):
        kind = ends.get(place, "middle")
        x = {"start": "0%", "end": "100%"}.get(kind, percent(places[pole]))
        text(head, x, 14, pole, f"pole {kind}")
        if place < len(drawn.captions):
            text(head, x, 31, drawn.captions[place], f"address {kind}")
    return markup(head)


def _rung(row: Row, places: dict[str, float]) -> Rung:
    until = (f"until {row.until:.3f}",) if row.count > 1 else ()
    mappings = tuple(f"NAT: {mapping}" for mapping in row.mappings)
    return Rung(
        at=row.at,
        arrow=_arrow(row, places),
        payloads=row.payloads,
        remarks=(*until, *row.remarks, *mappings),
        sentence=_sentence(row),
        arrives=row.arrives,
    )


def _sentence(row: Row) -> str:
    what = f"{row.count} times {row.label}" if row.count > 1 else row.label
    target = f" to {row.target}" if row.target else ""
    arrival = "" if row.arrives else ", which does not arrive"
    return f"{row.source or 'the internet'} sends {what}{target}, {row.length} octets{arrival}"


def _arrow(row: Row, places: dict[str, float]) -> Markup:
    drawn = drawing("arrow")
    for place in places.values():
        shape(drawn, "line", "pole", x1=percent(place), x2=percent(place), y1=0, y2="100%")
    tail, head = _ends(row, places)
    if not row.arrives:
        head = tail + (head - tail) * _LOST
    kind = "shaft" if row.arrives else "shaft lost"
    if row.label in _FOLDED:
        kind += " folded"
    shape(drawn, "line", kind, x1=percent(tail), x2=percent(head), y1=_ARROW, y2=_ARROW)
    _tip(drawn, row, head, rightward=head > tail)
    name = f"{row.count} x {row.label}" if row.count > 1 else row.label
    words = text(drawn, percent((tail + head) / 2), _LETTERS, name, "middle label")
    size = shape(words, "tspan", "size", dx=6)
    size.text = f"{row.length} B"
    return markup(drawn)


def _ends(row: Row, places: dict[str, float]) -> tuple[float, float]:
    """Give where an arrow begins and ends; one with an end nobody knows goes half way."""
    tail, head = places.get(row.source), places.get(row.target)
    if tail is None:
        known = places[row.target]
        return (known + _inward(known), known)
    if head is None or head == tail:
        return (tail, tail + _inward(tail))
    return (tail, head)


def _inward(place: float) -> float:
    return _SPAN / 2 if place < 50 else -_SPAN / 2


def _tip(drawn: Element, row: Row, head: float, rightward: bool) -> None:
    tip = shape(drawn, "svg", x=percent(head), y=_ARROW, overflow="visible")
    if not row.arrives:
        shape(tip, "path", "cross", d="M-5 -5 L5 5 M-5 5 L5 -5")
    elif rightward:
        shape(tip, "path", "tip", d="M0 0 L-9 -4.5 L-9 4.5 Z")
    else:
        shape(tip, "path", "tip", d="M0 0 L9 -4.5 L9 4.5 Z")
