"""The path with rules in it: what they do to a packet, when, and what is told of it."""

import pytest

from gwsim.path.config import Link, Nat
from gwsim.path.events import PathAction
from gwsim.wire.errors import WireError
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
