"""ISAKMP messages: octets to frozen values and back.

A message is a header of 28 octets and a chain of payloads, each of which names the type of the
next one (RFC 2408 3.1, 3.2)::

    header   initiator cookie 8 | responder cookie 8 | next payload 1 | version 1 |
             exchange type 1 | flags 1 | message id 4 | length 4
    payload  next payload 1 | reserved 1 | length 2 | body

Parsers take any octets and raise nothing but WireError; builders raise ValueError for a value
that no octets can hold. What a payload *means*, and whether it may stand where it stands, is left
to the engine. The inside of an SA payload is the business of `proposals`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from struct import Struct
from struct import error as StructError

from gwsim.wire.errors import TooManyPayloads, WireError
from gwsim.wire.numbers import ISAKMP_VERSION, Flag, PayloadType
from gwsim.wire.payloads import (
    Attributes,
    Certificate,
    CertificateRequest,
    Delete,
    Fragment,
    Hash,
    Identification,
    KeyExchange,
    NatDiscovery,
    NatOriginalAddress,
    Nonce,
    Notification,
    Payload,
    SecurityAssociation,
    Signature,
    UnknownPayload,
    VendorId,
    payload_type,
)
from gwsim.wire.proposals import (
    build_attributes,
    build_security_association,
    parse_attributes,
    parse_security_association,
)

HEADER_SIZE = 28
ENCRYPTED = int(Flag.ENCRYPTION)
MAX_PAYLOADS = 64

_HEADER = Struct("!8s8sBBBBII")
_GENERIC = Struct("!BxH")
_IDENTIFICATION = Struct("!BBH")
_NOTIFICATION = Struct("!IBBH")
_DELETE = Struct("!IBBH")
_ATTRIBUTES = Struct("!BxH")
_NAT_OA = Struct("!Bxxx")
_FRAGMENT = Struct("!HBB")


@dataclass(frozen=True, slots=True)
class Header:
    """The ISAKMP header (RFC 2408 3.1); cookies are 8 octets each.

    `length` is what the message claims, in octets with the header; the builders work it out
    themselves and do not look at it. `version` holds the major number in its upper four bits.
    """

    initiator_cookie: bytes
    responder_cookie: bytes
    next_payload: int
    exchange_type: int
    flags: int
    message_id: int
    length: int = 0
    version: int = ISAKMP_VERSION

    @property
    def encrypted(self) -> bool:
        """Whether the E flag is set: everything after the header is ciphertext."""
        return self.flags & ENCRYPTED != 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """A payload and where it stood in the octets that were parsed.

    `start` is the offset of its generic header, `body` that of what follows the header, `end` the
    first octet after it: `data[body:end]` is what enters a hash as SAi_b, IDii_b and the like.
    """

    payload: Payload
    start: int
    body: int
    end: int


def parse_header(data: bytes) -> Header:
    """Read the first 28 octets of a message.

    Nothing is judged, neither version nor length; raises WireError when there are fewer octets.
    """
    if len(data) < HEADER_SIZE:
        raise WireError(len(data), f"an ISAKMP header has {HEADER_SIZE} octets, not {len(data)}")
    cookie_i, cookie_r, following, version, exchange, flags, message_id, length = (
        _HEADER.unpack_from(data)
    )
    return Header(cookie_i, cookie_r, following, exchange, flags, message_id, length, version)


def build_header(header: Header) -> bytes:
    """Write a header exactly as it stands, its length field included."""
    return _pack_header(header, header.next_payload, header.length)


def parse_payloads(first: int, data: bytes, offset: int = 0) -> list[Parsed]:
    """Walk the chain that begins at `offset` with a payload of type `first`, to its end.

    Octets after the last payload are left alone: they are the cipher's padding, or the caller's
    complaint, who sees where they begin in the last `end`. Unknown types become UnknownPayload.
    Raises WireError (ProposalSyntaxError inside an SA) on lengths and counts that do not fit, and
    TooManyPayloads on more than `MAX_PAYLOADS` of them.
    """
    parsed: list[Parsed] = []
    size = len(data)
    while first:
        if len(parsed) == MAX_PAYLOADS:
            raise TooManyPayloads(offset, f"more than {MAX_PAYLOADS} payloads")
        body = offset + 4
        if body > size:
            raise WireError(offset, f"the header of a payload of type {first} is cut off")
        following, length = _GENERIC.unpack_from(data, offset)
        end = offset + length
        if length < 4 or end > size:
            raise WireError(
                offset + 2,
                f"a payload of type {first} cannot have {length} octets, {size - offset} are left",
            )
        parser = _PARSERS.get(first)
        payload = parser(data, body, end) if parser else UnknownPayload(first, data[body:end])
        parsed.append(Parsed(payload, offset, body, end))
        first, offset = following, end
    return parsed


def first_type(payloads: Sequence[Payload]) -> int:
    """Give the type of the first payload, for the header's next payload field; 0 for none."""
    return payload_type(payloads[0]) if payloads else int(PayloadType.NONE)


