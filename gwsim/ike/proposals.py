"""Offers and choices: SA payloads from configuration, and the choice with its reasons.

A responder walks the offer in its order and for each transform its own entries in theirs; the
first pair without a difference wins. When none does, every difference is kept as a `Comparison`,
attribute by attribute, so that any vendor can say what was offered and what was wanted.
Sources: RFC 2408 4.2, RFC 2409 5 and Appendix A, RFC 2407 4.4 and 4.5.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

from gwsim.ike.config import (
    ChildConfig,
    LifetimePolicy,
    PfsPolicy,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.ike.events import Comparison
from gwsim.ike.flaws import Flaw, Refused
from gwsim.wire.numbers import (
    IPSEC_DOI,
    SIT_IDENTITY_ONLY,
    LifeType,
    Phase1Attribute,
    Phase2Attribute,
    Protocol,
)
from gwsim.wire.payloads import Attribute, Proposal, SecurityAssociation, Transform

KEY_IKE = 1
P1 = Phase1Attribute
P2 = Phase2Attribute


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Lifetimes found in a transform: seconds and kilobytes, None where absent."""

    seconds: int | None
    kilobytes: int | None


@dataclass(frozen=True, slots=True)
class Phase1Choice:
    """The outcome of phase 1: where in the offer, which entry of ours, what was agreed."""

    proposal: Proposal
    transform: Transform
    policy: int
    agreed: Phase1Transform
    offered: Lifetimes


@dataclass(frozen=True, slots=True)
class Phase2Choice:
    """The outcome of phase 2: as `Phase1Choice`, with the PFS group and ESN agreed on."""

    proposal: Proposal
    transform: Transform
    policy: int
    agreed: Phase2Transform
    offered: Lifetimes
    group: int | None
    esn: bool


class NoChoice(Exception):
    """Nothing was acceptable; carries the comparisons and, for PFS, the two groups."""

    def __init__(self, comparisons: list[Comparison]) -> None:
        super().__init__("no acceptable proposal")
        self.comparisons = tuple(comparisons)

    def only(self, attribute: str) -> Comparison | None:
        """Give a comparison of this attribute if some offer failed on nothing else."""
        by_offer: dict[tuple[int, int, int], list[Comparison]] = {}
        for c in self.comparisons:
            by_offer.setdefault((c.proposal, c.transform, c.policy), []).append(c)
        for group in by_offer.values():
            if all(c.attribute == attribute for c in group):
                return group[0]
        return None


def offer_phase1(transforms: tuple[Phase1Transform, ...]) -> SecurityAssociation:
    """Build the SA payload of main-1 or aggr-1: one proposal, many transforms (RFC 2409 5)."""
    numbered = tuple(_phase1_transform(i, t) for i, t in enumerate(transforms, 1))
    return SecurityAssociation((Proposal(1, Protocol.ISAKMP, b"", numbered),))


def _phase1_transform(number: int, t: Phase1Transform) -> Transform:
    attributes = [
        Attribute.number(P1.ENCRYPTION, t.encryption),
        Attribute.number(P1.HASH, t.hash),
        Attribute.number(P1.AUTHENTICATION_METHOD, t.authentication),
        Attribute.number(P1.GROUP_DESCRIPTION, t.group),
    ]
    if t.key_bits is not None:
        attributes.append(Attribute.number(P1.KEY_LENGTH, t.key_bits))
    attributes += _life(P1.LIFE_TYPE, P1.LIFE_DURATION, t.lifetime_seconds, t.lifetime_kilobytes)
    return Transform(number, KEY_IKE, tuple(attributes))


def _life(type_: int, duration: int, seconds: int | None, kb: int | None) -> list[Attribute]:
    found = []
    for unit, value in ((LifeType.SECONDS, seconds), (LifeType.KILOBYTES, kb)):
        if value is not None:
            found += [Attribute.number(type_, unit), Attribute.number(duration, value)]
    return found


def offer_phase2(child: ChildConfig, spi: int, group: int | None, mode: int) -> SecurityAssociation:
    """Build the SA payload of quick-1: one ESP proposal, a transform per configured one."""
    transforms = tuple(
        _phase2_transform(i, t, child, group, mode) for i, t in enumerate(child.transforms, 1)
    )
    return SecurityAssociation((Proposal(1, Protocol.ESP, spi.to_bytes(4, "big"), transforms),))


