"""The trace of messages: sending, receiving, repeating, and what is found in them.

Source: vendor sheet, IOS debug (captures of both roles in main and quick mode).
"""

from collections.abc import Iterator

from gwsim.ike.events import (
    DuplicateReceived,
    Message,
    MessageReceived,
    MessageSent,
    Rejected,
)
from gwsim.ike.states import State
from gwsim.vendors.ios import catalogue, fsm, words
from gwsim.vendors.ios.behaviour import RESENDS
from gwsim.vendors.ios.lines import (
    authenticated,
    moved,
    new_sa,
    node_deleted,
    node_moved,
    notify_sent,
    sending,
    told,
)
from gwsim.vendors.ios.payloads import (
    constructed_lines,
    identity_length,
    identity_line,
    identity_name,
    vendor_id_lines,
)
from gwsim.vendors.ios.states import NEW_SA, RECEIVED, SENT
from gwsim.vendors.ios.story import Story
from gwsim.vendors.vendor import LogLine
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import (
    Delete,
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    SecurityAssociation,
)

_FIRST = ("main-1", "aggr-1")


def message_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    """Tell of a message that left; a refusal's notify is told with the refusal."""
    if story.refused() is not None:
        return
    if event.answers_duplicate:
        yield from _again(story, event)
    elif event.attempt:
        yield from _retransmission(story, event)
    elif event.label.startswith("quick"):
        yield from _quick_sent(story, event)
    elif event.label.startswith("info"):
        yield from _informational_sent(story, event)
    else:
        yield from _phase1_sent(story, event)


def _phase1_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    label = event.label
    if label in ("main-6", "aggr-3"):
        yield from authenticated(story, event, event.remote)
    if label == "aggr-3":
        yield from moved(story, event, fsm.ARRIVAL["aggr-2"])
    if label in fsm.PRECEDING:
        yield from moved(story, event, fsm.PROCESSED[fsm.PRECEDING[label]])
    yield from told(story, event, constructed_lines(event.payloads))
    yield from _identity_sent(story, event)
    if label in fsm.START:
        yield from moved(story, event, fsm.START[label])
        aggressive = label == "aggr-1"
        begin = words.BEGINNING_AGGRESSIVE if aggressive else catalogue.BEGINNING_MAIN
        yield story.line(event, begin)
    yield from sending(story, event)
    if label in fsm.DEPARTURE:
        yield from moved(story, event, fsm.DEPARTURE[label])


def _identity_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    kinds = [p.notify_type for p in event.payloads if isinstance(p, Notification)]
    if NotifyType.INITIAL_CONTACT in kinds:
        yield story.line(event, catalogue.SEND_INITIAL_CONTACT)
    for payload in event.payloads:
        if isinstance(payload, Identification):
            kind = identity_name(payload)
            yield story.line(event, catalogue.DOING_PRE_SHARED, kind=kind)
            text, values = identity_line(payload)
            yield story.line(event, text, **values)
            yield story.line(event, catalogue.TOTAL_LENGTH, length=identity_length(payload))


def _quick_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    key = (event.sa, event.message_id)
    for payload in event.payloads:
        if isinstance(payload, SecurityAssociation):
            story.spis[key] = int.from_bytes(payload.proposals[0].spi, "big")
    if event.label == "quick-1":
        yield story.line(event, catalogue.BEGINNING_QUICK, node=event.message_id)
        yield story.line(event, catalogue.GETS_SPI, role="Initiator")
    else:
        yield story.line(event, catalogue.INSTALL_CALLBACK)
        interface = story.snapshot.outside_interface
        spi = story.spis.get(key, 0)
        yield story.line(event, catalogue.INSTALLED, spi=spi, interface=interface)
    yield from sending(story, event)
    if event.label == "quick-3":
        yield node_deleted(story, event, event.message_id, words.NO_ERROR)
    yield from node_moved(story, event, event.message_id, fsm.QUICK_SENT[event.label])


def _informational_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    if event.encrypted:
        yield story.line(event, catalogue.SET_NODE, node=event.message_id)
    for payload in event.payloads:
        if isinstance(payload, Notification):
            yield notify_sent(story, event, payload)
            if payload.notify_type in (NotifyType.R_U_THERE, NotifyType.R_U_THERE_ACK):
                sequence = int.from_bytes(payload.data, "big")
                yield story.line(event, words.DPD_SEQUENCE, sequence=sequence)
    yield from sending(story, event)


def _again(story: Story, event: MessageSent) -> Iterator[LogLine]:
    """A stored reply goes out because the peer repeated itself."""
    if event.label.startswith("quick"):
        yield story.line(event, words.DUE_TO_RETRANSMIT_QUICK)
        yield story.line(event, words.RETRANSMITTING_QUICK, node=event.message_id)
    else:
        yield story.line(event, catalogue.DUE_TO_RETRANSMIT)
        yield story.line(event, catalogue.RETRANSMITTING, state=SENT[event.label])
    yield from sending(story, event)


