"""`debug ike detail`: how a packet comes in and its payloads are processed.

What a payload leads to (a proposal chosen, an identity accepted, a notification obeyed) is told
with the event that says so; here stands what is printed on the way there.
"""

from collections.abc import Callable, Iterator
from typing import Any

from gwsim.ike.events import DuplicateReceived, Event, MessageReceived, Rejected
from gwsim.vendors.screenos import catalogue, states, words
from gwsim.vendors.screenos.debug_messages import (
    EXCHANGES,
    ID_NAMES,
    NAMES,
    id_text,
    tag,
    tags,
    transforms_of,
)
from gwsim.vendors.screenos.debug_sent import conn_entry, hashed_id
from gwsim.vendors.screenos.story import Entry, Story, little_endian
from gwsim.wire import vendor_ids
from gwsim.wire.codec import HEADER_SIZE
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import (
    NAT_T_PORT,
    ExchangeType,
    IdType,
    PayloadType,
    Phase1Attribute,
)
from gwsim.wire.payloads import (
    Delete,
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    Payload,
    SecurityAssociation,
    VendorId,
    payload_type,
)

IP_AND_UDP = 28
MARKER = 4
XAUTH_FLAG = "b4"

_PHASE1 = (ExchangeType.IDENTITY_PROTECTION, ExchangeType.AGGRESSIVE)
_KNOWN = frozenset(
    {
        vendor_ids.DPD,
        vendor_ids.XAUTH,
        vendor_ids.NETSCREEN_HEARTBEAT,
        vendor_ids.NAT_T_DRAFT_00,
        vendor_ids.NAT_T_DRAFT_02,
        vendor_ids.NAT_T_DRAFT_02_NEWLINE,
    }
)
_OWN_KIND = "ScreenOS"
_PER_LINE = 16


def message_received(story: Story, event: MessageReceived) -> Iterator[Entry]:
    """Tell what came, in which state it found us, and payload by payload how it is taken."""
    yield from _packet(story, event, event.length, event.local, event.remote)
    yield from _header(story, event)
    if event.label in ("main-1", "aggr-1"):
        mode = NAMES.get(event.exchange_type, "").upper()
        yield story.log(event, words.RESPONDER_STARTS, mode=mode)
    informational = event.exchange_type == ExchangeType.INFORMATIONAL
    begins_child = event.label == "quick-1"
    if event.encrypted and (informational or begins_child):
        yield from conn_entry(story, event, event.message_id)
    if event.encrypted:
        yield story.tag(event, f"Decrypting payload (length {event.length - HEADER_SIZE})")
    if event.payloads:
        star = "*" if event.encrypted else " "
        yield story.wide(event, f"Recv{star}: {tags(event.payloads)}")
        yield from _process(story, event)
    story.after_packet += _closing(story, event)


def _packet(
    story: Story, event: Event, length: int, local: SocketAddress, remote: SocketAddress
) -> Iterator[Entry]:
    marker = MARKER if local[1] == NAT_T_PORT else 0
    interface = story.snapshot.outside_interface
    yield story.tag(event, f"ike packet, len {length + IP_AND_UDP + marker}, action 0")
    yield story.tag(event, f"Catcher: received {length} bytes from socket.")
    yield story.tag(event, f"****** Recv packet if <{interface}> of vsys <Root> ******")
    yield story.tag(event, f"Catcher: get {length} bytes. src port {remote[1]}")


def _header(story: Story, event: MessageReceived) -> Iterator[Entry]:
    first = _first_payload(event)
    exchange = f"{event.exchange_type}[{EXCHANGES.get(event.exchange_type, '?')}]"
    flags = "01   E" if event.encrypted else "00"
    head = f"len {event.length}, nxp {first}{tag(first)}, exch {exchange}, flag {flags}"
    yield story.box(event, f"ISAKMP msg: {head}")


def _first_payload(event: MessageReceived) -> int:
    """Give the header's next payload; of an unreadable message that which its kind begins with."""
    if event.payloads:
        return payload_type(event.payloads[0])
    if event.label in ("main-5", "main-6"):
        return PayloadType.IDENTIFICATION
    return PayloadType.HASH if event.encrypted else PayloadType.NONE


def _process(story: Story, event: MessageReceived) -> Iterator[Entry]:
    if event.exchange_type != ExchangeType.INFORMATIONAL:
        yield story.box(event, f"extract payload ({event.length - HEADER_SIZE}):")
        mode = EXCHANGES.get(event.exchange_type, "")
        word = states.arrival_word(event.state, NAMES.get(event.exchange_type, ""))
        yield story.tag(event, f"{mode} in state {word}.")
    vendors_first = sorted(event.payloads, key=lambda p: not isinstance(p, VendorId))
    for payload in vendors_first:
        if not _waits(event, payload):
            yield from _PROCESSORS.get(type(payload), _anything)(story, event, payload)


