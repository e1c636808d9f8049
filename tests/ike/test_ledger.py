"""The books: numbers that are never used twice, and the questions asked of them."""

from dataclasses import replace

from gwsim.ike.ledger import child_of
from gwsim.ike.sa import MOST_IDS
from tests.ike.configs import connection, endpoint
from tests.ike.forge import sa_of
from tests.ike.pair import connected, facing


class Fixed:
    """A source of chance that gives what it is told."""

    def __init__(self, *values):
        self.values = list(values)

    def randbytes(self, count):
        return self.values.pop(0)

    def getrandbits(self, count):
        return self.values.pop(0)

    def randrange(self, first, last):
        return self.values.pop(0)


def test_a_cookie_is_never_zero_and_never_one_in_use():
    pair = connected()
    ledger = pair.ends["A"]._ledger
    used = ledger.sas[0].cookies
    ledger.turn.rng = Fixed(bytes(8), *used, b"brandnew")
    assert ledger.new_cookie() == b"brandnew"


def test_a_message_id_is_never_zero_and_never_used_before():
    pair = connected()
    ledger = pair.ends["A"]._ledger
    used = next(iter(ledger.sas[0].used_ids))
    ledger.turn.rng = Fixed(0, used, 77)
    assert ledger.new_message_id(ledger.sas[0]) == 77


def test_an_spi_is_never_one_in_use_or_reserved():
    pair = connected()
    ledger = pair.ends["A"]._ledger
    (used,) = ledger.children
    ledger.turn.rng = Fixed(used, 300, 300, 301)
    assert [ledger.turn.new_spi(1), ledger.turn.new_spi(2)] == [300, 301]
    ledger.release_spi(300)
    ledger.turn.rng = Fixed(300)
    assert ledger.turn.new_spi(3) == 300


def test_of_the_used_ids_only_so_many_are_kept():
    pair = connected()
    sa = sa_of(pair, "A")
    for number in range(MOST_IDS + 10):
        sa.use_id(number)
    assert len(sa.used_ids) == MOST_IDS
    assert 5 not in sa.used_ids
    assert MOST_IDS in sa.used_ids


def test_the_isakmp_sa_to_use_is_the_newest_that_is_not_replaced():
    pair = connected()
    ledger = pair.ends["A"]._ledger
    first = ledger.established(("peer", ""))
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    second = ledger.established(("peer", ""))
    assert first is not second
    assert second is ledger.sas[-1]
    second.replaced = True
    assert ledger.established(("peer", "")) is second, "better a replaced one than none"
    assert ledger.newest("nobody") is None


def test_children_by_name():
    config = connection("A")
    assert child_of(config, "lan") is child_of(config, "") is config.children[0]
    assert child_of(config, "other") is None
    assert child_of(replace(config, children=()), "") is None


def test_a_quick_mode_is_found_by_what_it_negotiates():
    pair = connected()
    ledger = pair.ends["A"]._ledger
    assert ledger.quick_mode_for(("peer", ""), "lan") is None
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    assert ledger.quick_mode_for(("peer", ""), "lan") is not None
    assert ledger.quick_mode_for(("peer", ""), "web") is None
    assert ledger.quick_mode_for(("other", ""), "lan") is None


def test_a_connection_is_found_by_its_name():
    ledger = facing().ends["A"]._ledger
    assert ledger.connection("peer") == endpoint("A").connections[0]
    assert ledger.connection("other") is None