def build_payloads(payloads: Iterable[Payload]) -> bytes:
    """Write a chain of payloads, each naming the next; the last one names 0.

    Raises ValueError when a field does not fit, or for an UnknownPayload of type 0, which would
    end the chain too early.
    """
    chain = list(payloads)
    types = [payload_type(payload) for payload in chain]
    if 0 in types:
        raise ValueError("a payload of type 0 would end the chain")
    types.append(0)
    parts: list[bytes] = []
    for payload, following in zip(chain, types[1:], strict=True):
        body = build_body(payload)
        try:
            parts += (_GENERIC.pack(following, len(body) + 4), body)
        except StructError as error:
            raise ValueError(f"payload header: {error}") from None
    return b"".join(parts)


def build_body(payload: Payload) -> bytes:
    """Write one payload without its generic header, as the hashes of RFC 2409 5 want it.

    Raises ValueError when a field does not fit.
    """
    try:
        return _BUILDERS[type(payload)](payload)
    except StructError as error:
        raise ValueError(f"{type(payload).__name__}: {error}") from None


def build_message(header: Header, payloads: Sequence[Payload]) -> bytes:
    """Write a message in the clear: the header's next payload and length follow the payloads."""
    body = build_payloads(payloads)
    return _pack_header(header, first_type(payloads), HEADER_SIZE + len(body)) + body


def build_raw(header: Header, body: bytes) -> bytes:
    """Write a message round a body that is ready, as an encrypted one is.

    The header's length follows the body; its next payload, the type of the first payload under
    the encryption, goes out as given.
    """
    return _pack_header(header, header.next_payload, HEADER_SIZE + len(body)) + body


def _pack_header(header: Header, next_payload: int, length: int) -> bytes:
    # Struct would silently cut or fill a cookie of another size.
    if len(header.initiator_cookie) != 8 or len(header.responder_cookie) != 8:
        raise ValueError("a cookie has eight octets")
    try:
        return _HEADER.pack(
            header.initiator_cookie,
            header.responder_cookie,
            next_payload,
            header.version,
            header.exchange_type,
            header.flags,
            header.message_id,
            length,
        )
    except StructError as error:
        raise ValueError(f"ISAKMP header: {error}") from None


def _need(name: str, octets: int, start: int, stop: int) -> int:
    """Give the offset after the fixed fields of a body, which must be there whole."""
    if stop - start < octets:
        raise WireError(start, f"{name} payload is too short for its {octets} fixed octets")
    return start + octets


def _parse_identification(data: bytes, start: int, stop: int) -> Identification:
    rest = _need("an identification", _IDENTIFICATION.size, start, stop)
    id_type, protocol, port = _IDENTIFICATION.unpack_from(data, start)
    return Identification(id_type, data[rest:stop], protocol, port)


def _build_identification(payload: Identification) -> bytes:
    return _IDENTIFICATION.pack(payload.id_type, payload.protocol, payload.port) + payload.data


def _parse_certificate(data: bytes, start: int, stop: int) -> Certificate:
    rest = _need("a certificate", 1, start, stop)
    return Certificate(data[start], data[rest:stop])


def _parse_certificate_request(data: bytes, start: int, stop: int) -> CertificateRequest:
    rest = _need("a certificate request", 1, start, stop)
    return CertificateRequest(data[start], data[rest:stop])


def _build_certificate(payload: Certificate | CertificateRequest) -> bytes:
    return bytes((payload.encoding,)) + payload.data


def _parse_notification(data: bytes, start: int, stop: int) -> Notification:
    rest = _need("a notification", _NOTIFICATION.size, start, stop)
    doi, protocol, spi_size, notify_type = _NOTIFICATION.unpack_from(data, start)
    end_of_spi = rest + spi_size
    if end_of_spi > stop:
        raise WireError(start + 5, f"an SPI of {spi_size} octets runs past its notification")
    spi, rest_of_data = data[rest:end_of_spi], data[end_of_spi:stop]
    return Notification(notify_type, protocol, spi, rest_of_data, doi)


def _build_notification(payload: Notification) -> bytes:
    head = _NOTIFICATION.pack(
        payload.doi, payload.protocol_id, len(payload.spi), payload.notify_type
    )
    return head + payload.spi + payload.data


