"""The path with a NAT in it: who gets through, from where, and as what."""

import pytest

from gwsim.path.config import Link, Nat, PathConfig, Side
from gwsim.path.events import PathAction
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    UDP,
    parse_ipv4,
    parse_udp,
)
from tests.path.packets import (
    HQ,
    PRIVATE,
    Path,
    echo,
    esp,
    ports,
    tcp,
    two_sides,
    udp,
)

PUBLIC = "203.0.113.1"


class TestNat:
    def test_a_conversation_crosses_with_another_port(self):
        path = Path(two_sides(nat=Nat(PUBLIC, random_ports=True)))
        path.send("branch", udp(PRIVATE, HQ), label="main-1")
        source, port, _, _ = ports(path.at("hq")[0])
        assert source == PUBLIC and port != 500
        path.send("hq", udp(HQ, PUBLIC, 500, port), 0.1, "main-2")
        assert ports(path.at("branch")[0]) == (HQ, 500, PRIVATE, 500)
        translated = [e for e in path.events if e.action is PathAction.TRANSLATED]
        assert [e.why for e in translated] == [
            f"{PRIVATE}:500 -> {PUBLIC}:{port}",
            f"{PUBLIC}:{port} -> {PRIVATE}:500",
        ]
        [binding] = path.box.bindings("branch", 0.1)
        assert (binding.inside, binding.public_port) == ((PRIVATE, 500), port)

    def test_nobody_gets_in_unasked(self):
        path = Path(two_sides(nat=Nat(PUBLIC)))
        path.send("hq", udp(HQ, PUBLIC), label="main-1")
        assert path.actions() == [PathAction.NAT_REFUSED]
        assert path.last().why == f"no binding of port 500 lets {HQ}:500 in"

    def test_a_forwarded_port_makes_a_responder_reachable(self):
        path = Path(two_sides(nat=Nat(PUBLIC, forward=((UDP, 500), (UDP, 4500)))))
        for port in (500, 4500):
            path.send("hq", udp(HQ, PUBLIC, port, port))
            path.send("branch", udp(PRIVATE, HQ, port, port))
        assert [ports(p)[2:] for p in path.at("branch")] == [(PRIVATE, 500), (PRIVATE, 4500)]
        assert [ports(p)[:2] for p in path.at("hq")] == [(PUBLIC, 500), (PUBLIC, 4500)]

    def test_a_binding_that_timed_out_lets_nobody_in(self):
        path = Path(two_sides(nat=Nat(PUBLIC, udp_timeout=30.0)))
        path.send("branch", udp(PRIVATE, HQ, 4500, 4500))
        path.send("hq", udp(HQ, PUBLIC, 4500, 4500), 29.0)
        path.send("hq", udp(HQ, PUBLIC, 4500, 4500), 60.0)
        assert len(path.at("branch")) == 1
        assert path.last().action is PathAction.NAT_REFUSED

    def test_rebinding_moves_a_conversation_to_another_port(self):
        path = Path(two_sides(nat=Nat(PUBLIC)))
        path.send("branch", udp(PRIVATE, HQ, 4500, 4500))
        path.box.rebind("branch", 1.0)
        path.send("hq", udp(HQ, PUBLIC, 4500, 4500), 2.0)
        path.send("branch", udp(PRIVATE, HQ, 4500, 4500), 3.0)
        moved = ports(path.at("hq")[-1])[1]
        assert moved != 4500
        path.send("hq", udp(HQ, PUBLIC, 4500, moved), 4.0)
        assert path.times("branch") == [4.0]

    def test_rebinding_without_a_nat_does_nothing(self):
        path = Path(two_sides())
        path.box.rebind("branch", 0.0)
        assert path.box.bindings("branch", 0.0) == ()
        with pytest.raises(KeyError):
            path.box.rebind("nobody", 0.0)

    def test_esp_crosses_a_port_translating_nat_with_a_helper_only(self):
        path = Path(two_sides(nat=Nat(PUBLIC)))
        path.send("branch", esp(PRIVATE, HQ), label="esp")
        assert path.last().why == "protocol 50 does not cross a port-translating NAT"
        path = Path(two_sides(nat=Nat(PUBLIC, esp_helper=True)))
        path.send("branch", esp(PRIVATE, HQ), label="esp")
        path.send("hq", esp(HQ, PUBLIC), label="esp")
        assert parse_ipv4(path.at("hq")[0]).source == PUBLIC
        assert parse_ipv4(path.at("branch")[0]).destination == PRIVATE

    def test_a_one_to_one_nat_lets_everything_pass(self):
        path = Path(two_sides(nat=Nat(PUBLIC, translate_ports=False)))
        for make in (udp, esp, echo, tcp):
            path.send("hq", make(HQ, PUBLIC))
            path.send("branch", make(PRIVATE, HQ))
        assert {parse_ipv4(p).destination for p in path.at("branch")} == {PRIVATE}
        assert {parse_ipv4(p).source for p in path.at("hq")} == {PUBLIC}
        assert len(path.arrived) == 8

    def test_what_a_one_to_one_nat_leaves_alone_is_not_called_translated(self):
        path = Path(two_sides(nat=Nat(PUBLIC, translate_ports=False)))
        path.send("branch", udp("10.2.0.10", HQ))
        assert path.actions() == [PathAction.FORWARDED]

    def test_both_ends_may_be_behind_nats(self):
        config = PathConfig(
            (
                Side("hq", ("10.8.0.2",), nat=Nat("198.51.100.9", forward=((UDP, 500),))),
                Side("branch", (PRIVATE,), nat=Nat(PUBLIC)),
            )
        )
        path = Path(config)
        path.send("branch", udp(PRIVATE, "198.51.100.9"))
        assert ports(path.at("hq")[0]) == (PUBLIC, 500, "10.8.0.2", 500)
        path.send("hq", udp("10.8.0.2", PUBLIC))
        assert ports(path.at("branch")[0]) == ("198.51.100.9", 500, PRIVATE, 500)

    def test_fragments_are_joined_translated_and_cut_again(self):
        path = Path(two_sides(branch=Link(mtu=600), nat=Nat(PUBLIC)))
        path.send("branch", udp(PRIVATE, HQ))
        packet = udp(HQ, PUBLIC, payload=bytes(1500))
        path.send("hq", packet, 1.0)
        pieces = [parse_ipv4(p) for p in path.at("branch")]
        assert len(pieces) == 3 and all(p.destination == PRIVATE for p in pieces)
        joining = Reassembler()
        whole = [joining.add(piece, 0.0) for piece in pieces][-1]
        assert parse_udp(whole.payload, HQ, PRIVATE).payload == bytes(1500)

    def test_what_the_inside_has_room_for_stays_whole(self):
        path = Path(two_sides(hq=Link(mtu=600), nat=Nat(PUBLIC)))
        path.send("branch", udp(PRIVATE, HQ))
        path.send("hq", udp(HQ, PUBLIC, payload=bytes(1200)), 1.0)
        assert [len(p) for p in path.at("branch")] == [1228]
        assert [e.action for e in path.events].count(PathAction.JOINED) == 2
