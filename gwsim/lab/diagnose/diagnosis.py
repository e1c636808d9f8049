"""The way in: observations to a ranking of causes with what to look at next."""

from dataclasses import dataclass

from gwsim.lab.diagnose.discriminator import Discriminator, discriminator
from gwsim.lab.diagnose.knowledge import Knowledge, Pair
from gwsim.lab.diagnose.knowledge import knowledge as knowledge_of
from gwsim.lab.diagnose.observations import Observations
from gwsim.lab.diagnose.ranking import Candidate, ranked
from gwsim.lab.diagnose.reading import Claim, read
from gwsim.vendors.registry import VENDORS


@dataclass(frozen=True, slots=True)
class Ranking:
    """What can be said of a tunnel.

    `candidates` are all causes, the best first; those on the `first` place cannot be told apart
    by what was seen. `next_look` separates them best, None when nothing does. `claims` are what
    was understood, `unknown` the lines that no cell of the matrix has.
    """

    told: Observations
    candidates: tuple[Candidate, ...]
    next_look: Discriminator | None
    claims: tuple[Claim, ...]
    unknown: tuple[str, ...]

    @property
    def first(self) -> tuple[Candidate, ...]:
        """The causes that share the first place."""
        return tuple(one for one in self.candidates if one.cost == self.candidates[0].cost)

    def place(self, candidate: Candidate) -> int:
        """Give the place of a candidate, from 1; equals share theirs."""
        return 1 + sum(one.cost < candidate.cost for one in self.candidates)


def pairs_for(told: Observations) -> tuple[Pair, ...]:
    """Give the pairs of vendors that come into question, those of like vendors first.

    Raises KeyError for a vendor there is not.
    """
    known = [told.initiator.vendor, told.responder.vendor]
    for vendor in known:
        if vendor is not None:
            _ = VENDORS[vendor]
    first, second = ([vendor] if vendor else list(VENDORS) for vendor in known)
    found = ((one, other) for one in first for other in second)
    return tuple(sorted(found, key=lambda pair: pair[0] != pair[1]))


def diagnose(
    told: Observations, knowledge: Knowledge | None = None, look_further: bool = True
) -> Ranking:
    """Rank the causes of what was seen.

    `knowledge` of other vendors than those in question must not be given; without it that of all
    pairs in question is taken from the user's cache or computed. Raises KeyError for a vendor
    there is not and ValueError for a symptom nobody understands.
    """
    known = knowledge_of(pairs_for(told)) if knowledge is None else knowledge
    said = read(told, known)
    candidates = ranked(said.claims, known)
    look = discriminator(candidates, said.claims, known, told) if look_further else None
    return Ranking(told, candidates, look, said.claims, said.unknown)
