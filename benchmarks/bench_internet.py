"""Packets through the internet between two gateways: the short way and the long one.

Run with `pytest benchmarks/bench_internet.py`; operations per second are packets per second and
core, without reading and writing them. Nothing is asserted about time.
"""

from itertools import count
from random import Random

import pytest

from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, Side
from gwsim.path.middlebox import Middlebox
from gwsim.wire.ip import ESP, UDP, Ipv4Packet, UdpDatagram, build_ipv4, build_udp

HQ, BRANCH, PRIVATE = "198.51.100.1", "203.0.113.1", "10.9.0.2"
BODY = bytes.fromhex("11223344") + bytes(1400)
INTERVAL = 0.00005
ELSEWHEN = Rule("esp at night", "drop", Match(label="esp", start=1e9))


def box(express: bool, nat: bool, rules: tuple[Rule, ...]) -> Middlebox:
    link = Link(latency=0.005)
    behind = Nat(public=BRANCH, inside=PRIVATE) if nat else None
    own = PRIVATE if nat else BRANCH
    sides = (Side("hq", (HQ,), link), Side("branch", (own,), link, behind))
    return Middlebox(PathConfig(sides, rules), Random(1), 0.0, routed=True, express=express)


@pytest.mark.parametrize("way", ["short", "long"])
@pytest.mark.parametrize("kind", ["esp", "udp", "nat", "rule"])
def test_internet(benchmark, way, kind):
    rules = (ELSEWHEN,) if kind == "rule" else ()
    internet = box(way == "short", kind == "nat", rules)
    source = PRIVATE if kind == "nat" else BRANCH
    payload, number = BODY, ESP
    if kind != "esp":
        payload, number = build_udp(UdpDatagram(4500, 4500, BODY), source, HQ), UDP
    packet = build_ipv4(Ipv4Packet(source, HQ, number, payload))
    moments = count(1)

    def carry() -> None:
        internet.receive(packet, "branch", next(moments) * INTERVAL)
        internet.packets_to_send()
        internet.happenings()

    benchmark(carry)
