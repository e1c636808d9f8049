"""The ladder: messages as arrows between poles, as a value and as text.

::

      time   hq                                    branch
     1.000   |------- main-1        192 B -------->|  SA VID x4
     1.041   |<------ main-2        132 B ---------|  SA VID x2
    12.000   |------- main-5        120 B ---x     |  * ID HASH  (again 1)
             |                                     |  dropped: no-4500
    20.000   |======= 5 x esp       152 B ========>|  until 24.000

An arrow that ends in an x did not arrive; what became of it stands beside it. One that begins
with an o comes from the internet itself. ESP and keepalives are folded: one row for each
direction of a run of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap

from gwsim.capture.notation import condensed
from gwsim.capture.trace import DELIVERED, TraceEntry

WIDTH = 100
"""Columns of a ladder's text."""

_FOLDED = ("esp", "keepalive")
_TIME = 10
_LEFT = 13
_SPANS: dict[int, int] = {2: 38, 3: 28}
_NARROW = 24
_LEAST_REMARK = 24
_BETWEEN = "  "
_LATE = 1.0  # seconds on the way after which it is said when a message arrived


@dataclass(frozen=True, slots=True)
class Row:
    """One arrow: `count` messages alike from `at` until `until`, seconds.

    `target` is "" when nobody knows where it was to go. `length` counts octets of each IPv4
    packet, the largest where they differ. `remarks` are said beside the arrow, in order, and
    after them the NAT `mappings` that show here for the first time.
    """

    at: float
    until: float
    source: str
    target: str
    label: str
    length: int
    payloads: str
    fate: str
    attempt: int = 0
    count: int = 1
    remarks: tuple[str, ...] = ()
    mappings: tuple[str, ...] = ()

    @property
    def arrives(self) -> bool:
        """Whether the arrow reaches the other pole."""
        return self.fate == DELIVERED


@dataclass(frozen=True, slots=True)
class Ladder:
    """Poles from left to right, with what stands below each name, and rows from top to bottom."""

    poles: tuple[str, ...]
    captions: tuple[str, ...]
    rows: tuple[Row, ...]


def ladder(
    trace: Iterable[TraceEntry], poles: Sequence[str], captions: Sequence[str] = ()
) -> Ladder:
    """Draw up a ladder of the messages that a pole sent or was to get.

    `captions` are the poles' addresses, say. What a NAT makes of an endpoint is said once.
    Raises ValueError for less than two poles.
    """
    if len(poles) < 2:
        raise ValueError("a ladder has two poles at least")
    rows: list[Row] = []
    fold = Fold()
    mappings: set[str] = set()
    for entry in trace:
        if entry.source_node not in poles and entry.destination_node not in poles:
            continue
        row = _row(entry, tuple(text for text in entry.mappings if text not in mappings))
        mappings.update(entry.mappings)
        rows += fold.add(row)
    return Ladder(tuple(poles), tuple(captions), (*rows, *fold.rest()))


def _row(entry: TraceEntry, mappings: tuple[str, ...]) -> Row:
    remarks = [f"(again {entry.attempt})"] if entry.attempt else []
    if entry.copy:
        remarks.append("(copy)")
    if not entry.delivered:
        remarks.append(entry.fate)
    elif entry.delay >= _LATE:
        remarks.append(f"arrives at {entry.at + entry.delay:.3f}")
    remarks += entry.notes
    return Row(
        at=entry.at,
        until=entry.at,
        source=entry.source_node,
        target=entry.destination_node,
        label=entry.label or (f"clear {entry.protocol}" if entry.source_node else entry.protocol),
        length=entry.length,
        payloads="" if entry.label in _FOLDED else condensed(entry.payloads),
        fate=entry.fate,
        attempt=entry.attempt,
        remarks=tuple(remarks),
        mappings=mappings,
    )


class Fold:
    """Folds runs of ESP and keepalives as rows come: one row for each kind in a run."""

    def __init__(self) -> None:
        self._run: list[Row] = []

    def add(self, row: Row) -> list[Row]:
        """Take the next row; give those that are complete now, in order."""
        if row.label not in _FOLDED:
            return [*self.rest(), row]
        for place, other in enumerate(self._run):
            if _alike(other, row):
                length = max(other.length, row.length)
                count = other.count + row.count
                self._run[place] = replace(other, until=row.at, count=count, length=length)
                return []
        self._run.append(row)
        return []

    def rest(self) -> list[Row]:
        """Give the rows of the run that is under way, and begin another one."""
        run, self._run = self._run, []
        return run


