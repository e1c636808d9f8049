"""The log of an ASA: which event is told by which function.

Every event becomes lines of `%ASA-severity-number: text`; those of severity 7 are what `debug
crypto ikev1 127` shows as well. Events that an ASA does not speak of are listed, not forgotten.
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
from gwsim.vendors.asa import log_errors, log_messages, log_phase1, log_phase2
from gwsim.vendors.asa.story import Story
from gwsim.vendors.vendor import LogLine

Teller = Callable[[Story, Any], Iterator[LogLine]]

TOLD: dict[type[Event], Teller] = {
    NegotiationStarted: log_phase1.negotiation_started,
    AcquireQueued: log_phase1.acquire_queued,
    AcquireFailed: log_phase1.acquire_failed,
    MessageSent: log_messages.message_sent,
    MessageReceived: log_messages.message_received,
    DuplicateReceived: log_messages.duplicate_received,
    ProposalAccepted: log_phase1.proposal_accepted,
    ProposalRefused: log_phase1.proposal_refused,
    LifetimeCompared: log_phase1.lifetime_compared,
    ConnectionMatched: log_phase1.connection_matched,
    KeysGenerated: log_phase1.keys_generated,
    NatDetected: log_phase1.nat_detected,
    PhaseOneCompleted: log_phase1.phase_one_completed,
    GaveUp: log_phase1.gave_up,
    PhaseOneClosed: log_phase1.phase_one_closed,
    ProxyIdAccepted: log_phase2.proxy_id_accepted,
    ProxyIdRefused: log_phase2.proxy_id_refused,
    PfsRefused: log_phase2.pfs_refused,
    SpiAllocated: log_phase2.spi_allocated,
    PhaseTwoCompleted: log_phase2.phase_two_completed,
    QuickModeClosed: log_phase2.quick_mode_closed,
    PhaseTwoClosed: log_phase2.phase_two_closed,
    Rejected: log_errors.rejected,
    NotifyReceived: log_errors.notify_received,
    DpdReceived: log_errors.dpd_received,
    DpdFailed: log_errors.dpd_failed,
    PacketDropped: log_errors.packet_dropped,
    GatewayStarted: log_errors.gateway_started,
    LinkChanged: log_errors.link_changed,
}
"""Events an ASA speaks of."""

SILENT: frozenset[type[Event]] = frozenset(
    {
        # Told with the message that carries them.
        DpdSent,
        NotifySent,
        DeleteSent,
        DeleteReceived,
        PeerIdentified,
        # Not worth a message.
        StateChanged,
        PortFloated,
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
"""Events an ASA does not speak of."""


def log(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
    """Tell all events in their order; the snapshot gives the names of interfaces and entries."""
    story = Story(events, snapshot)
    lines: list[LogLine] = []
    for index, event in enumerate(events):
        teller = TOLD.get(type(event))
        if teller is not None:
            story.index = index
            lines += teller(story, event)
    return tuple(lines)


def format_line(line: LogLine, when: datetime) -> str:
    """Write a line as `show logging` prints it with time stamps on."""
    return f"{when:%b %d %Y %H:%M:%S}: %ASA-{line.severity}-{line.id}: {line.text}"


_TAGS: tuple[tuple[str, str], ...] = (
    ("714", "[IKEv1 DECODE]"),
    ("715", "[IKEv1 DEBUG]"),
    ("713906", "[IKEv1 DEBUG]"),
    ("713", "[IKEv1]"),
)
"""How a debug line of IKE begins, by how its message number begins."""


def debug_line(line: LogLine, when: datetime) -> str | None:
    """Write a line as `debug crypto ikev1 127` prints it, None for what is not of IKE."""
    for start, tag in _TAGS:
        if line.id.startswith(start):
            return f"{when:%b %d %H:%M:%S} {tag}{line.text}"
    return None
