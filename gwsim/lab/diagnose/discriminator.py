"""What to look at next: the observation that best separates the causes still in question."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2

from gwsim.lab.diagnose.commands import command_for
from gwsim.lab.diagnose.knowledge import Knowledge, Known
from gwsim.lab.diagnose.observables import Kind, Observable
from gwsim.lab.diagnose.observations import Observations
from gwsim.lab.diagnose.ranking import Candidate
from gwsim.lab.diagnose.reading import Claim
from gwsim.lab.faults.stage import Where
from gwsim.vendors.registry import VENDORS

_EFFORT: dict[Kind, float] = {
    Kind.ENDING: 0.0,
    Kind.STAY: 0.02,
    Kind.STATE: 0.04,
    Kind.LOG: 0.05,
    Kind.SCREEN: 0.08,
    Kind.WIRE: 0.15,
    Kind.DEBUG: 0.2,
}
"""What it costs to look, in bits; kinds that are not here need another kind to be seen."""

_MOST = 8
"""How many causes are looked at beside the leaders."""

_LITTLE = 0.05
"""The gain in bits below which looking tells nothing."""


@dataclass(frozen=True, slots=True)
class Discriminator:
    """The next thing to look at.

    `command` is what to type at that end (or a capture to take), `there` the causes for which it
    is seen, `missing` those for which it is not, `maybe` those for which that depends. `gain` is
    in bits; `believed` says that its wording is general knowledge only.
    """

    thing: Observable
    command: str
    there: tuple[str, ...]
    missing: tuple[str, ...]
    maybe: tuple[str, ...]
    gain: float
    believed: bool


def discriminator(
    candidates: Sequence[Candidate],
    claims: Iterable[Claim],
    knowledge: Knowledge,
    told: Observations,
) -> Discriminator | None:
    """Find what separates the leading causes best; None when nothing separates them.

    Of things that do so equally well, what few causes show is better than what many do.
    """
    leaders = _leaders(candidates)
    asked = {number for claim in claims for number in claim.any_of}
    chances = _chances(leaders)
    best: tuple[float, float, int] | None = None
    for number, chance in chances.items():
        thing = knowledge.things[number]
        if number in asked or not _can_be_asked(thing, told):
            continue
        score = round(_gain(chance) - _EFFORT[thing.kind], 9), -_spread(number, knowledge)
        if _gain(chance) > _LITTLE and (best is None or score > best[:2]):
            best = *score, number
    return None if best is None else _made(best[2], leaders, chances[best[2]], knowledge)


def _spread(number: int, knowledge: Knowledge) -> int:
    """Count the causes that show a thing, wherever they sit."""
    return len({cell.at.cause for cell in knowledge.cells if number in cell.seen})


def _leaders(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Give the causes on the first place, and the next ones when there is but one."""
    if not candidates:
        return ()
    first = [one for one in candidates if one.cost == candidates[0].cost]
    return tuple(first if len(first) > 1 else candidates[:_MOST])


def _chances(leaders: Sequence[Candidate]) -> Mapping[int, tuple[float, ...]]:
    """Give for each thing and cause the share of the cause's best cells in which it is seen."""
    numbers = {number for one in leaders for cell in one.cells for number in cell.seen}
    return {
        number: tuple(
            sum(number in cell.seen for cell in one.cells) / len(one.cells) for one in leaders
        )
        for number in sorted(numbers)
    }


def _can_be_asked(thing: Observable, told: Observations) -> bool:
    if thing.kind not in _EFFORT:
        return False
    if thing.kind in (Kind.ENDING, Kind.WIRE):
        return True
    vendor = told.end(thing.end).vendor
    if vendor is None:
        return False
    if thing.kind in (Kind.STAY, Kind.STATE):
        return thing.text in VENDORS[vendor].state_words or thing.text == "none"
    return True


def _gain(chance: Sequence[float]) -> float:
    """Give the expected gain in bits of one look, all causes being alike likely before it."""
    count = len(chance)
    seen = sum(chance) / count
    return _entropy(seen) - sum(map(_entropy, chance)) / count


def _entropy(part: float) -> float:
    if part <= 0.0 or part >= 1.0:
        return 0.0
    return -part * log2(part) - (1 - part) * log2(1 - part)


def _made(
    number: int, leaders: Sequence[Candidate], chance: Sequence[float], knowledge: Knowledge
) -> Discriminator:
    def causes(wanted: Iterable[bool]) -> tuple[str, ...]:
        return tuple(one.cause for one, yes in zip(leaders, wanted, strict=True) if yes)

    thing = knowledge.things[number]
    shown = next(_showing(number, leaders))
    return Discriminator(
        thing=thing,
        command=command_for(thing, shown.at),
        there=causes(part == 1 for part in chance),
        missing=causes(part == 0 for part in chance),
        maybe=causes(0 < part < 1 for part in chance),
        gain=_gain(chance),
        believed=number in knowledge.believed,
    )


def _showing(number: int, leaders: Sequence[Candidate]) -> Iterator[Known]:
    return (cell for one in leaders for cell in one.cells if number in cell.seen)


def place_words(thing: Observable, told: Observations) -> str:
    """Say where a thing is to be looked for: at which end, and what device that is."""
    if thing.end is Where.BOTH:
        return "the tunnel"
    vendor = told.end(thing.end).vendor
    return f"the {thing.end.value}" + (f" ({VENDORS[vendor].title})" if vendor else "")
