"""What an ASA logs of refused messages, of notifications, of dead peers and of dropped packets.

Source: vendor sheet, syslog catalogue and fault matrix.
"""

from collections.abc import Callable, Iterator

from gwsim.gateway.events import DropCause, GatewayStarted, LinkChanged, PacketDropped
from gwsim.ike.events import DpdFailed, DpdReceived, NotifyReceived, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.vendors.asa import catalogue, words
from gwsim.vendors.asa.log_phase1 import failure_history
from gwsim.vendors.asa.names import NOTIFIES, clear_notify
from gwsim.vendors.asa.story import Story, proxy
from gwsim.vendors.asa.text import Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import NotifyType, PayloadType, is_error_notify

RATE_LIMIT = 5.0
"""Seconds in which an ASA writes each 4021xx message at most once."""

_EXCHANGES: dict[str, str] = {
    "main": "Main Mode",
    "aggr": "Aggressive Mode",
    "quick": "Quick Mode",
    "info": "Informational",
}

PAYLOAD_OF: dict[Flaw, PayloadType] = {
    Flaw.DOI: PayloadType.SA,
    Flaw.SITUATION: PayloadType.SA,
    Flaw.PROPOSAL_SYNTAX: PayloadType.SA,
    Flaw.PROTOCOL_ID: PayloadType.SA,
    Flaw.SPI: PayloadType.SA,
    Flaw.TRANSFORM_ID: PayloadType.SA,
    Flaw.ATTRIBUTES: PayloadType.SA,
    Flaw.CHANGED_ANSWER: PayloadType.SA,
    Flaw.KEY_INFORMATION: PayloadType.KEY_EXCHANGE,
    Flaw.NONCE: PayloadType.NONCE,
    Flaw.HASH_QUICK: PayloadType.HASH,
    Flaw.QUICK_IDS: PayloadType.IDENTIFICATION,
}
"""Flaws of one payload, and its number as 713048 gives it."""

UNTOLD: frozenset[Flaw] = frozenset(
    {
        # Told by an event of their own.
        Flaw.NO_PROPOSAL_PHASE1,
        Flaw.NO_PROPOSAL_PHASE2,
        Flaw.PFS,
        Flaw.PROXY_ID,
        # Met with silence in the log as on the wire.
        Flaw.ZERO_COOKIE,
        Flaw.UNKNOWN_COOKIE,
        Flaw.MAJOR_VERSION,
        Flaw.MINOR_VERSION,
        Flaw.EXCHANGE_TYPE,
        Flaw.FLAGS,
        Flaw.CLEAR_TEXT,
        Flaw.MESSAGE_ID,
        Flaw.LENGTH,
        Flaw.MALFORMED,
        Flaw.PAYLOAD_TYPE,
        Flaw.TOO_MANY_PAYLOADS,
        Flaw.UNKNOWN_SPI,
        Flaw.HALF_OPEN_LIMIT,
        Flaw.UNEXPECTED,
        Flaw.PORT,
    }
)
"""Flaws of which a refusal itself says nothing."""


def _undecryptable(story: Story, event: Rejected) -> Iterator[LogLine]:
    exchange = _EXCHANGES.get(event.label.partition("-")[0], "")
    yield story.line(event, words.INVALID_PAYLOADS, exchange=exchange, message_id=event.message_id)
    if event.phase == 1:
        yield story.line(event, words.PROBABLE_PSK_MISMATCH)


def _no_tunnel_group(story: Story, event: Rejected) -> Iterator[LogLine]:
    if event.label == "aggr-1":
        yield story.line(event, catalogue.UNKNOWN_GROUP_NAME, group=event.peer)
    yield story.line(event, catalogue.NO_TUNNEL_GROUP)


