"""One hub and two peers: each has its own SAs, also when one connection takes anybody."""

from dataclasses import replace
from random import Random

import pytest

from gwsim.ike.config import Dpd, EndpointConfig, Identity, ProxyPolicy
from gwsim.ike.endpoint import Endpoint
from gwsim.ike.events import Event, PhaseOneClosed
from gwsim.wire.numbers import IdType
from tests.ike.configs import ADDRESS, child, connection, endpoint, selector

Address = tuple[str, int]
HUB = ADDRESS["B"]
SPOKES = {"A": ADDRESS["A"], "C": "192.0.2.30"}
PUBLIC = "192.0.2.99"
OFFSETS = {"A": 20000, "C": 30000}
LANS = {"A": "10.1.0.0/24", "C": "10.3.0.0/24"}


class Star:
    """A hub with two spokes on a wire without delay; the clock stands still unless told."""

    def __init__(self, hub: EndpointConfig, **spokes: EndpointConfig) -> None:
        configs = {HUB: hub, **{SPOKES[name]: config for name, config in spokes.items()}}
        self.now = 0.0
        self.ends = {a: Endpoint(c, Random(a), 0.0) for a, c in configs.items()}
        self.events: dict[str, list[Event]] = {a: [] for a in configs}

    def settle(self) -> None:
        """Deliver until nobody has anything to say."""
        waiting = [d for end in self.ends.values() for d in end.datagrams_to_send()]
        while waiting:
            datagram = waiting.pop(0)
            source, destination = self.route(datagram.source, datagram.destination)
            end = self.ends[destination[0]]
            end.receive_datagram(datagram.data, source, destination, self.now)
            waiting += end.datagrams_to_send()
        for address, end in self.ends.items():
            while (event := end.next_event()) is not None:
                self.events[address].append(event)

    def route(self, source: Address, destination: Address) -> tuple[Address, Address]:
        """Give a datagram's ends as they are where it arrives."""
        return source, destination

    def initiate(self, name: str) -> None:
        """Let a spoke want its SA."""
        self.ends[SPOKES[name]].initiate("peer", "lan", self.now)
        self.settle()

    def run(self, seconds: float) -> None:
        """Let time pass in steps of a second."""
        for _ in range(int(seconds)):
            self.now += 1.0
            for end in self.ends.values():
                end.handle_timer(self.now)
                self.settle()

    def at_hub(self, name: str) -> tuple[int, int]:
        """Count what the hub has with a spoke: ISAKMP SAs and pairs of IPsec SAs."""
        shown = self.ends[HUB].snapshot()
        sas = [sa for sa in shown.sas if sa.peer == SPOKES[name]]
        return len(sas), len([c for c in shown.children if c.peer == SPOKES[name]])


class Behind(Star):
    """Both spokes stand behind one public address; ports tell them apart."""

    def route(self, source: Address, destination: Address) -> tuple[Address, Address]:
        """Translate between a spoke's own address and the public one."""
        for name, offset in OFFSETS.items():
            if source[0] == SPOKES[name]:
                return (PUBLIC, source[1] + offset), destination
            if destination[0] == PUBLIC and destination[1] // 10000 == offset // 10000:
                return source, (SPOKES[name], destination[1] - offset)
        return source, destination


def spoke(name: str, **changes) -> EndpointConfig:
    """A spoke with a LAN of its own, in aggressive mode unless told otherwise."""
    config = endpoint(
        "A",
        local=SPOKES[name],
        remote=HUB,
        children=(replace(child("A"), local=selector(LANS[name])),),
        **changes,
    )
    return replace(config, address=SPOKES[name])


def dynamic_hub(**changes) -> EndpointConfig:
    """A hub that takes anybody who has the key."""
    takes = replace(child("B"), remote=selector("0.0.0.0/0"))
    return endpoint(
        "B",
        remote=None,
        children=(takes,),
        proxy=ProxyPolicy.SUBSET,
        check_peer_id=False,
        **changes,
    )


def fixed_hub() -> EndpointConfig:
    """A hub with a connection for each spoke."""
    connections = tuple(
        connection(
            "B",
            name=f"to {name}",
            remote=address,
            children=(replace(child("B"), remote=selector(LANS[name])),),
        )
        for name, address in SPOKES.items()
    )
    return replace(endpoint("B"), connections=connections)


HUBS = {"dynamic": dynamic_hub, "fixed": fixed_hub}


@pytest.fixture(params=HUBS)
def star(request) -> Star:
    star = Star(HUBS[request.param](), A=spoke("A"), C=spoke("C"))
    star.initiate("A")
    star.run(1)
    star.initiate("C")
    return star


def test_both_are_up_and_stay_up(star: Star):
    star.run(60)
    assert star.at_hub("A") == star.at_hub("C") == (1, 1)
    assert not [e for e in star.events[HUB] if isinstance(e, PhaseOneClosed)]


def test_a_peer_that_reboots_takes_only_its_own_sas_with_it(star: Star):
    star.ends[SPOKES["C"]] = Endpoint(star.ends[SPOKES["C"]].config, Random(9), star.now)
    star.run(1)
    star.initiate("C")
    assert star.at_hub("A") == star.at_hub("C") == (1, 1)
    assert len(star.ends[SPOKES["A"]].snapshot().sas) == 1


@pytest.mark.parametrize("phase", [1, 2])
def test_a_renewal_with_one_leaves_the_other_alone(star: Star, phase):
    star.ends[SPOKES["A"]].rekey("peer", phase, star.now)
    star.run(30)
    assert star.at_hub("A") == star.at_hub("C") == (1, 1)


