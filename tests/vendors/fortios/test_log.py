"""Every event is told or declared silent; the forms of a line; transcripts of whole runs."""

from datetime import datetime, timedelta

import pytest

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Phase1Transform
from gwsim.vendors.fortios.log import SILENT, TOLD, format_line, log
from gwsim.vendors.vendor import LogLine
from tests.vendors.fortios.pair import Pair, steady
from tests.vendors.made import EVENTS

WHEN = datetime(2023, 8, 27, 17, 50, 8, 123456)
AGGRESSIVE = {"aggressive": True}
OTHER = (Phase1Transform(5, 2, 2, lifetime_seconds=28800),)
DEBUG = "diagnose debug application ike -1"


def test_every_event_is_told_or_declared_silent():
    assert set(TOLD) | SILENT == EVENTS
    assert not set(TOLD) & SILENT


def test_a_line_of_debug_output_has_microseconds():
    line = LogLine(1.0, "ike 0: comes", debug=True)
    assert format_line(line, WHEN) == "2023-08-27 17:50:08.123456 ike 0: comes"


def test_an_entry_of_the_event_log_has_nanoseconds():
    line = LogLine(1.0, 'logdesc="IPsec DPD failed"', "0101037136", "error")
    assert format_line(line, WHEN) == (
        "date=2023-08-27 time=17:50:08 "
        'eventtime=1693158608123456000 tz="+0000" logid="0101037136" type="event" subtype="vpn" '
        'level="error" vd="root" logdesc="IPsec DPD failed"'
    )


def test_no_fraction_of_a_second_is_lost():
    line = LogLine(1.0, "x", "0101037136", "error")
    for micro in (1, 999_999):
        told = format_line(line, WHEN.replace(microsecond=0) + timedelta(microseconds=micro))
        assert f"{micro:06d}000 tz=" in told


def test_what_has_no_number_is_debug_output():
    pair = Pair(branch_is={"psk": b"another"}).ping(70.0)
    for name in ("hq", "branch"):
        for line in pair.log(name):
            assert line.debug == (line.id == "")
            assert line.debug == line.text.startswith("ike ")
            assert line.debug or line.severity


def test_the_log_of_the_first_events_does_not_change_when_more_follow():
    """What was told once stays told: a growing log only grows."""
    pair = Pair().ping(1.0).order("hq", Clear("all")).ping(5.0).ping(6.0, back=True)
    for name in ("hq", "branch"):
        view = pair.view(name)
        whole = log(view.events, view.snapshot)
        for moment in sorted({event.at for event in view.events}):
            early = tuple(event for event in view.events if event.at <= moment)
            told = log(early, view.snapshot)
            assert told == whole[: len(told)]


@pytest.mark.parametrize(
    ("story", "changes", "until"),
    [
        ("up", {}, 1.0),
        ("aggressive", {"hq_is": AGGRESSIVE, "branch_is": AGGRESSIVE}, 1.0),
        ("nat", {"public": "198.51.100.77"}, 1.0),
        ("psk", {"branch_is": {"psk": b"another"}}, 40.0),
        ("phase1", {"branch_is": {"phase1": OTHER}}, 40.0),
        ("pfs", {"branch_is": {"pfs_group": None}}, 5.0),
        ("proxy", {"branch_is": {"pairs": [("10.2.0.0/25", "10.1.0.0/24")]}}, 5.0),
        ("no_answer", {"lost": lambda output, sender: True}, 40.0),
    ],
)
@pytest.mark.parametrize("name", ["hq", "branch"])
def test_transcripts(golden, story, changes, until, name):
    pair = Pair(**changes).ping(until)
    golden(f"debug_ike__{story}__{name}", steady(pair.show(name, DEBUG)))
    if story != "no_answer":
        golden(f"event_log__{story}__{name}", steady("\n".join(pair.entries(name)) + "\n"))
