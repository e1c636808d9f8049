"""The short way of a packet and the long one have the same outcome, whatever comes in between."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.path import express
from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, RuleAction, Side
from gwsim.path.events import PathAction
from gwsim.path.middlebox import Middlebox
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import ESP, Ipv4Packet, build_ipv4, parse_address, parse_ipv4
from tests.path.packets import BRANCH, HQ, echo, esp, tcp, udp

DEPOT = "203.0.113.77"
PUBLIC = "203.0.113.200"
NETS = {"hq": "10.1.0.0/24", "branch": "10.2.0.0/24", "depot": "10.3.0.0/24"}
OUTSIDE = {"hq": HQ, "branch": BRANCH, "depot": DEPOT}
NATTED = {"branch": "203.0.113.201", "depot": PUBLIC}
SPI = (0x1234).to_bytes(4, "big")


def bent(packet, place=10):
    """A packet with one octet changed: in the header's checksum, or elsewhere."""
    return packet[:place] + bytes([packet[place] ^ 0xFF]) + packet[place + 1 :]


def without_checksum(packet):
    """A UDP datagram that has none, which is allowed."""
    return packet[:26] + bytes(2) + packet[28:]


def fading(packet):
    """A packet that may not go another hop."""
    return build_ipv4(replace(parse_ipv4(packet), ttl=1))


def to(packet, address):
    """Whether a packet goes to an address."""
    return packet[16:20] == parse_address(address).to_bytes(4, "big")


def kinds(source, destination):
    """All kinds of packets from one side to another."""
    whole = Ipv4Packet(source, destination, ESP, SPI + bytes(1400), identification=9)
    yield from (esp(source, destination), esp(source, destination, 0x77, bytes(900)))
    yield build_ipv4(Ipv4Packet(source, destination, ESP, bytes(900), dont_fragment=True))
    yield from map(build_ipv4, fragment(whole, 600))
    for port in (500, 4500):
        yield udp(source, destination, port, port, bytes(4) + bytes(range(60)))
    yield udp(source, destination, 4500, 4500, SPI + bytes(80))
    yield udp(source, destination, 4500, 4500, SPI + bytes(900), df=True)
    yield udp(source, destination, 4500, 4500, b"\xff")
    yield udp(source, destination, 40000, 53)
    yield udp(source, destination, 50000, 4500, SPI + bytes(70))
    yield udp(source, destination, 4500, 50000, SPI + bytes(70))
    yield without_checksum(udp(source, destination, 4500, 4500, SPI + bytes(81)))
    yield tcp(source, destination)
    yield from (tcp(source, destination, 80, 40000), tcp(source, destination)[:38])
    yield from (echo(source, destination), echo(source, destination, reply=True))
    yield from (echo(source, destination, 78), echo(source, destination, 1 << 15, size=900))
    yield fading(echo(source, destination))
    yield from (bent(esp(source, destination)), bent(esp(source, destination), 8), b"\x45", b"")
    yield esp(source, destination) + b"padding of a link"


def packets():
    for side, own in OUTSIDE.items():
        for other, address in (OUTSIDE | {f"nat of {n}": a for n, a in NATTED.items()}).items():
            for packet in kinds(own, address) if side not in other else ():
                yield side, packet
        yield side, echo(NETS[side].replace("0/24", "10"), "10.2.0.10")
        yield side, esp(own, "198.18.99.1")


