"""Every event is told or declared silent; the forms of a line."""

from datetime import datetime

from gwsim.vendors.ios.log import SILENT, TOLD, format_line, log
from gwsim.vendors.vendor import LogLine
from tests.vendors.ios.pair import Pair
from tests.vendors.made import EVENTS

WHEN = datetime(2014, 3, 1, 0, 13, 31, 891000)


def test_every_event_is_told_or_declared_silent():
    assert set(TOLD) | SILENT == EVENTS
    assert not set(TOLD) & SILENT


def test_a_line_of_the_system_log():
    line = LogLine(1.0, "IKE message from p failed", "CRYPTO-4-IKMP_BAD_MESSAGE", "4")
    assert format_line(line, WHEN) == (
        "*Mar  1 00:13:31.891: %CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from p failed"
    )


def test_a_line_of_debug_output():
    line = LogLine(1.0, "ISAKMP:(0): processing", debug=True)
    assert format_line(line, WHEN) == "*Mar  1 00:13:31.891: ISAKMP:(0): processing"


def test_what_has_no_mnemonic_is_debug_output():
    for line in Pair(branch_is={"psk": b"another"}).ping(70.0).log("branch"):
        assert line.debug == (line.id == "")
        assert line.debug == line.text.startswith(("ISAKMP", "IPSEC"))


def test_the_log_of_the_first_events_does_not_change_when_more_follow():
    """What was told once stays told: a growing log only grows."""
    view = Pair().ping(1.0).ping(2.0).view("hq")
    whole = log(view.events, view.snapshot)
    for moment in sorted({event.at for event in view.events}):
        early = tuple(event for event in view.events if event.at <= moment)
        told = log(early, view.snapshot)
        assert told == whole[: len(told)]