def test_the_hub_renews_each_with_the_right_one(star: Star):
    before = {c.inbound_spi for c in star.ends[HUB].snapshot().children}
    for spi in before:
        star.ends[HUB].rekey_child(spi, star.now)
    star.settle()
    star.run(30)
    assert star.at_hub("A") == star.at_hub("C") == (1, 1)
    shown = star.ends[HUB].snapshot().children
    assert {c.remote for c in shown} == set(LANS.values())
    assert before.isdisjoint(c.inbound_spi for c in shown)


def test_clearing_one_leaves_the_other_alone(star: Star):
    star.ends[HUB].clear("all", SPOKES["A"], star.now)
    star.settle()
    assert star.at_hub("A") == (0, 0)
    assert star.at_hub("C") == (1, 1)


def test_a_delete_of_one_leaves_the_other_alone(star: Star):
    star.ends[SPOKES["A"]].clear("all", "", star.now)
    star.settle()
    assert star.at_hub("A") == (0, 0)
    assert star.at_hub("C") == (1, 1)


def test_reconfiguring_the_hub_ends_all_of_a_connection_that_went():
    star = Star(dynamic_hub(), A=spoke("A"), C=spoke("C"))
    star.initiate("A")
    star.initiate("C")
    config = star.ends[HUB].config
    star.ends[HUB].reconfigure(replace(config, connections=()), star.now)
    star.settle()
    assert star.at_hub("A") == star.at_hub("C") == (0, 0)
    assert star.ends[SPOKES["A"]].snapshot().children == ()


def test_one_dead_peer_does_not_take_the_other_with_it():
    star = Star(dynamic_hub(dpd=Dpd()), A=spoke("A", dpd=Dpd()), C=spoke("C", dpd=Dpd()))
    star.initiate("A")
    star.initiate("C")
    silent = star.ends.pop(SPOKES["A"])
    star.ends[SPOKES["A"]] = Endpoint(replace(silent.config, enabled=False), Random(1), star.now)
    star.run(40)
    assert star.at_hub("A") == (0, 0)
    assert star.at_hub("C") == (1, 1)


def test_the_same_identity_from_a_new_address_replaces_the_old_one():
    """A roaming peer: aggressive mode, known by its name."""
    name = Identity(IdType.FQDN, "roamer")
    hub = dynamic_hub(remote_id=name)
    star = Star(
        hub,
        A=spoke("A", aggressive=True, local_id=name),
        C=spoke("C", aggressive=True, local_id=name),
    )
    star.initiate("A")
    star.run(5)
    star.initiate("C")
    assert star.at_hub("A") == (0, 0)
    assert star.at_hub("C") == (1, 1)


def test_without_phase_1_a_pair_with_anybody_is_not_renewed_by_the_hub():
    star = Star(dynamic_hub(), A=spoke("A", send_delete=False), C=spoke("C"))
    star.initiate("A")
    (pair,) = star.ends[HUB].snapshot().children
    star.ends[HUB].clear("ike", "", star.now)
    star.settle()
    star.initiate("C")
    star.ends[HUB].rekey_child(pair.inbound_spi, star.now)
    star.settle()
    shown = star.ends[HUB].snapshot().children
    assert [c.peer for c in shown] == [SPOKES["A"], SPOKES["C"]]


def test_the_hub_may_begin_with_the_peer_that_came_last():
    star = Star(dynamic_hub(), A=spoke("A"), C=spoke("C"))
    star.initiate("A")
    star.run(1)
    star.initiate("C")
    star.ends[HUB].clear("ipsec", SPOKES["C"], star.now)
    star.settle()
    assert star.ends[HUB].initiate("peer", "lan", star.now)
    sent = star.ends[HUB].datagrams_to_send()
    assert [d.destination[0] for d in sent] == [SPOKES["C"]]


@pytest.mark.parametrize("known_by", ["address", "name"])
def test_two_gateways_behind_one_address_are_told_apart_by_their_identities(known_by):
    ids = {
        name: Identity.address(address) if known_by == "address" else Identity(IdType.FQDN, name)
        for name, address in SPOKES.items()
    }
    hub = fixed_hub()
    connections = tuple(
        replace(c, remote=PUBLIC, remote_id=ids[c.name[-1]]) for c in hub.connections
    )
    spokes = {name: spoke(name, local_id=ids[name]) for name in SPOKES}
    star = Behind(replace(hub, connections=connections), **spokes)
    for name in SPOKES:
        star.initiate(name)
        star.run(1)
    shown = star.ends[HUB].snapshot()
    assert [(sa.connection, sa.state) for sa in shown.sas] == [
        ("to A", "ESTABLISHED"),
        ("to C", "ESTABLISHED"),
    ]
    assert [(c.connection, c.remote) for c in shown.children] == [
        ("to A", LANS["A"]),
        ("to C", LANS["C"]),
    ]
    assert not [e for e in star.events[HUB] if isinstance(e, PhaseOneClosed)]


def test_a_gateway_behind_that_address_with_an_identity_of_nobody_is_refused():
    hub = fixed_hub()
    connections = tuple(
        replace(c, remote=PUBLIC, remote_id=Identity(IdType.FQDN, c.name)) for c in hub.connections
    )
    star = Behind(replace(hub, connections=connections), A=spoke("A"), C=spoke("C"))
    star.initiate("A")
    assert star.ends[HUB].snapshot().sas == ()
