"""Two sides behind one NAT: each gets what it asked for, at a port of its own."""

from random import Random

import pytest

from gwsim.path.config import Link, Nat, PathConfig, Side
from gwsim.path.middlebox import Middlebox
from gwsim.wire.ip import ICMP, IcmpError, Ipv4Packet, build_icmp, build_ipv4, parse_ipv4, quote
from tests.path.packets import HQ, echo, esp, ports, udp

PUBLIC = "203.0.113.1"
NORTH, SOUTH = "192.168.7.2", "192.168.8.2"


def behind(name, address, public=PUBLIC, **nat):
    return Side(name, (address,), Link(), Nat(public, **nat))


def mall(*sides):
    return PathConfig((Side("hq", (HQ,), Link()), *sides))


def carried(box, packet, side, now=0.0):
    """Send a packet and give what comes out: at which side, and its ends."""
    box.receive(packet, side, now)
    box.handle_timer(now)
    return [(one.side, ports(one.packet)) for one in box.packets_to_send()]


@pytest.fixture
def box():
    return Middlebox(mall(behind("north", NORTH), behind("south", SOUTH)), Random(1), 0.0)


def test_each_side_has_a_port_of_its_own_and_gets_its_answers(box):
    [(_, first)] = carried(box, udp(NORTH, HQ), "north")
    [(_, second)] = carried(box, udp(SOUTH, HQ), "south")
    assert first == (PUBLIC, 500, HQ, 500)
    assert second[0] == PUBLIC
    assert second[1] != 500
    assert carried(box, udp(HQ, PUBLIC, 500, 500), "hq") == [("north", (HQ, 500, NORTH, 500))]
    answer = udp(HQ, PUBLIC, 500, second[1])
    assert carried(box, answer, "hq") == [("south", (HQ, 500, SOUTH, 500))]


def test_what_nobody_asked_for_gets_in_to_nobody(box):
    assert carried(box, udp(HQ, PUBLIC, 500, 500), "hq") == []


def test_they_share_one_table_and_a_rebind_at_either_is_one_at_both(box):
    carried(box, udp(NORTH, HQ), "north")
    carried(box, udp(SOUTH, HQ), "south")
    assert box.bindings("north", 0.0) == box.bindings("south", 0.0)
    assert len(box.bindings("north", 0.0)) == 2
    box.rebind("south", 0.0)
    assert box.bindings("north", 0.0) == ()


def test_the_table_outlives_a_change_and_a_neighbour_who_moves_out_has_his_own(box):
    carried(box, udp(NORTH, HQ), "north")
    box.reconfigure(mall(behind("north", NORTH), behind("south", SOUTH)), 1.0)
    assert len(box.bindings("south", 1.0)) == 1
    moved = behind("south", SOUTH, "203.0.113.2")
    box.reconfigure(mall(behind("north", NORTH), moved), 2.0)
    [(_, ends)] = carried(box, udp(SOUTH, HQ), "south", 2.0)
    assert ends == ("203.0.113.2", 500, HQ, 500)
    assert len(box.bindings("north", 2.0)) == 1
    assert carried(box, udp(HQ, PUBLIC, 500, 500), "hq", 2.0) == [("north", (HQ, 500, NORTH, 500))]


def came(box, packet, side, now=0.0):
    """Send a packet and give what comes out: at which side, and for whom."""
    box.receive(packet, side, now)
    return [(one.side, parse_ipv4(one.packet).destination) for one in box.packets_to_send()]


@pytest.mark.parametrize("asker", [("north", NORTH), ("south", SOUTH)])
class TestEachGetsItsOwn:
    def test_the_reply_to_its_ping(self, box, asker):
        name, address = asker
        other = SOUTH if address == NORTH else NORTH
        came(box, echo(other, HQ, 77), "south" if name == "north" else "north")
        came(box, echo(address, HQ, 78), name)
        assert came(box, echo(HQ, PUBLIC, 78, reply=True), "hq") == [asker]

    def test_the_error_about_what_it_sent(self, box, asker):
        name, address = asker
        box.receive(udp(address, HQ, 4500, 4500), name, 0.0)
        [left] = box.packets_to_send()
        about = IcmpError(3, 3, original=quote(parse_ipv4(left.packet)))
        error = build_ipv4(Ipv4Packet(HQ, PUBLIC, ICMP, build_icmp(about)))
        assert came(box, error, "hq") == [asker]

    def test_esp_from_whom_it_talks_to(self, asker):
        name, address = asker
        sides = (behind(n, a, esp_helper=True) for n, a in (("north", NORTH), ("south", SOUTH)))
        box = Middlebox(mall(*sides), Random(1), 0.0)
        came(box, esp(address, HQ), name)
        assert came(box, esp(HQ, PUBLIC, 0x77), "hq") == [asker]

    def test_its_neighbour_whom_it_calls_by_the_common_address(self, box, asker):
        name, address = asker
        other = [("north", NORTH), ("south", SOUTH)][name == "north"]
        box.receive(udp(other[1], PUBLIC, 4500, 1), other[0], 0.0)
        box.receive(udp(address, PUBLIC, 1, 4500), name, 0.0)
        arrived = box.packets_to_send()
        assert [(one.side, ports(one.packet)[2:]) for one in arrived] == [
            (other[0], (other[1], 4500))
        ]
