"""Every state of the engine has the FortiGate's word or is declared unshown; words stand once."""

import re
from pathlib import Path

import pytest

import gwsim
from gwsim.ike.states import State
from gwsim.vendors.fortios.states import STATE_WORDS, UNSHOWN, WORDS, state_word
from tests.vendors.fortios.pair import Pair

SOURCES = Path(gwsim.__file__).parent
EXPECTED = (
    "connecting, state 3",
    "connecting, state 5",
    "connecting, state 7",
    "established",
)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("exchange", ["main", "aggressive"])
def test_every_state_is_shown_or_declared_unshown(state, exchange):
    word = state_word(state.value, exchange)
    assert (word is None) == (state in UNSHOWN)
    assert word is None or word in STATE_WORDS


def test_tables_cover_every_state_once():
    assert set(WORDS) | UNSHOWN == set(State)
    assert not set(WORDS) & UNSHOWN
    assert STATE_WORDS == EXPECTED


def test_a_state_the_engine_does_not_have_is_an_error():
    with pytest.raises(ValueError, match="MAIN_WAIT_9"):
        state_word("MAIN_WAIT_9", "main")


@pytest.mark.parametrize("word", EXPECTED)
def test_a_word_stands_on_one_line_of_code(word):
    found = [
        path.relative_to(SOURCES).as_posix()
        for path in (SOURCES / "vendors" / "fortios").glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(rf'["\']{word}["\']', line)
    ]
    assert found == ["vendors/fortios/states.py"]


def test_the_number_is_that_of_the_message_sent_last():
    """3 after the first, 5 after the second, 7 after the third."""
    for number, word in enumerate(EXPECTED[:3], 1):
        left = [number]

        def lost(output, sender, left=left):
            left[0] -= sender == "hq"
            return sender == "hq" and left[0] < 1

        pair = Pair(lost=lost).ping(3.0)
        assert f"status: {word}, started 3s ago" in pair.show("hq", "diagnose vpn ike gateway list")
