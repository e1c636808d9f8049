"""Where negotiations stood and for how long, computed from a gateway's events.

A `Stay` is one negotiation in one state from a moment to a moment. The vendor's word for it comes
from the vendor's own table, so that the lab needs no state name of any vendor.
"""

import math
from dataclasses import dataclass, replace

from gwsim.gateway.events import GatewayStarted
from gwsim.ike.events import Event, PhaseOneClosed, StateChanged
from gwsim.ike.states import Role, State
from gwsim.vendors.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Stay:
    """A negotiation rested in `state` from `since` until `until` (infinite: to the end).

    `phase` is 1 or 2, `sa` the number of its ISAKMP SA, `message_id` tells quick modes apart.
    `word` is the vendor's, None where its screens show nothing.
    """

    phase: int
    sa: int
    message_id: int
    peer: str
    role: Role
    exchange: str
    state: State
    word: str | None
    since: float
    until: float = math.inf

    def at(self, moment: float) -> bool:
        """Say whether it stood there at a moment; a change at that very moment has happened."""
        return self.since <= moment < self.until


_Key = tuple[int, int, int]


def stays(events: tuple[Event, ...], vendor: Vendor) -> tuple[Stay, ...]:
    """Read the history of all negotiations out of a gateway's events, in order of beginning."""
    found: list[Stay] = []
    current: dict[_Key, int] = {}
    for event in events:
        if isinstance(event, GatewayStarted):
            _end(found, current, list(current), event.at)
        elif isinstance(event, PhaseOneClosed):
            _end(found, current, [key for key in current if key[:2] == (1, event.sa)], event.at)
        elif isinstance(event, StateChanged):
            key = (event.phase, event.sa, event.message_id if event.phase == 2 else 0)
            _end(found, current, [key] if key in current else [], event.at)
            if event.new is not State.CLOSED:
                current[key] = len(found)
                found.append(_stay(event, key, vendor))
    return tuple(found)


def _stay(event: StateChanged, key: _Key, vendor: Vendor) -> Stay:
    phase, sa, message_id = key
    word = vendor.state_word(event.new, event.exchange)
    return Stay(
        phase, sa, message_id, event.peer, event.role, event.exchange, event.new, word, event.at
    )


def _end(found: list[Stay], current: dict[_Key, int], keys: list[_Key], at: float) -> None:
    for key in keys:
        place = current.pop(key)
        found[place] = replace(found[place], until=at)


def passed(history: tuple[Stay, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Give the part of `words`, from its beginning, that the history went through in order."""
    wanted = iter(words)
    reached: list[str] = []
    word = next(wanted, None)
    for stay in history:
        if word is not None and names(stay, word):
            reached.append(word)
            word = next(wanted, None)
    return tuple(reached)


def names(stay: Stay, word: str) -> bool:
    """Say whether a word names the state of a stay: the vendor's, or the engine's own."""
    return word in (stay.word, stay.state.value)
