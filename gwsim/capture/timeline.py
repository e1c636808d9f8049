"""The timeline: which states each negotiation of a gateway went through, and how long it rested.

::

    hq
      phase 1 with 203.0.113.1, initiator, main
            1.000  MAIN_WAIT_2        0.041
            1.041  MAIN_WAIT_4        0.062
            1.103  MAIN_WAIT_6       31.937
           33.040  CLOSED

States are the engine's; who shows them to people may translate them with a vendor's table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from gwsim.gateway.events import GatewayStarted, GatewayStopped
from gwsim.ike.events import Event, PhaseOneClosed, StateChanged
from gwsim.ike.states import Role, State


@dataclass(frozen=True, slots=True)
class Rest:
    """A stay in one state from `since` on, seconds; `until` is None while it lasts."""

    state: State
    since: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One negotiation: `phase` 1 or 2, the number of its ISAKMP SA, its states in order."""

    phase: int
    sa: int
    message_id: int
    peer: str
    role: Role
    exchange: str
    rests: tuple[Rest, ...]


def timeline(events: Iterable[Event]) -> tuple[Lane, ...]:
    """Read the negotiations of one gateway out of its events, in the order of their beginning.

    A stop ends whatever was under way, without a last state: there is nobody left to have one.
    """
    lanes: list[Lane] = []
    under_way: dict[tuple[int, int, int], int] = {}
    for event in events:
        if isinstance(event, GatewayStopped | GatewayStarted):
            for place in under_way.values():
                lanes[place] = replace(lanes[place], rests=_ended(lanes[place].rests, event.at))
            under_way.clear()
        elif isinstance(event, PhaseOneClosed):
            _close(lanes, under_way, event)
        elif isinstance(event, StateChanged):
            _move(lanes, under_way, event)
    return tuple(lanes)


def _move(
    lanes: list[Lane], under_way: dict[tuple[int, int, int], int], event: StateChanged
) -> None:
    key = event.phase, event.sa, event.message_id if event.phase == 2 else 0
    if key not in under_way:
        under_way[key] = len(lanes)
        lanes.append(Lane(*key, event.peer, event.role, event.exchange, ()))
    lane = lanes[under_way[key]]
    rests = (*_ended(lane.rests, event.at), Rest(event.new, event.at))
    lanes[under_way[key]] = replace(lane, rests=rests)
    if event.new is State.CLOSED:
        del under_way[key]


def _close(
    lanes: list[Lane], under_way: dict[tuple[int, int, int], int], event: PhaseOneClosed
) -> None:
    """Close a phase 1 whose last change of state nobody told of."""
    place = under_way.pop((1, event.sa, 0), None)
    if place is not None:
        rests = (*_ended(lanes[place].rests, event.at), Rest(State.CLOSED, event.at))
        lanes[place] = replace(lanes[place], rests=rests)


def _ended(rests: tuple[Rest, ...], at: float) -> tuple[Rest, ...]:
    """End the last stay at a moment."""
    return (*rests[:-1], replace(rests[-1], until=at)) if rests else rests


def timeline_text(
    gateway: str,
    lanes: Iterable[Lane],
    word: Callable[[State, str], str | None] = lambda state, exchange: state.value,
) -> str:
    """Write the negotiations of a gateway in plain text.

    `word` names a state of an exchange, as a vendor does; where it knows no name, None, the
    engine's own stands in brackets.
    """
    lines = [gateway]
    for lane in lanes:
        lines.append(f"  phase {lane.phase} with {lane.peer}, {lane.role}, {lane.exchange}")
        for rest in lane.rests:
            name = word(rest.state, lane.exchange) or f"({rest.state.value})"
            lasted = "" if rest.until is None else f"{rest.until - rest.since:12.3f}"
            lines.append(f"    {rest.since:10.3f}  {name:<16}{lasted}".rstrip())
    return "\n".join(lines) + "\n"
