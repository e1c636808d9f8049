"""The timeline of a gateway's states as coloured bands, and as a table in words."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markupsafe import Markup

from gwsim.ike.states import State
from gwsim.lab.expect.evidence import Witness
from gwsim.lab.history import Stay
from gwsim.lab.html.standing import awaited, peer_names
from gwsim.lab.html.svg import drawing, markup, percent, shape, text, titled
from gwsim.lab.record import Record

_ROWS = 8
_LISTED = 150
_HEIGHT = 26
_READABLE = 4.0  # percent of the width that a name needs to begin at all


@dataclass(frozen=True, slots=True)
class Rest:
    """A stay in a state, in words: from `since` for `lasted` seconds (None: to the end)."""

    since: float
    lasted: float | None
    phase: int
    role: str
    peer: str
    word: str
    state: str
    awaits: str


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the picture: a phase with a peer, and where its states lie."""

    caption: str
    drawn: Markup


@dataclass(frozen=True, slots=True)
class Timeline:
    """One gateway's states as bands and as a table; `left_out` stays are not in the table."""

    gateway: str
    bands: tuple[Band, ...]
    rests: tuple[Rest, ...]
    left_out: int


def timeline(witness: Witness, record: Record) -> Timeline:
    """Draw up the timeline of one gateway."""
    peers = peer_names(record)
    rows = _rows(witness.stays)[:_ROWS]
    marks = sorted({act.at for act in record.acts})
    bands = (
        Band(
            f"phase {row[0].phase} with {peers.get(row[0].peer, row[0].peer)}",
            _drawn(row, marks, record.duration),
        )
        for row in rows
    )
    rests = tuple(_rest(stay, peers) for stay in witness.stays[:_LISTED])
    left_out = max(0, len(witness.stays) - _LISTED)
    return Timeline(witness.gateway.name, tuple(bands), rests, left_out)


def axis(duration: float) -> Markup:
    """Draw the axis of time below the bands, with round numbers and the end."""
    drawn = drawing("axis")
    step = round_step(duration)
    for number in range(math.ceil(duration / step - 0.5)):
        place = percent(100 * number * step / duration)
        text(drawn, place, 14, f"{number * step:g} s", "middle" if number else "start")
    text(drawn, "100%", 14, f"{duration:g} s", "end")
    return markup(drawn)


def round_step(duration: float) -> float:
    """Give the round number of seconds that divides a run into four to ten parts."""
    size = 10.0 ** math.floor(math.log10(duration / 4))
    return size * max(factor for factor in (1, 2, 5) if size * factor <= duration / 4)


def tone(state: State) -> str:
    """Say how a state is coloured: waiting, established, installed or closed."""
    return "waiting" if awaited(state) else state.value.lower()


def _rest(stay: Stay, peers: dict[str, str]) -> Rest:
    spell = stay.spell
    return Rest(
        since=spell.since,
        lasted=None if spell.until == math.inf else spell.until - spell.since,
        phase=stay.phase,
        role=stay.role.value,
        peer=peers.get(stay.peer, stay.peer),
        word=stay.word or "",
        state=stay.state.value,
        awaits=awaited(stay.state),
    )


def _rows(stays: Iterable[Stay]) -> list[list[Stay]]:
    """Put stays of one phase with one peer into a row; what overlaps goes into a further one."""
    rows: dict[tuple[int, str], list[list[Stay]]] = {}
    for stay in stays:
        lanes = rows.setdefault((stay.phase, stay.peer), [])
        free = next((lane for lane in lanes if lane[-1].spell.until <= stay.spell.since), None)
        if free is None:
            lanes.append([stay])
        else:
            free.append(stay)
    return [lane for _, lanes in sorted(rows.items(), key=_by_peer) for lane in lanes]


def _by_peer(entry: tuple[tuple[int, str], list[list[Stay]]]) -> tuple[str, int]:
    (phase, peer), _ = entry
    return peer, phase


def _drawn(row: Sequence[Stay], marks: Sequence[float], duration: float) -> Markup:
    drawn = drawing("band", height=_HEIGHT)
    for moment in marks:
        x = percent(100 * moment / duration)
        shape(drawn, "line", "mark", x1=x, x2=x, y1=0, y2=_HEIGHT)
    for stay in row:
        _draw(drawn, stay, duration)
    return markup(drawn)


def _draw(drawn: Element, stay: Stay, duration: float) -> None:
    """Draw one stay: a hair line, so that it is seen however short, and a box with its name."""
    until = min(stay.spell.until, duration)
    left, width = 100 * stay.spell.since / duration, 100 * (until - stay.spell.since) / duration
    kind = tone(stay.state)
    shape(drawn, "line", f"hair {kind}", x1=percent(left), x2=percent(left), y1=3, y2=_HEIGHT - 3)
    box = shape(drawn, "svg", x=percent(left), width=percent(width), height=_HEIGHT)
    name = stay.word or stay.state.value
    titled(box, f"{name} ({stay.state.value}), {stay.spell.since:.3f} to {until:.3f} s")
    shape(box, "rect", kind, y=3, width="100%", height=_HEIGHT - 6)
    if width >= _READABLE:
        text(box, 6, 17, name)
