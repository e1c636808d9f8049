"""The log of a PIX: which event is told by which message.

Events that a PIX does not speak of are listed, not forgotten.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gwsim.gateway.events import (
    DropCause,
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
    Message,
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
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role
from gwsim.vendors.ios.names import DEBUG_ENCRYPTION, DEBUG_HASH, sa_transform
from gwsim.vendors.ios.numbering import Numbering
from gwsim.vendors.ios.pix import words
from gwsim.vendors.ios.pix.words import Text
from gwsim.vendors.ios.story import proxy
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import IKE_PORT, Protocol

_MALFORMED = frozenset({Flaw.UNDECRYPTABLE, Flaw.MALFORMED, Flaw.PAYLOAD_TYPE, Flaw.LENGTH})


@dataclass(slots=True)
class Story:
    """What a PIX knows while it writes: by number of the ISAKMP SA its role, ports, proposals.

    `transforms` has how a pair of IPsec SAs is spelled, by inbound SPI.
    """

    snapshot: Snapshot
    numbers: Numbering = field(default_factory=Numbering)
    roles: dict[int, Role] = field(default_factory=dict)
    ports: dict[int, tuple[int, int]] = field(default_factory=dict)
    accepted: dict[tuple[int, int], ProposalAccepted] = field(default_factory=dict)
    transforms: dict[int, str] = field(default_factory=dict)

    def line(self, event: Event, text: Text, **values: object) -> LogLine:
        """Write a message about an event."""
        ends = {"local": self.snapshot.outside, "remote": event.peer}
        role = self.roles.get(event.sa, Role.RESPONDER).value
        said = text.words.format(**{**ends, "role": role, **values})
        return LogLine(event.at, said, text.id, str(text.severity))


Teller = Callable[[Story, Any], Iterator[LogLine]]


def _one(text: Text) -> Teller:
    def tell(story: Story, event: Event) -> Iterator[LogLine]:
        yield story.line(event, text)

    return tell


def _started(story: Story, event: NegotiationStarted) -> Iterator[LogLine]:
    if event.phase == 1:
        story.roles[event.sa] = event.role
        if event.rekey and event.role is Role.INITIATOR:
            yield story.line(event, words.REKEY)
        yield story.line(event, words.PHASE1_STARTED)
    else:
        yield story.line(event, words.PHASE2_STARTED)


def _sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    if event.attempt:
        quick = event.label.startswith("quick")
        text = words.PHASE2_RETRANSMISSION if quick else words.PHASE1_RETRANSMISSION
        yield story.line(event, text)


def _accepted(story: Story, event: ProposalAccepted) -> Iterator[LogLine]:
    """Keep what was agreed on; it is told when it is in use."""
    story.accepted[event.sa, event.phase] = event
    yield from ()


def _phase1_completed(story: Story, event: PhaseOneCompleted) -> Iterator[LogLine]:
    yield story.line(event, words.PHASE1_COMPLETED)
    chosen = story.accepted.get((event.sa, 1))
    if chosen is not None:
        local_port, remote_port = story.ports.get(event.sa, (IKE_PORT, IKE_PORT))
        yield story.line(
            event,
            words.PHASE1_SA,
            local_port=local_port,
            remote_port=remote_port,
            encryption=DEBUG_ENCRYPTION.get(chosen.encryption, str(chosen.encryption)),
            hash=DEBUG_HASH.get(chosen.authentication or 0, str(chosen.authentication)),
            group=chosen.group,
            lifetime=event.lifetime_seconds or 0,
        )
    yield story.line(event, words.CONNECTED)


def _phase1_closed(story: Story, event: PhaseOneClosed) -> Iterator[LogLine]:
    if event.up_for is not None:
        yield story.line(event, words.DISCONNECTED)


def _phase2_completed(story: Story, event: PhaseTwoCompleted) -> Iterator[LogLine]:
    yield story.line(event, words.PHASE2_COMPLETED)
    chosen = story.accepted.get((event.sa, 2))
    spelled = ""
    if chosen is not None:
        spelled = sa_transform(chosen.encryption, chosen.key_bits, chosen.authentication)
    story.transforms[event.inbound_spi] = spelled
    yield from _pair(story, event, words.SA_CREATED)


def _pair(story: Story, event: PhaseTwoCompleted | PhaseTwoClosed, text: Text) -> Iterator[LogLine]:
    inbound = event.inbound_spi
    for spi, address, conn in (
        (inbound, story.snapshot.outside, story.numbers.inbound(inbound)),
        (event.outbound_spi, event.peer, story.numbers.outbound(inbound)),
    ):
        spelled = story.transforms.get(inbound, "")
        yield story.line(event, text, address=address, spi=spi, transform=spelled, conn=conn)


def _phase2_closed(story: Story, event: PhaseTwoClosed) -> Iterator[LogLine]:
    yield from _pair(story, event, words.SA_DELETED)


def _rejected(story: Story, event: Rejected) -> Iterator[LogLine]:
    if event.flaw in _MALFORMED:
        yield story.line(event, words.MALFORMED)


def _delete(text: Text) -> Teller:
    def tell(story: Story, event: DeleteSent | DeleteReceived) -> Iterator[LogLine]:
        if event.protocol_id == Protocol.ISAKMP:
            yield story.line(event, text)

    return tell


DROPS: dict[DropCause, Text] = {
    DropCause.UNKNOWN_SPI: words.INVALID_SPI,
    DropCause.BAD_SELECTOR: words.WRONG_IDENTITY,
    DropCause.CLEAR_TEXT: words.NOT_IPSEC,
}
"""Drops a PIX writes a message about; others are counted."""


def _dropped(story: Story, event: PacketDropped) -> Iterator[LogLine]:
    text = DROPS.get(event.cause)
    if text is None or not event.inbound:
        return
    source, destination, protocol = event.inner or (event.source, event.destination, 0)
    yield story.line(
        event,
        text,
        spi=event.spi,
        source=event.source,
        destination=event.destination,
        inner_source=source,
        inner_destination=destination,
        inner_protocol=protocol,
        local=proxy(event.local) if event.local else "",
        remote=proxy(event.remote) if event.remote else "",
    )


TOLD: dict[type[Event], Teller] = {
    NegotiationStarted: _started,
    MessageSent: _sent,
    DuplicateReceived: _one(words.DUPLICATE),
    ProposalAccepted: _accepted,
    PhaseOneCompleted: _phase1_completed,
    PhaseOneClosed: _phase1_closed,
    PhaseTwoCompleted: _phase2_completed,
    PhaseTwoClosed: _phase2_closed,
    Rejected: _rejected,
    DeleteSent: _delete(words.PHASE1_DELETE_SENT),
    DeleteReceived: _delete(words.PHASE1_DELETE_RECEIVED),
    DpdFailed: _one(words.DPD_TIMED_OUT),
    PacketDropped: _dropped,
}
"""Events a PIX speaks of, or keeps for what it says next."""

SILENT: frozenset[type[Event]] = frozenset(
    {
        MessageReceived,
        AcquireFailed,
        AcquireQueued,
        ProposalRefused,
        LifetimeCompared,
        ConnectionMatched,
        KeysGenerated,
        NatDetected,
        PeerIdentified,
        PeerMoved,
        PortFloated,
        GaveUp,
        ProxyIdAccepted,
        ProxyIdRefused,
        PfsRefused,
        QuickModeClosed,
        NotifyReceived,
        NotifySent,
        DpdReceived,
        DpdSent,
        SpiAllocated,
        StateChanged,
        GatewayStarted,
        GatewayStopped,
        LinkChanged,
        TrafficPassed,
        Reconfigured,
        ChildKeys,
        ChildActivated,
        ChildRetired,
        ChildRemoved,
    }
)
"""Events a PIX does not speak of in its log."""


def log(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
    """Tell all events in their order; the snapshot gives the box's own address."""
    story = Story(snapshot)
    lines: list[LogLine] = []
    for event in events:
        story.numbers.take(event)
        if isinstance(event, GatewayStarted):
            story = Story(snapshot)
        elif isinstance(event, Message):
            story.ports[event.sa] = (event.local[1], event.remote[1])
        teller = TOLD.get(type(event))
        if teller is not None:
            lines += teller(story, event)
    return tuple(lines)


def format_line(line: LogLine, when: datetime) -> str:
    """Write a line with its time stamp, as `logging timestamp` has it."""
    return f"{when:%b %d %Y %H:%M:%S}: %PIX-{line.severity}-{line.id}: {line.text}"
