"""Where the peer talks from, and when it was last heard."""

from gwsim.ike import contact
from gwsim.ike.events import PeerMoved
from tests.ike.configs import ADDRESS
from tests.ike.forge import sa_of
from tests.ike.pair import connected, facing


def test_an_sa_that_is_not_up_follows_without_a_word():
    pair = facing()
    pair.drop("A main-3", None)
    pair.initiate()
    sa = sa_of(pair, "B")
    ends = ((ADDRESS["A"], 4500), (ADDRESS["B"], 4500))
    contact.heard_from(pair.ends["B"]._ledger, sa, ends)
    assert (sa.remote, sa.local) == ends
    pair.act("B", lambda end: None)
    assert not pair.found("B", PeerMoved)


def test_only_pairs_at_the_same_place_move_along():
    pair = connected()
    ledger = pair.ends["B"]._ledger
    other = next(iter(ledger.children.values()))
    other.peer_endpoint = ("192.0.2.1", 4500)
    contact.moved(ledger, sa_of(pair, "B"), (ADDRESS["A"], 12345))
    assert other.peer_endpoint == ("192.0.2.1", 4500)
    assert pair.sa("B").peer_port == 12345


def test_what_was_heard_is_remembered():
    pair = connected()
    pair.run(50)
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.settle()
    assert pair.sa("B").last_received > 50
