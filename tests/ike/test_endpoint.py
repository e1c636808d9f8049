"""The public face: same seed, same octets; any octets, no exception and no harm."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.ike.endpoint import Endpoint
from gwsim.wire.codec import HEADER_SIZE
from tests.ike.configs import ADDRESS, endpoint
from tests.ike.forge import with_header
from tests.ike.pair import Pair, connected, facing


def story(pair: Pair) -> list:
    """A long conversation, with everything in it that draws random numbers."""
    pair.initiate()
    pair.run(100)
    for side, phase in (("A", 1), ("B", 2), ("B", 1)):
        pair.act(side, lambda end, phase=phase: end.rekey("peer", phase, pair.now))
        pair.run(30)
    pair.act("B", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    return [(round(s.at, 6), str(s), s.datagram) for s in pair.said]


@given(st.integers(0, 2**32))
@settings(max_examples=10)
def test_the_same_seed_gives_the_same_octets(seed):
    first = facing(seed=seed, pfs_group=2)
    second = facing(seed=seed, pfs_group=2)
    assert story(first) == story(second)
    assert first.events == second.events


def test_another_seed_gives_other_octets():
    one, two = (story(facing(seed=seed)) for seed in (1, 2))
    assert {d.data for _, _, d in one}.isdisjoint({d.data for _, _, d in two})


def test_what_is_handed_over_is_handed_over_once():
    pair = facing()
    end = pair.ends["A"]
    end.initiate("peer", "lan", 0.0)
    assert len(end.datagrams_to_send()) == 1
    assert end.datagrams_to_send() == []
    while end.next_event() is not None:
        pass
    assert end.next_event() is None


def test_the_configuration_in_force_can_be_read():
    config = endpoint("A")
    end = Endpoint(config, facing().ends["A"]._ledger.turn.rng, 0.0)
    assert end.config is config


def test_an_endpoint_that_is_off_hears_nothing():
    pair = Pair(endpoint("A"), replace(endpoint("B"), enabled=False))
    pair.initiate()
    pair.expect("A main-1")
    assert pair.events["B"] == []


def test_everything_waits_for_its_timer():
    pair = facing(a={"auto_start": True})
    end = pair.ends["A"]
    assert end.next_timer() == 0.0
    pair.act("A", lambda e: e.handle_timer(0.0))
    assert end.next_timer() == 8.0
    config = replace(end.config, connections=())
    pair.act("A", lambda e: e.reconfigure(config, 1.0))
    assert end.next_timer() is None


def test_something_that_starts_by_itself_and_something_that_is_due():
    pair = facing()
    pair.initiate()
    end = pair.ends["A"]
    config = replace(end.config, connections=(replace(end.config.connections[0], auto_start=True),))
    due = end.next_timer()
    assert due is not None
    assert due > 5
    end.reconfigure(config, 5.0)
    assert end.next_timer() == 5.0


def test_traffic_of_nobody_is_no_business_of_ours():
    pair = facing()
    pair.drop("B main-2", None)
    pair.initiate()
    pair.ends["A"].note_traffic(ADDRESS["B"], True, 5.0)
    assert pair.sa("A").last_received == 0.0


# any octets


def healthy(pair: Pair) -> None:
    """Both ends are up as before and can still talk; at most, somebody seems to begin anew."""
    for side in "AB":
        assert set(pair.states(side)) <= {"ESTABLISHED", "MAIN_WAIT_3", "AGGR_WAIT_3"}
        assert pair.states(side).count("ESTABLISHED") == 1
    assert pair.up()
    pair.forget()
    pair.act("A", lambda end: end.rekey("peer", 2, pair.now))
    pair.run(60)
    assert pair.up()


def history() -> list[bytes]:
    """Every message of a healthy conversation."""
    pair = facing(pfs_group=1)
    pair.initiate()
    return [s.datagram.data for s in pair.said]


HISTORY = history()


@st.composite
def damaged(draw: st.DrawFn, among: list[bytes]) -> bytes:
    """A message of a real conversation: cut, lengthened, spliced, with octets changed."""
    data = bytearray(draw(st.sampled_from(among)))
    how = draw(st.sampled_from(["octets", "cut", "grow", "splice", "header", "none"]))
    if how == "octets":
        for _ in range(draw(st.integers(1, 6))):
            data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    elif how == "cut":
        del data[draw(st.integers(0, len(data))) :]
    elif how == "grow":
        data += draw(st.binary(max_size=64))
    elif how == "splice":
        other = draw(st.sampled_from(among))
        at = draw(st.integers(0, min(len(data), len(other))))
        data[at:] = other[at:]
    elif how == "header":
        data[draw(st.integers(16, 23))] = draw(st.integers(0, 255))
    if len(data) >= HEADER_SIZE and draw(st.booleans()):
        return with_header(bytes(data), length=len(data))
    return bytes(data)


@given(st.lists(st.binary(max_size=300), max_size=8), st.sampled_from([500, 4500]))
def test_random_octets_never_raise_and_never_change_an_established_sa(messages, port):
    pair = connected(pfs_group=1)
    for data in messages:
        for side in "AB":
            pair.hand(side, data, port=port)
    healthy(pair)


@given(st.lists(damaged(HISTORY), min_size=1, max_size=8))
def test_damaged_messages_never_change_an_established_sa(messages):
    """The same seed makes the same cookies and keys, so that these are not just any octets."""
    pair = connected(pfs_group=1)
    for data in messages:
        for side in "AB":
            pair.hand(side, data)
    healthy(pair)


@given(st.integers(0, 9), st.lists(damaged(HISTORY), min_size=1, max_size=6))
def test_damaged_messages_never_raise_in_the_middle_of_a_conversation(count, messages):
    pair = facing(pfs_group=1)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    for _ in range(min(count, 9)):
        if pair._flying:
            pair._deliver_next()
    for data in messages:
        for side in "AB":
            pair.hand(side, data)
    pair.run(100)
    pair.snapshot("A")
    pair.snapshot("B")


@given(st.lists(st.sampled_from(HISTORY), max_size=12), st.data())
def test_a_replayed_history_changes_nothing(messages, data):
    pair = connected(pfs_group=1)
    before = [(c.inbound_spi, c.outbound_spi) for s in "AB" for c in pair.children(s)]
    for message in messages:
        side = data.draw(st.sampled_from("AB"))
        pair.hand(side, message)
    after = [(c.inbound_spi, c.outbound_spi) for s in "AB" for c in pair.children(s)]
    assert before == after
    healthy(pair)


def test_a_datagram_of_64_kilobytes():
    pair = connected()
    for first in range(0, 140, 7):
        data = with_header(HISTORY[6] + bytes(65000), length=len(HISTORY[6]) + 65000)
        pair.hand("B", with_header(data, next_payload=first, message_id=first + 1))
    healthy(pair)