PACKETS = tuple(packets())
PLAIN = [Link(latency=0.005), Link(latency=0.005), Link(latency=0.02), Link()]
LINKS = st.sampled_from(
    [
        *PLAIN * 5,
        Link(latency=0.05),
        Link(latency=0.005, mtu=700),
        Link(latency=0.005, mtu=700, black_hole=True),
        Link(latency=0.01, jitter=0.005, loss=0.2, duplicate=0.2, reorder=0.2, corrupt=0.2),
        Link(up=False),
    ]
)
RULES = st.sampled_from(
    [
        Rule("esp", RuleAction.DROP, Match(protocol=ESP, start=1.0, end=2.0)),
        Rule("port", RuleAction.DELAY, Match(port=4500, occurrences=frozenset({2})), 0.02),
        Rule("half", RuleAction.DROP, Match(port=4500, probability=0.5)),
        Rule("main", RuleAction.DROP, Match(label="main-1")),
        Rule("some", RuleAction.DUPLICATE, Match(label="esp", probability=0.3), 0.001),
        Rule("late", RuleAction.REORDER, Match(protocol=6), 0.03),
        Rule("twice", RuleAction.DUPLICATE, Match(from_side="hq", probability=0.5)),
        Rule("drip", RuleAction.DRIP, Match(to_side="branch", protocol=17), 0.01),
        Rule("bits", RuleAction.CORRUPT, Match(protocol=1, occurrences=frozenset({3}))),
    ]
)
BOTH = ((17, 500), (17, 4500))


@st.composite
def nats(draw, side):
    """A NAT of any kind, with bindings that may end between two packets."""
    return Nat(
        public=NATTED[side],
        translate_ports=draw(st.sampled_from([True, True, True, False])),
        udp_timeout=draw(st.sampled_from([120.0, 120.0, 0.02])),
        esp_helper=draw(st.booleans()),
        random_ports=draw(st.booleans()),
        inbound_refreshes=draw(st.booleans()),
        forward=draw(st.sampled_from([(), BOTH, ((6, 80), (1, 0), (50, 0))])),
        inside=OUTSIDE[side],
    )


@st.composite
def configs(draw):
    names = draw(st.sampled_from([("hq", "branch"), ("hq", "branch", "depot")]))
    sides = []
    for name in names:
        nat = draw(nats(name)) if name in NATTED and draw(st.booleans()) else None
        sides.append(Side(name, (OUTSIDE[name], NETS[name]), draw(LINKS), nat))
    rules = tuple(draw(st.lists(RULES, max_size=2, unique=True)))
    return PathConfig(tuple(sides), rules, "198.18.0.1")


WAITS = st.sampled_from([0.0, 0.0, 0.001, 0.003, 0.01, 0.03, 0.5])
BY_SIDE = {
    side: [number for number, (own, _) in enumerate(PACKETS) if own == side] for side in OUTSIDE
}
USUAL = [
    number
    for number, (_, packet) in enumerate(PACKETS)
    if packet[28:32] == SPI or (len(packet) > 30 and packet[9] in (1, 6) and packet[8] > 1)
]
TO_NAT = [
    number
    for number, (side, packet) in enumerate(PACKETS)
    if side == "hq" and any(to(packet, nat) for nat in NATTED.values())
]


@st.composite
def journeys(draw):
    """Few kinds of packets, many of each, and now and then another configuration."""
    usual = {side: [one for one in USUAL if one in BY_SIDE[side]] for side in ("hq", "branch")}
    chosen = draw(st.lists(st.sampled_from(usual["hq"]), min_size=1, max_size=2))
    chosen += draw(st.lists(st.sampled_from(usual["branch"]), min_size=1, max_size=2))
    chosen += draw(st.lists(st.sampled_from(BY_SIDE["branch"]), max_size=2))
    chosen += draw(st.lists(st.sampled_from(TO_NAT), max_size=2))
    chosen += draw(st.lists(st.integers(0, len(PACKETS) - 1), max_size=2))
    sent = st.sampled_from(chosen)
    again = st.sampled_from(["branch", "hq"])
    steps = draw(
        st.lists(st.one_of(sent, sent, sent, sent, WAITS, WAITS, again), min_size=15, max_size=50)
    )
    for config in draw(st.lists(configs(), max_size=2)):
        steps.insert(draw(st.integers(0, len(steps))), config)
    return steps


