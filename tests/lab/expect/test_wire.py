"""What was on the wire is counted by label, sender and fate."""

import pytest

from gwsim.lab.expect.probe import decide
from gwsim.lab.expect.wire import wire_probes
from gwsim.lab.expectations import TimeKind, WireExpectation
from gwsim.path.events import PathAction, PathEvent

from .made import BRANCH, HQ, message, record

SENT = (
    message(1.0, "hq", "main-1"),
    message(1.1, "branch", "main-2"),
    message(1.2, "hq", "main-3"),
    message(9.2, "hq", "main-3"),
    message(9.3, "branch", ""),
)


def event(at, side, label, action, packet):
    return PathEvent(at, side, "", label, HQ, BRANCH, 17, 100, action, packet=packet)


PATH = (
    event(1.0, "hq", "main-1", PathAction.ENTERED, 1),
    event(1.02, "hq", "main-1", PathAction.FORWARDED, 1),
    event(1.2, "hq", "main-3", PathAction.DROPPED, 2),
    event(9.2, "hq", "main-3", PathAction.FORWARDED, 3),
    event(9.3, "hq", "main-3", PathAction.FORWARDED, 3),
)


def judge(wire, until=50.0, since=0.0, kind=TimeKind.AT):
    wanted = WireExpectation.model_validate(wire)
    probes = wire_probes(("expect", 0, "wire"), wanted, record(departures=SENT, path=PATH))
    return [decide(probe, kind, since, until).seen for probe in probes]


@pytest.mark.parametrize(
    ("wire", "ok"),
    [
        ({"main-3": 2}, True),
        ({"main-3": {"count": 2, "from": "hq"}}, True),
        ({"main-3": {"count": 2, "from": "branch"}}, False),
        ({"main-3": {"from": "branch"}}, False),
        ({"quick-1": "none"}, True),
        ({"main": 4}, True),
        ({"main-1": {"count": 1, "delivered": True}}, True),
        ({"main-3": {"count": 1, "delivered": True}}, True),
        ({"order": ["main-1", "main-3"]}, True),
        ({"order": ["main-1", "main-2", "main-3"]}, True),
        ({"order": ["main-3", "main-2"]}, False),
        ({"order": ["main-1", "main-4"]}, False),
    ],
)
def test_messages_are_counted_and_ordered(wire, ok):
    assert [seen.ok for seen in judge(wire)] == [ok]


def test_only_what_has_been_sent_up_to_the_moment_counts():
    assert judge({"main-3": 1}, until=5.0)[0].ok
    assert judge({"main-3": 1}, since=5.0, until=20.0, kind=TimeKind.THROUGHOUT)[0].ok


def test_an_order_in_a_span_is_that_of_the_whole_span():
    wanted = {"order": ["main-2", "main-3"]}
    assert judge(wanted, since=1.1, until=20.0, kind=TimeKind.THROUGHOUT)[0].ok
    assert not judge(wanted, since=1.15, until=20.0, kind=TimeKind.THROUGHOUT)[0].ok


@pytest.mark.parametrize(
    ("label", "until", "number"),
    [("main-1", 1.01, 0), ("main-1", 1.02, 1), ("main-3", 9.25, 0), ("main-3", 9.3, 1)],
)
def test_a_message_is_delivered_when_the_last_of_it_leaves_the_path(label, until, number):
    [seen] = judge({label: {"delivered": True}}, until=until)
    assert (seen.ok, seen.text) == (number > 0, f"{label} delivered: {number}")


def test_what_was_seen_is_told():
    assert judge({"main-3": {"count": 5, "from": "hq"}})[0].text == "main-3 from hq: 2"
    assert judge({"order": ["main-4"]})[0].text == "main-1, main-2, main-3"
    assert judge({"order": ["main-4"]}, until=0.5)[0].text == "nothing on the wire"
