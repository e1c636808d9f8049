"""Every state of the engine has the ASA's word or is declared unshown, and the words stand once."""

from pathlib import Path

import pytest

import gwsim
from gwsim.ike.states import State
from gwsim.vendors.asa.states import ACTIVE, STATE_WORDS, UNSHOWN, WORDS, state_word

SOURCES = Path(gwsim.__file__).parent


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("exchange", ["main", "aggressive"])
def test_every_state_is_shown_or_declared_unshown(state, exchange):
    word = state_word(state.value, exchange)
    assert (word is None) == (state in UNSHOWN)
    assert word is None or word in STATE_WORDS


def test_tables_cover_every_state_once():
    assert set(WORDS) | UNSHOWN | {State.ESTABLISHED} == set(State)
    assert not set(WORDS) & UNSHOWN


def test_a_word_names_the_message_that_is_awaited():
    for state, word in WORDS.items():
        assert word[-1] == state.value[-1]
        assert word.startswith("MM" if state.value.startswith("MAIN") else "AM")


def test_an_established_sa_bears_the_name_of_its_mode():
    assert state_word("ESTABLISHED", "main") == "MM_ACTIVE"
    assert state_word("ESTABLISHED", "aggressive") == "AM_ACTIVE"
    assert set(ACTIVE) == {"main", "aggressive"}


def test_a_state_the_engine_does_not_have_is_an_error():
    with pytest.raises(ValueError, match="MAIN_WAIT_9"):
        state_word("MAIN_WAIT_9", "main")


@pytest.mark.parametrize("word", WORDS.values())
def test_a_word_stands_on_one_line_of_the_sources(word):
    """But for what people are told to type, where it is theirs."""
    found = [
        (path, line)
        for path in SOURCES.rglob("*.py")
        if path != SOURCES / "cli" / "examples.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if word in line
    ]
    assert [path.relative_to(SOURCES).as_posix() for path, _ in found] == ["vendors/asa/states.py"]
