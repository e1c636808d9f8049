"""What a capture at the ports of the internet is made of."""

from gwsim.path.config import Link, Nat
from gwsim.path.events import PORTS, PathAction
from tests.path.packets import BRANCH, HQ, PRIVATE, Path, ports, rule, two_sides, udp


def at_ports(path):
    return [e for e in path.events if e.action in PORTS]


def test_a_packet_comes_in_at_one_port_and_goes_out_at_the_other_when_it_really_does():
    path = Path(two_sides(Link(latency=0.25), Link(latency=0.5)), ports=True)
    path.send("hq", udp(HQ, BRANCH), 1.0, "main-1")
    path.run()
    told = [(e.action, e.at, e.side_in, e.side_out) for e in path.events]
    assert told == [
        (PathAction.ENTERED, 1.0, "hq", ""),
        (PathAction.REACHED, 1.25, "hq", ""),
        (PathAction.LEFT, 1.25, "hq", "branch"),
        (PathAction.FORWARDED, 1.75, "hq", "branch"),
    ]


def test_between_two_nats_there_are_public_addresses_only():
    path = Path(two_sides(nat=Nat("203.0.113.1", random_ports=True)), ports=True)
    path.send("branch", udp(PRIVATE, HQ), 1.0)
    public = ports(path.at("hq")[0])
    path.send("hq", udp(HQ, public[0], 500, public[1]), 2.0)
    out, back = (e for e in at_ports(path) if e.side_in == "branch"), at_ports(path)[2:]
    assert {ports(e.payload)[:2] for e in out} == {public[:2]}
    assert {ports(e.payload)[2:] for e in back} == {public[:2]}


def test_what_a_rule_drops_has_come_in_and_never_goes_out():
    path = Path(two_sides(rules=(rule("drop", "wall"),)), ports=True)
    path.send("hq", udp(HQ, BRANCH), 1.0)
    assert path.actions() == [PathAction.REACHED, PathAction.DROPPED]


def test_what_its_line_loses_never_comes_in():
    path = Path(two_sides(Link(loss=1.0)), ports=True)
    path.send("hq", udp(HQ, BRANCH), 1.0)
    assert path.actions() == [PathAction.LOST]


def test_what_the_other_line_loses_has_gone_out():
    path = Path(two_sides(branch=Link(loss=1.0)), ports=True)
    path.send("hq", udp(HQ, BRANCH), 1.0)
    assert path.actions() == [PathAction.REACHED, PathAction.LEFT, PathAction.LOST]


def test_a_line_that_is_down_or_too_small_lets_nothing_out():
    for link in (Link(up=False), Link(mtu=100)):
        path = Path(two_sides(branch=link), ports=True)
        path.send("hq", udp(HQ, BRANCH, payload=bytes(400), df=True), 1.0)
        assert not [e for e in at_ports(path) if e.side_out == "branch"]


def test_fragments_go_out_one_by_one():
    path = Path(two_sides(branch=Link(mtu=100)), ports=True)
    path.send("hq", udp(HQ, BRANCH, payload=bytes(200)), 1.0)
    left = [e.payload for e in at_ports(path) if e.action is PathAction.LEFT]
    assert left == path.at("branch")
    assert len(left) > 1


def test_copies_a_rule_makes_go_out_too():
    path = Path(two_sides(rules=(rule("duplicate", seconds=1.0),)), ports=True)
    path.send("hq", udp(HQ, BRANCH), 1.0)
    path.run()
    assert [(e.action, e.copy, e.at) for e in at_ports(path)] == [
        (PathAction.REACHED, 0, 1.0),
        (PathAction.LEFT, 0, 1.0),
        (PathAction.LEFT, 1, 2.0),
    ]


def test_what_nobody_asked_for_is_not_told():
    path = Path(two_sides())
    path.send("hq", udp(HQ, BRANCH), 1.0)
    assert at_ports(path) == []


def test_looking_at_ports_changes_nothing_else():
    config = two_sides(Link(latency=0.1, jitter=0.05, loss=0.3, duplicate=0.3), Link(mtu=200))
    looked, plain = Path(config, ports=True), Path(config)
    for path in (looked, plain):
        for number in range(40):
            path.send("hq", udp(HQ, BRANCH, payload=bytes(300)), number / 10)
        path.run()
    assert looked.arrived == plain.arrived
    assert [e for e in looked.events if e.action not in PORTS] == plain.events