def _phase2_transform(
    number: int, t: Phase2Transform, child: ChildConfig, group: int | None, mode: int
) -> Transform:
    attributes = _life(
        P2.LIFE_TYPE, P2.LIFE_DURATION, child.lifetime_seconds, child.lifetime_kilobytes
    )
    attributes.append(Attribute.number(P2.ENCAPSULATION_MODE, mode))
    if t.authentication is not None:
        attributes.append(Attribute.number(P2.AUTHENTICATION_ALGORITHM, t.authentication))
    if t.key_bits is not None:
        attributes.append(Attribute.number(P2.KEY_LENGTH, t.key_bits))
    if group is not None:
        attributes.append(Attribute.number(P2.GROUP_DESCRIPTION, group))
    if child.esn:
        attributes.append(Attribute.number(P2.EXTENDED_SEQUENCE_NUMBER, 1))
    return Transform(number, t.transform, tuple(attributes))


def check_syntax(sa: SecurityAssociation) -> None:
    """Refuse a wrong DOI or situation and proposals out of order (RFC 2408 4.2, 5.4, 5.5)."""
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


def _check_transforms(p: Proposal) -> None:
    if not p.transforms:
        raise Refused(Flaw.PROPOSAL_SYNTAX, f"proposal {p.number} has no transform")
    numbers = [t.number for t in p.transforms]
    if any(a >= b for a, b in pairwise(numbers)):
        raise Refused(Flaw.PROPOSAL_SYNTAX, f"transform numbers {numbers} are not ascending")
    if p.protocol_id == Protocol.ISAKMP and len(p.spi) not in (0, 8, 16):
        raise Refused(Flaw.SPI, f"SPI of {len(p.spi)} octets for ISAKMP")
    if p.protocol_id in (Protocol.ESP, Protocol.AH):
        if len(p.spi) != 4:
            raise Refused(Flaw.SPI, f"SPI of {len(p.spi)} octets for protocol {p.protocol_id}")
        if int.from_bytes(p.spi, "big") < 256:
            raise Refused(Flaw.SPI, f"SPI {int.from_bytes(p.spi, 'big')} is reserved")
    elif p.protocol_id not in (Protocol.ISAKMP, Protocol.IPCOMP):
        raise Refused(Flaw.PROTOCOL_ID, f"protocol {p.protocol_id} in proposal {p.number}")


def lifetimes(transform: Transform, type_: int, duration: int) -> Lifetimes:
    """Read life type and duration pairs; a duration without a type is a syntax error."""
    unit: int | None = None
    found: dict[int, int] = {}
    for a in transform.attributes:
        if a.type == type_:
            unit = a.as_int
        elif a.type == duration:
            if unit not in (LifeType.SECONDS, LifeType.KILOBYTES):
                raise Refused(Flaw.ATTRIBUTES, f"life duration with life type {unit}")
            found.setdefault(unit, a.as_int)
            unit = None
    return Lifetimes(found.get(LifeType.SECONDS), found.get(LifeType.KILOBYTES))


def lower(ours: int | None, theirs: int | None) -> int | None:
    """Give the smaller of two lifetimes, None meaning unlimited."""
    known = [x for x in (ours, theirs) if x is not None]
    return min(known) if known else None


def agree_lifetime(policy: LifetimePolicy, ours: int | None, theirs: int | None) -> int | None:
    """Apply a responder's lifetime policy to one unit."""
    if policy is LifetimePolicy.OBEY and theirs is not None:
        return theirs
    return lower(ours, theirs)


def _lifetime_refused(policy: LifetimePolicy, ours: int | None, theirs: int | None) -> bool:
    if policy is LifetimePolicy.EXACT:
        return ours != theirs
    if policy is LifetimePolicy.STRICT and ours is not None:
        return theirs is None or theirs > ours
    return False


_PHASE1_KNOWN = frozenset(
    {P1.ENCRYPTION, P1.HASH, P1.AUTHENTICATION_METHOD, P1.GROUP_DESCRIPTION, P1.KEY_LENGTH}
    | {P1.LIFE_TYPE, P1.LIFE_DURATION}
)
_PHASE2_KNOWN = frozenset(
    {P2.LIFE_TYPE, P2.LIFE_DURATION, P2.GROUP_DESCRIPTION, P2.ENCAPSULATION_MODE}
    | {P2.AUTHENTICATION_ALGORITHM, P2.KEY_LENGTH, P2.EXTENDED_SEQUENCE_NUMBER}
)


