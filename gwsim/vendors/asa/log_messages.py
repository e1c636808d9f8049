"""The trace of messages: what is put into each, what is found in each, and the IKE_DECODE line.

Payload by payload, in the order in which they stand on the wire. Source: vendor sheet, ASA debug
(captures of 8.0.4 and the technotes on main and aggressive mode).
"""

from collections.abc import Iterable, Iterator

from gwsim.ike.events import DuplicateReceived, Message, MessageReceived, MessageSent, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role
from gwsim.vendors.asa import catalogue, words
from gwsim.vendors.asa.behaviour import IOS_SPOOF
from gwsim.vendors.asa.names import PAYLOADS, identity_kind
from gwsim.vendors.asa.story import Story
from gwsim.vendors.asa.text import Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire import vendor_ids
from gwsim.wire.codec import HEADER_SIZE, build_payloads
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import (
    ExchangeType,
    IdType,
    NotifyType,
    PayloadType,
    Protocol,
    is_error_notify,
)
from gwsim.wire.payloads import (
    Delete,
    Hash,
    Identification,
    KeyExchange,
    NatDiscovery,
    Nonce,
    Notification,
    Payload,
    SecurityAssociation,
    UnknownPayload,
    VendorId,
    payload_type,
)
from gwsim.wire.selector import Selector, from_identification

Line = tuple[Text, dict[str, object]]

_CONSTRUCTED_IDS: dict[bytes, tuple[str, ...]] = {
    vendor_ids.NAT_T_DRAFT_02: ("NAT-Traversal VID ver 02 payload",),
    vendor_ids.NAT_T_DRAFT_02_NEWLINE: ("NAT-Traversal VID ver 02 payload",),
    vendor_ids.NAT_T_DRAFT_03: ("NAT-Traversal VID ver 03 payload",),
    vendor_ids.NAT_T_RFC: ("NAT-Traversal VID ver RFC payload",),
    vendor_ids.FRAGMENTATION_MAIN_AND_AGGRESSIVE: (
        "Fragmentation VID + extended capabilities payload",
    ),
    vendor_ids.CISCO_UNITY: ("Cisco Unity VID payload",),
    vendor_ids.XAUTH: ("xauth V6 VID payload",),
    vendor_ids.DPD: ("dpd vid payload",),
}

_RECEIVED_IDS: tuple[tuple[bytes, str], ...] = (
    (vendor_ids.NAT_T_DRAFT_02, "NAT-Traversal ver 02 VID"),
    (vendor_ids.NAT_T_DRAFT_02_NEWLINE, "NAT-Traversal ver 02 VID"),
    (vendor_ids.NAT_T_DRAFT_03, "NAT-Traversal ver 03 VID"),
    (vendor_ids.NAT_T_RFC, "NAT-Traversal RFC VID"),
    (vendor_ids.FRAGMENTATION, "Fragmentation VID"),
    (vendor_ids.CISCO_UNITY, "Cisco Unity client VID"),
    (vendor_ids.XAUTH, "xauth V6 VID"),
    (vendor_ids.DPD[:14], "DPD VID"),
    (vendor_ids.CISCO_ASA[:14], "Altiga/Cisco VPN3000/Cisco ASA GW VID"),
)
"""Vendor IDs an ASA knows, by how they begin."""

_QUICK_SENT: dict[str, Text] = {
    "quick-1": catalogue.FIRST_QUICK_MODE,
    "quick-2": words.SECOND_QUICK_MODE,
    "quick-3": words.THIRD_QUICK_MODE,
}

_UNREAD = frozenset({Flaw.UNDECRYPTABLE, Flaw.MALFORMED})
_UNSOUND = frozenset(
    {Flaw.DOI, Flaw.SITUATION, Flaw.PROPOSAL_SYNTAX, Flaw.PROTOCOL_ID, Flaw.SPI, Flaw.ATTRIBUTES}
)


def message_sent(story: Story, event: MessageSent) -> Iterator[LogLine]:
    """Tell of a message that left: how it was made, unless it only leaves again."""
    again = event.attempt > 0 or event.answers_duplicate
    if not again:
        for text, values in _construction(event):
            yield story.line(event, text, **values)
    _remember_sent(story, event)
    yield _decode(story, event, "RESENDING" if again else "SENDING")


def message_received(story: Story, event: MessageReceived) -> Iterator[LogLine]:
    """Tell of a message that came and what was found in it; garbage is told when it is refused."""
    flaws = {refusal.flaw for refusal in story.at_once(Rejected)}
    if flaws & _UNREAD:
        return
    history = story.history(event, _exchange_key(event))
    if history is not None and not event.label.startswith("info"):
        history.received(event.label)
    yield _decode(story, event, "RECEIVED")
    identities = 0
    for payload in event.payloads:
        for text, values in _processing(event, payload, identities):
            if text is not catalogue.OAKLEY_ACCEPTABLE or not flaws & _UNSOUND:
                yield story.line(event, text, **values)
        identities += isinstance(payload, Identification)


