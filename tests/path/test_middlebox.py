"""The path as a whole: what goes in on one side and what comes out on the other."""

from dataclasses import replace

import pytest

from gwsim.path import accesses
from gwsim.path import middlebox as module
from gwsim.path.config import Link, Nat, PathConfig, Side
from gwsim.path.events import PathAction
from gwsim.path.line import PATIENCE
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    ICMP,
    UDP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_icmp,
    parse_ipv4,
    parse_quoted,
)
from tests.path.packets import (
    BRANCH,
    HQ,
    PRIVATE,
    Path,
    ports,
    rule,
    two_sides,
    udp,
)

PUBLIC = "203.0.113.1"


class TestLines:
    def test_an_idle_path_hands_over_the_very_octets(self):
        path = Path(two_sides())
        packet = udp(HQ, BRANCH)
        path.send("hq", packet, label="main-1")
        assert path.arrived == [(0.0, "branch", packet)]
        event = path.last()
        assert (event.action, event.label) == (PathAction.FORWARDED, "main-1")
        assert (event.side_in, event.side_out, event.delay) == ("hq", "branch", 0.0)

    def test_both_lines_add_their_latency(self):
        path = Path(two_sides(Link(latency=0.03), Link(latency=0.01)))
        path.send("hq", udp(HQ, BRANCH), 1.0)
        path.send("branch", udp(BRANCH, HQ), 1.0)
        path.run()
        assert path.times("branch") == path.times("hq") == [1.04]
        assert path.last().delay == pytest.approx(0.04)

    def test_timers_say_when_the_next_thing_happens(self):
        path = Path(two_sides(Link(latency=0.03), Link(latency=0.01)))
        assert path.box.next_timer() is None
        path.send("hq", udp(HQ, BRANCH), 1.0)
        assert path.box.next_timer() == pytest.approx(1.03)
        path.run()
        assert path.box.next_timer() is None

    def test_a_late_timer_does_not_shift_what_was_due(self):
        path = Path(two_sides(Link(latency=0.03), Link(latency=0.01)))
        path.send("hq", udp(HQ, BRANCH), 1.0)
        path.box.handle_timer(7.0)
        assert path.box.events()[-1].at == pytest.approx(1.04)

    def test_a_line_that_is_down_is_down_in_both_directions(self):
        path = Path(two_sides(branch=Link(up=False)))
        path.send("branch", udp(BRANCH, HQ))
        path.send("hq", udp(HQ, BRANCH))
        assert path.arrived == []
        assert path.actions() == [PathAction.LINK_DOWN, PathAction.LINK_DOWN]

    def test_losses_are_told(self):
        path = Path(two_sides(Link(loss=1.0)))
        path.send("hq", udp(HQ, BRANCH), label="main-1")
        assert path.actions() == [PathAction.LOST]

    def test_a_reordered_packet_arrives_behind_the_next(self):
        path = Path(two_sides(Link(latency=0.1)), seed=1)
        path.box.reconfigure(two_sides(Link(latency=0.1, reorder=1.0)), 0.0)
        path.send("hq", udp(HQ, BRANCH, 1))
        path.box.reconfigure(two_sides(Link(latency=0.1)), 0.5)
        path.send("hq", udp(HQ, BRANCH, 2), 1.0)
        path.run()
        assert [ports(p)[1] for p in path.at("branch")] == [2, 1]
        assert path.times("branch") == [1.1, 1.1]

    def test_a_reordered_packet_that_is_alone_arrives_in_the_end(self):
        path = Path(two_sides(branch=Link(latency=0.1, reorder=1.0)))
        path.send("hq", udp(HQ, BRANCH))
        path.run()
        assert path.times("branch") == [PATIENCE + 0.1]

    def test_the_number_of_packets_on_their_way_is_bounded(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_IN_FLIGHT", 3)
        path = Path(two_sides(Link(latency=1.0)))
        for _ in range(5):
            path.send("hq", udp(HQ, BRANCH))
        assert path.actions() == [PathAction.QUEUE_FULL] * 2
        path.run()
        assert len(path.arrived) == 3

    def test_delayed_packets_count_among_those_on_their_way(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_IN_FLIGHT", 1)
        path = Path(two_sides(rules=(rule("delay", seconds=9.0),)))
        path.send("hq", udp(HQ, BRANCH))
        path.send("hq", udp(HQ, BRANCH))
        assert path.last().action is PathAction.QUEUE_FULL

    def test_a_copy_that_finds_no_room_is_not_made(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_IN_FLIGHT", 1)
        path = Path(two_sides(branch=Link(latency=1.0), rules=(rule("replay", seconds=9.0),)))
        path.send("hq", udp(HQ, BRANCH))
        path.run()
        assert path.actions() == [
            PathAction.REPLAYED,
            PathAction.QUEUE_FULL,
            PathAction.FORWARDED,
        ]


class TestRoutes:
    def test_what_nobody_has_goes_nowhere(self):
        path = Path(two_sides())
        path.send("hq", udp(HQ, "198.18.0.99"), label="main-1")
        assert path.actions() == [PathAction.NO_ROUTE]
        assert path.last().side_out == ""

    def test_nothing_comes_back_to_where_it_came_from(self):
        path = Path(two_sides())
        path.send("hq", udp(BRANCH, HQ))
        assert path.actions() == [PathAction.NO_ROUTE]

    def test_the_longest_prefix_wins(self):
        sides = (Side("hq", (HQ,)), Side("wide", ("any",)), Side("narrow", ("203.0.113.0/24",)))
        path = Path(PathConfig(sides))
        path.send("hq", udp(HQ, BRANCH))
        path.send("hq", udp(HQ, "198.18.0.5"))
        assert [side for _, side, _ in path.arrived] == ["narrow", "wide"]

    def test_a_private_address_behind_a_nat_has_no_route(self):
        path = Path(two_sides(nat=Nat(PUBLIC)))
        path.send("hq", udp(HQ, PRIVATE))
        assert path.actions() == [PathAction.NO_ROUTE]

    def test_octets_that_are_no_packet_end_in_an_event(self):
        path = Path(two_sides())
        path.send("hq", b"nonsense")
        [event] = path.events
        assert event.action is PathAction.MALFORMED
        assert (event.payload, event.length) == (b"nonsense", 8)
        assert "IPv4 header" in event.why

    def test_a_side_that_is_none_is_the_callers_mistake(self):
        with pytest.raises(KeyError):
            Path(two_sides()).send("nobody", udp(HQ, BRANCH))

    def test_what_is_remembered_of_addresses_is_bounded(self, monkeypatch):
        monkeypatch.setattr(accesses, "MAX_KNOWN_ADDRESSES", 2)
        path = Path(two_sides())
        for last in (1, 2, 3):
            path.send("hq", udp(HQ, f"198.18.0.{last}"))
        path.send("hq", udp(HQ, BRANCH))
        assert path.actions() == [PathAction.NO_ROUTE] * 3 + [PathAction.FORWARDED]


class TestMtu:
    @pytest.mark.parametrize(("hq", "branch"), [(Link(mtu=600), None), (None, Link(mtu=600))])
    def test_a_packet_that_must_not_be_cut_is_answered_with_what_would_fit(self, hq, branch):
        path = Path(two_sides(hq, branch))
        packet = udp(HQ, BRANCH, payload=bytes(1000), df=True)
        path.send("hq", packet, label="esp")
        assert path.at("branch") == []
        [answer] = [parse_ipv4(p) for p in path.at("hq")]
        assert (answer.source, answer.destination) == ("198.51.100.254", HQ)
        error = parse_icmp(answer.payload)
        assert (error.type, error.code, error.mtu) == (3, 4, 600)
        assert error.original == packet[:28]

    def test_the_router_answers_from_its_own_address(self):
        config = replace(two_sides(branch=Link(mtu=600)), router="198.51.100.254")
        path = Path(config)
        path.send("hq", udp(HQ, BRANCH, payload=bytes(1000), df=True))
        assert parse_ipv4(path.at("hq")[0]).source == "198.51.100.254"

    def test_a_black_hole_says_nothing(self):
        path = Path(two_sides(branch=Link(mtu=600, black_hole=True)))
        path.send("hq", udp(HQ, BRANCH, payload=bytes(1000), df=True))
        assert path.arrived == []
        assert path.actions() == [PathAction.TOO_BIG]

    def test_a_rule_against_icmp_makes_a_black_hole(self):
        path = Path(two_sides(branch=Link(mtu=600), rules=(rule("drop", protocol=1),)))
        path.send("hq", udp(HQ, BRANCH, payload=bytes(1000), df=True))
        assert path.arrived == []
        assert path.actions() == [PathAction.TOO_BIG, PathAction.DROPPED]

    def test_errors_are_not_answered_with_errors(self):
        path = Path(two_sides(branch=Link(mtu=100)))
        sent = parse_ipv4(udp(BRANCH, HQ, payload=bytes(400)))
        big = build_icmp(IcmpError(3, 3, original=build_ipv4(sent)))
        path.send("hq", build_ipv4(Ipv4Packet(HQ, BRANCH, ICMP, big, dont_fragment=True)))
        path.send("hq", udp(HQ, BRANCH, payload=bytes(400), df=True))
        assert len(path.at("hq")) == 1

    def test_later_fragments_are_not_complained_about(self):
        path = Path(two_sides(branch=Link(mtu=100)))
        path.send(
            "hq",
            build_ipv4(
                Ipv4Packet(HQ, BRANCH, UDP, bytes(400), dont_fragment=True, fragment_offset=800)
            ),
        )
        assert path.actions() == [PathAction.TOO_BIG]

    def test_a_packet_that_may_be_cut_arrives_in_pieces_that_join(self):
        path = Path(two_sides(Link(mtu=900), Link(mtu=500)))
        packet = udp(HQ, BRANCH, payload=bytes(range(256)) * 6)
        path.send("hq", packet, label="main-5")
        joining = Reassembler()
        pieces = [parse_ipv4(p) for p in path.at("branch")]
        assert all(len(p) <= 500 for p in path.at("branch"))
        whole = [joining.add(piece, 0.0) for piece in pieces][-1]
        assert build_ipv4(whole) == packet
        assert {event.label for event in path.events} == {"main-5"}
        assert {event.packet for event in path.events} == {1}

    def test_errors_reach_a_sender_behind_a_nat(self):
        """The quotation speaks of the public address outside and of the private one inside."""
        nat = Nat(PUBLIC, random_ports=True)
        path = Path(two_sides(hq=Link(mtu=600), nat=nat))
        path.send("branch", udp(PRIVATE, HQ, payload=bytes(1000), df=True))
        [answer] = [parse_ipv4(p) for p in path.at("branch")]
        assert answer.destination == PRIVATE
        quoted = parse_quoted(parse_icmp(answer.payload).original)
        assert (quoted.source, quoted.payload[:2]) == (PRIVATE, (500).to_bytes(2, "big"))


class TestChangesInMidRun:
    def test_rules_come_and_go_and_bites_stay(self):
        path = Path(two_sides(rules=(rule("drop", "a"),)))
        path.send("hq", udp(HQ, BRANCH))
        path.box.reconfigure(two_sides(), 1.0)
        path.send("hq", udp(HQ, BRANCH), 2.0)
        assert len(path.arrived) == 1
        assert path.box.bites == {"a": 1}

    def test_packets_on_their_way_arrive_by_the_new_line(self):
        path = Path(two_sides(Link(latency=1.0), Link(latency=1.0)))
        path.send("hq", udp(HQ, BRANCH))
        path.box.reconfigure(two_sides(Link(latency=1.0), Link(latency=0.25)), 0.5)
        path.run()
        assert path.times("branch") == [1.25]

    def test_what_was_due_happens_before_the_change(self):
        path = Path(two_sides(Link(latency=1.0)))
        path.send("hq", udp(HQ, BRANCH))
        path.box.reconfigure(two_sides(branch=Link(up=False)), 1.0)
        assert len(path.box.packets_to_send()) == 1

    def test_a_side_that_is_gone_is_reached_no_more(self):
        both = two_sides(Link(latency=1.0), Link(latency=1.0))
        path = Path(both)
        path.send("hq", udp(HQ, BRANCH))
        path.send("hq", udp(HQ, BRANCH), 1.5)
        path.run(1.5)
        path.box.reconfigure(PathConfig(both.sides[:1]), 1.6)
        path.run()
        assert path.arrived == []
        assert path.actions() == [PathAction.NO_ROUTE] * 2

    def test_a_side_that_is_gone_gets_no_delayed_packet(self):
        both = two_sides(rules=(rule("delay", seconds=5.0),))
        path = Path(both)
        path.send("hq", udp(HQ, BRANCH))
        path.box.reconfigure(PathConfig(both.sides[:1]), 1.0)
        path.run()
        assert path.actions() == [PathAction.DELAYED, PathAction.NO_ROUTE]

    def test_a_nat_can_appear_change_and_go(self):
        path = Path(two_sides())
        path.box.reconfigure(two_sides(nat=Nat(PUBLIC)), 1.0)
        path.send("branch", udp(PRIVATE, HQ), 1.0)
        path.box.reconfigure(two_sides(nat=Nat(PUBLIC, udp_timeout=10.0)), 2.0)
        assert len(path.box.bindings("branch", 2.0)) == 1
        path.box.reconfigure(two_sides(), 3.0)
        path.send("branch", udp(BRANCH, HQ), 3.0)
        assert [parse_ipv4(p).source for p in path.at("hq")] == [PUBLIC, BRANCH]


def test_stations_draw_apart():
    """What is lost on one line does not depend on how much another one jitters."""

    def lost(branch):
        path = Path(two_sides(Link(loss=0.5), branch), seed=5)
        for _ in range(50):
            path.send("hq", udp(HQ, BRANCH))
        path.run()
        return [e.packet for e in path.events if e.action is PathAction.LOST]

    assert lost(Link()) == lost(Link(jitter=0.1)) != []
