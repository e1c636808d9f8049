"""The last messages before a moment, one line each: what a failure needs beside it."""

from gwsim.lab.record import Record
from gwsim.path.events import FATES, PathAction, PathEvent

SHOWN = 8
"""How many messages stand beside a failure."""

_OUTER_HEADER = 20
_FOLDED = frozenset({"esp", "keepalive"})


def last_messages(record: Record, at: float, shown: int = SHOWN) -> tuple[str, ...]:
    """Tell the last messages between gateways that set out up to a moment, and their fate."""
    entered: list[PathEvent] = []
    fates: dict[int, PathEvent] = {}
    for event in record.path:
        if event.at > at:
            break
        if event.action is PathAction.ENTERED and event.label:
            entered.append(event)
        elif event.action in FATES and event.copy == 0:
            fates[event.packet] = event
    times = _repetitions(entered)
    runs = _runs(entered)[-shown:]
    return tuple(_line(run, times[run[-1].packet], fates.get(run[-1].packet)) for run in runs)


def _runs(entered: list[PathEvent]) -> list[list[PathEvent]]:
    """Put neighbours of one label that went one way together when there may be very many."""
    runs: list[list[PathEvent]] = []
    last: dict[tuple[str, str], list[PathEvent]] = {}
    for event in entered:
        key = event.side_in, event.label
        if event.label in _FOLDED and key in last:
            last[key].append(event)
            continue
        if event.label not in _FOLDED:
            last.clear()
        runs.append([event])
        last[key] = runs[-1]
    return runs


def _repetitions(entered: list[PathEvent]) -> dict[int, int]:
    """Count for each packet how often the same octets had left the same gateway before."""
    seen: dict[tuple[str, bytes], int] = {}
    times = {}
    for event in entered:
        key = event.side_in, event.payload[_OUTER_HEADER:]
        times[event.packet] = seen.get(key, 0)
        seen[key] = times[event.packet] + 1
    return times


def _line(run: list[PathEvent], again: int, fate: PathEvent | None) -> str:
    event = run[-1]
    message = event.label
    if len(run) > 1:
        message = f"{len(run)} x {event.label}, the last"
    elif again:
        message = f"{event.label} (again {again})"
    target = (fate.side_out if fate else "") or event.destination
    way = f"{event.side_in} -> {target}"
    return f"{event.at:9.3f}  {way:<24} {message:<20} {event.length:>5} octets  {_fate(fate)}"


def _fate(fate: PathEvent | None) -> str:
    if fate is None:
        return "on its way"
    if fate.action in (PathAction.FORWARDED, PathAction.JOINED):
        return "delivered"
    reason = fate.rule or fate.why
    return f"{fate.action.value}: {reason}" if reason else fate.action.value
