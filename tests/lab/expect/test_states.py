"""States are expected in the vendor's words, the engine's or neutral ones."""

import pytest

from gwsim.ike.states import Role, State
from gwsim.lab.expect.probe import decide
from gwsim.lab.expect.states import Story, state_probes
from gwsim.lab.expectations import GatewayExpectation, TimeKind
from gwsim.lab.history import Spell

from .made import BRANCH, closed, paired, state, subject, unpaired

STUCK = (
    state(1.0, State.MAIN_WAIT_2),
    state(2.0, State.MAIN_WAIT_4),
    closed(34.0),
    state(40.0, State.MAIN_WAIT_2, sa=2),
    closed(72.0, sa=2),
)
HEALTHY = (
    state(1.0, State.MAIN_WAIT_2),
    state(1.2, State.ESTABLISHED),
    paired(1.4, 100),
    unpaired(50.0, 100),
    closed(60.0),
)


def judge(events, since, until, kind=TimeKind.AT, peers=(), **wanted):
    probes = state_probes(subject(*events, peers=peers), GatewayExpectation(**wanted))
    return [decide(probe, kind, since, until).seen for probe in probes]


def at(events, moment, **wanted):
    [seen] = judge(events, moment, moment, **wanted)
    return seen


def test_a_state_holds_from_its_change_until_the_next():
    assert at(STUCK, 1.0, state="TWO").ok
    assert at(STUCK, 2.0, state="FOUR").ok
    assert not at(STUCK, 34.0, state="FOUR").ok


def test_what_was_seen_is_told_in_the_vendors_words_with_the_role():
    assert at(STUCK, 3.0, state="ACTIVE").text == "FOUR (initiator)"
    assert at(STUCK, 36.0, state="ACTIVE").text == "no negotiation at all"


def test_the_engines_word_is_as_good_as_the_vendors():
    assert at(STUCK, 3.0, state="MAIN_WAIT_4").ok


def test_one_of_several_states_is_enough():
    assert at(STUCK, 3.0, state=["ACTIVE", "FOUR"]).ok


def test_role_and_state_must_hold_for_one_negotiation_together():
    events = (
        state(1.0, State.MAIN_WAIT_2),
        state(1.0, State.ESTABLISHED, sa=2, role=Role.RESPONDER),
    )
    assert at(events, 2.0, state="ACTIVE", role="responder").ok
    assert not at(events, 2.0, state="ACTIVE", role="initiator").ok


def test_a_role_outlives_the_negotiation_it_was_played_in():
    assert at(STUCK, 36.0, role="initiator").ok
    assert not at(STUCK, 0.5, role="initiator").ok
    assert not at(STUCK, 36.0, role="responder").ok


@pytest.mark.parametrize(
    ("word", "spells"),
    [
        ("up", (Spell(1.4, 50.0),)),
        ("down", (Spell(0.0, 1.4), Spell(50.0))),
        ("none", (Spell(0.0, 1.0), Spell(60.0))),
    ],
)
def test_neutral_words_are_computed_from_what_there_is(word, spells):
    assert Story(subject(*HEALTHY)).spells(word) == spells


def test_without_events_a_gateway_is_down():
    assert at((), 5.0, state="down").ok
    assert at((), 5.0, state="none").ok
    assert not at((), 5.0, state="up").ok


def test_passed_wants_states_in_this_order():
    assert at(STUCK, 90.0, passed=["TWO", "FOUR"]).ok
    assert at(STUCK, 90.0, passed=["TWO", "FOUR", "TWO"]).ok
    assert not at(STUCK, 90.0, passed=["FOUR", "TWO", "FOUR"]).ok


def test_passed_does_not_take_one_stay_for_two():
    assert not at(STUCK, 30.0, passed=["TWO", "TWO"]).ok
    assert at(STUCK, 90.0, passed=["TWO", "TWO"]).ok


def test_passed_tells_the_whole_way():
    seen = at(STUCK, 90.0, passed=["TWO", "ACTIVE"])
    assert seen.text == "TWO, FOUR, TWO; ACTIVE is missing"


def test_states_that_repeat_themselves_are_counted():
    events = tuple(
        event
        for n in range(3)
        for event in (state(10.0 * n, State.MAIN_WAIT_2, sa=n), closed(10.0 * n + 5, sa=n))
    )
    assert at(events, 90.0, passed=["FOUR"]).text == "TWO (3 times); FOUR is missing"


def test_never_looks_at_the_whole_span():
    assert at(STUCK, 90.0, never="ACTIVE").ok
    assert not at(STUCK, 90.0, never="FOUR").ok
    assert at(STUCK, 1.5, never="FOUR").ok


def test_never_has_a_verdict_for_each_word():
    seen = judge(STUCK, 90.0, 90.0, never=["ACTIVE", "FOUR", "TWO"])
    assert [s.ok for s in seen] == [True, False, False]
    assert seen[1].text == "FOUR at 2.000 s"


def test_flapping_counts_how_often_a_state_is_entered():
    assert at(STUCK, 90.0, flapping={"state": "TWO", "at_least": 2}).ok
    assert not at(STUCK, 30.0, flapping={"state": "TWO", "at_least": 2}).ok
    assert at(STUCK, 90.0, flapping="TWO").ok
    assert not at(STUCK, 30.0, flapping="TWO").ok


def test_by_a_moment_a_state_of_an_instant_counts():
    events = (state(3.0, State.MAIN_WAIT_2), state(3.0, State.MAIN_WAIT_4))
    [seen] = judge(events, 0.0, 10.0, kind=TimeKind.BY, state="TWO")
    assert seen.ok


def test_throughout_a_state_must_not_be_left():
    [seen] = judge(HEALTHY, 2.0, 40.0, kind=TimeKind.THROUGHOUT, state="up")
    assert seen.ok
    [seen] = judge(HEALTHY, 2.0, 55.0, kind=TimeKind.THROUGHOUT, state="up")
    assert not seen.ok


def test_a_block_about_one_peer_does_not_see_the_others():
    other = state(1.0, State.ESTABLISHED, peer="192.0.2.9")
    [seen] = judge((*STUCK, other), 3.0, 3.0, peers=(BRANCH,), state="ACTIVE")
    assert not seen.ok
    [seen] = judge((*STUCK, other), 3.0, 3.0, peers=("192.0.2.9",), state="ACTIVE")
    assert seen.ok


def test_a_block_about_one_peer_does_not_see_the_pairs_of_others():
    events = (*HEALTHY[:2], paired(1.4, 100, peer="192.0.2.9"))
    assert [s.ok for s in judge(events, 3.0, 3.0, peers=(BRANCH,), state="down")] == [True]
    assert [s.ok for s in judge(events, 3.0, 3.0, peers=("192.0.2.9",), state="down")] == [False]