def tell(box, at, step, known):
    """Do one step to a box, and give all that can be seen of it then."""
    if isinstance(step, int):
        side, packet = PACKETS[step]
        if side in known:
            box.receive(packet, side, at)
    elif isinstance(step, str):
        box.rebind(step, at)
    elif isinstance(step, PathConfig):
        box.reconfigure(step, at)
    else:
        box.handle_timer(at)
    tables = [box.bindings(side, at) for side in known]
    return box.packets_to_send(), box.events(), box.next_timer(), box.bites, tables


def both(config):
    """A box that hurries and one that does not."""
    return [
        Middlebox(config, Random(5), 0.0, routed=True, express=hurries) for hurries in (True, False)
    ]


@settings(deadline=None, max_examples=200)
@given(configs(), journeys())
def test_both_ways_have_the_same_outcome(config, steps):
    boxes = both(config)
    at, known = 0.0, sorted(side.name for side in config.sides)
    for step in [*steps, 0.5, 0.5, 2.0]:
        if isinstance(step, float):
            at += step
        if isinstance(step, PathConfig):
            known = sorted(side.name for side in step.sides)
        short, long = (tell(box, at, step, known) for box in boxes)
        assert short == long


def alike(config, steps):
    """Assert that a journey ends alike both ways, and give the box that hurried, and its events.

    A step is a packet, the side that sends it, and when; or the side whose NAT forgets.
    """
    boxes, seen = both(config), []
    for step, side, at in steps:
        told = []
        for box in boxes:
            if step is None:
                box.rebind(side, at)
            else:
                box.receive(step, side, at)
            told.append((box.packets_to_send(), box.events(), box.next_timer(), box.bites))
        assert told[0] == told[1]
        seen += told[0][1]
    for box in boxes:
        box.handle_timer(1e9)
    ends = [(box.packets_to_send(), box.events(), box.bites) for box in boxes]
    assert ends[0] == ends[1]
    return boxes[0], [*seen, *ends[0][1]]


SEALED = udp(BRANCH, HQ, 4500, 4500, SPI + bytes(80))
TO_BRANCH = udp(HQ, NATTED["branch"], 4500, 4500, SPI + bytes(80))


def behind(rules=(), latency=0.01, **nat):
    """A path on which branch stands behind a NAT."""
    link = Link(latency=latency)
    device = Nat(public=NATTED["branch"], **nat)
    return PathConfig((Side("hq", (HQ,), link), Side("branch", (BRANCH,), link, device)), rules)


ACTING = [
    Rule("r", RuleAction.DROP, Match(label="esp", occurrences=frozenset({4, 6}))),
    Rule("r", RuleAction.DELAY, Match(port=4500, occurrences=frozenset({4, 6})), 0.5),
    Rule("r", RuleAction.DUPLICATE, Match(to_side="hq", occurrences=frozenset({4, 6})), 0.5),
    Rule("r", RuleAction.CORRUPT, Match(from_side="branch", occurrences=frozenset({4, 6}))),
    Rule("r", RuleAction.DROP, Match(protocol=17, start=0.35, end=0.55)),
]


@pytest.mark.parametrize("rule", ACTING, ids=[rule.action for rule in ACTING])
@pytest.mark.parametrize("config", [behind, lambda rules: paths(Link(latency=0.01), rules)])
def test_a_rule_acts_on_the_short_way_as_on_the_long_one(config, rule):
    box, _ = alike(config((rule,)), [(SEALED, "branch", at / 10) for at in range(1, 9)])
    assert box.bites == {"r": 2}


def test_who_comes_from_another_port_after_a_rebinding_does_so_on_the_short_way():
    steps = [(SEALED, "branch", at / 10) for at in range(9)]
    steps.insert(4, (None, "branch", 0.35))
    _, events = alike(behind(), steps)
    arrived = [e.source_port for e in events if e.action is PathAction.FORWARDED]
    assert len(arrived) == 9
    assert arrived[:4] == [4500] * 4 != arrived[4:8]
    assert len(set(arrived[4:])) == 1