def _unknown(
    transform: Transform, known: frozenset[Phase1Attribute] | frozenset[Phase2Attribute]
) -> int | None:
    for a in transform.attributes:
        if a.type not in known:
            return a.type
    return None


def choose_phase1(
    sa: SecurityAssociation, entries: tuple[Phase1Transform, ...], policy: LifetimePolicy
) -> Phase1Choice:
    """Choose the first offered transform that matches an entry; `NoChoice` says why none did."""
    check_syntax(sa)
    reasons: list[Comparison] = []
    for p in sa.proposals:
        for t in p.transforms:
            offered = lifetimes(t, P1.LIFE_TYPE, P1.LIFE_DURATION)
            for number, entry in enumerate(entries, 1):
                failed = _differences1(p, t, entry, number, offered, policy)
                if not failed:
                    return _agree1(p, t, entry, number, offered, policy)
                reasons += failed
    raise NoChoice(reasons)


def _agree1(
    p: Proposal,
    t: Transform,
    entry: Phase1Transform,
    number: int,
    offered: Lifetimes,
    policy: LifetimePolicy,
) -> Phase1Choice:
    agreed = replace(
        entry,
        lifetime_seconds=agree_lifetime(policy, entry.lifetime_seconds, offered.seconds),
        lifetime_kilobytes=agree_lifetime(policy, entry.lifetime_kilobytes, offered.kilobytes),
    )
    return Phase1Choice(p, t, number, agreed, offered)


def _differences1(
    p: Proposal,
    t: Transform,
    entry: Phase1Transform,
    number: int,
    offered: Lifetimes,
    policy: LifetimePolicy,
) -> list[Comparison]:
    pairs: list[tuple[str, int | None, int | None]] = [
        ("protocol", p.protocol_id, Protocol.ISAKMP),
        ("transform", t.transform_id, KEY_IKE),
        ("authentication", t.get(P1.AUTHENTICATION_METHOD), entry.authentication),
        ("encryption", t.get(P1.ENCRYPTION), entry.encryption),
        ("key length", t.get(P1.KEY_LENGTH), entry.key_bits),
        ("hash", t.get(P1.HASH), entry.hash),
        ("group", t.get(P1.GROUP_DESCRIPTION), entry.group),
    ]
    strange = _unknown(t, _PHASE1_KNOWN)
    if strange is not None:
        pairs.append(("attribute", strange, None))
    if _lifetime_refused(policy, entry.lifetime_seconds, offered.seconds):
        pairs.append(("lifetime", offered.seconds, entry.lifetime_seconds))
    return _compare(pairs, p, t, number)


def _compare(
    pairs: list[tuple[str, int | None, int | None]], p: Proposal, t: Transform, number: int
) -> list[Comparison]:
    return [
        Comparison(
            attribute=name,
            offered=a,
            wanted=b,
            proposal=p.number,
            transform=t.number,
            policy=number,
        )
        for name, a, b in pairs
        if a != b
    ]


def confirm_phase1(sa: SecurityAssociation, offers: tuple[Phase1Transform, ...]) -> Phase1Choice:
    """Check as initiator that main-2 or aggr-2 returns one transform of our offer, unaltered.

    A changed lifetime is accepted as the responder's wish (Cisco does so); any other change is
    refused (RFC 2408 4.2).
    """
    check_syntax(sa)
    if len(sa.proposals) != 1 or len(sa.proposals[0].transforms) != 1:
        raise Refused(Flaw.PROPOSAL_SYNTAX, "the answer must hold exactly one transform")
    p, t = sa.proposals[0], sa.proposals[0].transforms[0]
    offered = lifetimes(t, P1.LIFE_TYPE, P1.LIFE_DURATION)
    for number, entry in enumerate(offers, 1):
        if not _differences1(p, t, entry, number, offered, LifetimePolicy.LOWER):
            return _agree1(p, t, entry, number, offered, LifetimePolicy.LOWER)
    raise Refused(Flaw.CHANGED_ANSWER, "the answer is no transform of our offer")


