"""Proposals in the debug output: what was offered, what is wanted here, what was agreed on.

What is wanted here is not told by an event as such; but a refused offer comes with every
difference between it and each of our own entries, so that these can be put together again.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gwsim.ike.events import Comparison, ProposalAccepted, ProposalRefused
from gwsim.vendors.fortios import words
from gwsim.vendors.fortios.names import (
    ESP_DIGESTS,
    ESP_TRANSFORMS,
    GROUPS,
    OAKLEY_CIPHERS,
    OAKLEY_HASHES,
    OAKLEY_METHODS,
)
from gwsim.wire.numbers import (
    EncapsulationMode,
    LifeType,
    Phase1Attribute,
    Phase2Attribute,
)
from gwsim.wire.payloads import Payload, SecurityAssociation, Transform

TUNNEL = "ENCAPSULATION_MODE_TUNNEL"

MODES: dict[int, str] = {
    EncapsulationMode.TUNNEL: TUNNEL,
    EncapsulationMode.TRANSPORT: words.TRANSPORT,
    EncapsulationMode.UDP_TUNNEL: words.UDP_MODE,
    EncapsulationMode.UDP_TRANSPORT: words.UDP_TRANSPORT,
    EncapsulationMode.UDP_TUNNEL_DRAFT: words.UDP_MODE_DRAFT,
    EncapsulationMode.UDP_TRANSPORT_DRAFT: words.UDP_TRANSPORT_DRAFT,
}


@dataclass(frozen=True, slots=True)
class Phase1Suite:
    """A combination for phase 1 as it is printed; `lifetime` in seconds, None where unknown."""

    method: int | None
    encryption: int | None
    key_bits: int | None
    digest: int | None
    group: int | None
    lifetime: int | None = None

    def lines(self, number: int) -> Iterator[str]:
        """Print it as a proposal of its own."""
        cipher = _name(OAKLEY_CIPHERS, self.encryption)
        bits = f", key-len={self.key_bits}" if self.key_bits else "."
        yield f"proposal id = {number}:"
        yield "  protocol id = ISAKMP:"
        yield "     trans_id = KEY_IKE."
        yield "     encapsulation = IKE/none"
        yield f"        type=OAKLEY_ENCRYPT_ALG, val={cipher}{bits}"
        yield f"        type=OAKLEY_HASH_ALG, val={_name(OAKLEY_HASHES, self.digest)}."
        yield f"        type=AUTH_METHOD, val={_name(OAKLEY_METHODS, self.method)}."
        yield f"        type=OAKLEY_GROUP, val={_name(GROUPS, self.group)}."
        if self.lifetime is not None:
            yield f"ISAKMP SA lifetime={self.lifetime}"


@dataclass(frozen=True, slots=True)
class Phase2Suite:
    """A combination for phase 2 as it is printed."""

    transform: int | None
    key_bits: int | None
    digest: int | None
    mode: int | None

    def lines(self) -> Iterator[str]:
        """Print it as a transform of a proposal."""
        bits = f" (key_len = {self.key_bits})" if self.key_bits else ""
        yield f"     trans_id = {_name(ESP_TRANSFORMS, self.transform)}{bits}"
        yield f"     encapsulation = {_name(MODES, self.mode)}"
        yield f"        type = AUTH_ALG, val={_digest(self.digest)}"


def _name(table: dict[int, str], number: int | None) -> str:
    return "none" if number is None else table.get(number, str(number))


def _digest(number: int | None) -> str:
    return ESP_DIGESTS.get(number, str(number))


def _transforms(payloads: Sequence[Payload]) -> list[tuple[int, Transform]]:
    """List the transforms of an SA payload with the numbers of their proposals."""
    return [
        (proposal.number, transform)
        for payload in payloads
        if isinstance(payload, SecurityAssociation)
        for proposal in payload.proposals
        for transform in proposal.transforms
    ]


def _suite1(transform: Transform) -> Phase1Suite:
    a = Phase1Attribute
    return Phase1Suite(
        transform.get(a.AUTHENTICATION_METHOD),
        transform.get(a.ENCRYPTION),
        transform.get(a.KEY_LENGTH),
        transform.get(a.HASH),
        transform.get(a.GROUP_DESCRIPTION),
        _seconds(transform),
    )


def _seconds(transform: Transform) -> int | None:
    unit: int | None = None
    for attribute in transform.attributes:
        if attribute.type == Phase1Attribute.LIFE_TYPE:
            unit = attribute.as_int
        elif attribute.type == Phase1Attribute.LIFE_DURATION and unit == LifeType.SECONDS:
            return attribute.as_int
    return None


def _suite2(transform: Transform) -> Phase2Suite:
    a = Phase2Attribute
    return Phase2Suite(
        transform.transform_id,
        transform.get(a.KEY_LENGTH),
        transform.get(a.AUTHENTICATION_ALGORITHM),
        transform.get(a.ENCAPSULATION_MODE),
    )


def offered_phase1(payloads: Sequence[Payload]) -> Iterator[str]:
    """Print an offer of phase 1, each transform as a proposal of number 0."""
    for _, transform in _transforms(payloads):
        yield from _suite1(transform).lines(0)


def agreed_phase1(payloads: Sequence[Payload], event: ProposalAccepted) -> Iterator[str]:
    """Print the transform that was chosen out of the offer in these payloads."""
    found = [t for n, t in _transforms(payloads) if (n, t.number) == _chosen(event)]
    for transform in found[:1]:
        yield from _suite1(transform).lines(1)


def _chosen(event: ProposalAccepted) -> tuple[int, int]:
    return event.proposal, event.transform


def wanted_phase1(payloads: Sequence[Payload], refused: ProposalRefused) -> Iterator[str]:
    """Print our own entries for phase 1, put together from an offer and how it differs."""
    for transform, differences in _own(payloads, refused.comparisons):
        theirs = _suite1(transform)
        suite = Phase1Suite(
            differences.get("authentication", theirs.method),
            differences.get("encryption", theirs.encryption),
            differences.get("key length", theirs.key_bits),
            differences.get("hash", theirs.digest),
            differences.get("group", theirs.group),
        )
        yield from suite.lines(1)


def offered_phase2(payloads: Sequence[Payload]) -> Iterator[str]:
    """Print an offer of phase 2: each proposal with its group and transforms."""
    proposals: dict[int, list[Transform]] = {}
    for number, transform in _transforms(payloads):
        proposals.setdefault(number, []).append(transform)
    for number, transforms in proposals.items():
        group = transforms[0].get(Phase2Attribute.GROUP_DESCRIPTION)
        yield from _proposal2(number, group, map(_suite2, transforms))


def agreed_phase2(payloads: Sequence[Payload], event: ProposalAccepted) -> Iterator[str]:
    """Print the transform that was chosen out of the offer in these payloads."""
    found = [t for n, t in _transforms(payloads) if (n, t.number) == _chosen(event)]
    for transform in found[:1]:
        group = transform.get(Phase2Attribute.GROUP_DESCRIPTION)
        yield from _proposal2(1, group, [_suite2(transform)])


def wanted_phase2(payloads: Sequence[Payload], refused: ProposalRefused) -> Iterator[str]:
    """Print our own phase 2, put together from an offer and how it differs."""
    suites: list[Phase2Suite] = []
    group: int | None = None
    for transform, differences in _own(payloads, refused.comparisons):
        theirs = _suite2(transform)
        own = transform.get(Phase2Attribute.GROUP_DESCRIPTION)
        group = differences.get("pfs group", own)
        suites.append(
            Phase2Suite(
                differences.get("transform", theirs.transform),
                differences.get("key length", theirs.key_bits),
                differences.get("authentication", theirs.digest),
                differences.get("encapsulation mode", theirs.mode),
            )
        )
    yield from _proposal2(1, group, suites)


def _proposal2(number: int, group: int | None, suites: Iterable[Phase2Suite]) -> Iterator[str]:
    yield f"proposal id = {number}:"
    yield "  protocol id = IPSEC_ESP:"
    yield "  PFS is disabled" if group is None else f"  PFS DH group = {group}"
    for suite in suites:
        yield from suite.lines()


def _own(
    payloads: Sequence[Payload], comparisons: tuple[Comparison, ...]
) -> Iterator[tuple[Transform, dict[str, int | None]]]:
    """Give for each of our entries a transform it was compared with, and where they differ."""
    offers = {(number, t.number): t for number, t in _transforms(payloads)}
    for policy in dict.fromkeys(c.policy for c in comparisons):
        mine = [c for c in comparisons if c.policy == policy]
        place = (mine[0].proposal, mine[0].transform)
        if place in offers:
            same = [c for c in mine if (c.proposal, c.transform) == place]
            yield offers[place], {c.attribute: c.wanted for c in same}