def _parse_delete(data: bytes, start: int, stop: int) -> Delete:
    rest = _need("a delete", _DELETE.size, start, stop)
    doi, protocol, spi_size, count = _DELETE.unpack_from(data, start)
    if count and not spi_size:
        raise WireError(start + 5, f"a delete of {count} SPIs gives them no size")
    if rest + count * spi_size != stop:
        raise WireError(start + 6, f"{count} SPIs of {spi_size} octets do not fill the delete")
    spis = tuple([data[i : i + spi_size] for i in range(rest, stop, spi_size or 1)])
    return Delete(protocol, spis, doi)


def _build_delete(payload: Delete) -> bytes:
    sizes = {len(spi) for spi in payload.spis}
    if len(sizes) > 1 or 0 in sizes:
        raise ValueError("the SPIs of a delete have one size, and it is not zero")
    head = _DELETE.pack(
        payload.doi, payload.protocol_id, sizes.pop() if sizes else 0, len(payload.spis)
    )
    return head + b"".join(payload.spis)


def _parse_mode_config(data: bytes, start: int, stop: int) -> Attributes:
    rest = _need("an attributes", _ATTRIBUTES.size, start, stop)
    cfg_type, identifier = _ATTRIBUTES.unpack_from(data, start)
    return Attributes(cfg_type, identifier, parse_attributes(data, rest, stop))


def _build_mode_config(payload: Attributes) -> bytes:
    head = _ATTRIBUTES.pack(payload.cfg_type, payload.identifier)
    return head + build_attributes(payload.attributes)


def _parse_nat_oa(data: bytes, start: int, stop: int) -> NatOriginalAddress:
    rest = _need("a NAT-OA", _NAT_OA.size, start, stop)
    return NatOriginalAddress(data[start], data[rest:stop])


def _parse_nat_oa_draft(data: bytes, start: int, stop: int) -> NatOriginalAddress:
    rest = _need("a NAT-OA", _NAT_OA.size, start, stop)
    return NatOriginalAddress(data[start], data[rest:stop], True)


def _build_nat_oa(payload: NatOriginalAddress) -> bytes:
    return _NAT_OA.pack(payload.id_type) + payload.data


def _parse_fragment(data: bytes, start: int, stop: int) -> Fragment:
    rest = _need("a fragment", _FRAGMENT.size, start, stop)
    fragment_id, number, flags = _FRAGMENT.unpack_from(data, start)
    return Fragment(fragment_id, number, bool(flags & 1), data[rest:stop])


def _build_fragment(payload: Fragment) -> bytes:
    head = _FRAGMENT.pack(payload.fragment_id, payload.number, payload.last)
    return head + payload.data


def _build_opaque(
    payload: KeyExchange | Hash | Signature | Nonce | VendorId | NatDiscovery | UnknownPayload,
) -> bytes:
    return payload.data


_PARSERS: dict[int, Callable[[bytes, int, int], Payload]] = {
    PayloadType.SA: parse_security_association,
    PayloadType.KEY_EXCHANGE: lambda data, start, stop: KeyExchange(data[start:stop]),
    PayloadType.IDENTIFICATION: _parse_identification,
    PayloadType.CERTIFICATE: _parse_certificate,
    PayloadType.CERTIFICATE_REQUEST: _parse_certificate_request,
    PayloadType.HASH: lambda data, start, stop: Hash(data[start:stop]),
    PayloadType.SIGNATURE: lambda data, start, stop: Signature(data[start:stop]),
    PayloadType.NONCE: lambda data, start, stop: Nonce(data[start:stop]),
    PayloadType.NOTIFICATION: _parse_notification,
    PayloadType.DELETE: _parse_delete,
    PayloadType.VENDOR_ID: lambda data, start, stop: VendorId(data[start:stop]),
    PayloadType.ATTRIBUTES: _parse_mode_config,
    PayloadType.NAT_D: lambda data, start, stop: NatDiscovery(data[start:stop]),
    PayloadType.NAT_OA: _parse_nat_oa,
    PayloadType.NAT_D_DRAFT: lambda data, start, stop: NatDiscovery(data[start:stop], True),
    PayloadType.NAT_OA_DRAFT: _parse_nat_oa_draft,
    PayloadType.FRAGMENT: _parse_fragment,
}

_BUILDERS: dict[type[Payload], Callable[..., bytes]] = {
    SecurityAssociation: build_security_association,
    KeyExchange: _build_opaque,
    Identification: _build_identification,
    Certificate: _build_certificate,
    CertificateRequest: _build_certificate,
    Hash: _build_opaque,
    Signature: _build_opaque,
    Nonce: _build_opaque,
    Notification: _build_notification,
    Delete: _build_delete,
    VendorId: _build_opaque,
    Attributes: _build_mode_config,
    NatDiscovery: _build_opaque,
    NatOriginalAddress: _build_nat_oa,
    Fragment: _build_fragment,
    UnknownPayload: _build_opaque,
}
