"""SA payloads: made from configuration, and checked for their form when they arrive.

Sources: RFC 2408 4.2, 5.4, 5.5; RFC 2409 5 and Appendix A; RFC 2407 4.4, 4.5 and 4.6.1.
"""

from itertools import pairwise

from gwsim.ike.config import ChildConfig, Phase1Transform, Phase2Transform
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.lifetimes import Lifetimes, life_attributes
from gwsim.wire.numbers import (
    IPSEC_DOI,
    SIT_IDENTITY_ONLY,
    Phase1Attribute,
    Phase2Attribute,
    Protocol,
)
from gwsim.wire.payloads import Attribute, Proposal, SecurityAssociation, Transform

KEY_IKE = 1
LOWEST_SPI = 256

_P1 = Phase1Attribute
_P2 = Phase2Attribute


def offer_phase1(transforms: tuple[Phase1Transform, ...]) -> SecurityAssociation:
    """Build the SA payload of main-1 or aggr-1: one proposal, many transforms (RFC 2409 5)."""
    numbered = tuple(_phase1_transform(i, t) for i, t in enumerate(transforms, 1))
    return SecurityAssociation((Proposal(1, Protocol.ISAKMP, b"", numbered),))


def _phase1_transform(number: int, t: Phase1Transform) -> Transform:
    attributes = [
        Attribute.number(_P1.ENCRYPTION, t.encryption),
        Attribute.number(_P1.HASH, t.hash),
        Attribute.number(_P1.AUTHENTICATION_METHOD, t.authentication),
        Attribute.number(_P1.GROUP_DESCRIPTION, t.group),
    ]
    if t.key_bits is not None:
        attributes.append(Attribute.number(_P1.KEY_LENGTH, t.key_bits))
    life = Lifetimes(t.lifetime_seconds, t.lifetime_kilobytes)
    attributes += life_attributes(_P1.LIFE_TYPE, _P1.LIFE_DURATION, life)
    return Transform(number, KEY_IKE, tuple(attributes))


def offer_phase2(
    child: ChildConfig, spi: int, group: int | None, mode: int, long_life: bool = False
) -> SecurityAssociation:
    """Build the SA payload of quick-1: one ESP proposal, a transform per configured one.

    With `long_life` durations are TLV of four octets whatever their value.
    """
    transforms = tuple(
        _phase2_transform(i, t, child, group, mode, long_life)
        for i, t in enumerate(child.transforms, 1)
    )
    return SecurityAssociation((Proposal(1, Protocol.ESP, spi.to_bytes(4, "big"), transforms),))


def _phase2_transform(
    number: int,
    t: Phase2Transform,
    child: ChildConfig,
    group: int | None,
    mode: int,
    long_life: bool,
) -> Transform:
    life = Lifetimes(child.lifetime_seconds, child.lifetime_kilobytes)
    attributes = list(life_attributes(_P2.LIFE_TYPE, _P2.LIFE_DURATION, life, long_life))
    attributes.append(Attribute.number(_P2.ENCAPSULATION_MODE, mode))
    if t.authentication is not None:
        attributes.append(Attribute.number(_P2.AUTHENTICATION_ALGORITHM, t.authentication))
    if t.key_bits is not None:
        attributes.append(Attribute.number(_P2.KEY_LENGTH, t.key_bits))
    if group is not None:
        attributes.append(Attribute.number(_P2.GROUP_DESCRIPTION, group))
    if child.esn:
        attributes.append(Attribute.number(_P2.EXTENDED_SEQUENCE_NUMBER, 1))
    return Transform(number, t.transform, tuple(attributes))


def check_form(sa: SecurityAssociation) -> None:
    """Refuse a wrong DOI or situation, numbers out of order, and SPIs that cannot be."""
    if sa.doi != IPSEC_DOI:
        raise Refused(Flaw.DOI, f"DOI {sa.doi}, wanted {IPSEC_DOI}")
    if sa.situation != SIT_IDENTITY_ONLY:
        raise Refused(Flaw.SITUATION, f"situation {sa.situation}, wanted {SIT_IDENTITY_ONLY}")
    if not sa.proposals:
        raise Refused(Flaw.PROPOSAL_SYNTAX, "SA payload without a proposal")
    numbers = [p.number for p in sa.proposals]
    if numbers != sorted(numbers):
        raise Refused(Flaw.PROPOSAL_SYNTAX, f"proposal numbers {numbers} are not ascending")
    for p in sa.proposals:
        _check_transforms(p)
        _check_spi(p)


def check_answer(sa: SecurityAssociation) -> tuple[Proposal, Transform]:
    """Check as initiator that an answer holds one proposal and one transform; gives both."""
    check_form(sa)
    if len(sa.proposals) != 1 or len(sa.proposals[0].transforms) != 1:
        raise Refused(Flaw.PROPOSAL_SYNTAX, "the answer must hold exactly one transform")
    return sa.proposals[0], sa.proposals[0].transforms[0]


def _check_transforms(p: Proposal) -> None:
    if not p.transforms:
        raise Refused(Flaw.PROPOSAL_SYNTAX, f"proposal {p.number} has no transform")
    numbers = [t.number for t in p.transforms]
    if any(a >= b for a, b in pairwise(numbers)):
        raise Refused(Flaw.PROPOSAL_SYNTAX, f"transform numbers {numbers} are not ascending")


def _check_spi(p: Proposal) -> None:
    """Refuse an SPI of the wrong size, or one of the reserved values (RFC 4303 2.1)."""
    if p.protocol_id == Protocol.ISAKMP and len(p.spi) not in (0, 8, 16):
        raise Refused(Flaw.SPI, f"SPI of {len(p.spi)} octets for ISAKMP")
    if p.protocol_id not in (Protocol.ESP, Protocol.AH):
        return
    if len(p.spi) != 4:
        raise Refused(Flaw.SPI, f"SPI of {len(p.spi)} octets for protocol {p.protocol_id}")
    if int.from_bytes(p.spi, "big") < LOWEST_SPI:
        raise Refused(Flaw.SPI, f"SPI {int.from_bytes(p.spi, 'big')} is reserved")
