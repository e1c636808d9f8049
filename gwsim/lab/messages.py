"""The messages of a run: its trace, its ladder, and the last ones before a moment."""

from collections.abc import Sequence

from gwsim.capture.ladder import Ladder, Row, ladder, ladder_text
from gwsim.capture.trace import TraceEntry, entries
from gwsim.lab.record import Record

SHOWN = 8
"""How many arrows stand beside a failure."""


def trace_of(record: Record) -> tuple[TraceEntry, ...]:
    """Give one entry per packet that was between the gateways, in order of time."""
    return entries({gateway.name: gateway.events for gateway in record.gateways}, record.path)


def ladder_of(record: Record) -> Ladder:
    """Draw up the ladder of a run, gateways from left to right as the scenario names them."""
    poles = [gateway.name for gateway in record.gateways]
    captions = [gateway.addresses[-1] for gateway in record.gateways]
    return ladder(trace_of(record), poles, captions)


def last_messages(
    trace: Sequence[TraceEntry], poles: Sequence[str], at: float, shown: int = SHOWN
) -> tuple[str, ...]:
    """Draw the last arrows up to a moment, line by line; poles nothing touches are left out."""
    rows = ladder([entry for entry in trace if entry.at <= at], poles).rows[-shown:]
    if not rows:
        return ()
    touched = tuple(pole for pole in poles if any(_touches(row, pole) for row in rows))
    return tuple(ladder_text(Ladder(touched, (), rows)).splitlines())


def _touches(row: Row, pole: str) -> bool:
    return pole in (row.source, row.target)
