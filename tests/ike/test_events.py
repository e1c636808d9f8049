"""Events are frozen values with a common head; instructions keep their secrets."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest

from gwsim.ike import events
from gwsim.ike.events import ChildKeys, Event, MessageSent
from tests.ike.pair import connected, facing

KINDS = [getattr(events, name) for name in events.__all__]
EVENTS = [k for k in KINDS if isinstance(k, type) and issubclass(k, Event)]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda k: k.__name__)
def test_every_event_has_the_head_and_says_what_it_means(kind):
    names = [f.name for f in fields(kind)]
    assert names[:4] == ["at", "peer", "connection", "sa"]
    assert kind.__doc__
    assert is_dataclass(kind)
    assert not hasattr(kind, "__dict__") or "__dict__" not in kind.__slots__


def test_every_public_name_is_exported_once():
    assert sorted(events.__all__) == events.__all__
    assert len(set(events.__all__)) == len(events.__all__)


def test_an_event_cannot_be_changed():
    event = Event(at=1.0)
    with pytest.raises(FrozenInstanceError):
        event.at = 2.0  # type: ignore[misc]
    assert (event.peer, event.connection, event.sa) == ("", "", 0)


def test_no_event_shows_a_secret():
    pair = facing(pfs_group=2)
    pair.initiate()
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    for side in "AB":
        shown = "".join(repr(e) for e in pair.events[side])
        for keys in pair.found(side, ChildKeys):
            assert repr(keys.keymat_in) not in shown
            assert repr(keys.keymat_out) not in shown
        for sa in pair.ends[side]._ledger.sas:
            assert repr(sa.keys.key) not in shown
            assert repr(sa.connection.psk) not in shown


def test_every_event_of_a_conversation_is_dated_and_in_order():
    pair = connected()
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(60)
    for side in "AB":
        times = [e.at for e in pair.events[side]]
        assert times == sorted(times)
        assert all(e.at > 0 for e in pair.events[side])


def test_a_message_is_told_with_its_ports_cookies_and_length():
    pair = facing()
    pair.initiate()
    sent = pair.found("A", MessageSent)[1]
    data = pair.last("A main-3")
    assert (sent.local, sent.remote) == (data.source, data.destination)
    assert sent.length == len(data.data)
    assert data.data.startswith(bytes.fromhex(sent.initiator_cookie + sent.responder_cookie))
