"""The event log and the debug buffer of a NetScreen: which event is told by which function.

What `get event` lists are messages with a type; what `debug ike detail` leaves in the buffer of
`get dbuf stream` are debug lines and most of those messages among them. Events that a NetScreen
does not speak of are listed, not forgotten.
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
from gwsim.vendors.screenos import debug_received, debug_sent, log_phases, log_verdicts
from gwsim.vendors.screenos.story import Entry, Story
from gwsim.vendors.vendor import LogLine

Teller = Callable[[Story, Any], Iterator[Entry]]

TOLD: dict[type[Event], Teller] = {
    NegotiationStarted: log_phases.negotiation_started,
    AcquireQueued: log_phases.acquire_queued,
    AcquireFailed: log_phases.acquire_failed,
    MessageSent: debug_sent.message_sent,
    MessageReceived: debug_received.message_received,
    DuplicateReceived: debug_received.duplicate_received,
    ProposalAccepted: log_phases.proposal_accepted,
    ProposalRefused: log_verdicts.proposal_refused,
    LifetimeCompared: log_phases.lifetime_compared,
    KeysGenerated: log_phases.keys_generated,
    NatDetected: log_verdicts.nat_detected,
    PeerIdentified: log_verdicts.peer_identified,
    PhaseOneCompleted: log_phases.phase_one_completed,
    GaveUp: log_phases.gave_up,
    ProxyIdAccepted: log_verdicts.proxy_id_accepted,
    ProxyIdRefused: log_verdicts.proxy_id_refused,
    PfsRefused: log_verdicts.pfs_refused,
    PhaseTwoCompleted: log_phases.phase_two_completed,
    PhaseTwoClosed: log_phases.phase_two_closed,
    QuickModeClosed: log_phases.quick_mode_closed,
    Rejected: log_verdicts.rejected,
    NotifyReceived: log_verdicts.notify_received,
    NotifySent: log_verdicts.notify_sent,
    DeleteReceived: log_verdicts.delete_received,
    DpdReceived: log_verdicts.dpd_received,
    DpdFailed: log_verdicts.dpd_failed,
    PacketDropped: log_verdicts.packet_dropped,
    LinkChanged: log_verdicts.link_changed,
}
"""Events a NetScreen speaks of."""

SILENT: frozenset[type[Event]] = frozenset(
    {
        # Told with the message that carries them.
        DpdSent,
        DeleteSent,
        SpiAllocated,
        # Not worth a message.
        StateChanged,
        ConnectionMatched,
        PortFloated,
        PeerMoved,
        PhaseOneClosed,
        GatewayStarted,
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
"""Events a NetScreen does not speak of."""


def entries(events: tuple[Event, ...], snapshot: Snapshot) -> Iterator[Entry]:
    """Tell all events in their order, with what the debug buffer alone shows."""
    story = Story(snapshot)
    for event in events:
        yield from story.before(event)
        if isinstance(event, GatewayStarted):
            story = Story(snapshot, rebooted=event.reboot)
        story.note(event)
        teller = TOLD.get(type(event))
        if teller is not None:
            yield from teller(story, event)
    yield from story.end_notify()
    yield from story.end_packet()
    yield from story.due(snapshot.now)


def log(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
    """Tell all events in their order.

    The snapshot gives the names of interfaces and tunnels, and the moment up to which to tell.
    """
    return tuple(entry.line for entry in entries(events, snapshot))


def format_line(line: LogLine, when: datetime) -> str:
    """Write a line as `get event` lists it, a debug line as `get dbuf stream` does."""
    if line.debug:
        return buffer_line(line, when)
    stamp = f"{when:%Y-%m-%d %H:%M:%S}"
    return f"{stamp} system {line.severity:<5} {line.id:>5} {line.text}"


def buffer_line(line: LogLine, when: datetime) -> str:
    """Write a line as it stands in the debug buffer."""
    return f"## {when:%Y-%m-%d %H:%M:%S} : {line.text}"
