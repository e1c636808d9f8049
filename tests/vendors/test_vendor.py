"""The values that every vendor folder provides."""

from datetime import datetime

from gwsim.vendors.vendor import Complaints, View
from tests.vendors.asa.pair import Pair


def test_a_view_turns_engine_time_into_wall_clock_time():
    view = View(Pair().view("hq").snapshot, (), datetime(2026, 12, 31, 23, 59, 59))
    assert view.clock(0.0) == datetime(2026, 12, 31, 23, 59, 59)
    assert view.clock(1.5) == datetime(2027, 1, 1, 0, 0, 0, 500000)


def test_the_default_complaints_can_be_filled_in():
    texts = Complaints()
    assert texts.unknown.format(indent="  ", word="x", typed="get x") == "  ^ unknown keyword x"
    assert "get" in texts.ambiguous.format(typed="get", word="get")
    assert "get" in texts.incomplete.format(typed="get")
