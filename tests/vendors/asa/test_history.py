"""The history of a failed negotiation reads as those captured from devices."""

import pytest

from gwsim.ike.states import Role
from gwsim.vendors.asa.history import LENGTH, History
from tests.vendors.asa.pair import Pair


def histories(pair, name):
    return [text.partition("<event>:  ")[2] for text in pair.texts(name, "715065")]


def nobody(output, sender):
    return True


def test_an_initiator_nobody_answers():
    """Main mode as published, aggressive mode as captured."""
    for changes, mode in (({}, "MM"), ({"aggressive": True}, "AM")):
        pair = Pair(changes, lost=nobody).ping(40.0)
        assert histories(pair, "hq") == [
            "MM_DONE, EV_ERROR-->MM_WAIT_MSG2, EV_RETRY-->MM_WAIT_MSG2, EV_TIMEOUT-->"
            "MM_WAIT_MSG2, NullEvent-->MM_SND_MSG1, EV_SND_MSG-->MM_SND_MSG1, EV_START_TMR-->"
            "MM_SND_MSG1, EV_RESEND_MSG-->MM_WAIT_MSG2, EV_RETRY".replace("MM_", f"{mode}_")
        ]


def test_a_responder_whose_answers_are_lost():
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(40.0)
    assert histories(pair, "branch") == [
        "MM_DONE, EV_ERROR-->MM_WAIT_MSG3, EV_TIMEOUT-->MM_WAIT_MSG3, NullEvent-->MM_SND_MSG2, "
        "EV_SND_MSG-->MM_SND_MSG2, EV_START_TMR-->MM_SND_MSG2, EV_RESEND_MSG-->MM_WAIT_MSG3, "
        "EV_TIMEOUT-->MM_WAIT_MSG3, NullEvent"
    ]


def test_a_wrong_key_as_the_initiator_sees_it():
    pair = Pair(branch_is={"psk": b"another"}).ping(40.0)
    assert histories(pair, "hq")[0].startswith(
        "MM_DONE, EV_ERROR-->MM_WAIT_MSG6, EV_PROB_AUTH_FAIL-->MM_WAIT_MSG6, EV_TIMEOUT-->"
        "MM_WAIT_MSG6, NullEvent-->MM_SND_MSG5, EV_SND_MSG"
    )


@pytest.mark.parametrize(
    ("role", "label", "where"),
    [
        (Role.RESPONDER, "main-1", "MM_START"),
        (Role.INITIATOR, "main-2", "MM_WAIT_MSG2"),
        (Role.RESPONDER, "main-5", "MM_WAIT_MSG5"),
    ],
)
def test_a_message_that_is_refused_is_the_last_that_was_received(role, label, where):
    history = History("MM", role)
    history.received(label)
    assert history.text() == f"MM_DONE, EV_ERROR-->{where}, EV_RCV_MSG-->MM_START, EV_START_MM"


def test_a_refused_quick_mode_as_the_responder_sees_it():
    pair = Pair(branch_is={"pfs_group": 5}).ping(5.0)
    assert histories(pair, "branch") == [
        "QM_DONE, EV_ERROR-->QM_BLD_MSG2, EV_NEGO_SA-->QM_START, EV_RCV_MSG-->QM_START, EV_START_QM"
    ]


def test_a_history_never_grows_beyond_eight_steps():
    pair = Pair(lost=nobody).ping(40.0)
    assert histories(pair, "hq")[0].count("-->") == LENGTH - 1
