"""The log of a router: which event is told by which function.

What has a mnemonic is of the system log (`%CRYPTO-4-IKMP_BAD_MESSAGE: ...`), the rest is what
`debug crypto isakmp` and `debug crypto ipsec` print. Events that a router does not speak of are
listed, not forgotten.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from gwsim.gateway.events import (
    GatewayStarted,
    GatewayStopped,
    LinkChanged,
    PacketDropped,
    Reconfigured,
    TrafficPassed,
)
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import (
    AcquireFailed,
    AcquireQueued,
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    ChildRetired,
    ConnectionMatched,
    DeleteReceived,
    DeleteSent,
    DpdFailed,
    DpdReceived,
    DpdSent,
    DuplicateReceived,
    Event,
    GaveUp,
    KeysGenerated,
    LifetimeCompared,
    MessageReceived,
    MessageSent,
    NatDetected,
    NegotiationStarted,
    NotifyReceived,
    NotifySent,
    PeerIdentified,
    PeerMoved,
    PfsRefused,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    PortFloated,
    ProposalAccepted,
    ProposalRefused,
    ProxyIdAccepted,
    ProxyIdRefused,
    QuickModeClosed,
    Rejected,
    SpiAllocated,
    StateChanged,
)
from gwsim.vendors.ios import log_errors, log_messages, log_phase1, log_phase2
from gwsim.vendors.ios.story import Story
from gwsim.vendors.vendor import LogLine

Teller = Callable[[Story, Any], Iterator[LogLine]]

TOLD: dict[type[Event], Teller] = {
    NegotiationStarted: log_phase1.negotiation_started,
    AcquireFailed: log_phase1.acquire_failed,
    MessageSent: log_messages.message_sent,
    MessageReceived: log_messages.message_received,
    DuplicateReceived: log_messages.duplicate_received,
    ProposalAccepted: log_phase1.proposal_accepted,
    ProposalRefused: log_phase1.proposal_refused,
    NatDetected: log_phase1.nat_detected,
    KeysGenerated: log_phase1.keys_generated,
    PeerIdentified: log_errors.peer_identified,
    PhaseOneCompleted: log_phase1.phase_one_completed,
    GaveUp: log_phase1.gave_up,
    PhaseOneClosed: log_phase1.phase_one_closed,
    ProxyIdRefused: log_phase2.proxy_id_refused,
    PhaseTwoCompleted: log_phase2.phase_two_completed,
    PhaseTwoClosed: log_phase2.phase_two_closed,
    QuickModeClosed: log_phase2.quick_mode_closed,
    Rejected: log_errors.rejected,
    NotifyReceived: log_errors.notify_received,
    DpdReceived: log_errors.dpd_received,
    DpdFailed: log_errors.dpd_failed,
    PacketDropped: log_errors.packet_dropped,
    GatewayStarted: log_errors.gateway_started,
    LinkChanged: log_errors.link_changed,
}
"""Events a router speaks of, or keeps for what it says next."""

SILENT: frozenset[type[Event]] = frozenset(
    {
        # Told with the message that carries them, or with the refusal that follows.
        DpdSent,
        NotifySent,
        DeleteSent,
        DeleteReceived,
        SpiAllocated,
        ConnectionMatched,
        PortFloated,
        PfsRefused,
        ProxyIdAccepted,
        # Not worth a message.
        LifetimeCompared,
        AcquireQueued,
        StateChanged,
        PeerMoved,
        GatewayStopped,
        TrafficPassed,
        Reconfigured,
        # Instructions to the data plane.
        ChildKeys,
        ChildActivated,
        ChildRetired,
        ChildRemoved,
    }
)
"""Events a router does not speak of."""


def log(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
    """Tell all events in their order; the snapshot gives the name of the interface."""
    story = Story(events, snapshot)
    lines: list[LogLine] = []
    for index, event in enumerate(events):
        story.numbers.take(event)
        teller = TOLD.get(type(event))
        if teller is not None:
            story.index = index
            lines += teller(story, event)
    return tuple(lines)


def format_line(line: LogLine, when: datetime) -> str:
    """Write a line with its time stamp, as `service timestamps ... datetime msec` has it."""
    stamp = f"*{when:%b} {when.day:2} {when:%H:%M:%S}.{when.microsecond // 1000:03}: "
    return stamp + (f"%{line.id}: {line.text}" if line.id else line.text)
