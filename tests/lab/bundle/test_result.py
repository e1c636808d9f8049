"""Two runs are compared by what came of them, and differences are named."""

from dataclasses import replace

import pytest

from gwsim.lab.bundle.result import GatewayStates, compare, result_of
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from tests.lab.bundle.made import STUCK


@pytest.fixture(scope="module")
def result():
    return result_of(run(load_text(STUCK)))


def test_the_same_run_is_the_same_octet_for_octet(result):
    found = compare(result, result_of(run(load_text(STUCK))))
    assert (found.outcome, found.states, found.octets, found.differences) == (True, True, True, ())


def test_another_seed_has_other_octets_and_the_same_outcome(result):
    found = compare(result, result_of(run(load_text(STUCK), seed=99)))
    assert (found.outcome, found.states, found.octets) == (True, True, False)
    assert found.differences == ("packets: other octets or other times",)


def test_a_result_says_what_the_run_said(result):
    judged = run(load_text(STUCK))
    assert result.verdict == "passed"
    assert result.expectations == tuple(one.met for one in judged.judgements)
    assert result.faults == (True,)
    assert result.states[0].states[-1] == "1 initiator main MAIN_WAIT_6"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verdict": "failed"}, "verdict: passed then, failed now"),
        ({"expectations": (True, False)}, "expectation 2: met then, not met now"),
        ({"expectations": ()}, "expectations: 2 then, 0 now"),
        ({"faults": (False,)}, "fault 1: bit then, did not bite now"),
    ],
)
def test_another_outcome_is_told(result, change, words):
    found = compare(result, replace(result, **change))
    assert not found.outcome
    assert found.differences == (words,)


def test_other_states_are_told_with_the_first_that_differs(result):
    one, two = result.states
    other = GatewayStates("hq", (one.states[0], "1 initiator main CLOSED"))
    found = compare(result, replace(result, states=(other, two)))
    assert found.outcome
    assert not found.states
    words = f"states of hq: {one.states[1]} then, 1 initiator main CLOSED now"
    assert found.differences == (words,)
    fewer = compare(result, replace(result, states=(one,)))
    assert fewer.differences == (f"states of branch: {len(two.states)} then, 0 now",)
