"""Resending by the schedule, answering duplicates, and healing whatever one lost message breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import Schedule
from gwsim.ike.events import (
    ChildRemoved,
    CloseReason,
    DuplicateReceived,
    GaveUp,
    MessageSent,
    PhaseOneClosed,
    QuickModeClosed,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role, State
from tests.ike.pair import connected, facing

MAIN = tuple(f"{'AB'[i % 2]} main-{i + 1}" for i in range(6))
AGGRESSIVE = tuple(f"{'AB'[i % 2]} aggr-{i + 1}" for i in range(3))
QUICK = tuple(f"{'AB'[i % 2]} quick-{i + 1}" for i in range(3))

ASA = Schedule((8.0, 16.0, 24.0), 32.0)
NETSCREEN = Schedule(tuple(4.0 * n for n in range(1, 12)), 48.0)
STRONGSWAN = Schedule((4.0, 11.2, 24.2, 47.5, 89.5), 165.0)
RESENDING = {
    "phase1_responder": ASA,
    "quick_responder": ASA,
    "half_open_timeout": 60.0,
}


# the schedule


@pytest.mark.parametrize("schedule", [ASA, NETSCREEN, STRONGSWAN, Schedule((), 10.0)])
def test_an_unanswered_first_message_is_sent_again_by_the_schedule(schedule):
    pair = facing(schedule=schedule)
    pair.drop("A main-1", None)
    pair.initiate()
    pair.run_until(schedule.give_up - 0.001)
    assert pair.times("main-1") == [0.0, *schedule.resends]
    assert pair.states("A") == ["MAIN_WAIT_2"]
    pair.run_until(schedule.give_up)
    assert pair.states("A") == []
    (given_up,) = pair.found("A", GaveUp)
    assert (given_up.at, given_up.attempts) == (schedule.give_up, len(schedule.resends))
    assert given_up.state is State.MAIN_WAIT_2
    assert pair.found("A", PhaseOneClosed)[0].reason is CloseReason.RETRANSMIT_LIMIT


def test_a_message_sent_again_is_the_same_to_the_last_octet():
    pair = facing()
    pair.drop("A main-1", None)
    pair.initiate()
    pair.run(30)
    assert len({s.datagram.data for s in pair.said}) == 1
    attempts = [e.attempt for e in pair.found("A", MessageSent)]
    assert attempts == [0, 1, 2, 3]


def test_the_snapshot_counts_the_resends_of_the_message_now_unanswered():
    pair = facing()
    pair.drop("A main-1", 2)
    pair.drop("A main-1", 1)
    pair.initiate()
    pair.run_until(8.5)
    assert pair.sa("A").retransmissions == 1
    assert pair.sa("A").next_resend == 16.0
    pair.run_until(17)
    assert pair.states("A") == ["ESTABLISHED"]
    assert pair.sa("A").retransmissions == 0


def test_a_responder_without_a_schedule_never_speaks_first():
    pair = facing()
    pair.drop("A main-3", None)
    pair.initiate()
    pair.run_until(29.0)
    assert pair.census()["B main-2"] == 1


def test_a_responder_with_a_schedule_resends_and_gives_up_by_it():
    pair = facing(b={**RESENDING})
    pair.drop("A main-3", None)
    pair.initiate()
    pair.run_until(34)
    assert pair.times("B main-2") == [0.05, 8.05, 16.05, 24.05]
    assert pair.found("B", GaveUp)[0].reason is CloseReason.RETRANSMIT_LIMIT


@pytest.mark.parametrize(
    ("limit", "reason"),
    [(20.0, CloseReason.HALF_OPEN_TIMEOUT), (60.0, CloseReason.RETRANSMIT_LIMIT)],
)
def test_a_half_open_responder_ends_by_whichever_clock_is_first(limit, reason):
    pair = facing(b={**RESENDING, "half_open_timeout": limit})
    pair.drop("A main-3", None)
    pair.initiate()
    pair.run_until(100)
    assert [e.reason for e in pair.found("B", GaveUp)] == [reason]


def test_the_half_open_clock_starts_with_the_first_message_and_is_not_wound_again():
    pair = facing()
    pair.drop("A main-5", None)
    pair.initiate()
    pair.run_until(30.0)
    assert pair.states("B") == ["MAIN_WAIT_5"]
    pair.run_until(30.06)
    assert pair.states("B") == []


def test_a_quick_mode_is_given_up_and_phase_1_stays():
    pair = connected()
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    pair.drop("A quick-1", None)
    pair.initiate()
    pair.run(32)
    assert pair.found("A", QuickModeClosed)[-1].reason is CloseReason.RETRANSMIT_LIMIT
    assert pair.states("A") == ["ESTABLISHED"]
    assert pair.sa("A").quick_modes == ()


# one message lost


@pytest.mark.parametrize("lost", [*MAIN, *QUICK])
def test_every_message_of_main_mode_may_be_lost_once(lost):
    pair = facing(pfs_group=2, quick_responder=ASA)
    pair.drop(lost)
    pair.initiate()
    pair.run(9)
    assert pair.up()


@pytest.mark.parametrize("lost", [*AGGRESSIVE, *QUICK])
def test_every_message_of_aggressive_mode_may_be_lost_once_if_the_responder_resends(lost):
    pair = facing(aggressive=True, **RESENDING)
    pair.drop(lost)
    pair.initiate()
    pair.run(17)
    assert pair.up()


@pytest.mark.parametrize("lost", [*MAIN, *QUICK])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_three_times_in_a_row_does_not_matter_either(lost, times):
    pair = facing(**RESENDING)
    for occurrence in range(1, times + 1):
        pair.drop(lost, occurrence)
    pair.initiate()
    pair.run(30)
    assert pair.up()


def test_a_lost_main_6_heals_by_the_repeated_main_5():
    pair = facing()
    pair.drop("B main-6")
    pair.initiate()
    assert (pair.states("A"), pair.states("B")) == (["MAIN_WAIT_6"], ["ESTABLISHED"])
    pair.run(9)
    pair.expect(*MAIN, "A main-5", "B main-6", *QUICK)
    told = pair.found("B", DuplicateReceived)[0]
    assert (told.label, told.answered, told.state) == ("main-5", True, State.ESTABLISHED)
    assert pair.times("B main-6")[1] == 8.25
    assert pair.said[5].datagram.data == pair.said[7].datagram.data


def test_a_lost_quick_3_heals_when_the_responder_resends_quick_2():
    pair = facing(quick_responder=ASA)
    pair.drop("A quick-3")
    pair.initiate()
    pair.run(9)
    pair.expect(*MAIN, *QUICK, "B quick-2", "A quick-3")
    assert pair.up()


def test_a_lost_quick_3_leaves_two_truths_when_the_responder_never_resends():
    pair = facing()
    pair.drop("A quick-3")
    pair.initiate()
    pair.run(40)
    assert [c.child for c in pair.children("A")] == ["lan"]
    assert pair.children("B") == []
    assert pair.found("B", ChildRemoved)[0].reason is CloseReason.HALF_OPEN_TIMEOUT


def test_a_lost_quick_3_can_only_be_answered_while_the_initiator_remembers():
    pair = facing(linger=5.0, quick_responder=ASA)
    pair.drop("A quick-3", None)
    pair.initiate()
    pair.run(9)
    assert pair.census()["A quick-3"] == 1
    assert pair.found("A", Rejected)[0].flaw is Flaw.MESSAGE_ID


# duplicates


def test_everything_sent_twice_is_answered_twice_and_comes_to_the_same():
    pair = facing(pfs_group=2)
    pair.duplicate("", None)
    pair.initiate()
    assert pair.up()
    assert len(pair.sa("A").quick_modes) == 0
    assert len(pair.children("A")) == len(pair.children("B")) == 1
    assert not pair.found("A", Rejected) + pair.found("B", Rejected)


@pytest.mark.parametrize("aggressive", [True, False])
def test_a_duplicate_of_the_latest_message_gets_the_stored_reply(aggressive):
    pair = facing(aggressive=aggressive)
    first = "A aggr-1" if aggressive else "A main-1"
    pair.duplicate(first)
    pair.initiate()
    replies = [s for s in pair.said if s.label in ("main-2", "aggr-2")]
    assert len(replies) == 2
    assert replies[0].datagram.data == replies[1].datagram.data
    sent = [e for e in pair.found("B", MessageSent) if e.label == replies[0].label]
    assert [e.answers_duplicate for e in sent] == [False, True]


@pytest.mark.parametrize("aggressive", [True, False])
def test_a_vendor_may_leave_a_second_initial_message_unanswered(aggressive):
    first, reply = ("aggr-1", "aggr-2") if aggressive else ("main-1", "main-2")
    pair = facing(aggressive=aggressive, b={"answers_second_initial": False})
    pair.duplicate(f"A {first}")
    pair.initiate()
    assert pair.up()
    assert pair.census()[f"B {reply}"] == 1
    (told,) = pair.found("B", DuplicateReceived)
    assert (told.label, told.answered) == (first, False)


def test_only_the_first_message_is_meant_by_that():
    pair = facing(b={"answers_second_initial": False})
    pair.drop("B main-4")
    pair.initiate()
    pair.run(9)
    assert pair.up()
    assert pair.census()["B main-4"] == 2


@pytest.mark.parametrize(("lost", "ahead"), [("A main-3", 0.0), ("A main-3", 0.3), ("A main-1", 0)])
def test_of_a_resend_and_an_answer_at_one_time_only_one_is_sent(lost, ahead):
    """Both ends wait: the timers that were set with one exchange of messages run out together."""
    patient = Schedule((8.0, 16.0), 32.0)
    hasty = Schedule((8.0 - ahead, 16.0), 32.0)
    pair = facing(schedule=patient, b={"phase1_responder": hasty}, answers_beside_resend=False)
    pair.drop(lost)
    pair.initiate()
    pair.run(9)
    assert pair.up()
    assert pair.census()[lost] == 2


def test_a_vendor_may_send_both():
    pair = facing(schedule=ASA, b={"phase1_responder": ASA})
    pair.drop("A main-3")
    pair.initiate()
    pair.run(9)
    assert pair.census()["A main-3"] == 3


def test_a_duplicate_long_before_the_resend_is_answered_besides():
    hasty = {"phase1_responder": Schedule((3.0,), 9)}
    pair = facing(schedule=Schedule((8.0,), 16.0), b=hasty, answers_beside_resend=False)
    pair.drop("A main-3", None)
    pair.initiate()
    pair.run(8.5)
    assert pair.census()["A main-3"] == 3


def test_a_duplicate_of_an_earlier_message_is_not_answered():
    pair = facing()
    pair.initiate()
    main_1 = pair.last("A main-1").data
    before = len(pair.said)
    pair.hand("B", main_1)
    assert len(pair.said) == before
    told = pair.found("B", DuplicateReceived)[-1]
    assert (told.label, told.answered) == ("main-1", False)


def test_the_initiator_does_not_answer_a_repeated_main_6():
    pair = facing()
    pair.initiate()
    before = len(pair.said)
    pair.hand("A", pair.last("B main-6").data)
    assert len(pair.said) == before
    assert not pair.found("A", DuplicateReceived)[-1].answered


def test_the_initiator_answers_a_repeated_quick_2_with_quick_3():
    pair = facing()
    pair.initiate()
    pair.forget()
    pair.hand("A", pair.ends["B"]._ledger.sas[0].quick_modes.popitem()[1].sent.written.data)
    pair.expect("A quick-3")


# disorder


def test_our_own_message_coming_back_is_no_answer():
    pair = facing()
    pair.drop("B main-4", None)
    pair.initiate()
    pair.hand("A", pair.last("A main-3").data)
    assert pair.states("A") == ["MAIN_WAIT_4"]
    rejected = pair.found("A", Rejected)[-1]
    assert (rejected.flaw, rejected.why) == (Flaw.UNEXPECTED, "our own main-3 has come back")


def test_a_quick_1_that_overtakes_aggr_3_waits_for_it():
    pair = facing(aggressive=True)
    pair.delay("A aggr-3", 1.0)
    pair.initiate()
    assert pair.up()
    assert not pair.found("B", Rejected)


def test_a_quick_1_of_the_responder_that_overtakes_main_6_waits_for_it():
    pair = facing()
    pair.delay("B main-6", 1.0)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.run(0.3)
    assert pair.states("B") == ["ESTABLISHED"]
    pair.act("B", lambda end: end.initiate("peer", "lan", pair.now))
    pair.settle()
    assert not pair.found("A", Rejected)
    assert pair.up()


def test_only_so_many_early_messages_are_kept():
    pair = facing(aggressive=True)
    pair.drop("A aggr-3", None)
    pair.initiate()
    quick = pair.last("A quick-1").data
    for number in range(6):
        pair.hand("B", quick[:20] + bytes([9, 9, 9, number]) + quick[24:])
    assert [e.flaw for e in pair.found("B", Rejected)] == [Flaw.NO_PHASE1] * 3


@given(
    st.dictionaries(st.sampled_from([*MAIN, *QUICK]), st.sampled_from(["drop", "twice", "late"])),
    st.floats(0.0, 3.0),
    st.integers(0, 1000),
)
def test_any_disturbance_of_first_sendings_heals(disturbed, delay, seed):
    pair = facing(seed=seed, **RESENDING)
    for words, how in disturbed.items():
        if how == "drop":
            pair.drop(words)
        elif how == "twice":
            pair.duplicate(words, after=delay)
        else:
            pair.delay(words, delay)
    pair.initiate()
    pair.run(60)
    assert pair.up()


@given(st.lists(st.tuples(st.sampled_from("AB"), st.floats(0.0, 20.0)), min_size=1, max_size=4))
def test_both_ends_may_begin_at_any_moments(beginnings):
    """Crossing or one after the other: in the end both have the same pair and use it."""
    pair = facing(**RESENDING)
    for side, at in sorted(beginnings, key=lambda b: b[1]):
        pair.run_until(at)
        pair.act(side, lambda end: end.initiate("peer", "lan", pair.now))
    pair.run_until(80)
    assert pair.up()
    assert len([s for s in pair.states("A") if s == "ESTABLISHED"]) == 1
    assert pair.sa("A").initiator_cookie == pair.sa("B").initiator_cookie


def test_a_resend_is_reported_with_our_role_in_the_exchange():
    pair = facing(**RESENDING)
    pair.drop("A quick-3", None)
    pair.initiate()
    pair.run(9)
    again = [e for e in pair.found("B", MessageSent) if e.attempt]
    assert [(e.label, e.role) for e in again] == [("quick-2", Role.RESPONDER)]
