"""What a step may use while it runs."""

from random import Random

from gwsim.ike.config import Behaviour
from gwsim.ike.events import Event
from gwsim.ike.turn import Datagram, Turn
from tests.ike.pair import facing


def test_a_turn_hands_on_events_and_datagrams():
    events: list[Event] = []
    sent: list[Datagram] = []
    turn = Turn(1.0, Random(1), Behaviour(), events.append, sent.append, lambda message_id: 256)
    turn.emit(Event(at=turn.now))
    datagram = Datagram(b"x", ("a", 1), ("b", 2), "main-1")
    turn.send(datagram)
    assert (events, sent, turn.new_spi(1)) == ([Event(at=1.0)], [datagram], 256)


def test_a_datagram_says_what_it_is_and_between_whom_it_travels():
    pair = facing()
    pair.initiate()
    first = pair.said[0].datagram
    assert (first.label, first.source, first.destination) == (
        "main-1",
        ("198.51.100.1", 500),
        ("203.0.113.1", 500),
    )
