"""What the debug output tells of messages that come, before anything is made of them.

Source: vendor sheet, FortiOS debug; captures of both modes at the responder. What an initiator
says of an answer is believed.
"""

from collections.abc import Callable, Iterator

from gwsim.ike.events import DuplicateReceived, MessageReceived, PeerIdentified
from gwsim.vendors.fortios import catalogue, words
from gwsim.vendors.fortios.lines import abilities, arrival, cookies_of
from gwsim.vendors.fortios.names import identity_kind, notify_name, vendor_id_name
from gwsim.vendors.fortios.story import Story
from gwsim.vendors.vendor import LogLine
from gwsim.wire.numbers import NotifyType, PayloadType, Protocol
from gwsim.wire.payloads import Delete, NatDiscovery, Notification, VendorId

_PROBES = (NotifyType.R_U_THERE, NotifyType.R_U_THERE_ACK)


def message_received(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    """Tell of a message that came, and of what is found in it at once."""
    story.know(event)
    story.heard[event.sa, event.message_id] = event
    yield from arrival(story, event, event.exchange_type)
    for family, teller in _FAMILIES.items():
        if event.label.startswith(family):
            yield from teller(story, event)


def _phase1(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    said = catalogue.ANNOUNCED.get(event.label) or words.ANNOUNCED[event.label]
    yield story.line(event, said)
    for payload in event.payloads:
        if isinstance(payload, VendorId):
            yield _vendor_id(story, event, payload.data)
    if event.label == "aggr-1":
        for later in story.at_once():
            if isinstance(later, PeerIdentified):
                yield _identifier(story, later)
    if event.label in ("main-2", "aggr-2"):
        yield from abilities(story, event, event.payloads, event.payloads)
    for payload in event.payloads:
        if isinstance(payload, NatDiscovery):
            number = PayloadType.NAT_D_DRAFT if payload.draft else PayloadType.NAT_D
            yield story.line(event, catalogue.NAT_D, number=int(number))
        elif isinstance(payload, Notification):
            what = notify_name(payload.notify_type)
            yield story.line(event, catalogue.PHASE1_NOTIFY, what=what)


def _identifier(story: Story, event: PeerIdentified) -> LogLine:
    kind = identity_kind(event.id_type)
    return story.line(event, catalogue.PEER_IDENTIFIER_NAMELESS, kind=kind, name=event.text)


def _vendor_id(story: Story, event: MessageReceived, data: bytes) -> LogLine:
    name, octets = vendor_id_name(data), data.hex().upper()
    if name is None:
        return story.line(event, words.UNKNOWN_VENDOR_ID, length=len(data), octets=octets)
    return story.line(event, catalogue.VENDOR_ID, name=name, octets=octets)


def _quick(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    if event.label == "quick-1":
        yield story.line(event, catalogue.FIRST_QUICK, event.message_id)
    elif event.label == "quick-2":
        yield story.line(event, words.FIRST_ANSWER, event.message_id)


def _informational(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    """Notifications other than those of dead peer detection have events of their own."""
    for payload in event.payloads:
        if isinstance(payload, Notification) and payload.notify_type in _PROBES:
            yield story.line(event, words.NOTIFY, what=notify_name(payload.notify_type))
        elif isinstance(payload, Delete) and payload.protocol_id == Protocol.ISAKMP:
            for spi in payload.spis:
                yield story.line(event, words.RECEIVED_IKE_DELETE, cookies=cookies_of(spi))
        elif isinstance(payload, Delete):
            yield story.line(event, words.RECEIVED_IPSEC_DELETE, count=len(payload.spis))


_FAMILIES: dict[str, Callable[[Story, MessageReceived], Iterator[LogLine]]] = {
    "main": _phase1,
    "aggr": _phase1,
    "quick": _quick,
    "info": _informational,
}


def duplicate_received(story: Story, event: DuplicateReceived) -> Iterator[LogLine]:
    """Tell that the peer repeats itself and is answered once more."""
    if event.answered:
        yield story.line(event, words.RETRANSMISSION)
