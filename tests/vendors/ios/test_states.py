"""Every state of the engine has the router's word or is declared unshown; words stand once."""

import re
from pathlib import Path

import pytest

import gwsim
from gwsim.ike.states import Role, State
from gwsim.vendors.ios.states import (
    DELETED,
    PASSING,
    RECEIVED,
    SENT,
    STATE_WORDS,
    UNSHOWN,
    WORDS,
    place,
    state_word,
)
from gwsim.wire.labels import LABELS

SOURCES = Path(gwsim.__file__).parent
REFERENCE = (
    "MM_NO_STATE",
    "MM_SA_SETUP",
    "MM_KEY_EXCH",
    "MM_KEY_AUTH",
    "QM_IDLE",
    "AG_NO_STATE",
    "AG_INIT_EXCH",
    "AG_AUTH",
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


def test_words_are_those_of_the_reference_daemon():
    assert {*STATE_WORDS, *PASSING.values(), *DELETED.values()} == set(REFERENCE)
    assert set(PASSING) == set(DELETED) == {"main", "aggressive"}


def test_a_state_the_engine_does_not_have_is_an_error():
    with pytest.raises(ValueError, match="MAIN_WAIT_9"):
        state_word("MAIN_WAIT_9", "main")


def test_every_message_of_phase_1_has_a_word_beside_it():
    phase1 = {label for label in LABELS if label.startswith(("main", "aggr"))}
    assert set(SENT) == phase1
    assert set(RECEIVED) == phase1 - {"main-1", "aggr-1"}


def test_role_and_word_as_in_the_debug_output():
    assert place(Role.INITIATOR, "MM_NO_STATE") == "(I) MM_NO_STATE"
    assert place(Role.RESPONDER, "QM_IDLE") == "(R) QM_IDLE      "


@pytest.mark.parametrize("word", REFERENCE)
def test_a_word_stands_on_one_line_of_code(word):
    found = [
        (path.relative_to(SOURCES).as_posix(), line)
        for path in SOURCES.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(rf'["\']{word}["\']', line)
    ]
    assert [path for path, _ in found] == ["vendors/ios/states.py"]