def duplicate_received(story: Story, event: DuplicateReceived) -> Iterator[LogLine]:
    """Tell that the peer repeats itself."""
    text = words.DUPLICATE if event.answered else words.DUPLICATE_UNANSWERED
    yield story.line(event, text, phase=event.phase)


def _remember_sent(story: Story, event: MessageSent) -> None:
    history = story.history(event, _exchange_key(event))
    if history is not None and not event.answers_duplicate and not event.label.startswith("info"):
        history.sent(event)


def _exchange_key(event: Message) -> int:
    return event.message_id if event.exchange_type == ExchangeType.QUICK_MODE else 0


def _decode(story: Story, event: Message, verb: str) -> LogLine:
    names = [f"{PAYLOADS.get(n, 'UNKNOWN')} ({n})" for n in map(payload_type, event.payloads)]
    return story.line(
        event,
        catalogue.DECODE,
        verb=verb,
        message_id=event.message_id,
        payloads=" + ".join(["HDR", *names, "NONE (0)"]),
        length=_length(event),
    )


def _length(event: Message) -> int:
    """The octets of a message without those that only fill the cipher's last block."""
    if not event.encrypted or not event.payloads:
        return event.length
    return min(event.length, HEADER_SIZE + len(build_payloads(event.payloads)))


def _constructing(*what: str) -> list[Line]:
    return [(catalogue.CONSTRUCTING, {"what": w}) for w in what]


def _construction(event: MessageSent) -> Iterator[Line]:
    if event.label.startswith("quick"):
        yield from _quick_construction(event)
    elif event.label.startswith("info"):
        yield from _informational_construction(event)
    else:
        for payload in event.payloads:
            yield from _phase1_construction(payload)


def _phase1_construction(payload: Payload) -> Iterable[Line]:
    match payload:
        case SecurityAssociation():
            return _constructing("ISAKMP SA payload")
        case KeyExchange():
            return _constructing("ke payload")
        case Nonce():
            return _constructing("nonce payload")
        case Identification():
            return _constructing("ID payload")
        case Hash():
            return [*_constructing("hash payload"), (catalogue.COMPUTING_HASH, {})]
        case NatDiscovery():
            return [*_constructing("NAT-Discovery payload"), (catalogue.COMPUTING_NAT_HASH, {})]
        case VendorId():
            return _vendor_id_construction(payload.data)
        case Notification() if payload.notify_type == NotifyType.RESPONDER_LIFETIME:
            return [(words.RESPONDER_LIFETIME, {})]
        case UnknownPayload():
            return _keepalive("Constructing", payload)
    return ()


def _keepalive(what: str, payload: UnknownPayload) -> list[Line]:
    if payload.payload_type != PayloadType.IOS_KEEPALIVE or len(payload.data) < 8:
        return []
    seconds = [int.from_bytes(payload.data[at : at + 2], "big") for at in (2, 6)]
    return [(catalogue.KEEPALIVE, {"what": what, "first": seconds[0], "second": seconds[1]})]


def _vendor_id_construction(data: bytes) -> Iterable[Line]:
    if data == IOS_SPOOF:
        return [
            (catalogue.SENDING_VENDOR_ID, {"what": "IOS VID"}),
            (catalogue.SPOOFING_IOS, {}),
        ]
    if data == vendor_ids.CISCO_ASA:
        what = "Altiga/Cisco VPN3000/Cisco ASA GW VID"
        return [*_constructing("VID payload"), (catalogue.SENDING_VENDOR_ID, {"what": what})]
    return _constructing(*_CONSTRUCTED_IDS.get(data, ("VID payload",)))


def _quick_construction(event: MessageSent) -> Iterator[Line]:
    if event.label == "quick-3":
        yield words.CONSTRUCTING_FINAL, {}
    else:
        yield words.CONSTRUCTING_QUICK_MODE, {}
        for payload in event.payloads:
            yield from _quick_payload(payload)
        yield from _proxy_construction(event)
        yield from _quick_notices(event)
        yield from _constructing("qm hash payload")
    yield _QUICK_SENT[event.label], {"message_id": event.message_id}


def _quick_payload(payload: Payload) -> Iterable[Line]:
    match payload:
        case Hash():
            return _constructing("blank hash payload")
        case SecurityAssociation():
            return _constructing("IPSec SA payload")
        case Nonce():
            return _constructing("IPSec nonce payload")
        case KeyExchange():
            return _constructing("pfs ke payload")
    return ()


def _proxy_construction(event: MessageSent) -> Iterator[Line]:
    """The proxy IDs as sent: the initiator's own network comes first on the wire."""
    selectors = [_selector(p) for p in event.payloads if isinstance(p, Identification)]
    if len(selectors) != 2 or None in selectors:
        return
    formats = [words.LOCAL_SUBNET, words.REMOTE_SUBNET]
    if event.role is Role.RESPONDER:
        formats.reverse()
    first, second = (
        f.format(address=s.address, mask=s.mask, protocol=s.protocol, port=s.port)
        for f, s in zip(formats, selectors, strict=True)
        if s is not None
    )
    yield from _constructing("proxy ID")
    yield words.TRANSMITTING_PROXY_ID, {"first": first, "second": second}


