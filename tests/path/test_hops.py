"""The internet is two hops, whoever counts them, and answers what may not go so far."""

from dataclasses import replace

import pytest

from gwsim.path.config import Nat, Side
from gwsim.path.events import PathAction
from gwsim.wire.ip import ICMP, TIME_EXCEEDED, parse_icmp, parse_ipv4, parse_quoted
from gwsim.wire.ip import build_ipv4 as built
from tests.path.packets import BRANCH, HQ, PRIVATE, Path, esp, ports, two_sides, udp

NEAR, FAR, PUBLIC = "198.51.100.2", "203.0.113.2", "203.0.113.200"


def lasting(packet, ttl):
    """A packet with another time to live."""
    return built(replace(parse_ipv4(packet), ttl=ttl))


def path(nat=None, routed=False, ports=False):
    config = two_sides(nat=nat)
    hq, branch = config.sides
    sides = (replace(hq, router=NEAR), replace(branch, router=FAR))
    return Path(replace(config, sides=sides), ports=ports, routed=routed)


def answer(octets):
    """From whom a packet says that time was exceeded, to whom, and about which packet."""
    packet = parse_ipv4(octets)
    message = parse_icmp(packet.payload)
    assert (packet.protocol, message.type) == (ICMP, TIME_EXCEEDED)
    return packet.source, packet.destination, parse_quoted(message.original)


def test_a_packet_loses_two_hops_one_before_the_internet_and_one_behind_it():
    lab = path(ports=True)
    lab.send("hq", esp(HQ, BRANCH))
    lab.run()
    assert parse_ipv4(lab.at("branch")[0]).ttl == 62
    assert [(e.action.value, e.payload[8]) for e in lab.events] == [
        ("entered", 64),
        ("reached", 63),
        ("left", 63),
        ("forwarded", 62),
    ]


def test_between_kernels_that_count_events_tell_of_the_same_packets():
    lab, counted = path(), path(routed=True)
    lab.send("hq", esp(HQ, BRANCH))
    counted.send("hq", lasting(esp(HQ, BRANCH), 63))
    for one in (lab, counted):
        one.run()
    assert lab.events == counted.events
    assert parse_ipv4(counted.at("branch")[0]).ttl == 63


@pytest.mark.parametrize("ttl", [0, 1])
def test_who_may_go_no_further_than_its_line_is_answered_from_there(ttl):
    lab = path()
    lab.send("hq", lasting(udp(HQ, BRANCH), ttl))
    lab.run()
    source, to, about = answer(lab.at("hq")[0])
    assert (source, to, about.ttl, about.destination) == (NEAR, HQ, ttl, BRANCH)
    assert parse_ipv4(lab.at("hq")[0]).ttl == 64
    assert PathAction.EXPIRED in lab.actions()
    assert not lab.at("branch")


@pytest.mark.parametrize("routed", [False, True])
def test_who_may_go_no_further_than_the_other_line_is_answered_from_there(routed):
    lab = path(routed=routed)
    lab.send("hq", lasting(udp(HQ, BRANCH), 1 if routed else 2))
    lab.run()
    source, to, about = answer(lab.at("hq")[0])
    assert (source, to, about.ttl) == (FAR, HQ, 1)
    assert not lab.at("branch")


def test_the_answer_finds_its_way_through_a_nat_and_speaks_of_what_the_inside_sent():
    lab = path(nat=Nat(public=PUBLIC, random_ports=True))
    lab.send("branch", udp(PRIVATE, HQ, 4500, 4500))
    lab.send("branch", lasting(udp(PRIVATE, HQ, 4500, 4500), 2), 1.0)
    lab.run()
    assert ports(lab.at("hq")[0])[0] == PUBLIC
    source, to, about = answer(lab.at("branch")[0])
    assert (source, to, about.source) == (NEAR, PRIVATE, PRIVATE)
    assert about.payload[:4] == (4500).to_bytes(2, "big") * 2


def test_nothing_is_said_about_an_answer_that_ends_itself():
    lab = path()
    lab.send("hq", lasting(udp(HQ, BRANCH), 1))
    lab.run()
    error = lab.at("hq")[0]
    lab.send("hq", lasting(error, 1), 1.0)
    lab.run()
    assert len(lab.at("hq")) == 1


def test_the_path_speaks_where_no_line_has_a_router_of_its_own():
    lab = Path(two_sides(), routed=False)
    lab.send("hq", lasting(udp(HQ, BRANCH), 1))
    lab.run()
    assert answer(lab.at("hq")[0])[0] == "198.51.100.254"


def test_a_line_cannot_have_a_router_without_an_address():
    with pytest.raises(ValueError, match="is not an IPv4 address"):
        Side("hq", (HQ,), router="nowhere")
