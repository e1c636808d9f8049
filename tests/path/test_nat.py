"""The NAT as a station: whole packets, refusals that say why, settings that change."""

from random import Random

from gwsim.path.config import Nat
from gwsim.path.events import PathAction
from gwsim.path.nat import NatDevice
from gwsim.path.transit import Mishap, Transit, pieces, read
from gwsim.wire.ip import parse_ipv4
from tests.path.packets import HQ, PRIVATE, esp, ports, udp

PUBLIC = "203.0.113.1"


def transit(data):
    return read(parse_ipv4(data), data, 1, "branch", 0.0)


def device(**nat):
    return NatDevice(Nat(PUBLIC, **nat), PRIVATE, Random(1))


def test_a_translated_packet_knows_its_new_ends():
    nat = device(random_ports=True)
    left = nat.outward(transit(udp(PRIVATE, HQ)), 0.0)
    assert isinstance(left, Transit)
    assert (left.source, left.source_port) == ports(left.data)[:2]
    assert left.source == PUBLIC
    came = nat.inward(transit(udp(HQ, PUBLIC, 500, left.source_port)), 0.0)
    assert isinstance(came, Transit)
    assert (came.destination, came.destination_port) == (PRIVATE, 500)


def test_a_refusal_says_why():
    refused = device().outward(transit(esp(PRIVATE, HQ)), 0.0)
    assert isinstance(refused, Mishap)
    assert refused.action is PathAction.NAT_REFUSED
    assert refused.why == "protocol 50 does not cross a port-translating NAT"


def test_one_to_one_lets_protocol_50_pass():
    nat = device(translate_ports=False)
    left = nat.outward(transit(esp(PRIVATE, HQ)), 0.0)
    assert isinstance(left, Transit) and left.source == PUBLIC
    came = nat.inward(transit(esp(HQ, PUBLIC)), 0.0)
    assert isinstance(came, Transit) and came.destination == PRIVATE


def test_fragments_are_joined_before_they_are_translated():
    nat = device()
    original = udp(PRIVATE, HQ, payload=bytes(range(256)) * 4)
    *first, last = pieces(transit(original), 500)
    for piece in first:
        waiting = nat.outward(piece, 0.0)
        assert isinstance(waiting, Mishap) and waiting.action is PathAction.JOINED
    left = nat.outward(last, 0.0)
    assert isinstance(left, Transit) and not left.is_fragment
    assert ports(left.data) == (PUBLIC, 500, HQ, 500)
    assert left.data[28:] == original[28:]


def test_the_two_directions_join_apart():
    nat = device()
    nat.outward(transit(udp(PRIVATE, HQ)), 0.0)
    a, b = pieces(transit(udp(HQ, PUBLIC, payload=bytes(800))), 500)
    assert isinstance(nat.inward(a, 0.0), Mishap)
    assert isinstance(nat.outward(b, 0.0), Mishap)
    assert isinstance(nat.inward(b, 0.0), Transit)


def test_rebinding_loses_what_was_bound():
    nat = device()
    nat.outward(transit(udp(PRIVATE, HQ)), 0.0)
    assert [b.public_port for b in nat.bindings(0.0)] == [500]
    nat.rebind()
    assert nat.bindings(0.0) == ()


def test_bindings_survive_other_settings_but_no_other_address():
    nat = device()
    nat.outward(transit(udp(PRIVATE, HQ)), 0.0)
    nat.reconfigure(Nat(PUBLIC, udp_timeout=60.0), PRIVATE)
    assert len(nat.bindings(0.0)) == 1
    nat.reconfigure(Nat("203.0.113.9"), PRIVATE)
    assert nat.bindings(0.0) == ()
    left = nat.outward(transit(udp(PRIVATE, HQ)), 0.0)
    assert isinstance(left, Transit) and left.source == "203.0.113.9"


def test_the_kind_of_a_nat_can_change():
    nat = device()
    nat.reconfigure(Nat(PUBLIC, translate_ports=False), PRIVATE)
    left = nat.outward(transit(esp(PRIVATE, HQ)), 0.0)
    assert isinstance(left, Transit) and left.source == PUBLIC