def _missing_payload(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Name the first payload that is missing; what is not named is the KE that PFS wants."""
    names = event.why.partition(" without ")[2].partition(",")[0]
    member = PayloadType.__members__.get(names.replace("-", "_"), PayloadType.KEY_EXCHANGE)
    yield story.line(event, catalogue.MISSING_PAYLOAD, payload=int(member))


def _peer_id(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.PEER_NOT_AS_CONFIGURED, peer=event.peer, expected=event.peer)


def _one(text: Text) -> Callable[[Story, Rejected], Iterator[LogLine]]:
    def tell(story: Story, event: Rejected) -> Iterator[LogLine]:
        yield story.line(event, text)

    return tell


REFUSALS: dict[Flaw, Callable[[Story, Rejected], Iterator[LogLine]]] = {
    Flaw.UNDECRYPTABLE: _undecryptable,
    Flaw.UNKNOWN_PEER: _no_tunnel_group,
    Flaw.NO_PRE_SHARED_KEY: _no_tunnel_group,
    Flaw.MISSING_PAYLOAD: _missing_payload,
    Flaw.PEER_ID: _peer_id,
    Flaw.EXCHANGE_MODE: _one(words.AGGRESSIVE_DISABLED),
    Flaw.HASH_PHASE1: _one(words.HASH_MISMATCH),
    Flaw.HASH_INFORMATIONAL: _one(catalogue.INFORMATION_FAILED),
    Flaw.UNKNOWN_COOKIE_ENCRYPTED: _one(words.NO_MATCHING_SA),
    Flaw.NO_PHASE1: _one(words.NO_MATCHING_SA),
}


def rejected(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Tell of a refused message, flaw by flaw."""
    if event.flaw in PAYLOAD_OF:
        yield story.line(event, words.PAYLOAD_ERROR, payload=int(PAYLOAD_OF[event.flaw]))
    elif event.flaw in REFUSALS:
        yield from REFUSALS[event.flaw](story, event)
    if event.label in ("main-1", "aggr-1"):
        yield from failure_history(story, event)


def notify_received(story: Story, event: NotifyReceived) -> Iterator[LogLine]:
    """Tell of a notification: a clear one is dropped, a protected error is not routine."""
    kind = event.notify_type
    if not event.protected:
        if not event.acted:
            yield story.line(event, catalogue.CLEAR_NOTIFY_DROPPED, notify=clear_notify(kind))
        if kind == NotifyType.PAYLOAD_MALFORMED:
            yield story.line(event, words.PEER_SAYS_WRONG)
        yield story.line(event, catalogue.INFORMATION_FAILED)
    elif kind == NotifyType.INVALID_SPI:
        spi = event.spi if len(event.spi) == 4 else event.data[:4]
        yield story.line(event, catalogue.INVALID_SPI, spi=int.from_bytes(spi, "big"))
        yield _non_routine(story, event)
    elif is_error_notify(kind) or kind not in _ROUTINE:
        yield _non_routine(story, event)


_ROUTINE = frozenset(
    {
        NotifyType.INITIAL_CONTACT,
        NotifyType.RESPONDER_LIFETIME,
        NotifyType.REPLAY_STATUS,
        NotifyType.CONNECTED,
    }
)


def _non_routine(story: Story, event: NotifyReceived) -> LogLine:
    name = NOTIFIES.get(event.notify_type, "Unknown")
    return story.line(event, catalogue.NOTIFY, notify=name, number=event.notify_type)


def dpd_received(story: Story, event: DpdReceived) -> Iterator[LogLine]:
    """Tell of a question or an answer of dead peer detection."""
    kind = "R-U-THERE-ACK" if event.ack else "R-U-THERE"
    text = catalogue.DPD_RECEIVED if event.accepted else words.DPD_OUT_OF_SEQUENCE
    yield story.line(event, text, kind=kind, sequence=event.sequence)


def dpd_failed(story: Story, event: DpdFailed) -> Iterator[LogLine]:
    """Tell that the peer is given up for dead."""
    yield story.line(event, catalogue.LOST_CONTACT)


DROPS: dict[DropCause, Text] = {
    DropCause.UNKNOWN_SPI: catalogue.UNKNOWN_SPI,
    DropCause.REPLAYED: catalogue.REPLAYED,
    DropCause.TOO_OLD: catalogue.REPLAYED,
    DropCause.BAD_ICV: catalogue.BAD_ICV,
    DropCause.BAD_SELECTOR: catalogue.INNER_MISMATCH,
    DropCause.CLEAR_TEXT: catalogue.NOT_IPSEC,
}
"""Drops an ASA writes a message about, at most one of a kind in RATE_LIMIT seconds."""

UNTOLD_DROPS: frozenset[DropCause] = frozenset(DropCause) - frozenset(DROPS)
"""Drops that only a counter shows."""

_PROTOCOL_NAMES = {1: "icmp", 6: "tcp", 17: "udp"}


def packet_dropped(story: Story, event: PacketDropped) -> Iterator[LogLine]:
    """Tell of a packet the data plane refused from the outside."""
    text = DROPS.get(event.cause)
    if text is None or not event.inbound:
        return
    last = story.last_line.get(text.id)
    if last is not None and event.at - last < RATE_LIMIT:
        return
    story.last_line[text.id] = event.at
    source, destination, protocol = event.inner or (event.source, event.destination, 0)
    yield story.line(
        event,
        text,
        spi=event.spi,
        sequence=event.sequence,
        source=event.source,
        destination=event.destination,
        protocol=_protocol(event.protocol),
        inner_source=source,
        inner_destination=destination,
        inner_protocol=_protocol(protocol),
        local=proxy(event.local) if event.local else "",
        remote=proxy(event.remote) if event.remote else "",
    )


def _protocol(number: int) -> str:
    return _PROTOCOL_NAMES.get(number, str(number))


def gateway_started(story: Story, event: GatewayStarted) -> Iterator[LogLine]:
    """Tell that the box is up; one that was running before has forgotten everything."""
    story.landed.clear()
    story.up.clear()
    story.sessions.clear()
    story.histories.clear()
    story.flows.clear()
    yield story.line(event, words.STARTED)


def link_changed(story: Story, event: LinkChanged) -> Iterator[LogLine]:
    """Tell that the outside interface went up or down."""
    text = words.LINE_UP if event.up else words.LINE_DOWN
    yield story.line(event, text, interface=story.snapshot.outside_interface)
