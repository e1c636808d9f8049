"""Lifetimes in proposals: read, judged and agreed on (RFC 2407 4.5, RFC 2409 Appendix A).

A transform may limit time, volume or both. In phase 2 an absent time means 28800 s; everything
else that is absent is unlimited, written None.
"""

from dataclasses import dataclass

from gwsim.ike.config import LifetimePolicy
from gwsim.ike.flaws import Flaw, Refused
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import LifeType, Phase1Attribute, Phase2Attribute
from gwsim.wire.payloads import Attribute, Transform
from gwsim.wire.proposals import parse_attributes

DEFAULT_PHASE2_SECONDS = 28800


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Time in seconds and volume in kilobytes of 1024 octets."""

    seconds: int | None
    kilobytes: int | None


def phase1_lifetimes(transform: Transform) -> Lifetimes:
    """Read the lifetimes of a phase 1 transform; raises `Refused` for a type nobody knows."""
    return _read(transform.attributes, Phase1Attribute.LIFE_TYPE, Phase1Attribute.LIFE_DURATION)


def phase2_lifetimes(transform: Transform) -> Lifetimes:
    """Read the lifetimes of a phase 2 transform; raises `Refused` for a type nobody knows."""
    found = _read(transform.attributes, Phase2Attribute.LIFE_TYPE, Phase2Attribute.LIFE_DURATION)
    return phase2_default(found.seconds, found.kilobytes)


def phase2_default(seconds: int | None, kilobytes: int | None) -> Lifetimes:
    """Complete the lifetimes of phase 2 by the time that is meant when none is given."""
    return Lifetimes(DEFAULT_PHASE2_SECONDS if seconds is None else seconds, kilobytes)


def _read(attributes: tuple[Attribute, ...], type_: int, duration: int) -> Lifetimes:
    """Read pairs of life type and duration; of several in one unit the first counts."""
    found: dict[int, int] = {}
    unit: int | None = None
    for a in attributes:
        if a.type == type_:
            unit = a.as_int
        elif a.type == duration:
            if unit not in (LifeType.SECONDS, LifeType.KILOBYTES):
                raise Refused(Flaw.ATTRIBUTES, f"life duration with life type {unit}")
            found.setdefault(unit, a.as_int)
            unit = None
    return Lifetimes(found.get(LifeType.SECONDS), found.get(LifeType.KILOBYTES))


def announced_lifetimes(data: bytes, phase: int) -> Lifetimes:
    """Read what a RESPONDER-LIFETIME says (RFC 2407 4.6.3.1); nonsense says nothing."""
    type_ = Phase1Attribute.LIFE_TYPE if phase == 1 else Phase2Attribute.LIFE_TYPE
    duration = Phase1Attribute.LIFE_DURATION if phase == 1 else Phase2Attribute.LIFE_DURATION
    try:
        return _read(parse_attributes(data, 0, len(data)), type_, duration)
    except (WireError, Refused):
        return Lifetimes(None, None)


def life_attributes(
    type_: int, duration: int, lifetimes: Lifetimes, long: bool = False
) -> tuple[Attribute, ...]:
    """Write lifetimes as attributes, `long` durations as TLV; an unlimited one is left out."""
    write = Attribute.long if long else Attribute.number
    found: list[Attribute] = []
    for unit, value in (
        (LifeType.SECONDS, lifetimes.seconds),
        (LifeType.KILOBYTES, lifetimes.kilobytes),
    ):
        if value is not None:
            found += [Attribute.number(type_, unit), write(duration, value)]
    return tuple(found)


def lower(ours: int | None, theirs: int | None) -> int | None:
    """Give the smaller of two lifetimes, None meaning unlimited."""
    known = [x for x in (ours, theirs) if x is not None]
    return min(known) if known else None


def agree(policy: LifetimePolicy, ours: Lifetimes, theirs: Lifetimes) -> Lifetimes:
    """Apply a responder's policy: the peer's own where it obeys, else the lower in each unit."""
    seconds, kilobytes = (
        lower(ours.seconds, theirs.seconds),
        lower(ours.kilobytes, theirs.kilobytes),
    )
    if policy is not LifetimePolicy.OBEY:
        return Lifetimes(seconds, kilobytes)
    return Lifetimes(
        seconds if theirs.seconds is None else theirs.seconds,
        kilobytes if theirs.kilobytes is None else theirs.kilobytes,
    )


def acceptable(policy: LifetimePolicy, ours: int | None, theirs: int | None) -> bool:
    """Say whether a responder's policy lets an offered time pass."""
    if policy is LifetimePolicy.EXACT:
        return ours == theirs
    if policy is LifetimePolicy.STRICT and ours is not None:
        return theirs is not None and theirs <= ours
    return True
