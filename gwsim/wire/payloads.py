"""The payloads of ISAKMP as frozen values; `codec` turns them into octets and back.

Every class names its payload number in `TYPE` (draft numbers are a field where two exist).
Byte fields hold exactly what stands on the wire after the generic payload header
(next payload 1, reserved 1, length 2). Sources: RFC 2408 3.4-3.16, RFC 2407 4.6, RFC 3947.
"""

from dataclasses import dataclass
from typing import ClassVar

from gwsim.wire.numbers import IPSEC_DOI, SIT_IDENTITY_ONLY, PayloadType


@dataclass(frozen=True, slots=True)
class Attribute:
    """One data attribute: class `type` and its value (RFC 2408 3.3).

    `short` is the TV form (AF bit set, value two octets); otherwise TLV with `value` as sent.
    """

    type: int
    value: bytes
    short: bool = True

    @classmethod
    def number(cls, type_: int, value: int) -> "Attribute":
        """Encode a number in the shortest form: TV below 65536, else TLV of four octets or more."""
        if value < 0x10000:
            return cls(type_, value.to_bytes(2, "big"))
        return cls.long(type_, value)

    @classmethod
    def long(cls, type_: int, value: int) -> "Attribute":
        """Encode a number as TLV of four octets or more, though it may fit into TV."""
        return cls(type_, value.to_bytes(max(4, (value.bit_length() + 7) // 8), "big"), False)

    @property
    def as_int(self) -> int:
        """The value read as an unsigned big-endian number."""
        return int.from_bytes(self.value, "big")


@dataclass(frozen=True, slots=True)
class Transform:
    """A transform payload: number, transform id (KEY_IKE is 1) and its attributes in order."""

    TYPE: ClassVar[int] = PayloadType.TRANSFORM
    number: int
    transform_id: int
    attributes: tuple[Attribute, ...] = ()

    def get(self, attribute: int) -> int | None:
        """Give the value of the first attribute of this class, or None."""
        for a in self.attributes:
            if a.type == attribute:
                return a.as_int
        return None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal payload: one protocol, its SPI as sent (may be empty) and its transforms."""

    TYPE: ClassVar[int] = PayloadType.PROPOSAL
    number: int
    protocol_id: int
    spi: bytes
    transforms: tuple[Transform, ...]


@dataclass(frozen=True, slots=True)
class SecurityAssociation:
    """An SA payload with its nested proposals (RFC 2408 3.4)."""

    TYPE: ClassVar[int] = PayloadType.SA
    proposals: tuple[Proposal, ...]
    doi: int = IPSEC_DOI
    situation: int = SIT_IDENTITY_ONLY


@dataclass(frozen=True, slots=True)
class KeyExchange:
    """A key exchange payload: the public Diffie-Hellman value, as long as the group."""

    TYPE: ClassVar[int] = PayloadType.KEY_EXCHANGE
    data: bytes


@dataclass(frozen=True, slots=True)
class Identification:
    """An identification payload: type, protocol, port, the type's own octets (RFC 2407 4.6.2)."""

    TYPE: ClassVar[int] = PayloadType.IDENTIFICATION
    id_type: int
    data: bytes
    protocol: int = 0
    port: int = 0


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate payload: encoding and the certificate's octets."""

    TYPE: ClassVar[int] = PayloadType.CERTIFICATE
    encoding: int
    data: bytes


@dataclass(frozen=True, slots=True)
class CertificateRequest:
    """A certificate request payload: encoding and the acceptable authority's name."""

    TYPE: ClassVar[int] = PayloadType.CERTIFICATE_REQUEST
    encoding: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Hash:
    """A hash payload: HASH_I, HASH_R or HASH(1) to HASH(3)."""

    TYPE: ClassVar[int] = PayloadType.HASH
    data: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature payload."""

    TYPE: ClassVar[int] = PayloadType.SIGNATURE
    data: bytes


@dataclass(frozen=True, slots=True)
class Nonce:
    """A nonce payload; RFC 2409 5 allows 8 to 256 octets, the parser leaves that to the engine."""

    TYPE: ClassVar[int] = PayloadType.NONCE
    data: bytes


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification payload (RFC 2408 3.14): protocol, type, SPI (may be empty) and data."""

    TYPE: ClassVar[int] = PayloadType.NOTIFICATION
    notify_type: int
    protocol_id: int = 1
    spi: bytes = b""
    data: bytes = b""
    doi: int = IPSEC_DOI


@dataclass(frozen=True, slots=True)
class Delete:
    """A delete payload (RFC 2408 3.15): SPIs of one size; for ISAKMP both cookies, 16 octets."""

    TYPE: ClassVar[int] = PayloadType.DELETE
    protocol_id: int
    spis: tuple[bytes, ...]
    doi: int = IPSEC_DOI


@dataclass(frozen=True, slots=True)
class VendorId:
    """A vendor id payload; `vendor_ids.name_of` knows the well-known ones."""

    TYPE: ClassVar[int] = PayloadType.VENDOR_ID
    data: bytes


@dataclass(frozen=True, slots=True)
class Attributes:
    """An attributes payload of mode-config and XAUTH: message type, identifier, attributes."""

    TYPE: ClassVar[int] = PayloadType.ATTRIBUTES
    cfg_type: int
    identifier: int
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class NatDiscovery:
    """A NAT-D payload: hash of cookies, address, port (RFC 3947 3.2); `draft` means number 130."""

    TYPE: ClassVar[int] = PayloadType.NAT_D
    data: bytes
    draft: bool = False


@dataclass(frozen=True, slots=True)
class NatOriginalAddress:
    """A NAT-OA payload: id type and address (RFC 3947 5.2); `draft` means number 131."""

    TYPE: ClassVar[int] = PayloadType.NAT_OA
    id_type: int
    data: bytes
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """Cisco's IKE fragment (payload 132): id 2, number 1, last flag 1, then the slice."""

    TYPE: ClassVar[int] = PayloadType.FRAGMENT
    fragment_id: int
    number: int
    last: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class UnknownPayload:
    """A payload whose type nobody assigned; it survives parsing as number and octets."""

    payload_type: int
    data: bytes


Payload = (
    SecurityAssociation
    | KeyExchange
    | Identification
    | Certificate
    | CertificateRequest
    | Hash
    | Signature
    | Nonce
    | Notification
    | Delete
    | VendorId
    | Attributes
    | NatDiscovery
    | NatOriginalAddress
    | Fragment
    | UnknownPayload
)


def payload_type(payload: Payload) -> int:
    """Give the payload number under which a payload travels, drafts and unknown ones included."""
    if isinstance(payload, UnknownPayload):
        return payload.payload_type
    if isinstance(payload, NatDiscovery) and payload.draft:
        return PayloadType.NAT_D_DRAFT
    if isinstance(payload, NatOriginalAddress) and payload.draft:
        return PayloadType.NAT_OA_DRAFT
    return payload.TYPE
