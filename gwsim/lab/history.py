"""Where negotiations stood and for how long, computed from a gateway's events.

A `Stay` is one negotiation in one state from a moment to a moment, a `Pair` the life of a pair of
IPsec SAs. The vendor's word for a state comes from the vendor's own table, so that the lab needs
no state name of any vendor.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from gwsim.gateway.events import GatewayStarted, GatewayStopped
from gwsim.ike.events import (
    Event,
    PhaseOneClosed,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    QuickModeClosed,
    StateChanged,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.vendor import Vendor


@dataclass(frozen=True, slots=True, order=True)
class Spell:
    """A stretch of time in which something held, from `since` until `until` (seconds)."""

    since: float
    until: float = math.inf

    def holds(self, moment: float) -> bool:
        """Say whether it held at a moment; a change at that very moment has happened."""
        return self.since <= moment < self.until

    def touches(self, since: float, until: float) -> bool:
        """Say whether it held at any moment of a span, be it for an instant."""
        return self.since <= until and (self.until > since or self.since >= since)


@dataclass(frozen=True, slots=True)
class Stay:
    """A negotiation rested in `state` for a spell.

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
    spell: Spell

    def called(self, word: str) -> bool:
        """Say whether a word names this state: the vendor's, or the engine's own."""
        return word in (self.word, self.state.value)


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of IPsec SAs of a child lived for a spell."""

    child: str
    peer: str
    inbound_spi: int
    spell: Spell


_Key = tuple[int, int, int]


class _Reading:
    """Follows negotiations from event to event."""

    def __init__(self, vendor: Vendor) -> None:
        self.found: list[Stay] = []
        self._vendor = vendor
        self._current: dict[_Key, int] = {}
        self._installed: dict[int, _Key] = {}

    def take(self, event: Event) -> None:
        """Begin and end stays as an event demands."""
        match event:
            case GatewayStopped() | GatewayStarted():
                self._end(list(self._current), event.at)
            case PhaseOneClosed():
                self._end([key for key in self._current if self._dies_with(key, event)], event.at)
            case PhaseTwoCompleted():
                self._installed[event.inbound_spi] = (2, event.sa, event.message_id)
            case PhaseTwoClosed():
                self._end([self._installed.pop(event.inbound_spi, (0, 0, 0))], event.at)
            case QuickModeClosed():
                self._end([(2, event.sa, event.message_id)], event.at)
            case StateChanged():
                self._change(event)

    def _dies_with(self, key: _Key, closed: PhaseOneClosed) -> bool:
        """IPsec SAs in use outlive the ISAKMP SA they were made by, half a quick mode does not."""
        place = self._current[key]
        return key[1] == closed.sa and self.found[place].state is not State.INSTALLED

    def _change(self, event: StateChanged) -> None:
        key = (event.phase, event.sa, event.message_id if event.phase == 2 else 0)
        self._end([key], event.at)
        if event.new is State.CLOSED:
            return
        self._current[key] = len(self.found)
        word = self._vendor.state_word(event.new, event.exchange)
        spell = Spell(event.at)
        self.found.append(
            Stay(*key, event.peer, event.role, event.exchange, event.new, word, spell)
        )

    def _end(self, keys: list[_Key], at: float) -> None:
        for key in keys:
            if key in self._current:
                place = self._current.pop(key)
                stay = self.found[place]
                self.found[place] = replace(stay, spell=Spell(stay.spell.since, at))


def stays(events: Iterable[Event], vendor: Vendor) -> tuple[Stay, ...]:
    """Read the history of all negotiations out of a gateway's events, in order of beginning."""
    reading = _Reading(vendor)
    for event in events:
        reading.take(event)
    return tuple(reading.found)


def pairs(events: Iterable[Event]) -> tuple[Pair, ...]:
    """Read the lives of all pairs of IPsec SAs out of a gateway's events."""
    found: list[Pair] = []
    current: dict[int, int] = {}
    for event in events:
        ended: list[int] = []
        if isinstance(event, GatewayStopped | GatewayStarted):
            ended = list(current)
        elif isinstance(event, PhaseTwoClosed) and event.inbound_spi in current:
            ended = [event.inbound_spi]
        elif isinstance(event, PhaseTwoCompleted):
            current[event.inbound_spi] = len(found)
            found.append(Pair(event.child, event.peer, event.inbound_spi, Spell(event.at)))
        for spi in ended:
            place = current.pop(spi)
            found[place] = replace(found[place], spell=Spell(found[place].spell.since, event.at))
    return tuple(found)
