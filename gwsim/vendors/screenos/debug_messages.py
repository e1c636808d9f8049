"""What sent and received messages have in common in the debug buffer: tags and names."""

from dataclasses import dataclass

from gwsim.wire.codec import HEADER_SIZE, build_payloads
from gwsim.wire.numbers import (
    ExchangeType,
    IdType,
    LifeType,
    NotifyType,
    PayloadType,
    Phase1Attribute,
    Phase2Attribute,
)
from gwsim.wire.payloads import (
    Identification,
    Payload,
    SecurityAssociation,
    Transform,
    payload_type,
)

_LIFE: dict[int, tuple[int, int]] = {
    1: (Phase1Attribute.LIFE_TYPE, Phase1Attribute.LIFE_DURATION),
    2: (Phase2Attribute.LIFE_TYPE, Phase2Attribute.LIFE_DURATION),
}

TAGS: dict[int, str] = {
    PayloadType.SA: "SA",
    PayloadType.KEY_EXCHANGE: "KE",
    PayloadType.IDENTIFICATION: "ID",
    PayloadType.CERTIFICATE: "CERT",
    PayloadType.CERTIFICATE_REQUEST: "CERT-REQ",
    PayloadType.HASH: "HASH",
    PayloadType.SIGNATURE: "SIG",
    PayloadType.NONCE: "NONCE",
    PayloadType.NOTIFICATION: "NOTIF",
    PayloadType.DELETE: "DELETE",
    PayloadType.VENDOR_ID: "VID",
    PayloadType.ATTRIBUTES: "ATTR",
    PayloadType.NAT_D: "NATD",
    PayloadType.NAT_D_DRAFT: "NATD",
    PayloadType.NAT_OA: "NATOA",
    PayloadType.NAT_OA_DRAFT: "NATOA",
}
"""`[SA] [VID]`: the payloads of a message; others by number."""

EXCHANGES: dict[int, str] = {
    ExchangeType.IDENTITY_PROTECTION: "MM",
    ExchangeType.AGGRESSIVE: "AG",
    ExchangeType.INFORMATIONAL: "INFO",
    ExchangeType.QUICK_MODE: "QM",
}
NAMES: dict[int, str] = {
    ExchangeType.IDENTITY_PROTECTION: "main",
    ExchangeType.AGGRESSIVE: "aggressive",
    ExchangeType.QUICK_MODE: "quick",
}
ID_NAMES: dict[int, str] = {
    IdType.IPV4_ADDR: "ID_IPV4_ADDR",
    IdType.FQDN: "ID_FQDN",
    IdType.USER_FQDN: "ID_USER_FQDN",
    IdType.IPV4_ADDR_SUBNET: "ID_IPV4_ADDR_SUBNET",
    IdType.IPV4_ADDR_RANGE: "ID_IPV4_ADDR_RANGE",
    IdType.DER_ASN1_DN: "ID_DER_ASN1_DN",
    IdType.KEY_ID: "ID_KEY_ID",
}
NOTIFY_NAMES: dict[int, str] = {n: n.name.replace("_", "-") for n in NotifyType}


def tag(number: int) -> str:
    """Give the tag of a payload type: `[KE]`."""
    return f"[{TAGS.get(number, number)}]"


def tags(payloads: tuple[Payload, ...]) -> str:
    """Give the tags of a message: `[SA] [VID] [VID]`."""
    return " ".join(tag(payload_type(p)) for p in payloads)


def plain_length(payloads: tuple[Payload, ...]) -> int:
    """Give the octets of a message before it is padded and encrypted, header included."""
    return HEADER_SIZE + len(build_payloads(payloads))


@dataclass(frozen=True, slots=True)
class Life:
    """A lifetime as a transform states it, 0 where it does not; `short` is the TV form."""

    seconds: int
    kilobytes: int
    short: bool


def life(transform: Transform, phase: int) -> Life:
    """Read the lifetime of a transform of phase 1 or 2."""
    unit_type, duration_type = _LIFE[phase]
    values, unit, short = {LifeType.SECONDS: 0, LifeType.KILOBYTES: 0}, LifeType.SECONDS, True
    for attribute in transform.attributes:
        if attribute.type == unit_type and attribute.as_int in (1, 2):
            unit = LifeType(attribute.as_int)
        elif attribute.type == duration_type:
            values[unit] = attribute.as_int
            short = attribute.short
    return Life(values[LifeType.SECONDS], values[LifeType.KILOBYTES], short)


def transforms_of(payloads: tuple[Payload, ...]) -> tuple[Transform, ...]:
    """Give all transforms of a message's SA payload, none when it has no such payload."""
    for payload in payloads:
        if isinstance(payload, SecurityAssociation):
            return tuple(t for p in payload.proposals for t in p.transforms)
    return ()


def id_text(payload: Identification) -> str:
    """Give what an identity says: an address dotted, anything else as characters."""
    if payload.id_type == IdType.IPV4_ADDR and len(payload.data) == 4:
        return ".".join(str(octet) for octet in payload.data)
    return payload.data.decode("ascii", "backslashreplace")
