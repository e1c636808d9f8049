"""What a NAT does to a flow is the same in few steps as with every packet taken apart."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, RuleAction, Side
from gwsim.path.events import PathAction
from gwsim.path.middlebox import Middlebox
from gwsim.path.nat import NatDevice
from gwsim.path.transit import Mishap, Transit, read
from gwsim.wire.ip import build_ipv4, parse_ipv4
from tests.path.packets import HQ, PRIVATE, echo, esp, tcp, udp

PUBLIC = "203.0.113.200"
SPI = (0x1234).to_bytes(4, "big")
KINDS = [
    Nat(public=PUBLIC),
    Nat(public=PUBLIC, random_ports=True, inbound_refreshes=False),
    Nat(public=PUBLIC, esp_helper=True),
    Nat(public=PUBLIC, forward=((17, 4500), (1, 0), (50, 0), (6, 80))),
    Nat(public=PUBLIC, translate_ports=False),
]
OUT = [
    udp(PRIVATE, HQ, 4500, 4500, SPI + bytes(40)),
    udp(PRIVATE, HQ, 40000, 4500, SPI + bytes(41)),
    tcp(PRIVATE, HQ, 80, 4000),
    esp(PRIVATE, HQ),
    echo(PRIVATE, HQ, 77),
    echo(PRIVATE, HQ, 0),
    echo("10.9.0.3", HQ, 77),
]


def transit(packet):
    return read(parse_ipv4(packet), packet, 1, "branch", 0.0)


def turned(packet):
    """What answers a packet, from its destination."""
    parsed = parse_ipv4(packet)
    payload = bytearray(parsed.payload)
    if parsed.protocol in (6, 17):
        payload[0:4] = payload[2:4] + payload[0:2]
    elif parsed.protocol == 1:
        payload = bytearray(parse_ipv4(echo(PRIVATE, HQ, reply=True)).payload)
        payload[4:6] = parsed.payload[4:6]
        payload[2:4] = bytes(2)
    ends = {"source": parsed.destination, "destination": parsed.source}
    return build_ipv4(replace(parsed, **ends, payload=bytes(payload)))


def both_ways(nat, packet, outward, now):
    """A packet behind the NAT: by its leg, and by the whole of it."""
    leg = nat.leg(transit(packet), outward)
    crossed = None if leg is None else leg.cross(packet, now)
    whole = (nat.outward if outward else nat.inward)(transit(packet), now)
    return crossed, whole


def agree(crossed, whole):
    """Assert that both ways have one outcome, and give the octets if there are any."""
    if crossed is None:
        return None if isinstance(whole, Mishap) else whole.data
    aspect, data = crossed
    assert isinstance(whole, Transit)
    ends = [
        (one.source, one.source_port, one.destination, one.destination_port)
        for one in (aspect.like, whole)
    ]
    assert (data, ends[0]) == (whole.data, ends[1])
    return data


@settings(deadline=None)
@given(st.sampled_from(KINDS), st.sampled_from(OUT), st.integers(0, 0xFFFF), st.integers(0, 9))
def test_legs_give_the_octets_that_the_nat_gives(kind, packet, carried, seed):
    nat = NatDevice(kind, PRIVATE, Random(seed))
    at = {1: 22, 6: 36, 17: 26, 50: 24}[packet[9]]
    packet = packet[:at] + carried.to_bytes(2, "big") + packet[at + 2 :]
    left = agree(*both_ways(nat, packet, True, 0.0))
    if left is not None:
        agree(*both_ways(nat, turned(left), False, 1.0))


@pytest.mark.parametrize("nat", [kind for kind in KINDS if kind.translate_ports])
def test_who_never_sent_is_not_answered_in_few_steps_either(nat):
    device = NatDevice(nat, PRIVATE, Random(1))
    stranger = udp(HQ, PUBLIC, 53, 33333, bytes(20))
    crossed, whole = both_ways(device, stranger, False, 0.0)
    assert crossed is None and isinstance(whole, Mishap)


def through(monkeypatch, nat, packet, rules=(), times=40):
    """How many of so many packets of a flow from behind a NAT were looked at in full."""
    looked = []
    monkeypatch.setattr(
        "gwsim.path.middlebox.parse_ipv4", lambda data: looked.append(1) or parse_ipv4(data)
    )
    link = Link(latency=0.01)
    sides = Side("hq", (HQ,), link), Side("branch", (PRIVATE,), link, nat)
    box = Middlebox(PathConfig(sides, rules), Random(1), 0.0, routed=True)
    answered = []
    for number in range(times):
        box.receive(packet, "branch", number / 10)
        box.handle_timer(number / 10 + 0.05)
        arrived = box.packets_to_send()
        assert [one.side for one in arrived] == ["hq"]
        box.receive(turned(arrived[0].packet), "hq", number / 10 + 0.05)
        box.handle_timer(number / 10 + 0.09)
        answered += box.packets_to_send()
    acts = [event.action for event in box.events()]
    assert acts.count(PathAction.TRANSLATED) == 2 * times
    assert [parse_ipv4(one.packet).destination for one in answered] == [PRIVATE] * times
    return len(looked)


@pytest.mark.parametrize("nat", KINDS[:2], ids=["own ports", "random ports"])
@pytest.mark.parametrize("packet", [OUT[0], OUT[2], OUT[4]], ids=["udp", "tcp", "echo"])
def test_of_a_flow_through_a_nat_only_the_first_packets_take_the_long_way(monkeypatch, nat, packet):
    assert through(monkeypatch, nat, packet) == 2


def test_a_rule_that_may_be_meant_is_asked_on_the_short_way(monkeypatch):
    rules = (Rule("rare", RuleAction.DROP, Match(port=4500, occurrences=frozenset({999}))),)
    assert through(monkeypatch, KINDS[0], OUT[0], rules) == 2
