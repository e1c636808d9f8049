"""What gateways do where the RFCs leave them a choice, and how a run shows it.

A vendor's `Behaviour` says what its gateways do; its `proven` says which of that some source shows
(a capture, a debug, the vendor's own documentation) and which one. Everything else is believed:
general knowledge of the device. So that a result can say on what it rests, the habits that come
into play in a run are read off its events. What is answered to a flaw is a habit too.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.events import (
    CloseReason,
    DpdFailed,
    DpdSent,
    DuplicateReceived,
    Event,
    GaveUp,
    LifetimeCompared,
    MessageSent,
    NegotiationStarted,
    NotifyReceived,
    PhaseOneClosed,
    PhaseTwoClosed,
    ProxyIdAccepted,
    QuickModeClosed,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role
from gwsim.wire.numbers import NotifyType


class Habit(StrEnum):
    """Something in which gateways differ, flaws apart; each is a part of `Behaviour`."""

    INITIATOR_RESENDS = "when an initiator sends a message of phase 1 again"
    RESPONDER_RESENDS = "when a responder sends a message of phase 1 again"
    QUICK_RESENDS = "when a message of quick mode is sent again"
    GIVES_UP = "when a negotiation without an answer is given up"
    HALF_OPEN = "when an unfinished negotiation of a peer is ended"
    REPEATED = "what a repeated message is answered with"
    CLEAR_NOTIFY = "what follows a notify without protection"
    PHASE2_FAILED = "what becomes of phase 1 when a phase 2 fails"
    PHASE2_ENDS = "what becomes of phase 1 when its last phase 2 ends"
    PHASE1_ENDS = "what becomes of IPsec SAs when phase 1 ends"
    PROXY_SUBSET = "proxy IDs that are not those configured are accepted"
    LIFETIMES = "which of two lifetimes is used"
    RENEWAL = "when SAs are renewed"
    DEAD_PEER = "how a dead peer is looked for"


Trait = Habit | Flaw
"""A habit, or what is answered to a flaw."""

_FAILED = frozenset(
    {
        CloseReason.REFUSED,
        CloseReason.PEER_REFUSED,
        CloseReason.RETRANSMIT_LIMIT,
        CloseReason.HALF_OPEN_TIMEOUT,
    }
)


def _sent(event: MessageSent) -> Habit | None:
    if not event.attempt or event.answers_duplicate:
        return None
    if event.label.startswith("quick"):
        return Habit.QUICK_RESENDS
    initiator = event.role is Role.INITIATOR
    return Habit.INITIATOR_RESENDS if initiator else Habit.RESPONDER_RESENDS


def _gave_up(event: GaveUp) -> Habit:
    late = event.reason is CloseReason.HALF_OPEN_TIMEOUT
    return Habit.HALF_OPEN if late else Habit.GIVES_UP


def _notified(event: NotifyReceived) -> Habit | None:
    error = event.notify_type < NotifyType.CONNECTED
    return Habit.CLEAR_NOTIFY if error and not event.protected else None


def _phase2_closed(event: PhaseTwoClosed) -> Habit | None:
    by_phase1 = (CloseReason.PHASE1_GONE, CloseReason.REKEYED)
    return None if event.reason in by_phase1 else Habit.PHASE2_ENDS


def _phase1_closed(event: PhaseOneClosed) -> Habit | None:
    ended = event.up_for is not None and event.reason is not CloseReason.REKEYED
    return Habit.PHASE1_ENDS if ended else None


_SIGNS: dict[type[Event], Callable[[Any], Trait | None]] = {
    Rejected: lambda event: event.flaw,
    MessageSent: _sent,
    GaveUp: _gave_up,
    DuplicateReceived: lambda event: Habit.REPEATED,
    NotifyReceived: _notified,
    QuickModeClosed: lambda event: Habit.PHASE2_FAILED if event.reason in _FAILED else None,
    PhaseTwoClosed: _phase2_closed,
    PhaseOneClosed: _phase1_closed,
    LifetimeCompared: lambda event: Habit.LIFETIMES if event.ours != event.theirs else None,
    NegotiationStarted: lambda event: Habit.RENEWAL if event.trigger == "rekey" else None,
    DpdSent: lambda event: None if event.ack else Habit.DEAD_PEER,
    DpdFailed: lambda event: Habit.DEAD_PEER,
}
"""Which event shows which habit; what is not here is alike with every vendor."""


def shown(events: Iterable[Event], config: GatewayConfig) -> frozenset[Trait]:
    """Give the habits that came into play; `config` is what the gateway was told at the start."""
    pairs = frozenset(_proxy_ids(config))
    found: set[Trait] = set()
    for event in events:
        if isinstance(event, ProxyIdAccepted) and (event.local, event.remote) not in pairs:
            found.add(Habit.PROXY_SUBSET)
        sign = _SIGNS.get(type(event))
        trait = sign(event) if sign else None
        if trait is not None:
            found.add(trait)
    return frozenset(found)


def _proxy_ids(config: GatewayConfig) -> Iterator[tuple[str, str]]:
    for connection in config.endpoint.connections:
        for child in connection.children:
            yield str(child.local), str(child.remote)
