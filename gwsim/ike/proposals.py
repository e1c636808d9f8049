"""The choice among proposals, and why it fell as it did.

A responder walks the offer in its order and for each transform its own entries in theirs; the
first pair without a difference wins. When none does, every difference is kept as a `Comparison`,
attribute by attribute, so that any vendor can say what was offered and what was wanted. An
initiator checks that the answer is one of its own transforms, unaltered.
Sources: RFC 2408 4.2, RFC 2409 5 and Appendix A, RFC 2407 4.4 and 4.5.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gwsim.ike.config import (
    ChildConfig,
    LifetimePolicy,
    PfsPolicy,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.ike.events import Comparison
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.lifetimes import (
    Lifetimes,
    acceptable,
    agree,
    phase1_lifetimes,
    phase2_default,
    phase2_lifetimes,
)
from gwsim.ike.offers import KEY_IKE, check_answer, check_form
from gwsim.wire.numbers import Phase1Attribute, Phase2Attribute, Protocol
from gwsim.wire.payloads import Proposal, SecurityAssociation, Transform

Difference = tuple[str, int | None, int | None]

_P1 = Phase1Attribute
_P2 = Phase2Attribute


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
    """The outcome of phase 2: as `Phase1Choice`, with lifetimes, PFS group and ESN apart."""

    proposal: Proposal
    transform: Transform
    policy: int
    agreed: Phase2Transform
    offered: Lifetimes
    lifetimes: Lifetimes
    group: int | None
    esn: bool


class NoChoice(Exception):
    """Nothing was acceptable; carries the comparisons."""

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


def choose_phase1(
    sa: SecurityAssociation, entries: tuple[Phase1Transform, ...], policy: LifetimePolicy
) -> Phase1Choice:
    """Choose the first offered transform that matches an entry; `NoChoice` says why none did."""
    check_form(sa)
    reasons: list[Comparison] = []
    for p, t in _transforms(sa):
        offered = phase1_lifetimes(t)
        for number, entry in enumerate(entries, 1):
            found = _phase1_attributes(p, t, entry)
            if not acceptable(policy, entry.lifetime_seconds, offered.seconds):
                found.append(("lifetime", offered.seconds, entry.lifetime_seconds))
            failed = _compare(found, p, t, number)
            if not failed:
                return _agree_phase1(p, t, number, entry, offered, policy)
            reasons += failed
    raise NoChoice(reasons)


def confirm_phase1(sa: SecurityAssociation, offers: tuple[Phase1Transform, ...]) -> Phase1Choice:
    """Check as initiator that main-2 or aggr-2 returns one transform of our offer, unaltered.

    A changed lifetime is accepted as the responder's wish (Cisco does so); any other change is
    refused (RFC 2408 4.2).
    """
    p, t = check_answer(sa)
    offered = phase1_lifetimes(t)
    for number, entry in enumerate(offers, 1):
        if not _compare(_phase1_attributes(p, t, entry), p, t, number):
            return _agree_phase1(p, t, number, entry, offered, LifetimePolicy.LOWER)
    raise Refused(Flaw.CHANGED_ANSWER, "the answer is no transform of our offer")


def _agree_phase1(
    p: Proposal,
    t: Transform,
    number: int,
    entry: Phase1Transform,
    offered: Lifetimes,
    policy: LifetimePolicy,
) -> Phase1Choice:
    ours = Lifetimes(entry.lifetime_seconds, entry.lifetime_kilobytes)
    life = agree(policy, ours, offered)
    agreed = replace(entry, lifetime_seconds=life.seconds, lifetime_kilobytes=life.kilobytes)
    return Phase1Choice(p, t, number, agreed, offered)


def choose_phase2(
    sa: SecurityAssociation,
    child: ChildConfig,
    mode: int,
    pfs: PfsPolicy,
    policy: LifetimePolicy,
) -> Phase2Choice:
    """Choose the first acceptable ESP transform of quick-1; `NoChoice` says why none was.

    `mode` is the number of the encapsulation mode that this side would offer itself.
    """
    check_form(sa)
    ours = phase2_default(child.lifetime_seconds, child.lifetime_kilobytes)
    reasons: list[Comparison] = []
    for p, t in _transforms(sa):
        offered = phase2_lifetimes(t)
        for number, entry in enumerate(child.transforms, 1):
            found = _phase2_attributes(p, t, entry, mode)
            found += _bundle(sa, p) + _child_differences(t, child, pfs)
            if not acceptable(policy, ours.seconds, offered.seconds):
                found.append(("lifetime", offered.seconds, ours.seconds))
            failed = _compare(found, p, t, number)
            if not failed:
                return _agree_phase2(p, t, number, entry, offered, agree(policy, ours, offered))
            reasons += failed
    raise NoChoice(reasons)


def confirm_phase2(
    sa: SecurityAssociation, child: ChildConfig, group: int | None, mode: int
) -> Phase2Choice:
    """Check as initiator that quick-2 returns one transform of our offer, unaltered.

    A changed lifetime is accepted as in phase 1.
    """
    p, t = check_answer(sa)
    ours = phase2_default(child.lifetime_seconds, child.lifetime_kilobytes)
    offered = phase2_lifetimes(t)
    wanted = [
        ("pfs group", t.get(_P2.GROUP_DESCRIPTION), group),
        ("extended sequence number", t.get(_P2.EXTENDED_SEQUENCE_NUMBER), 1 if child.esn else None),
    ]
    for number, entry in enumerate(child.transforms, 1):
        if not _compare(_phase2_attributes(p, t, entry, mode) + wanted, p, t, number):
            life = agree(LifetimePolicy.LOWER, ours, offered)
            return _agree_phase2(p, t, number, entry, offered, life)
    raise Refused(Flaw.CHANGED_ANSWER, "the answer is no transform of our offer")


def _agree_phase2(
    p: Proposal,
    t: Transform,
    number: int,
    entry: Phase2Transform,
    offered: Lifetimes,
    life: Lifetimes,
) -> Phase2Choice:
    esn = t.get(_P2.EXTENDED_SEQUENCE_NUMBER) == 1
    return Phase2Choice(p, t, number, entry, offered, life, t.get(_P2.GROUP_DESCRIPTION), esn)


def _transforms(sa: SecurityAssociation) -> Iterator[tuple[Proposal, Transform]]:
    """Walk an offer in its order of preference."""
    return ((p, t) for p in sa.proposals for t in p.transforms)


def _phase1_attributes(p: Proposal, t: Transform, entry: Phase1Transform) -> list[Difference]:
    return [
        ("protocol", p.protocol_id, Protocol.ISAKMP),
        ("transform", t.transform_id, KEY_IKE),
        ("authentication", t.get(_P1.AUTHENTICATION_METHOD), entry.authentication),
        ("encryption", t.get(_P1.ENCRYPTION), entry.encryption),
        ("key length", t.get(_P1.KEY_LENGTH), entry.key_bits),
        ("hash", t.get(_P1.HASH), entry.hash),
        ("group", t.get(_P1.GROUP_DESCRIPTION), entry.group),
        ("attribute", _strange(t, _PHASE1_ONCE, _PHASE1_LIFE), None),
    ]


def _phase2_attributes(
    p: Proposal, t: Transform, entry: Phase2Transform, mode: int
) -> list[Difference]:
    return [
        ("protocol", p.protocol_id, Protocol.ESP),
        ("transform", t.transform_id, entry.transform),
        ("key length", t.get(_P2.KEY_LENGTH), entry.key_bits),
        ("authentication", t.get(_P2.AUTHENTICATION_ALGORITHM), entry.authentication),
        ("encapsulation mode", t.get(_P2.ENCAPSULATION_MODE), mode),
        ("attribute", _strange(t, _PHASE2_ONCE, _PHASE2_LIFE), None),
    ]


def _bundle(sa: SecurityAssociation, p: Proposal) -> list[Difference]:
    """Count proposals of one number: they belong together (ESP and AH, ESP and IPComp)."""
    together = sum(1 for other in sa.proposals if other.number == p.number)
    return [("bundle", together, 1)]


def _child_differences(t: Transform, child: ChildConfig, pfs: PfsPolicy) -> list[Difference]:
    """Compare what is not configured by the transform but for the child as a whole."""
    found: list[Difference] = []
    esn = t.get(_P2.EXTENDED_SEQUENCE_NUMBER)
    if esn is not None:
        found.append(("extended sequence number", esn, 1 if child.esn else None))
    wanted = child.pfs_group
    if pfs is PfsPolicy.EXACT or (pfs is PfsPolicy.IF_CONFIGURED and wanted is not None):
        found.append(("pfs group", t.get(_P2.GROUP_DESCRIPTION), wanted))
    return found


def _compare(found: list[Difference], p: Proposal, t: Transform, policy: int) -> list[Comparison]:
    """Keep what differs, with its place in the offer and in our own list."""
    return [
        Comparison(
            attribute=name,
            offered=offered,
            wanted=wanted,
            proposal=p.number,
            transform=t.number,
            policy=policy,
        )
        for name, offered, wanted in found
        if offered != wanted
    ]


_PHASE1_LIFE = frozenset({_P1.LIFE_TYPE, _P1.LIFE_DURATION})
_PHASE1_ONCE = frozenset(
    {_P1.ENCRYPTION, _P1.HASH, _P1.AUTHENTICATION_METHOD, _P1.GROUP_DESCRIPTION, _P1.KEY_LENGTH}
)
_PHASE2_LIFE = frozenset({_P2.LIFE_TYPE, _P2.LIFE_DURATION})
_PHASE2_ONCE = frozenset(
    {_P2.GROUP_DESCRIPTION, _P2.ENCAPSULATION_MODE, _P2.AUTHENTICATION_ALGORITHM, _P2.KEY_LENGTH}
    | {_P2.EXTENDED_SEQUENCE_NUMBER}
)


def _strange(t: Transform, once: frozenset[int], often: frozenset[int]) -> int | None:
    """Find an attribute that is unknown, or given twice so that the two may conflict."""
    seen: set[int] = set()
    for a in t.attributes:
        if a.type in seen or a.type not in once | often:
            return a.type
        if a.type in once:
            seen.add(a.type)
    return None
