"""What taps at gateways see."""

from gwsim.capture.sighted import sighted, taps
from gwsim.path.config import Link, Nat
from tests.path.packets import BRANCH, HQ, PRIVATE, Path, ports, rule, two_sides, udp


def test_a_tap_sees_what_its_gateway_sends_and_gets():
    path = Path(two_sides(Link(latency=0.5)))
    path.send("hq", udp(HQ, BRANCH), 1.0, "main-1")
    path.send("branch", udp(BRANCH, HQ), 2.0, "main-2")
    path.run()
    at_hq = sighted(path.events, ["hq"])
    assert [(p.at, p.inbound, p.comment) for p in at_hq] == [
        (1.0, False, "main-1"),
        (2.5, True, "main-2"),
    ]


def test_several_taps_see_a_packet_on_both_sides():
    path = Path(two_sides())
    path.send("hq", udp(HQ, BRANCH), 1.0)
    seen = sighted(path.events, ["branch", "hq"])
    assert [(p.interface, p.inbound) for p in seen] == [(1, False), (0, True)]
    assert [tap.name for tap in taps(["branch", "hq"])] == ["branch", "hq"]
    assert taps(["hq"])[0].description == "outside of hq"


def test_each_side_of_a_nat_has_its_own_addresses():
    path = Path(two_sides(nat=Nat("203.0.113.1", random_ports=True)))
    path.send("branch", udp(PRIVATE, HQ), 1.0)
    [inside] = sighted(path.events, ["branch"])
    [outside] = sighted(path.events, ["hq"])
    assert ports(inside.data)[:2] == (PRIVATE, 500)
    assert ports(outside.data)[0] == "203.0.113.1"


def test_what_did_not_arrive_says_so_where_it_was_sent():
    path = Path(two_sides(rules=(rule("drop", "no-main-1", label="main-1"),)))
    path.send("hq", udp(HQ, BRANCH), 1.0, "main-1")
    path.send("hq", udp(HQ, "192.0.2.99", 5000, 5001), 2.0)
    seen = sighted(path.events, ["hq", "branch"])
    assert [p.comment for p in seen] == ["main-1, dropped: no-main-1", "no route"]


def test_a_duplicate_is_seen_twice_where_it_arrives():
    path = Path(two_sides(rules=(rule("duplicate"),)))
    path.send("hq", udp(HQ, BRANCH), 1.0)
    assert len(sighted(path.events, ["branch"])) == 2
    assert len(sighted(path.events, ["hq"])) == 1
