"""Causes are ranked by the weight of what contradicts them; chance excuses what it decides."""

from gwsim.lab.diagnose.knowledge import Knowledge, Known
from gwsim.lab.diagnose.observables import Kind, Observable
from gwsim.lab.diagnose.ranking import Candidate, ranked
from gwsim.lab.diagnose.reading import Claim
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates


def at(fault: str, where: Where = Where.BOTH) -> Coordinates:
    return Coordinates(fault, "", where, "main", "asa", "asa")


THINGS = tuple(Observable(Kind.LOG, Where.INITIATOR, text) for text in "abcd")
KNOWLEDGE = Knowledge(
    THINGS,
    frozenset(),
    (
        Known(at(HEALTHY), frozenset({0})),
        Known(at("psk-mismatch", Where.INITIATOR), frozenset({0, 1})),
        Known(at("psk-mismatch", Where.RESPONDER), frozenset({1})),
        Known(at("loss"), frozenset({0, 1}), frozenset({1, 2})),
    ),
)


def seen(*numbers: int, holds: bool = True) -> Claim:
    return Claim(f"{numbers} {holds}", frozenset(numbers), holds, 1.0)


def ranking(*claims: Claim) -> dict[str, Candidate]:
    return {one.cause: one for one in ranked(claims, KNOWLEDGE)}


def test_who_is_contradicted_least_comes_first():
    assert [one.cause for one in ranked([seen(1)], KNOWLEDGE)][-1] == HEALTHY
    assert next(iter(ranked([seen(1, holds=False)], KNOWLEDGE))).cause == HEALTHY


def test_a_cause_is_as_good_as_its_best_cells():
    key = ranking(seen(1), seen(0, holds=False))["psk-mismatch"]
    assert key.cost == 0
    assert key.places == (Where.RESPONDER,)
    both = ranking(seen(1))["psk-mismatch"]
    assert both.places == (Where.INITIATOR, Where.RESPONDER)


def test_what_chance_decides_is_not_held_against_a_cause():
    told = ranking(seen(2), seen(1, holds=False))
    assert (told["loss"].cost, told["loss"].contradictions) == (0, ())
    assert told["psk-mismatch"].cost == 2
    assert ranking(seen(2, 3))["loss"].cost == 0
    assert ranking(seen(0, holds=False))["loss"].cost == 1


def test_a_cause_that_needs_chance_says_so_and_stands_behind_its_equals():
    first, second, *_ = ranked([seen(1), seen(0)], KNOWLEDGE)[:2]
    assert {first.cause, second.cause} == {"psk-mismatch", "loss"}
    assert not first.chance
    assert not second.chance
    told = ranked([seen(2)], KNOWLEDGE)
    assert [one.cause for one in told if one.chance] == ["loss"]
    equals = ranked([seen(1, holds=False)], KNOWLEDGE)
    assert [one.cause for one in equals if not one.cost] == [HEALTHY, "loss"]


def test_one_of_several_things_is_enough():
    assert ranking(seen(1, 3))["psk-mismatch"].cost == 0
    assert ranking(seen(2, 3))["psk-mismatch"].cost == 1


def test_what_nobody_can_have_seen_contradicts_everybody():
    impossible = Claim("a word of nobody", frozenset(), True, 2.0)
    assert {one.cost for one in ranking(impossible).values()} == {2.0}


def test_a_candidate_tells_what_contradicts_it_and_what_helps():
    healthy = ranking(seen(1), seen(0))[HEALTHY]
    assert healthy.contradictions == ("(1,) True",)
    assert healthy.fit == 0.5
    assert healthy.title == "Nothing is wrong"
    assert "same key" in ranking(seen(1))["psk-mismatch"].repair


def test_without_claims_nobody_is_contradicted():
    assert {one.cost for one in ranked([], KNOWLEDGE)} == {0.0}
