"""The table of a port-translating NAT."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.path import bindings as module
from gwsim.path.bindings import Bindings
from gwsim.path.config import Nat
from gwsim.wire.ip import UDP

PC = ("10.9.0.2", 500)
PHONE = ("10.9.0.3", 500)
HQ = ("198.51.100.1", 500)
OTHER = ("198.51.100.99", 500)


def table(seed=1, **nat):
    return Bindings(Nat("203.0.113.1", **nat), Random(seed))


def test_the_first_endpoint_keeps_its_port_and_the_second_gets_another():
    nat = table()
    assert nat.outward(UDP, PC, HQ, 0.0) == 500
    port = nat.outward(UDP, PHONE, HQ, 0.0)
    assert port >= 1024
    assert nat.inward(UDP, 500, HQ, 1.0) == PC
    assert nat.inward(UDP, port, HQ, 1.0) == PHONE


def test_the_mapping_is_the_same_for_every_remote_endpoint():
    nat = table(random_ports=True)
    assert nat.outward(UDP, PC, HQ, 0.0) == nat.outward(UDP, PC, OTHER, 1.0)


def test_only_who_was_sent_to_may_answer():
    nat = table()
    nat.outward(UDP, PC, HQ, 0.0)
    assert nat.inward(UDP, 500, OTHER, 1.0) is None
    assert nat.inward(UDP, 500, (HQ[0], 501), 1.0) is None
    assert nat.inward(UDP, 501, HQ, 1.0) is None


def test_random_ports_never_keep_ones_own():
    ports = {table(seed, random_ports=True).outward(UDP, PC, HQ, 0.0) for seed in range(20)}
    assert 500 not in ports
    assert len(ports) > 10


def test_a_binding_ends_after_its_timeout():
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    assert nat.inward(UDP, 500, HQ, 29.9) == PC
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    assert nat.inward(UDP, 500, HQ, 30.0) is None


def test_sending_refreshes_a_binding():
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    nat.outward(UDP, PC, HQ, 20.0)
    assert nat.inward(UDP, 500, HQ, 45.0) == PC


@pytest.mark.parametrize(("refreshes", "inside"), [(True, PC), (False, None)])
def test_answers_refresh_a_binding_where_the_nat_does_so(refreshes, inside):
    nat = table(udp_timeout=30.0, inbound_refreshes=refreshes)
    nat.outward(UDP, PC, HQ, 0.0)
    assert nat.inward(UDP, 500, HQ, 20.0) == PC
    assert nat.inward(UDP, 500, HQ, 45.0) == inside


def test_looking_who_owns_a_port_refreshes_nothing():
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    assert nat.owner(UDP, 500, HQ, 20.0) == PC
    assert nat.owner(UDP, 500, HQ, 45.0) is None


def test_each_remote_endpoint_times_out_by_itself():
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    nat.outward(UDP, PC, OTHER, 20.0)
    assert nat.inward(UDP, 500, HQ, 31.0) is None
    assert nat.inward(UDP, 500, OTHER, 31.0) == PC


def test_the_port_of_an_expired_binding_is_free_again():
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    assert nat.outward(UDP, PHONE, HQ, 31.0) == 500
    assert nat.port_of(UDP, PC, 31.0) is None
    assert nat.port_of(UDP, PHONE, 31.0) == 500


def test_a_nat_that_forgets_gives_another_port_the_next_time():
    nat = table()
    nat.outward(UDP, PC, HQ, 0.0)
    nat.forget()
    assert nat.inward(UDP, 500, HQ, 1.0) is None
    second = nat.outward(UDP, PC, HQ, 1.0)
    assert second != 500
    nat.forget()
    assert nat.outward(UDP, PC, HQ, 2.0) != second


def test_a_forwarded_port_is_given_to_nobody():
    nat = table(forward=((UDP, 500),))
    assert nat.outward(UDP, PHONE, HQ, 0.0) != 500


def test_the_table_says_who_may_answer_and_until_when():
    nat = table(udp_timeout=30.0)
    nat.outward(UDP, PC, HQ, 0.0)
    nat.outward(UDP, PC, OTHER, 10.0)
    nat.outward(UDP, PHONE, HQ, 5.0)
    first, second = nat.alive(20.0)
    assert (first.inside, first.remotes, first.expires) == (PC, (HQ, OTHER), 40.0)
    assert (second.inside, second.protocol, second.expires) == (PHONE, UDP, 35.0)
    assert [b.remotes for b in nat.alive(36.0)] == [(OTHER,)]
    assert nat.alive(40.0) == ()


def test_the_table_is_bounded_and_the_longest_silent_gives_way(monkeypatch):
    monkeypatch.setattr(module, "MAX_BINDINGS", 3)
    nat = table()
    for port in (1, 2, 3):
        nat.outward(UDP, ("10.9.0.2", port), HQ, 0.0)
    nat.outward(UDP, ("10.9.0.2", 1), HQ, 1.0)
    nat.outward(UDP, ("10.9.0.2", 4), HQ, 2.0)
    assert {b.inside[1] for b in nat.alive(2.0)} == {1, 3, 4}


def test_the_remotes_of_a_binding_are_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_REMOTES", 2)
    nat = table()
    for host in ("198.18.0.1", "198.18.0.2", "198.18.0.3"):
        nat.outward(UDP, PC, (host, 500), 0.0)
    [binding] = nat.alive(0.0)
    assert [host for host, _ in binding.remotes] == ["198.18.0.2", "198.18.0.3"]


ENDPOINT = st.tuples(st.sampled_from(["10.9.0.2", "10.9.0.3"]), st.integers(500, 503))
STEP = st.tuples(st.sampled_from(["out", "forget"]), ENDPOINT, st.floats(0, 40))


@given(st.lists(STEP, max_size=40), st.booleans())
def test_no_two_inside_endpoints_ever_share_a_port(steps, random_ports):
    nat = table(udp_timeout=30.0, random_ports=random_ports)
    now = 0.0
    for kind, endpoint, wait in steps:
        now += wait
        if kind == "forget":
            nat.forget()
        else:
            port = nat.outward(UDP, endpoint, HQ, now)
            assert nat.inward(UDP, port, HQ, now) == endpoint
        alive = nat.alive(now)
        assert len({b.public_port for b in alive}) == len(alive)
        assert len({b.inside for b in alive}) == len(alive)
