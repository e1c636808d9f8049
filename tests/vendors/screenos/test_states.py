"""Every state of the engine has a NetScreen's word or is declared unshown."""

import pytest

from gwsim.ike.states import State
from gwsim.vendors.screenos import VENDOR, states


def test_every_state_has_a_word_or_is_unshown():
    assert set(states.WORDS) | states.UNSHOWN == set(State)
    assert not set(states.WORDS) & states.UNSHOWN


@pytest.mark.parametrize("state", list(State))
def test_the_vendor_gives_the_word_of_the_table(state):
    for exchange in ("main", "aggressive", "quick"):
        assert VENDOR.state_word(state.value, exchange) == states.WORDS.get(state)


def test_all_words_are_listed_once():
    words = VENDOR.state_words
    assert len(set(words)) == len(words)
    assert set(words) == set(states.WORDS.values())


def test_an_unknown_state_is_an_error():
    with pytest.raises(ValueError, match="MM_ACTIVE"):
        states.state_word("MM_ACTIVE", "main")


@pytest.mark.parametrize(
    ("state", "exchange", "word"),
    [
        (None, "main", "OAK_MM_NO_STATE"),
        (None, "aggressive", "OAK_AG_NOSTATE"),
        (None, "quick", "OAK_QM_SA_ACCEPT"),
        (State.CLOSED, "main", "OAK_MM_NO_STATE"),
        (State.MAIN_WAIT_4, "main", "OAK_MM_SA_SETUP"),
        (None, "informational", "OAK_QM_IDLE"),
    ],
)
def test_a_first_message_arrives_in_the_first_state(state, exchange, word):
    assert states.arrival_word(state, exchange) == word


def test_progress_grows_from_message_to_message():
    main = [State.MAIN_WAIT_2, State.MAIN_WAIT_4, State.MAIN_WAIT_6]
    flags = [states.progress(state).flags for state in main]
    assert flags == sorted(flags)
    assert states.progress(State.ESTABLISHED) == states.Progress(3, 0x102F)
    assert states.progress(State.CLOSED) == states.ENDED


def test_half_open_states_have_their_numbers():
    half_open = {s for s in State if s.value.startswith(("MAIN", "AGGR"))}
    assert set(states.NUMBERS) == half_open
