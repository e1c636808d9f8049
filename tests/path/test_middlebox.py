"""The path as a whole: what goes in on one side and what comes out on the other."""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.path import middlebox as module
from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, Side
from gwsim.path.events import FATES, PathAction
from gwsim.path.line import PATIENCE
from gwsim.wire.errors import WireError
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
    parse_udp,
    quote,
)
from tests.path.packets import (
    BRANCH,
    HQ,
    PRIVATE,
    Path,
    echo,
    esp,
    ports,
    rule,
    tcp,
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
        monkeypatch.setattr(module, "MAX_KNOWN_ADDRESSES", 2)
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


class TestRules:
    def test_a_dropped_packet_names_its_rule(self):
        path = Path(two_sides(rules=(rule("drop", "no-main-4", label="main-4"),)))
        path.send("branch", udp(BRANCH, HQ), label="main-4")
        path.send("branch", udp(BRANCH, HQ), label="main-2")
        assert len(path.at("hq")) == 1
        [dropped] = [e for e in path.events if e.action is PathAction.DROPPED]
        assert (dropped.rule, dropped.label, dropped.side_out) == ("no-main-4", "main-4", "hq")
        assert path.box.bites == {"no-main-4": 1}

    def test_unlabelled_messages_are_named_by_their_octets(self):
        main_1 = bytes(range(1, 9)) + bytes(8) + b"\x01\x10\x02\x00" + bytes(7) + b"\x1c"
        path = Path(two_sides(rules=(rule("drop", label="main-1"),)))
        path.send("hq", udp(HQ, BRANCH, payload=main_1))
        assert path.actions() == [PathAction.DROPPED]

    def test_rules_bite_in_the_middle_where_ports_are_public(self):
        path = Path(two_sides(nat=Nat(PUBLIC, random_ports=True), rules=(rule("drop", port=4500),)))
        path.send("branch", udp(PRIVATE, HQ, 4500, 4500))
        assert path.last().action is PathAction.DROPPED
        assert path.last().source == PUBLIC

    def test_a_delayed_packet_is_overtaken(self):
        path = Path(two_sides(rules=(rule("delay", seconds=5.0, label="quick-2"),)))
        path.send("hq", udp(HQ, BRANCH, 1), label="quick-2")
        path.send("hq", udp(HQ, BRANCH, 2), label="esp")
        path.run()
        assert [ports(p)[1] for p in path.at("branch")] == [2, 1]
        assert path.times("branch") == [0.0, 5.0]
        assert path.last().delay == 5.0

    def test_delays_add_up(self):
        rules = (rule("delay", "a", seconds=1.0), rule("delay", "b", seconds=2.0))
        path = Path(two_sides(rules=rules))
        path.send("hq", udp(HQ, BRANCH))
        path.run()
        assert path.times("branch") == [3.0]

    def test_a_duplicate_comes_right_behind_and_a_replay_later(self):
        rules = (rule("duplicate", "d", port=1), rule("replay", "r", seconds=30.0, port=2))
        path = Path(two_sides(rules=rules))
        path.send("hq", udp(HQ, BRANCH, 1))
        path.send("hq", udp(HQ, BRANCH, 2), 1.0)
        path.run()
        assert [ports(p)[1] for p in path.at("branch")] == [1, 1, 2, 2]
        assert path.times("branch") == [0.0, 0.0, 1.0, 31.0]
        arrived = [e for e in path.events if e.action is PathAction.FORWARDED]
        assert [(e.packet, e.copy) for e in arrived] == [(1, 0), (1, 1), (2, 0), (2, 1)]
        assert path.box.bites == {"d": 1, "r": 1}

    def test_the_past_is_repeated_behind_each_packet(self):
        for action, last in (("replay-forward", [3, 1, 2]), ("replay-backward", [3, 2, 1])):
            path = Path(two_sides(rules=(rule(action),)))
            for number in (1, 2, 3):
                path.send("hq", udp(HQ, BRANCH, number), float(number))
            path.run()
            assert [ports(p)[1] for p in path.at("branch")][-3:] == last
            assert path.actions().count(PathAction.REPLAYED) == 3

    def test_a_dripping_path_lets_one_packet_through_at_a_time(self):
        path = Path(two_sides(rules=(rule("drip", seconds=2.0),)))
        for number in (1, 2, 3):
            path.send("hq", udp(HQ, BRANCH, number), number / 10)
        path.run()
        assert [ports(p)[1] for p in path.at("branch")] == [1, 2, 3]
        assert path.times("branch") == [0.1, 2.1, 4.1]

    def test_a_copy_is_as_the_packet_was_when_it_was_made(self):
        path = Path(two_sides(rules=(rule("duplicate", "d"), rule("corrupt", "c"))))
        packet = udp(HQ, BRANCH)
        path.send("hq", packet)
        damaged, intact = path.at("branch")
        assert damaged != packet == intact
        ports(damaged)

    def test_rules_do_not_touch_the_copies_of_rules(self):
        path = Path(two_sides(rules=(rule("replay", seconds=1.0),)))
        path.send("hq", udp(HQ, BRANCH))
        path.run()
        assert len(path.arrived) == 2

    def test_a_reordering_rule_waits_as_long_as_it_says(self):
        path = Path(two_sides(rules=(rule("reorder", seconds=9.0, port=1),)))
        path.send("hq", udp(HQ, BRANCH, 1))
        path.send("hq", udp(HQ, BRANCH, 2), 8.0)
        path.send("hq", udp(HQ, BRANCH, 1), 10.0)
        path.run()
        assert [ports(p)[1] for p in path.at("branch")] == [2, 1, 1]
        assert path.times("branch") == [8.0, 8.0, 19.0]
        assert path.actions().count(PathAction.REORDERED) == 2

    def test_a_damaged_packet_differs_but_passes_the_checksums(self):
        path = Path(two_sides(rules=(rule("corrupt", label="main-5"),)))
        packet = udp(HQ, BRANCH)
        path.send("hq", packet, label="main-5")
        [arrived] = path.at("branch")
        assert arrived != packet
        assert ports(arrived) == (HQ, 500, BRANCH, 500)

    def test_noise_on_the_line_fails_the_udp_checksum(self):
        path = Path(two_sides(Link(corrupt=1.0)))
        path.send("hq", udp(HQ, BRANCH))
        with pytest.raises(WireError, match="checksum"):
            ports(path.at("branch")[0])

    def test_all_fragments_of_a_message_are_dropped_and_count_once(self):
        rules = (rule("drop", label="main-5", occurrences=frozenset({1})),)
        path = Path(two_sides(hq=Link(mtu=500), rules=rules))
        path.send("hq", udp(HQ, BRANCH, payload=bytes(900)), label="main-5")
        assert path.arrived == []
        path.send("hq", udp(HQ, BRANCH, payload=bytes(900)), 8.0, label="main-5")
        assert len(path.arrived) == 2
        assert path.box.bites == {"r": 1}


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


LINKS = st.builds(
    Link,
    latency=st.sampled_from([0.0, 0.01, 0.2]),
    jitter=st.sampled_from([0.0, 0.05]),
    loss=st.sampled_from([0.0, 0.3]),
    duplicate=st.sampled_from([0.0, 0.3, 1.0]),
    reorder=st.sampled_from([0.0, 0.3, 1.0]),
    corrupt=st.sampled_from([0.0, 0.3]),
    mtu=st.sampled_from([None, 100, 600]),
    black_hole=st.booleans(),
)
NATS = st.one_of(
    st.none(),
    st.builds(
        Nat,
        st.just(PUBLIC),
        translate_ports=st.booleans(),
        udp_timeout=st.sampled_from([1.0, 120.0]),
        esp_helper=st.booleans(),
        random_ports=st.booleans(),
        forward=st.sampled_from([(), ((UDP, 500),)]),
    ),
)
RULES = st.lists(
    st.tuples(
        st.sampled_from(["drop", "delay", "duplicate", "reorder", "corrupt", "replay"]),
        st.builds(
            Match,
            protocol=st.sampled_from([None, 17, 50]),
            label=st.sampled_from(["", "esp", "main"]),
            occurrences=st.sampled_from([None, frozenset({1, 3})]),
        ),
        st.sampled_from([0.0, 0.5]),
    ),
    max_size=3,
).map(lambda rows: tuple(Rule(str(i), a, m, s) for i, (a, m, s) in enumerate(rows)))
ENDS = st.sampled_from([HQ, BRANCH, PRIVATE, PUBLIC, "198.18.0.99"])
PACKETS = st.one_of(
    st.builds(udp, ENDS, ENDS, st.sampled_from([500, 4500]), payload=st.binary(max_size=700)),
    st.builds(udp, ENDS, ENDS, payload=st.just(bytes(900)), df=st.just(True)),
    st.builds(esp, ENDS, ENDS, body=st.binary(max_size=700)),
    st.builds(echo, ENDS, ENDS, reply=st.booleans(), size=st.sampled_from([0, 800])),
    st.builds(
        lambda a, b, packet: build_ipv4(
            Ipv4Packet(a, b, ICMP, build_icmp(IcmpError(3, 4, 600, quote(parse_ipv4(packet)))))
        ),
        ENDS,
        ENDS,
        st.builds(udp, ENDS, ENDS),
    ),
    st.builds(
        lambda *fields: build_ipv4(Ipv4Packet(*fields)),
        ENDS,
        ENDS,
        st.sampled_from([1, 6, 17, 50, 89]),
        st.binary(max_size=60),
    ),
    st.binary(max_size=60),
)
SENDINGS = st.lists(
    st.tuples(st.sampled_from(["hq", "branch"]), PACKETS, st.sampled_from([0.0, 0.1, 3.0])),
    max_size=12,
)


def run(config, sendings, seed):
    path, now = Path(config, seed), 0.0
    for side, packet, wait in sendings:
        now += wait
        path.send(side, packet, now)
    path.run()
    return path


CONFIGS = st.builds(two_sides, LINKS, LINKS, NATS, RULES)


@settings(max_examples=150, deadline=None)
@given(CONFIGS, SENDINGS, st.integers(0, 3))
def test_the_same_seed_gives_the_same_packets(config, sendings, seed):
    first, second = (run(config, sendings, seed) for _ in range(2))
    assert first.arrived == second.arrived
    assert first.events == second.events


@settings(max_examples=150, deadline=None)
@given(CONFIGS, SENDINGS)
def test_every_packet_meets_a_fate_and_nothing_is_left_behind(config, sendings):
    path = run(config, sendings, 1)
    fates = defaultdict(Counter)
    for event in path.events:
        fates[event.packet][event.action] += 1
    for counted in fates.values():
        assert any(action in FATES for action in counted)
    assert path.box.next_timer() is None
    times = [event.at for event in path.events]
    assert times == sorted(times)
    assert all(event.delay >= 0 for event in path.events)


@settings(max_examples=150, deadline=None)
@given(CONFIGS, SENDINGS)
def test_whatever_arrives_is_a_sound_packet(config, sendings):
    for _, side, packet in run(config, sendings, 1).arrived:
        parsed = parse_ipv4(packet)
        assert build_ipv4(parsed) == packet
        assert side in ("hq", "branch")


def test_stations_draw_apart():
    """What is lost on one line does not depend on how much another one jitters."""

    def lost(branch):
        path = Path(two_sides(Link(loss=0.5), branch), seed=5)
        for _ in range(50):
            path.send("hq", udp(HQ, BRANCH))
        path.run()
        return [e.packet for e in path.events if e.action is PathAction.LOST]

    assert lost(Link()) == lost(Link(jitter=0.1)) != []