def _quick_notices(event: MessageSent) -> Iterator[Line]:
    for payload in event.payloads:
        if isinstance(payload, Notification):
            if payload.notify_type == NotifyType.INITIAL_CONTACT:
                yield words.INITIAL_CONTACT, {}
            elif payload.notify_type == NotifyType.RESPONDER_LIFETIME:
                yield words.RESPONDER_LIFETIME, {}


def _informational_construction(event: MessageSent) -> Iterator[Line]:
    for payload in event.payloads:
        if isinstance(payload, Delete):
            yield words.SENDING_DELETE, {}
            yield from _constructing("blank hash payload")
            ike = payload.protocol_id == Protocol.ISAKMP
            yield words.CONSTRUCTING_IKE_DELETE if ike else words.CONSTRUCTING_IPSEC_DELETE, {}
            yield from _constructing("qm hash payload")
        elif isinstance(payload, Notification):
            yield from _notify_construction(event, payload)


def _notify_construction(event: MessageSent, payload: Notification) -> Iterator[Line]:
    if event.label in ("info-dpd", "info-dpd-ack"):
        kind = "R-U-THERE" if event.label == "info-dpd" else "R-U-THERE-ACK"
        sequence = int.from_bytes(payload.data, "big")
        yield catalogue.DPD_SENT, {"kind": kind, "sequence": sequence}
    elif is_error_notify(payload.notify_type):
        yield words.SENDING_NOTIFY, {}
    if event.encrypted:
        yield from _constructing("blank hash payload")
        if event.label == "info-notify":
            yield words.CONSTRUCTING_NOTIFY, {"message_id": event.message_id}
        yield from _constructing("qm hash payload")


def _processing(event: MessageReceived, payload: Payload, identities: int) -> Iterable[Line]:
    phase1 = event.label.startswith(("main", "aggr"))
    match payload:
        case SecurityAssociation():
            accepted: list[Line] = [(catalogue.OAKLEY_ACCEPTABLE, {})] if phase1 else []
            return [*_processed("SA payload"), *accepted]
        case KeyExchange():
            return _processed("ke payload", "ISA_KE payload")
        case Nonce():
            return _processed("nonce payload")
        case Hash():
            computing: list[Line] = [(catalogue.COMPUTING_HASH, {})] if phase1 else []
            return [*_processed("hash payload"), *computing]
        case Identification():
            inner = () if phase1 else _proxy_found(event, payload, identities)
            return [*_processed("ID payload"), _identity_found(payload, phase1), *inner]
        case Notification():
            return _processed("notify payload")
        case Delete():
            return [(words.PROCESSING_DELETE, {})]
        case NatDiscovery():
            return [*_processed("NAT-Discovery payload"), (catalogue.COMPUTING_NAT_HASH, {})]
        case VendorId():
            return [*_processed("VID payload"), *_vendor_id_found(payload.data)]
        case UnknownPayload():
            return _keepalive("Processing", payload)
    return ()


def _processed(*what: str) -> list[Line]:
    return [(catalogue.PROCESSING, {"what": w}) for w in what]


def _vendor_id_found(data: bytes) -> Iterator[Line]:
    for start, name in _RECEIVED_IDS:
        if data.startswith(start):
            yield catalogue.RECEIVED_VENDOR_ID, {"what": name}
            break
    if data.startswith(vendor_ids.FRAGMENTATION) and len(data) == 20:
        capabilities = data[16]
        yield (
            catalogue.FRAGMENTATION_FLAGS,
            {"main": bool(capabilities & 0x80), "aggressive": bool(capabilities & 0x40)},
        )


def _identity_found(payload: Identification, phase1: bool) -> Line:
    kind = identity_kind(payload.id_type)
    if phase1:
        return catalogue.IDENTITY_RECEIVED, {"kind": kind, "value": f"\n{_identity_text(payload)}"}
    selector = _selector(payload)
    value = "" if selector is None else f"--{selector.address}"
    if selector is not None and payload.id_type == IdType.IPV4_ADDR_SUBNET:
        value += f"--{selector.mask}"
    return catalogue.IDENTITY_RECEIVED, {"kind": kind, "value": value}


def _identity_text(payload: Identification) -> str:
    selector = _selector(payload)
    if selector is not None:
        return selector.address
    return payload.data.decode("ascii", "backslashreplace")


def _proxy_found(
    event: MessageReceived, payload: Identification, identities: int
) -> Iterator[Line]:
    """The responder reads the first identity as the peer's network, the second as its own."""
    selector = _selector(payload)
    if event.label != "quick-1" or selector is None:
        return
    host = payload.id_type == IdType.IPV4_ADDR
    if identities:
        text = words.LOCAL_PROXY_HOST if host else words.LOCAL_PROXY_SUBNET
    else:
        text = words.REMOTE_PROXY_HOST if host else words.REMOTE_PROXY_SUBNET
    yield (
        text,
        {
            "address": selector.address,
            "mask": selector.mask,
            "protocol": selector.protocol,
            "port": selector.port,
        },
    )


def _selector(payload: Identification) -> Selector | None:
    try:
        return from_identification(payload)
    except WireError:
        return None