def test_a_binding_that_ends_while_an_answer_is_on_its_way_lets_it_in_no_more():
    steps = [(SEALED, "branch", 0.0)]
    steps += [(TO_BRANCH, "hq", at) for at in (0.05, 0.1, 0.15, 0.185, 0.19, 0.3)]
    steps.append((SEALED, "branch", 0.4))
    _, events = alike(behind(udp_timeout=0.2, inbound_refreshes=False), steps)
    refused = [e.at for e in events if e.action is PathAction.NAT_REFUSED]
    assert refused == pytest.approx([0.205, 0.21, 0.32])


def test_an_echo_of_another_identifier_is_another_flow():
    asked = [echo(BRANCH, HQ, number) for number in (77, 78, 77, 78)]
    steps = [(packet, "branch", at / 10) for at, packet in enumerate(asked)]
    _, events = alike(behind(random_ports=True), steps)
    left = [e.payload[24:26] for e in events if e.action is PathAction.FORWARDED]
    assert left[:2] == left[2:] and len(set(left)) == 2


def test_what_may_go_no_further_is_answered_on_a_known_way_too():
    steps = [(SEALED, "branch", 0.0), (SEALED, "branch", 0.1), (fading(SEALED), "branch", 0.2)]
    _, events = alike(behind(), steps)
    assert [e.action for e in events].count(PathAction.EXPIRED) == 1


def paths(link, rules=()):
    sides = tuple(Side(name, (OUTSIDE[name], NETS[name]), link) for name in ("hq", "branch"))
    return PathConfig(sides, rules, "198.18.0.1")


def parsed(monkeypatch, box, packet, times):
    """How many of so many packets of a flow were looked at in full."""
    looked = []
    monkeypatch.setattr(
        "gwsim.path.middlebox.parse_ipv4", lambda data: looked.append(1) or parse_ipv4(data)
    )
    for number in range(times):
        box.receive(packet, "hq", number / 100)
    box.handle_timer(100.0)
    assert len(box.packets_to_send()) == times
    return len(looked)


@pytest.mark.parametrize(
    "packet", [esp(HQ, BRANCH), udp(HQ, BRANCH, 4500, 4500, SPI + bytes(50)), tcp(HQ, BRANCH)]
)
def test_of_a_flow_only_the_first_packet_takes_the_long_way(monkeypatch, packet):
    box = Middlebox(paths(Link(latency=0.01)), Random(1), 0.0, routed=True)
    assert parsed(monkeypatch, box, packet, 50) == 1


def test_a_message_is_always_looked_at(monkeypatch):
    box = Middlebox(paths(Link(latency=0.01)), Random(1), 0.0, routed=True)
    assert parsed(monkeypatch, box, udp(HQ, BRANCH), 5) == 5


def test_the_memory_for_flows_has_an_end(monkeypatch):
    monkeypatch.setattr(express, "MAX_FLOWS", 8)
    box = Middlebox(paths(Link()), Random(1), 0.0, routed=True)
    for port in range(100):
        box.receive(tcp(HQ, BRANCH, sport=1000 + port), "hq", 0.0)
    assert len(box.packets_to_send()) == 100


def test_a_packet_that_waits_is_overtaken_by_one_on_the_short_way():
    late = Rule("late", RuleAction.REORDER, Match(protocol=6), 0.5)
    for hurries in (True, False):
        box = Middlebox(
            paths(Link(latency=0.01), (late,)), Random(1), 0.0, routed=True, express=hurries
        )
        for at, packet in enumerate((esp(HQ, BRANCH), tcp(HQ, BRANCH), esp(HQ, BRANCH, 0x99))):
            box.receive(packet, "hq", at / 10)
        box.handle_timer(0.3)
        first, second, third = (delivery.packet for delivery in box.packets_to_send())
        assert (first, second, third) == (
            esp(HQ, BRANCH),
            esp(HQ, BRANCH, 0x99),
            tcp(HQ, BRANCH),
        )