def choose_phase2(
    sa: SecurityAssociation,
    child: ChildConfig,
    mode: int,
    pfs: PfsPolicy,
    lifetime: LifetimePolicy,
) -> Phase2Choice:
    """Choose the first acceptable ESP transform of quick-1; `NoChoice` says why none was."""
    check_syntax(sa)
    reasons: list[Comparison] = []
    bundles = [p.number for p in sa.proposals]
    for p in sa.proposals:
        bundled = bundles.count(p.number) > 1
        for t in p.transforms:
            offered = lifetimes(t, P2.LIFE_TYPE, P2.LIFE_DURATION)
            for number, entry in enumerate(child.transforms, 1):
                failed = _differences2(p, t, entry, number, child, mode, bundled)
                failed += _policy_differences2(p, t, number, child, pfs, lifetime, offered)
                if not failed:
                    return _agree2(p, t, entry, number, child, offered)
                reasons += failed
    raise NoChoice(reasons)


def _agree2(
    p: Proposal,
    t: Transform,
    entry: Phase2Transform,
    number: int,
    child: ChildConfig,
    offered: Lifetimes,
) -> Phase2Choice:
    esn = child.esn and t.get(P2.EXTENDED_SEQUENCE_NUMBER) == 1
    return Phase2Choice(p, t, number, entry, offered, t.get(P2.GROUP_DESCRIPTION), esn)


def _differences2(
    p: Proposal,
    t: Transform,
    entry: Phase2Transform,
    number: int,
    child: ChildConfig,
    mode: int,
    bundled: bool,
) -> list[Comparison]:
    pairs: list[tuple[str, int | None, int | None]] = [
        ("protocol", p.protocol_id, Protocol.ESP),
        ("transform", t.transform_id, entry.transform),
        ("key length", t.get(P2.KEY_LENGTH), entry.key_bits),
        ("authentication", t.get(P2.AUTHENTICATION_ALGORITHM), entry.authentication),
        ("encapsulation mode", t.get(P2.ENCAPSULATION_MODE), mode),
    ]
    if bundled:
        pairs.append(("bundle", 2, 1))
    strange = _unknown(t, _PHASE2_KNOWN)
    if strange is not None:
        pairs.append(("attribute", strange, None))
    esn = t.get(P2.EXTENDED_SEQUENCE_NUMBER)
    if esn is not None and not child.esn:
        pairs.append(("extended sequence number", esn, None))
    return _compare(pairs, p, t, number)


def _policy_differences2(
    p: Proposal,
    t: Transform,
    number: int,
    child: ChildConfig,
    pfs: PfsPolicy,
    lifetime: LifetimePolicy,
    offered: Lifetimes,
) -> list[Comparison]:
    pairs: list[tuple[str, int | None, int | None]] = []
    group = t.get(P2.GROUP_DESCRIPTION)
    wanted = child.pfs_group
    if pfs is PfsPolicy.EXACT or (pfs is PfsPolicy.IF_CONFIGURED and wanted is not None):
        pairs.append(("pfs group", group, wanted))
    if _lifetime_refused(lifetime, child.lifetime_seconds, offered.seconds):
        pairs.append(("lifetime", offered.seconds, child.lifetime_seconds))
    return _compare(pairs, p, t, number)


def confirm_phase2(
    sa: SecurityAssociation, child: ChildConfig, group: int | None, mode: int
) -> Phase2Choice:
    """Check as initiator that quick-2 returns one transform of our offer."""
    check_syntax(sa)
    if len(sa.proposals) != 1 or len(sa.proposals[0].transforms) != 1:
        raise Refused(Flaw.PROPOSAL_SYNTAX, "the answer must hold exactly one transform")
    p, t = sa.proposals[0], sa.proposals[0].transforms[0]
    offered = lifetimes(t, P2.LIFE_TYPE, P2.LIFE_DURATION)
    for number, entry in enumerate(child.transforms, 1):
        same = not _differences2(p, t, entry, number, child, mode, False)
        if same and t.get(P2.GROUP_DESCRIPTION) == group:
            return _agree2(p, t, entry, number, child, offered)
    raise Refused(Flaw.CHANGED_ANSWER, "the answer is no transform of our offer")