def _waits(event: MessageReceived, payload: Payload) -> bool:
    """Say whether another event tells of a payload: an identity's hash, notices, deletes."""
    if isinstance(payload, Notification | Delete):
        return True
    if not isinstance(payload, Hash):
        return False
    proves_identity = any(isinstance(p, Identification) for p in event.payloads)
    informational = event.exchange_type == ExchangeType.INFORMATIONAL
    return informational or (proves_identity and event.exchange_type in _PHASE1)


def _closing(story: Story, event: MessageReceived) -> list[Entry]:
    """Give what is said when the packet is done with."""
    if event.exchange_type == ExchangeType.INFORMATIONAL:
        return release(story, event, event.message_id) if event.encrypted else []
    story.unfinished = True
    if event.exchange_type == ExchangeType.QUICK_MODE:
        return [story.tag(event, "oakley_process_quick_mode():exit")]
    return []


def release(story: Story, event: Event, message_id: int) -> list[Entry]:
    """Tell that the entry of an exchange under phase 1 is given back."""
    found = f"...found conn entry({little_endian(message_id)})"
    return [story.tag(event, "Delete conn entry..."), story.tag(event, found)]


def _anything(story: Story, event: MessageReceived, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, f"Process {tag(payload_type(payload))}:")


def _vendor_id(story: Story, event: MessageReceived, payload: VendorId) -> Iterator[Entry]:
    yield story.tag(event, "Process [VID]:")
    yield story.wide(event, "Vendor ID:")
    data = payload.data
    for start in range(0, len(data), _PER_LINE):
        yield story.bare(event, data[start : start + _PER_LINE].hex(" "))
    name = vendor_ids.name_of(data) or ""
    if data not in _KNOWN and not name.startswith(_OWN_KIND):
        yield story.tag(event, "receive unknown vendor ID payload")


def _sa(story: Story, event: MessageReceived, payload: SecurityAssociation) -> Iterator[Entry]:
    yield story.tag(event, "Process [SA]:")
    if event.exchange_type not in _PHASE1:
        return
    yield story.tag(event, f"Proposal received: xauthflag {XAUTH_FLAG}")
    for transform in transforms_of(event.payloads):
        who = transform.get(Phase1Attribute.AUTHENTICATION_METHOD)
        yield story.tag(event, f"auth({who})")
        yield story.tag(event, "xauth attribute: disabled")


def _key_exchange(story: Story, event: MessageReceived, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, "Process [KE]:")
    phase1 = event.exchange_type in _PHASE1
    yield story.tag(event, "processing ISA_KE in phase 1." if phase1 else words.PHASE2_KEY_PAYLOAD)


def _nonce(story: Story, event: MessageReceived, payload: Payload) -> Iterator[Entry]:
    yield story.tag(event, "Process [NONCE]:")
    phase1 = event.exchange_type in _PHASE1
    yield story.tag(event, "processing NONCE in phase 1." if phase1 else words.PHASE2_NONCE)


def _identity(story: Story, event: MessageReceived, payload: Identification) -> Iterator[Entry]:
    yield story.tag(event, "Process [ID]:")
    if event.exchange_type not in _PHASE1:
        return
    kind = ID_NAMES.get(payload.id_type, str(payload.id_type))
    field = "ip" if payload.id_type == IdType.IPV4_ADDR else "name"
    who = f"type={kind}, {field} = {id_text(payload)}"
    service = f"port={payload.port}, protocol={payload.protocol}"
    yield story.tag(event, f"ID received: {who}, {service}")


def authenticated(story: Story, event: Event) -> Iterator[Entry]:
    """Tell that the hash over the identity just accepted is looked at."""
    packet = story.packet
    if packet is None:
        return
    yield story.tag(event, "Process [HASH]:")
    for payload in packet.payloads:
        if isinstance(payload, Identification):
            yield from hashed_id(story, event, payload)


def duplicate_received(story: Story, event: DuplicateReceived) -> Iterator[Entry]:
    """Tell of a first packet that came twice; others that do are passed over."""
    first = story.first.get(event.sa)
    if event.label in ("main-1", "aggr-1") and first is not None:
        seconds = max(1, round(event.at - first))
        yield story.log(event, catalogue.SECOND_INITIAL_PACKET, seconds=seconds)


def unheard(story: Story, event: Rejected) -> Iterator[Entry]:
    """Tell of a packet that was refused before it could be taken for a message of anything."""
    packet = story.packet
    if packet is not None and packet.length == event.length:
        same = (packet.initiator_cookie, packet.responder_cookie, packet.message_id)
        if same == (event.initiator_cookie, event.responder_cookie, event.message_id):
            return
    yield from _packet(story, event, event.length, event.local, event.remote)


_PROCESSORS: dict[type[Payload], Callable[[Story, MessageReceived, Any], Iterator[Entry]]] = {
    SecurityAssociation: _sa,
    KeyExchange: _key_exchange,
    Nonce: _nonce,
    VendorId: _vendor_id,
    Identification: _identity,
}