def _alike(one: Row, other: Row) -> bool:
    return (one.source, one.target, one.label, one.fate, one.remarks) == (
        *(other.source, other.target, other.label, other.fate),
        other.remarks,
    )


# as text


def ladder_text(drawn: Ladder, width: int = WIDTH) -> str:
    """Write a ladder in plain text, `width` columns wide (more when there are many poles)."""
    columns = _columns(drawn.poles)
    room = max(width - columns[-1] - 4, _LEAST_REMARK)
    lines = [_names("time", drawn.poles, columns)]
    if drawn.captions:
        lines.append(_names("", drawn.captions, columns))
    for row in drawn.rows:
        lines += _row_lines(row, drawn.poles, columns, room)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _columns(poles: Sequence[str]) -> list[int]:
    span = _SPANS.get(len(poles), _NARROW)
    return [_LEFT + span * place for place in range(len(poles))]


def _names(first: str, names: Sequence[str], columns: list[int]) -> str:
    line = f"{first:>{_TIME}}"
    for name, column in zip(names, columns, strict=False):
        line = f"{line:<{column}}{name}"
    return line


def _row_lines(row: Row, poles: Sequence[str], columns: list[int], room: int) -> list[str]:
    """Write a row: the arrow with its remarks beside it, and those that do not fit below."""
    until = [f"until {row.until:.3f}"] if row.count > 1 else []
    mappings = [f"NAT: {mapping}" for mapping in row.mappings]
    first, *rest = _packed([row.payloads, *until, *row.remarks, *mappings], room)
    drawn = _arrow(row, poles, columns)
    lines = [f"{row.at:{_TIME}.3f}{drawn[_TIME:]}{_BETWEEN}{first}"]
    return lines + [f"{_canvas(columns)}{_BETWEEN}{text}" for text in rest]


def _packed(parts: Iterable[str], room: int) -> list[str]:
    """Fill lines with parts, none of them broken unless it is longer than a line."""
    lines = [""]
    for part in parts:
        for text in wrap(part, room):
            together = f"{lines[-1]}{_BETWEEN}{text}" if lines[-1] else text
            if len(together) <= room:
                lines[-1] = together
            else:
                lines.append(text)
    return lines


def _canvas(columns: list[int]) -> str:
    line = [" "] * (columns[-1] + 1)
    for column in columns:
        line[column] = "|"
    return "".join(line)


def _arrow(row: Row, poles: Sequence[str], columns: list[int]) -> str:
    """Draw the poles and the arrow between two of them."""
    places = dict(zip(poles, columns, strict=True))
    start, end = places.get(row.source), places.get(row.target)
    tail = start if start is not None else _neighbour(places[row.target], columns)
    head = end if end is not None and end != tail else _neighbour(tail, columns)
    low, high = sorted((tail, head))
    shaft = _shaft(row, high - low - 1, rightward=tail < head, lost=start is None)
    canvas = list(_canvas(columns))
    canvas[low + 1 : high] = shaft
    return "".join(canvas)


def _neighbour(column: int, columns: list[int]) -> int:
    """Give the pole beside one, on the right if there is one."""
    place = columns.index(column)
    return columns[place + 1] if place + 1 < len(columns) else columns[place - 1]


def _shaft(row: Row, room: int, rightward: bool, lost: bool) -> str:
    """Draw an arrow into so much room; `lost` is one that no pole sent."""
    gap = room // 7
    line = "=" if row.label in _FOLDED else "-"
    head = (">" if rightward else "<") if row.arrives else f"x{' ' * gap}"
    tail = f"o{' ' * gap}" if lost else line
    left, right = (tail[::-1], head) if rightward else (head[::-1], tail)
    lead = room // 5
    text = _inscription(row, room - lead - len(right) - 2)
    return f"{left.ljust(lead, line)}{text}".ljust(room - len(right), line) + right


def _inscription(row: Row, room: int) -> str:
    """Say what an arrow is, as fully as there is room."""
    name = f"{row.count} x {row.label}" if row.count > 1 else row.label
    size = f"{row.length} B"
    for text in (f" {name:<12} {size:>6} ", f" {name} {size} ", f" {name} "):
        if len(text) <= room:
            return text
    return f" {row.label}"[:room]
