"""Negotiations of a gateway in time."""

from gwsim.capture.timeline import Rest, timeline, timeline_text
from gwsim.gateway.events import GatewayStarted, LinkChanged
from gwsim.ike.events import CloseReason, PhaseOneClosed, StateChanged
from gwsim.ike.states import Role, State

PEER = "203.0.113.1"


def moved(at, old, new, phase=1, sa=1, message_id=0, exchange="main"):
    return StateChanged(
        at=at,
        peer=PEER,
        sa=sa,
        phase=phase,
        role=Role.INITIATOR,
        old=old,
        new=new,
        exchange=exchange,
        message_id=message_id,
    )


def closed(at, sa=1):
    return PhaseOneClosed(
        at=at,
        sa=sa,
        role=Role.INITIATOR,
        state=State.MAIN_WAIT_6,
        exchange="main",
        reason=CloseReason.RETRANSMIT_LIMIT,
        up_for=None,
        initiator_cookie="",
        responder_cookie="",
        attempts=3,
    )


START = [moved(1.0, None, State.MAIN_WAIT_2), moved(1.5, State.MAIN_WAIT_2, State.MAIN_WAIT_4)]


def test_a_negotiation_rests_in_one_state_after_the_other():
    [lane] = timeline([*START, LinkChanged(at=1.6, up=True)])
    assert (lane.phase, lane.sa, lane.peer, lane.role) == (1, 1, PEER, Role.INITIATOR)
    assert lane.rests == (Rest(State.MAIN_WAIT_2, 1.0, 1.5), Rest(State.MAIN_WAIT_4, 1.5))


def test_closing_ends_it_whether_a_change_of_state_told_or_not():
    told = [*START, moved(9.0, State.MAIN_WAIT_4, State.CLOSED), closed(9.0)]
    untold = [*START, closed(9.0)]
    for events in (told, untold):
        [lane] = timeline(events)
        assert lane.rests[1:] == (Rest(State.MAIN_WAIT_4, 1.5, 9.0), Rest(State.CLOSED, 9.0))


def test_a_new_sa_is_a_new_negotiation():
    again = moved(20.0, None, State.MAIN_WAIT_2, sa=2)
    assert [lane.sa for lane in timeline([*START, closed(9.0), again])] == [1, 2]


def test_quick_modes_are_told_apart_by_message_id():
    events = [
        moved(2.0, None, State.QUICK_WAIT_2, phase=2, message_id=7, exchange="quick"),
        moved(2.1, None, State.QUICK_WAIT_2, phase=2, message_id=8, exchange="quick"),
        moved(2.5, State.QUICK_WAIT_2, State.INSTALLED, phase=2, message_id=7, exchange="quick"),
    ]
    first, second = timeline(events)
    assert (first.message_id, len(first.rests)) == (7, 2)
    assert (second.message_id, len(second.rests)) == (8, 1)


def test_the_message_id_of_phase_1_does_not_matter():
    [lane] = timeline([*START, moved(3.0, None, State.MAIN_WAIT_6, message_id=99)])
    assert len(lane.rests) == 3


def test_a_reboot_ends_what_was_under_way():
    events = [*START, GatewayStarted(at=5.0, reboot=True), moved(6.0, None, State.MAIN_WAIT_2)]
    before, after = timeline(events)
    assert before.rests[-1] == Rest(State.MAIN_WAIT_4, 1.5, 5.0)
    assert after.rests == (Rest(State.MAIN_WAIT_2, 6.0),)


def test_the_text_gives_times_states_and_stays():
    lanes = timeline([*START, moved(33.04, State.MAIN_WAIT_4, State.CLOSED)])
    assert timeline_text("hq", lanes).splitlines() == [
        "hq",
        "  phase 1 with 203.0.113.1, initiator, main",
        "         1.000  MAIN_WAIT_2            0.500",
        "         1.500  MAIN_WAIT_4           31.540",
        "        33.040  CLOSED",
    ]


def test_states_can_bear_a_vendors_words():
    words = {State.MAIN_WAIT_2: "MM_WAIT_MSG2"}
    drawn = timeline_text("hq", timeline(START), lambda state, exchange: words.get(state))
    assert "MM_WAIT_MSG2" in drawn
    assert "(MAIN_WAIT_4)" in drawn
