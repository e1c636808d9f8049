"""The log of a FortiGate: which event is told by which functions.

What has a number is of the event log (`logid="0101037124"`), the rest is what `diagnose debug
application ike -1` prints. Events that a FortiGate does not speak of are listed, not forgotten.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
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
from gwsim.vendors.fortios import (
    debug_errors,
    debug_phase1,
    debug_phase2,
    debug_received,
    debug_sent,
    log_entries,
)
from gwsim.vendors.fortios.eventlog import SUBTYPES
from gwsim.vendors.fortios.story import Story
from gwsim.vendors.vendor import LogLine

Teller = Callable[[Story, Any], Iterator[LogLine]]


def _proposal_accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    if event.phase == 1:
        return debug_phase1.proposal_accepted(story, event)
    return debug_phase2.proposal_accepted(story, event)


def _proposal_refused(story: Story, event: ProposalRefused) -> Iterator[LogLine]:
    if event.phase == 1:
        return debug_phase1.proposal_refused(story, event)
    return debug_phase2.proposal_refused(story, event)


TOLD: dict[type[Event], tuple[Teller, ...]] = {
    NegotiationStarted: (debug_phase1.negotiation_started,),
    AcquireQueued: (debug_phase1.acquire_queued,),
    MessageSent: (debug_sent.message_sent, log_entries.message_sent),
    MessageReceived: (debug_received.message_received,),
    DuplicateReceived: (debug_received.duplicate_received,),
    ProposalAccepted: (_proposal_accepted,),
    ProposalRefused: (_proposal_refused,),
    StateChanged: (debug_phase1.state_changed,),
    NatDetected: (debug_phase1.nat_detected,),
    PortFloated: (debug_phase1.port_floated,),
    PeerIdentified: (debug_phase1.peer_identified,),
    PhaseOneCompleted: (debug_phase1.phase_one_completed, log_entries.phase_one_completed),
    GaveUp: (debug_phase1.gave_up, log_entries.gave_up),
    PhaseOneClosed: (debug_phase1.phase_one_closed, log_entries.phase_one_closed),
    ProxyIdAccepted: (debug_phase2.proxy_id_accepted,),
    ProxyIdRefused: (debug_phase2.proxy_id_refused,),
    PhaseTwoCompleted: (debug_phase2.phase_two_completed, log_entries.phase_two_completed),
    PhaseTwoClosed: (debug_phase2.phase_two_closed, log_entries.phase_two_closed),
    QuickModeClosed: (debug_phase2.quick_mode_closed,),
    Rejected: (debug_errors.rejected, log_entries.rejected),
    NotifyReceived: (debug_errors.notify_received, log_entries.notify_received),
    DpdFailed: (debug_errors.dpd_failed, log_entries.dpd_failed),
    PacketDropped: (log_entries.packet_dropped,),
    GatewayStarted: (log_entries.gateway_started,),
    LinkChanged: (log_entries.link_changed,),
}
"""Events a FortiGate speaks of, or keeps for what it says next; the debug output comes first."""

SILENT: frozenset[type[Event]] = frozenset(
    {
        # Told with the message that carries them, or with the refusal that follows.
        DpdSent,
        DpdReceived,
        NotifySent,
        DeleteSent,
        DeleteReceived,
        SpiAllocated,
        ConnectionMatched,
        KeysGenerated,
        PfsRefused,
        # Not worth a line.
        LifetimeCompared,
        AcquireFailed,
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
"""Events a FortiGate does not speak of."""


def log(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
    """Tell all events in their order; the snapshot gives names of the box and of its phase 2s."""
    story = Story(events, snapshot)
    lines: list[LogLine] = []
    for index, event in enumerate(events):
        story.index = index
        for teller in TOLD.get(type(event), ()):
            lines += teller(story, event)
    return tuple(lines)


def format_line(line: LogLine, when: datetime) -> str:
    """Write an entry as `execute log display` has it, and debug output with its time stamp."""
    if not line.id:
        return f"{when:%Y-%m-%d %H:%M:%S.%f} {line.text}"
    nanoseconds = round(when.replace(tzinfo=UTC).timestamp() * 1_000_000) * 1000
    return (
        f'date={when:%Y-%m-%d} time={when:%H:%M:%S} eventtime={nanoseconds} tz="+0000" '
        f'logid="{line.id}" type="event" subtype="{SUBTYPES[line.id[:4]]}" '
        f'level="{line.severity}" vd="root" {line.text}'
    )