def _retransmission(story: Story, event: MessageSent) -> Iterator[LogLine]:
    counted = {"attempt": event.attempt, "most": RESENDS}
    if event.label.startswith("quick"):
        yield story.line(event, words.RETRANSMITTING_QUICK, node=event.message_id)
        yield story.line(event, words.ERROR_COUNTER_NODE, **counted)
        yield story.line(event, catalogue.ERROR_COUNTER, phase=2, **counted)
        yield story.line(event, words.RETRANSMITTING_QUICK_NOW, node=event.message_id)
    else:
        yield story.line(event, catalogue.RETRANSMITTING, state=SENT[event.label])
        yield story.line(event, catalogue.ERROR_COUNTER, phase=1, **counted)
        yield story.line(event, catalogue.RETRANSMITTING_NOW, state=SENT[event.label])
    yield from sending(story, event)


def message_received(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    """Tell of a message that came, and of what can be told of it at once."""
    story.heard[event.sa, event.message_id] = event
    if event.label in _FIRST:
        yield from first_received(story, event, event.local, event.remote)
    else:
        state = State.ESTABLISHED if event.label.startswith("quick") else event.state
        where = story.where(event.sa, state, RECEIVED.get(event.label))
        yield _received(story, event, event.local, event.remote, where)
    if event.label.startswith("quick"):
        yield from _quick_received(story, event)
    elif event.label.startswith("info"):
        yield from _informational_received(story, event)
    else:
        yield from _phase1_received(story, event)


def first_received(
    story: Story, event: Message | Rejected, local: SocketAddress, remote: SocketAddress
) -> Iterator[LogLine]:
    """Tell of the first message of a peer and of the SA that is made for it."""
    yield _received(story, event, local, remote, NEW_SA)
    yield from new_sa(story, event, (local[1], remote[1]), "crypto_isakmp_process_block")


def _received(
    story: Story,
    event: Message | Rejected,
    local: SocketAddress,
    remote: SocketAddress,
    where: str,
) -> LogLine:
    return story.line(
        event,
        catalogue.RECEIVED,
        peer=remote[0],
        local=local[1],
        remote=remote[1],
        place=where,
    )


def _phase1_received(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    """The first two messages tell of the offer, the next two of the keys, the last of identity."""
    if not event.payloads:
        return
    late = event.label in ("main-6", "aggr-2", "aggr-3")
    if event.label in fsm.ARRIVAL and not late:
        yield from moved(story, event, fsm.ARRIVAL[event.label])
    for payload in event.payloads:
        name = _NAMES.get(type(payload))
        if name is not None and not isinstance(payload, Hash):
            yield story.line(event, catalogue.PROCESSING, what=name, node=0)
        if isinstance(payload, Identification):
            text, values = identity_line(payload)
            yield story.line(event, text, **values)
            yield story.line(event, catalogue.NO_PROFILE)
    if event.label in ("main-1", "main-2", "aggr-1", "aggr-2"):
        yield from told(story, event, vendor_id_lines(event.payloads))
        yield story.line(event, catalogue.FOUND_KEY)
        yield story.line(event, catalogue.LOCAL_KEY_FOUND)
        yield story.line(event, catalogue.SCANNING)


_NAMES: dict[type, str] = {
    SecurityAssociation: "SA",
    KeyExchange: "KE",
    Nonce: "NONCE",
    Identification: "ID",
    Hash: "HASH",
    Delete: "DELETE",
}


def _quick_received(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    node = event.message_id
    if event.label == "quick-1":
        yield story.line(event, catalogue.SET_NODE, node=node)
    if event.label == "quick-3":
        refused = any(story.at_once(Rejected))
        if event.payloads and not refused:
            yield node_deleted(story, event, node, words.QM_DONE)
            yield from node_moved(story, event, node, fsm.QUICK_PROVEN)
        return
    for payload in event.payloads:
        if isinstance(payload, Hash | SecurityAssociation):
            what = _NAMES[type(payload)]
            yield story.line(event, catalogue.PROCESSING, what=what, node=node)


def _informational_received(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    """The notifications themselves are told by events of their own."""
    node = event.message_id
    if not event.encrypted or not event.payloads:
        return
    yield story.line(event, catalogue.SET_NODE, node=node)
    for payload in event.payloads:
        name = _NAMES.get(type(payload))
        if name is not None:
            yield story.line(event, catalogue.PROCESSING, what=name, node=node)
    if any(isinstance(payload, Delete) for payload in event.payloads):
        yield node_deleted(story, event, node, words.INFORMATIONAL)


def duplicate_received(story: Story, event: DuplicateReceived) -> Iterator[LogLine]:
    """Tell that the peer repeats itself."""
    yield story.line(event, catalogue.DUPLICATE if event.phase == 1 else words.DUPLICATE_QUICK)
