"""Proposals in words: every attribute by its name, and what differs between two of them.

Names are those that devices show and people say; a number nobody assigned stands as a number.
Sources: RFC 2409 Appendix A, RFC 2407 4.4 and 4.5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gwsim.wire.errors import WireError
from gwsim.wire.numbers import (
    AuthenticationMethod,
    EncapsulationMode,
    Encryption,
    EspAuthentication,
    EspTransform,
    Group,
    HashAlgorithm,
    IdType,
    LifeType,
    Phase1Attribute,
    Phase2Attribute,
    Protocol,
    name_of,
)
from gwsim.wire.payloads import (
    Attribute,
    Identification,
    Proposal,
    SecurityAssociation,
    Transform,
)
from gwsim.wire.selector import from_identification

_ENCRYPTIONS: dict[int, str] = {
    Encryption.DES_CBC: "DES",
    Encryption.IDEA_CBC: "IDEA",
    Encryption.BLOWFISH_CBC: "Blowfish",
    Encryption.RC5_CBC: "RC5",
    Encryption.TRIPLE_DES_CBC: "3DES",
    Encryption.CAST_CBC: "CAST",
    Encryption.AES_CBC: "AES",
    Encryption.CAMELLIA_CBC: "Camellia",
}
_HASHES: dict[int, str] = {
    HashAlgorithm.MD5: "MD5",
    HashAlgorithm.SHA1: "SHA-1",
    HashAlgorithm.SHA2_256: "SHA-256",
    HashAlgorithm.SHA2_384: "SHA-384",
    HashAlgorithm.SHA2_512: "SHA-512",
}
_INTEGRITIES: dict[int, str] = {
    EspAuthentication.HMAC_MD5: "MD5",
    EspAuthentication.HMAC_SHA1: "SHA-1",
    EspAuthentication.HMAC_SHA2_256: "SHA-256",
    EspAuthentication.HMAC_SHA2_384: "SHA-384",
    EspAuthentication.HMAC_SHA2_512: "SHA-512",
}
_METHODS: dict[int, str] = {
    AuthenticationMethod.PRE_SHARED_KEY: "pre-shared key",
    AuthenticationMethod.RSA_SIGNATURES: "RSA signatures",
    AuthenticationMethod.XAUTH_INIT_PRE_SHARED: "XAUTH, pre-shared key",
}
_P1 = Phase1Attribute
_P2 = Phase2Attribute

ENCRYPTION = "encryption"
LIFETIME = "lifetime"
_UNITS: dict[int, tuple[str, str]] = {
    LifeType.SECONDS: (LIFETIME, "s"),
    LifeType.KILOBYTES: ("volume", "kB"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One transform in words: `attributes` are pairs of a name and a value, in a fixed order."""

    protocol: str
    attributes: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Write it in one line: `AES-256, SHA-1, group 2, pre-shared key, 86400 s`."""
        values = ", ".join(value for _, value in self.attributes)
        return f"{self.protocol} {values}" if self.protocol else values

    def get(self, name: str) -> str:
        """Give the value of an attribute, "" when it has none."""
        return dict(self.attributes).get(name, "")


def offers(sa: SecurityAssociation) -> tuple[Offer, ...]:
    """Put all transforms of an SA payload into words, in their order."""
    return tuple(
        _offer(proposal, transform)
        for proposal in sa.proposals
        for transform in proposal.transforms
    )


def identity_text(payload: Identification) -> str:
    """Write an identity or a proxy ID: a network, a name, else its type and octets."""
    try:
        return str(from_identification(payload))
    except WireError:
        kind = name_of(IdType, payload.id_type)
    text = payload.data.decode("ascii", "replace")
    return f"{kind} {text if text.isprintable() and text.isascii() else payload.data.hex()}"


def differences(one: Offer, other: Offer) -> tuple[str, ...]:
    """Say in which attributes two offers differ: `group: 2 and 14`."""
    names = dict.fromkeys(name for name, _ in (*one.attributes, *other.attributes))
    return tuple(
        f"{name}: {one.get(name) or 'none'} and {other.get(name) or 'none'}"
        for name in names
        if one.get(name) != other.get(name)
    )


def nearest_offers(some: Sequence[Offer], others: Sequence[Offer]) -> tuple[str, ...]:
    """Compare two lists of offers: nothing if any two agree, else how the nearest two differ."""
    found = [differences(one, other) for one in some for other in others]
    return min(found, key=len, default=())


def _offer(proposal: Proposal, transform: Transform) -> Offer:
    if proposal.protocol_id == Protocol.ISAKMP:
        return Offer("", tuple(_phase1(transform)))
    protocol = name_of(Protocol, proposal.protocol_id)
    return Offer(protocol, tuple(_phase2(proposal, transform)))


def _phase1(transform: Transform) -> Iterator[tuple[str, str]]:
    cipher = _named(_ENCRYPTIONS, transform.get(_P1.ENCRYPTION))
    yield ENCRYPTION, _with_bits(cipher, transform.get(_P1.KEY_LENGTH))
    yield "hash", _named(_HASHES, transform.get(_P1.HASH))
    yield "group", _group(transform.get(_P1.GROUP_DESCRIPTION))
    method = transform.get(_P1.AUTHENTICATION_METHOD)
    yield "authentication", _METHODS.get(method or 0) or _number(AuthenticationMethod, method)
    yield from _lifetimes(transform, _P1.LIFE_TYPE, _P1.LIFE_DURATION)


def _phase2(proposal: Proposal, transform: Transform) -> Iterator[tuple[str, str]]:
    if proposal.protocol_id == Protocol.ESP:
        cipher = name_of(EspTransform, transform.transform_id)
        yield ENCRYPTION, _with_bits(cipher, transform.get(_P2.KEY_LENGTH))
    else:
        yield "transform", str(transform.transform_id)
    integrity = transform.get(_P2.AUTHENTICATION_ALGORITHM)
    if integrity is not None:
        yield "integrity", _named(_INTEGRITIES, integrity)
    group = transform.get(_P2.GROUP_DESCRIPTION)
    yield "PFS", "no PFS" if group is None else f"PFS {_group(group)}"
    mode = transform.get(_P2.ENCAPSULATION_MODE)
    if mode is not None:
        yield "mode", name_of(EncapsulationMode, mode).replace("-", " ").lower()
    yield from _lifetimes(transform, _P2.LIFE_TYPE, _P2.LIFE_DURATION)


def _lifetimes(transform: Transform, kind: int, duration: int) -> Iterator[tuple[str, str]]:
    """Read lifetimes, which come as pairs of a unit and a number."""
    unit: Attribute | None = None
    for attribute in transform.attributes:
        if attribute.type == kind:
            unit = attribute
        elif attribute.type == duration and unit is not None:
            name, symbol = _UNITS.get(unit.as_int, ("lifetime", f"of unit {unit.as_int}"))
            yield name, f"{attribute.as_int} {symbol}"


def _named(names: dict[int, str], value: int | None) -> str:
    return "none" if value is None else names.get(value, f"number {value}")


def _number(numbers: type[AuthenticationMethod], value: int | None) -> str:
    return "none" if value is None else name_of(numbers, value).replace("-", " ").lower()


def _with_bits(name: str, bits: int | None) -> str:
    return name if bits is None else f"{name}-{bits}"


def _group(value: int | None) -> str:
    if value is None:
        return "no group"
    name = name_of(Group, value)
    return f"group {value}" if name == str(value) else f"group {value} ({name})"
