"""Every event is told or declared silent; the forms of a line."""

from datetime import datetime

from gwsim.vendors.asa.log import SILENT, TOLD, debug_line, format_line, log
from gwsim.vendors.vendor import LogLine
from tests.vendors.asa.pair import Pair
from tests.vendors.made import EVENTS

WHEN = datetime(2014, 12, 4, 12, 37, 51)


def test_every_event_is_told_or_declared_silent():
    assert set(TOLD) | SILENT == EVENTS
    assert not set(TOLD) & SILENT


def test_a_line_of_the_buffer():
    line = LogLine(1.0, "Group = g, IP = p, PHASE 1 COMPLETED", "713119", "5")
    assert format_line(line, WHEN) == (
        "Dec 04 2014 12:37:51: %ASA-5-713119: Group = g, IP = p, PHASE 1 COMPLETED"
    )


def test_a_line_of_the_debug_begins_by_its_kind():
    for number, start in (
        ("713119", "Dec 04 12:37:51 [IKEv1]"),
        ("713906", "Dec 04 12:37:51 [IKEv1 DEBUG]"),
        ("714004", "Dec 04 12:37:51 [IKEv1 DECODE]"),
        ("715046", "Dec 04 12:37:51 [IKEv1 DEBUG]"),
    ):
        assert debug_line(LogLine(1.0, "text", number, "7"), WHEN) == f"{start}text"


def test_what_is_not_of_ike_is_not_in_its_debug():
    for number in ("113019", "402114", "602303", "752012"):
        assert debug_line(LogLine(1.0, "text", number, "4"), WHEN) is None


def test_lines_come_in_the_order_of_events_and_debug_is_severity_7():
    pair = Pair().ping(1.0)
    lines = pair.log("hq")
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert all(line.debug == (line.severity == "7") for line in lines)
    assert all(len(line.id) == 6 and line.id.isdigit() for line in lines)


def test_the_log_of_the_first_events_does_not_change_when_more_follow():
    """What was told once stays told: a growing log only grows."""
    pair = Pair().ping(1.0).ping(2.0)
    view = pair.view("hq")
    whole = log(view.events, view.snapshot)
    moments = sorted({event.at for event in view.events})
    for moment in moments:
        early = tuple(event for event in view.events if event.at <= moment)
        told = log(early, view.snapshot)
        assert told == whole[: len(told)]
