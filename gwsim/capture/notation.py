"""Payloads in the short notation of RFC 2409: `SA VID x3`, `* HASH SA NONCE ID ID`."""

from collections.abc import Sequence
from itertools import groupby

from gwsim.wire.codec import HEADER_SIZE, Header, parse_payloads
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import NotifyType, PayloadType, Protocol, name_of
from gwsim.wire.payloads import Delete, Notification, Payload, payload_type

ENCRYPTED = "*"
"""What stands before payloads that were encrypted, and alone for those nobody could read."""

_SHORT: dict[int, str] = {
    PayloadType.SA: "SA",
    PayloadType.KEY_EXCHANGE: "KE",
    PayloadType.IDENTIFICATION: "ID",
    PayloadType.CERTIFICATE: "CERT",
    PayloadType.CERTIFICATE_REQUEST: "CR",
    PayloadType.HASH: "HASH",
    PayloadType.SIGNATURE: "SIG",
    PayloadType.NONCE: "NONCE",
    PayloadType.NOTIFICATION: "N",
    PayloadType.DELETE: "D",
    PayloadType.VENDOR_ID: "VID",
    PayloadType.ATTRIBUTES: "ATTR",
    PayloadType.NAT_D: "NAT-D",
    PayloadType.NAT_D_DRAFT: "NAT-D",
    PayloadType.NAT_OA: "NAT-OA",
    PayloadType.NAT_OA_DRAFT: "NAT-OA",
    PayloadType.IOS_KEEPALIVE: "KA",
    PayloadType.FRAGMENT: "FRAG",
}


def short_name(payload: Payload) -> str:
    """Name a payload in a few letters: `KE`, `N(NO-PROPOSAL-CHOSEN)`, `D(ESP)`, `99` if unknown."""
    number = payload_type(payload)
    name = _SHORT.get(number, str(number))
    if isinstance(payload, Notification):
        return f"{name}({name_of(NotifyType, payload.notify_type)})"
    if isinstance(payload, Delete):
        return f"{name}({name_of(Protocol, payload.protocol_id)})"
    return name


def payload_list(payloads: Sequence[Payload], encrypted: bool) -> str:
    """Write payloads in their order, each one in full."""
    names = [short_name(payload) for payload in payloads]
    return " ".join([ENCRYPTED, *names] if encrypted else names)


def condensed(text: str) -> str:
    """Fold what stands several times in a row: `SA VID VID VID` becomes `SA VID x3`."""
    runs = [(name, len(list(run))) for name, run in groupby(text.split())]
    return " ".join(f"{name} x{count}" if count > 1 else name for name, count in runs)


def payloads_seen(header: Header, message: bytes) -> str:
    """Write what a bystander can tell of a message: everything in the clear, else the star."""
    if header.encrypted:
        return ENCRYPTED
    try:
        parsed = parse_payloads(header.next_payload, message, HEADER_SIZE)
    except WireError:
        return "malformed"
    return payload_list([item.payload for item in parsed], encrypted=False)
