"""What a router logs of refused messages, notifications, dead peers and dropped packets.

Source: vendor sheet, IOS syslog and fault matrix.
"""

from collections.abc import Callable, Iterator

from gwsim.gateway.events import DropCause, GatewayStarted, LinkChanged, PacketDropped
from gwsim.ike.events import (
    DpdFailed,
    DpdReceived,
    NotifyReceived,
    PeerIdentified,
    QuickModeClosed,
    Rejected,
)
from gwsim.ike.flaws import TABLE, Flaw
from gwsim.ike.states import Role
from gwsim.vendors.ios import catalogue, fsm, words
from gwsim.vendors.ios.lines import (
    node_deleted,
    node_moved,
    notify_sent,
    sending,
    spi_number,
    stayed,
)
from gwsim.vendors.ios.log_messages import first_received
from gwsim.vendors.ios.names import notify_name
from gwsim.vendors.ios.states import DELETED, place
from gwsim.vendors.ios.story import Story, address_of_struct, proxy
from gwsim.vendors.ios.text import Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import IKE_PORT, NotifyType, is_error_notify
from gwsim.wire.payloads import Notification

RATE_LIMIT = 60.0
"""Seconds in which each message about a dropped packet is written at most once."""

MODES: dict[str, str] = {
    "main": "Main",
    "aggr": "Aggressive",
    "quick": "Quick",
    "info": "Informational",
}
"""How IKMP_MODE_FAILURE calls an exchange, by the first part of a message's label."""

_FIRST = ("main-1", "aggr-1")
_UNREAD_PAYLOAD = {"main-5": "ID", "main-6": "ID"}


def _failure(story: Story, event: Rejected) -> LogLine:
    mode = MODES.get(event.label.partition("-")[0], "Informational")
    return story.line(event, catalogue.MODE_FAILURE, mode=mode)


