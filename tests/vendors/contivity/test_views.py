"""Of a Contivity's screens nothing is known, and nothing is made up."""

from datetime import datetime

import pytest

from gwsim.ike.states import State
from gwsim.vendors.registry import VENDORS, complaint, match, screen
from gwsim.vendors.vendor import LogLine, View
from tests.vendors.asa.pair import Pair

CONTIVITY = VENDORS["contivity"]
WHEN = datetime(2007, 11, 27)


def test_it_has_neither_commands_nor_words_nor_a_log():
    assert not CONTIVITY.commands
    assert not CONTIVITY.parametric
    assert CONTIVITY.state_words == ()
    assert {CONTIVITY.state_word(state, "main") for state in State} == {None}
    view = Pair().ping(1.0).view("hq")
    assert CONTIVITY.log(view.events, view.snapshot) == ()
    assert CONTIVITY.prompt(view.snapshot) == ""
    assert CONTIVITY.format_line(LogLine(0.0, "as it is"), WHEN) == "as it is"


@pytest.mark.parametrize("typed", ["", "show ike sa", "show log | include x", "|"])
def test_whatever_is_typed_the_answer_is_that_its_screens_are_not_known(typed):
    view = View(Pair().view("hq").snapshot, (), WHEN)
    assert not match(CONTIVITY, typed)
    assert screen(CONTIVITY, typed, view) == complaint(CONTIVITY, typed)
    assert screen(CONTIVITY, typed, view).startswith("gwsim knows Contivity's behaviour")
