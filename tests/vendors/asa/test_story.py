"""What the log remembers from line to line, and the forms of values in it."""

import pytest

from gwsim.ike.events import Event, KeysGenerated, PhaseOneCompleted, Rejected
from gwsim.ike.states import Role
from gwsim.vendors.asa.story import Session, Story, duration, map_name, proxy, proxy_address
from gwsim.vendors.asa.text import Head, Text
from tests.vendors.asa.pair import BRANCH, Pair

TEXT = Text("713906", 7, "text {n}")


@pytest.fixture
def story():
    return Story((), Pair().view("hq").snapshot)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0h:00m:00s"),
        (33.9, "0h:00m:33s"),
        (3661.0, "1h:01m:01s"),
        (232709.0, "2d 16h:38m:29s"),
        (86400.0, "1d 0h:00m:00s"),
    ],
)
def test_durations(seconds, text):
    assert duration(seconds) == text


def test_proxies():
    assert proxy("10.1.0.0/24") == "10.1.0.0/255.255.255.0/0/0"
    assert proxy("10.1.0.10 tcp/80") == "10.1.0.10/255.255.255.255/6/80"
    assert proxy_address("10.1.0.0/24") == "10.1.0.0"
    assert proxy_address("") == "N/A"


def test_the_crypto_map_is_named_after_its_interface(story):
    assert map_name("dmz") == "dmz_map"
    assert story.map == "outside_map"


def test_the_head_of_a_line(story):
    event = KeysGenerated(at=1.0, peer=BRANCH, sa=3, role=Role.INITIATOR)
    assert story.line(event, TEXT, n=1).text == f"IP = {BRANCH}, text 1"
    story.landed.add(3)
    assert story.line(event, TEXT, n=1).text == f"Group = {BRANCH}, IP = {BRANCH}, text 1"
    for head, start in ((Head.IP, f"IP = {BRANCH}, "), (Head.NONE, "")):
        assert story.line(event, Text("713906", 7, "text", head)).text == f"{start}text"
    assert story.line(Event(at=1.0), TEXT, n=1).text == "text 1"


def test_an_event_without_an_sa_belongs_to_the_session_of_its_peer(story):
    event = Event(at=1.0, peer=BRANCH)
    assert not story.knows_group(event)
    story.sessions["branch", BRANCH] = Session(0.0)
    assert story.knows_group(event)


def test_looking_ahead_ends_with_the_moment_and_the_sa():
    def completed(at, sa):
        return PhaseOneCompleted(
            at=at,
            sa=sa,
            exchange="main",
            role=Role.INITIATOR,
            lifetime_seconds=None,
            rekey_in=None,
            dpd=False,
            rekey=False,
        )

    events = (
        Event(at=1.0, sa=1),
        completed(1.0, 1),
        completed(1.0, 2),
        Event(at=2.0, sa=1),
        completed(1.0, 1),
    )
    story = Story(events, Pair().view("hq").snapshot)
    assert list(story.at_once(PhaseOneCompleted)) == [events[1]]
    assert list(story.at_once(Rejected)) == []
    story.index = 4
    assert story.before(PhaseOneCompleted, 2) is events[2]
    assert story.before(PhaseOneCompleted, 9) is None


def test_entries_are_found_by_connection_and_child(story):
    assert story.entry("branch", "branch") == 1
    assert story.entry("branch", "") == 1
    assert story.entry("branch", "other") == 0
    assert story.entry("nobody", "") == 0