def _mode_failure(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield _failure(story, event)


def _bad_message(story: Story, event: Rejected) -> Iterator[LogLine]:
    what = _UNREAD_PAYLOAD.get(event.label, "HASH")
    if event.flaw is Flaw.UNDECRYPTABLE:
        yield story.line(event, words.RESERVED_NOT_ZERO, what=what)
    yield story.line(event, catalogue.BAD_MESSAGE)


def _no_key(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Without a key for the peer no policy with pre-shared keys can be accepted."""
    if event.label in _FIRST and event.role is not Role.INITIATOR:
        yield from first_received(story, event, event.local, event.remote)
    yield story.line(event, catalogue.NO_KEY)
    yield story.line(event, catalogue.MISMATCH, what=words.PRE_SHARED_OFFERED)
    yield story.line(event, catalogue.NOT_ACCEPTABLE, following=0)
    yield from _no_offers(story, event)


def _no_offers(story: Story, event: Rejected) -> Iterator[LogLine]:
    yield story.line(event, catalogue.NO_OFFERS)
    yield _not_acceptable(story, event)
    yield story.line(event, words.CONSTRUCT_FAILED)
    yield story.line(event, words.FAILED_TO_CONSTRUCT)
    told = story.answered()
    if told is not None:
        yield from sending(story, told)
    yield _failure(story, event)


def _not_acceptable(story: Story, event: Rejected) -> LogLine:
    return story.line(
        event,
        catalogue.POLICY_NOT_ACCEPTABLE,
        phase=event.phase,
        local=event.local[0],
        remote=event.remote[0],
    )


def _offer_refused(story: Story, event: Rejected) -> Iterator[LogLine]:
    """An offer of quick mode was refused: the notify that says so, and the end of its node."""
    yield _not_acceptable(story, event)
    told = story.answered()
    if told is not None:
        yield story.line(event, catalogue.SET_NODE, node=told.message_id)
        for payload in told.payloads:
            if isinstance(payload, Notification):
                yield notify_sent(story, told, payload)
        yield from sending(story, told)
    node = event.message_id
    yield node_deleted(story, event, node, words.QM_REJECTED, error=True)
    yield from node_moved(story, event, node, fsm.QUICK_REFUSED)
    yield _failure(story, event)


def _answer_changed(story: Story, event: Rejected) -> Iterator[LogLine]:
    """The engine does not say which attribute it was."""
    yield story.line(event, catalogue.NOT_OFFERED, attribute="(unknown)")
    yield _failure(story, event)


def _one(text: Text) -> Callable[[Story, Rejected], Iterator[LogLine]]:
    def tell(story: Story, event: Rejected) -> Iterator[LogLine]:
        yield story.line(event, text)

    return tell


REFUSALS: dict[Flaw, Callable[[Story, Rejected], Iterator[LogLine]]] = {
    Flaw.UNDECRYPTABLE: _bad_message,
    Flaw.MALFORMED: _bad_message,
    Flaw.LENGTH: _bad_message,
    Flaw.PAYLOAD_TYPE: _bad_message,
    Flaw.TOO_MANY_PAYLOADS: _bad_message,
    Flaw.UNKNOWN_PEER: _no_key,
    Flaw.NO_PRE_SHARED_KEY: _no_key,
    Flaw.NO_PROPOSAL_PHASE1: _no_offers,
    Flaw.NO_PROPOSAL_PHASE2: _offer_refused,
    Flaw.PFS: _offer_refused,
    Flaw.PROXY_ID: _offer_refused,
    Flaw.EXCHANGE_MODE: _one(words.AGGRESSIVE_DISABLED),
    Flaw.CLEAR_TEXT: _one(catalogue.NOT_ENCRYPTED),
    Flaw.UNKNOWN_COOKIE: _one(catalogue.NO_SA),
    Flaw.UNKNOWN_COOKIE_ENCRYPTED: _one(catalogue.NO_SA),
    Flaw.NO_PHASE1: _one(catalogue.NOT_AUTHENTICATED),
    Flaw.CHANGED_ANSWER: _answer_changed,
    Flaw.MISSING_PAYLOAD: _mode_failure,
    Flaw.DOI: _mode_failure,
    Flaw.SITUATION: _mode_failure,
    Flaw.PROPOSAL_SYNTAX: _mode_failure,
    Flaw.PROTOCOL_ID: _mode_failure,
    Flaw.SPI: _mode_failure,
    Flaw.TRANSFORM_ID: _mode_failure,
    Flaw.ATTRIBUTES: _mode_failure,
    Flaw.KEY_INFORMATION: _mode_failure,
    Flaw.NONCE: _mode_failure,
    Flaw.PEER_ID: _mode_failure,
    Flaw.QUICK_IDS: _mode_failure,
    Flaw.HASH_PHASE1: _mode_failure,
    Flaw.HASH_QUICK: _mode_failure,
    Flaw.HASH_INFORMATIONAL: _mode_failure,
}

UNTOLD: frozenset[Flaw] = frozenset(Flaw) - frozenset(REFUSALS)
"""Flaws that are met with silence in the log."""


def rejected(story: Story, event: Rejected) -> Iterator[LogLine]:
    """Tell of a refused message, flaw by flaw, and of an SA that ends with its first message."""
    if event.flaw in REFUSALS:
        yield from REFUSALS[event.flaw](story, event)
    if ends_at_once(event):
        yield story.line(event, catalogue.NO_KEEPALIVES)
        yield story.line(
            event,
            catalogue.DELETING_SA,
            reason=words.POLICY_REFUSED,
            place=place(Role.RESPONDER, DELETED[_exchange(event)]),
        )


def ends_at_once(event: Rejected) -> bool:
    """Say whether an SA was made for a first message and deleted because of it."""
    refused = event.flaw in REFUSALS and TABLE[event.flaw].fatal
    return event.label in _FIRST and refused and event.flaw is not Flaw.EXCHANGE_MODE


def _exchange(event: Rejected) -> str:
    return "main" if event.label == "main-1" else "aggressive"


def peer_identified(story: Story, event: PeerIdentified) -> Iterator[LogLine]:
    """Keep what the peer calls itself; it was told with the message."""
    story.identities[event.sa] = event.text
    yield from ()


def notify_received(story: Story, event: NotifyReceived) -> Iterator[LogLine]:
    """Tell of a notification: a clear one is rejected, what a protected one says is done."""
    if not event.protected:
        yield from _clear_notify(story, event)
        return
    yield story.line(
        event,
        catalogue.PROCESSING_NOTIFY,
        what=notify_name(event.notify_type),
        protocol=event.protocol_id,
        spi=spi_number(event.protocol_id, event.spi),
        node=event.message_id,
        struct=address_of_struct(event.sa),
    )
    if event.notify_type == NotifyType.INITIAL_CONTACT:
        yield _initial_contact(story, event)
    elif event.notify_type == NotifyType.RESPONDER_LIFETIME:
        yield story.line(event, catalogue.RESPONDER_LIFETIME)
    elif is_error_notify(event.notify_type):
        yield from _larval(story, event)
        yield node_deleted(story, event, event.message_id, words.INFORMATIONAL)
        yield from stayed(story, event, fsm.NOTIFY)


def _clear_notify(story: Story, event: NotifyReceived) -> Iterator[LogLine]:
    yield story.line(event, words.NO_HASH)
    if story.numbers.isakmp(event.sa):
        yield story.line(event, catalogue.NOT_ENCRYPTED)
    else:
        yield story.line(event, words.UNKNOWN_INPUT, state=story.stands(event.sa))
        yield story.line(event, catalogue.MODE_FAILURE, mode=MODES["info"])


def _initial_contact(story: Story, event: NotifyReceived) -> LogLine:
    heard = story.heard.get((event.sa, 0))
    local, port = (heard.local[0], heard.remote[1]) if heard else (story.snapshot.outside, IKE_PORT)
    return story.line(event, catalogue.PROCESS_INITIAL_CONTACT, local=local, port=port)


def _larval(story: Story, event: NotifyReceived) -> Iterator[LogLine]:
    """What was begun and is refused was not more than a larva."""
    for closed in story.at_once(QuickModeClosed):
        yield story.line(
            event,
            catalogue.DELETING_SPI,
            spi=story.spis.get((closed.sa, closed.message_id), 0),
            node=closed.message_id,
        )
        yield node_deleted(story, event, closed.message_id, words.LARVAL, error=True)


def dpd_received(story: Story, event: DpdReceived) -> Iterator[LogLine]:
    """Tell of a question or an answer of dead peer detection."""
    what = "R_U_THERE_ACK" if event.ack else "R_U_THERE"
    yield story.line(event, words.DPD_RECEIVED, what=what, sequence=event.sequence)


def dpd_failed(story: Story, event: DpdFailed) -> Iterator[LogLine]:
    """Tell that the peer is given up for dead."""
    yield story.line(event, words.DPD_COUNTER, missed=event.missed)
    yield story.line(event, words.NOT_RESPONDING)


DROPS: dict[DropCause, Text] = {
    DropCause.UNKNOWN_SPI: catalogue.INVALID_SPI,
    DropCause.REPLAYED: catalogue.REPLAYED,
    DropCause.TOO_OLD: catalogue.REPLAYED,
    DropCause.BAD_ICV: words.BAD_MAC,
    DropCause.BAD_SELECTOR: words.WRONG_IDENTITY,
    DropCause.CLEAR_TEXT: catalogue.NOT_IPSEC,
}
"""Drops a router writes a message about, at most one of a kind in RATE_LIMIT seconds."""

UNTOLD_DROPS: frozenset[DropCause] = frozenset(DropCause) - frozenset(DROPS)
"""Drops that only a counter shows."""


def packet_dropped(story: Story, event: PacketDropped) -> Iterator[LogLine]:
    """Tell of a packet the data plane refused from the outside."""
    text = DROPS.get(event.cause)
    if text is None or not event.inbound:
        return
    last = story.last_line.get(text.mnemonic)
    if last is not None and event.at - last < RATE_LIMIT:
        return
    story.last_line[text.mnemonic] = event.at
    source, destination, protocol = event.inner or (event.source, event.destination, 0)
    yield story.line(
        event,
        text,
        spi=event.spi,
        sequence=event.sequence,
        source=event.source,
        destination=event.destination,
        protocol=event.protocol,
        id=story.numbers.inbound(event.spi),
        interface=story.snapshot.outside_interface,
        inner_source=source,
        inner_destination=destination,
        inner_protocol=protocol,
        local=proxy(event.local) if event.local else "",
        remote=proxy(event.remote) if event.remote else "",
    )


def gateway_started(story: Story, event: GatewayStarted) -> Iterator[LogLine]:
    """Tell that the box is up; one that was running before has forgotten everything."""
    story.forget()
    yield story.line(event, words.RESTART)


def link_changed(story: Story, event: LinkChanged) -> Iterator[LogLine]:
    """Tell that the outside interface went up or down."""
    state = "up" if event.up else "down"
    interface = story.snapshot.outside_interface
    yield story.line(event, words.INTERFACE, interface=interface, state=state)
    yield story.line(event, words.LINE_PROTOCOL, interface=interface, state=state)
