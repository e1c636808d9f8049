"""Which causes fit what was seen, how well, and what contradicts them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from gwsim.lab.diagnose.knowledge import Knowledge, Known
from gwsim.lab.diagnose.reading import Claim
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cause that the matrix knows, as good as its best cells.

    `cells` are those, `cost` the weight of what contradicts them, `fit` the share of the weight
    of all claims that agrees, `contradictions` the claims in the words of whoever made them.
    With `chance` no run was seen that shows all the rest, but chance decides what is missing.
    """

    cause: str
    fault: str
    cost: float
    fit: float
    contradictions: tuple[str, ...]
    cells: tuple[Known, ...]
    chance: bool = False

    @property
    def title(self) -> str:
        """What is wrong, in one line."""
        return "Nothing is wrong" if self.fault == HEALTHY else CATALOGUE[self.fault].title

    @property
    def repair(self) -> str:
        """What to do about it."""
        return "None is needed." if self.fault == HEALTHY else CATALOGUE[self.fault].repair

    @property
    def places(self) -> tuple[Where, ...]:
        """Where it can sit, as far as what was seen tells."""
        found = {cell.at.where for cell in self.cells}
        return tuple(where for where in Where if where in found)


def ranked(claims: Sequence[Claim], knowledge: Knowledge) -> tuple[Candidate, ...]:
    """Rank all causes by what contradicts them, the best first.

    What chance decides where a cause is at work is not held against it. Equals stand in the
    catalogue's order, those that need chance behind the others.
    """
    costs = _costs(claims, knowledge)
    best: dict[str, list[Known]] = defaultdict(list)
    cost_of: dict[str, float] = {}
    for cell, cost in zip(knowledge.cells, costs, strict=True):
        cause = cell.at.cause
        if cause not in cost_of or cost < cost_of[cause]:
            cost_of[cause], best[cause] = cost, []
        if cost == cost_of[cause]:
            best[cause].append(cell)
    total = sum(claim.weight for claim in claims) or 1.0
    told = _Told(claims)
    found = (_candidate(best[cause], cost, total, told) for cause, cost in cost_of.items())
    return tuple(sorted(found, key=lambda candidate: (candidate.cost, candidate.chance)))


class _Told:
    """All claims by their places; those about single things, which are most, by their numbers."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self._claims = claims
        self._yes: dict[int, int] = {}
        self._no: dict[int, int] = {}
        self._several = []
        for place, claim in enumerate(claims):
            if len(claim.any_of) != 1:
                self._several.append(place)
                continue
            (number,) = claim.any_of
            (self._yes if claim.holds else self._no)[number] = place

    def against(self, cell: Known, loose: frozenset[int]) -> list[str]:
        """Give the words of the claims that a cell contradicts, whatever is `loose` in it."""
        places = [self._yes[number] for number in self._yes.keys() - cell.seen - loose]
        places += (self._no[number] for number in (self._no.keys() & cell.seen) - loose)
        places += (
            place for place in self._several if self._claims[place].contradicted(cell.seen, loose)
        )
        return [self._claims[place].text for place in sorted(places)]


def _candidate(cells: Sequence[Known], cost: float, total: float, told: _Told) -> Candidate:
    at = cells[0].at
    against = told.against(cells[0], cells[0].loose)
    shown = any(len(told.against(cell, frozenset())) <= len(against) for cell in cells)
    return Candidate(
        cause=at.cause,
        fault=at.fault,
        cost=cost,
        fit=1.0 - cost / total,
        contradictions=tuple(against),
        cells=tuple(cells),
        chance=not shown,
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """Claims about single things of one weight: numbers that hold, and numbers that do not."""

    weight: float
    holds: frozenset[int]
    lacks: frozenset[int]

    def cost(self, cell: Known) -> float:
        """Add up what a cell contradicts, whatever chance decides there."""
        wrong = (self.holds - cell.seen) | (self.lacks & cell.seen)
        return self.weight * len(wrong - cell.loose)


def _costs(claims: Sequence[Claim], knowledge: Knowledge) -> list[float]:
    """Add up for each cell the weights of the claims that it contradicts.

    Most claims are about one thing, and of those there may be thousands: they are compared as
    sets. All weights are powers of two, so that equal sums are equal.
    """
    single: dict[float, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    several = []
    for claim in claims:
        if len(claim.any_of) == 1:
            single[claim.weight][not claim.holds].update(claim.any_of)
        else:
            several.append(claim)
    weighed = [_Weighed(w, frozenset(yes), frozenset(no)) for w, (yes, no) in single.items()]
    return [
        sum(part.cost(cell) for part in weighed)
        + sum(claim.weight for claim in several if claim.contradicted(cell.seen, cell.loose))
        for cell in knowledge.cells
    ]
