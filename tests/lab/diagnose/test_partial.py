"""Partial observations: whoever has little gets many causes, but never an impossible one first."""

import pytest

from gwsim.lab.diagnose.diagnosis import Ranking, diagnose
from gwsim.lab.diagnose.knowledge import Knowledge, numbers
from gwsim.lab.diagnose.observations import EndView, Observations, Sighting
from gwsim.lab.diagnose.ranking import ranked
from gwsim.lab.diagnose.reading import Claim
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import Coordinates, every
from gwsim.lab.matrix.summary import run_cell
from tests.lab.diagnose.blind import elsewhere, glimpses
from tests.lab.diagnose.known import FEW, few

PAIR = ("asa", "screenos")
CELLS = [
    at
    for at in every(FEW, pairs=[PAIR], settings=["main", "nat"])
    if at.stage.samples == 1 and (at.setting == "nat") is (at.fault == "udp-4500-blocked")
]

LITTLE = {
    "a state": Observations(EndView("asa", state=("MM_WAIT_MSG6",))),
    "no state": Observations(responder=EndView("screenos", state=("none",))),
    "a word": Observations(responder=EndView("screenos", log=("preshared keys might not match",))),
    "a counter": Observations(EndView("asa", counters={"decaps": 0})),
    "a complaint": Observations(EndView("asa"), EndView("screenos"), ("it never comes up",)),
    "a message": Observations(EndView("asa"), wire=(Sighting("main-5", Where.INITIATOR, 3, 0),)),
    "a state and a complaint": Observations(
        EndView("asa", state=("MM_ACTIVE",)), EndView("screenos"), ("ping fails one way",)
    ),
}


def explains(claims: tuple[Claim, ...], cause: str, known: Knowledge) -> bool:
    """Whether some cell of a cause has everything that was said."""
    return any(
        not any(claim.contradicted(cell.seen) for claim in claims)
        for cell in known.cells
        if cell.at.cause == cause
    )


def add(ranking: Ranking, holds: bool) -> set[str]:
    """The causes on the first place once somebody has looked where the ranking says."""
    look = ranking.next_look
    assert look is not None
    number = numbers(few())[look.thing]
    told = Claim("a look", frozenset({number}), holds, look.thing.weight)
    after = ranked((*ranking.claims, told), few())
    return {one.cause for one in after if one.cost == after[0].cost}


@pytest.mark.parametrize("at", CELLS, ids=lambda at: f"{at.cause}-{at.where}-{at.setting}")
def test_no_single_thing_that_a_lab_shows_rules_its_cause_out(at: Coordinates):
    """One state, one screen or one line of one end: the cause is among the first."""
    ground = elsewhere(CELLS.index(at))
    record, told = run_cell(at, ground)
    if not told.bit:
        return  # what it shows then is what a healthy tunnel shows
    tries = 0
    for seen in glimpses(record, ground):
        ranking = diagnose(seen, few(), look_further=False)
        if ranking.claims:
            assert at.cause in {one.cause for one in ranking.first}, seen
            tries += 1
    assert tries > 4


@pytest.mark.parametrize("told", LITTLE.values(), ids=LITTLE)
def test_what_comes_first_explains_everything_that_was_said(told: Observations):
    ranking = diagnose(told, few(), look_further=False)
    assert ranking.claims
    for one in ranking.candidates:
        assert (one in ranking.first) is explains(ranking.claims, one.cause, few())
        assert bool(one.contradictions) is (one not in ranking.first)


@pytest.mark.parametrize("told", LITTLE.values(), ids=LITTLE)
def test_the_next_look_separates_whatever_it_shows(told: Observations):
    """Seen or not, it leaves some of the causes, and none of those that say otherwise."""
    ranking = diagnose(told, few())
    look = ranking.next_look
    before = {one.cause for one in ranking.first}
    assert look is not None
    if len(before) == 1:  # then it is there to confirm it
        assert before <= {*look.there, *look.missing, *look.maybe}
        return
    seen, missing = add(ranking, True), add(ranking, False)
    assert seen <= before - set(look.missing)
    assert missing <= before - set(look.there)
    assert seen < before or missing < before
