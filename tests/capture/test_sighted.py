"""What taps see, inside, outside and at the internet, and what stands beside each packet."""

from gwsim.capture.sighted import Place, Tap, comments_of, seen_inside, sighted, taps
from gwsim.capture.trace import entries
from gwsim.capture.wanted import InsidePacket
from gwsim.path.config import Link, Nat
from tests.path.packets import BRANCH, HQ, PRIVATE, Path, ports, rule, two_sides, udp


def look(path, gateway, place=Place.OUTSIDE):
    return sighted(Tap(gateway, place), path.events, comments_of(entries({}, path.events)))


def test_there_are_three_taps_for_each_gateway_with_names_fit_for_files():
    assert [tap.name for tap in taps(["hq", "branch"])] == [
        *("hq-inside", "hq-outside", "internet-to-hq"),
        *("branch-inside", "branch-outside", "internet-to-branch"),
    ]
    assert taps(["hq"])[1].interface.description == "outside of hq"


def test_a_tap_sees_what_its_gateway_sends_and_gets():
    path = Path(two_sides(Link(latency=0.5)))
    path.send("hq", udp(HQ, BRANCH), 1.0, "main-1")
    path.send("branch", udp(BRANCH, HQ), 2.0, "main-2")
    path.run()
    assert [(p.at, p.inbound, p.comment) for p in look(path, "hq")] == [
        (1.0, False, "main-1, malformed"),
        (2.5, True, "main-2, malformed"),
    ]


def test_the_internet_sees_it_from_the_other_end_of_the_line():
    path = Path(two_sides(Link(latency=0.5)), ports=True)
    path.send("hq", udp(HQ, BRANCH, 7, 7), 1.0)
    path.run()
    [at_hq] = look(path, "hq", Place.INTERNET)
    [at_branch] = look(path, "branch", Place.INTERNET)
    assert (at_hq.at, at_hq.inbound) == (1.5, True)
    assert (at_branch.at, at_branch.inbound) == (1.5, False)


def test_each_side_of_a_nat_has_its_own_addresses_and_both_say_so():
    path = Path(two_sides(nat=Nat("203.0.113.1")), ports=True)
    path.send("branch", udp(PRIVATE, HQ, 4500, 4500, b"\xff"), 1.0)
    [before] = look(path, "branch")
    [behind] = look(path, "branch", Place.INTERNET)
    assert ports(before.data)[:2] == (PRIVATE, 4500)
    assert ports(behind.data)[:2] == ("203.0.113.1", 4500)
    said = f"keepalive, NAT: {PRIVATE}:4500 as 203.0.113.1:4500"
    assert (before.comment, behind.comment) == (said, said)


def test_what_did_not_arrive_says_so_where_it_was_seen():
    path = Path(two_sides(rules=(rule("drop", "no-main-1", label="main-1"),)), ports=True)
    path.send("hq", udp(HQ, BRANCH), 1.0, "main-1")
    path.send("hq", udp(HQ, "192.0.2.99", 5000, 5001), 2.0)
    said = ["main-1, malformed, dropped: no-main-1", "clear udp, no route"]
    assert [p.comment for p in look(path, "hq")] == said
    assert [p.comment for p in look(path, "hq", Place.INTERNET)] == said
    assert not look(path, "branch", Place.INTERNET)
    assert not look(path, "branch")


def test_what_was_done_to_it_on_its_way_is_said():
    rules = (rule("delay", "slow", seconds=1.0), rule("duplicate", "twice"))
    path = Path(two_sides(rules=rules))
    path.send("hq", udp(HQ, BRANCH, 7, 7), 1.0)
    path.run()
    assert [p.comment for p in look(path, "hq")] == ["clear udp, delayed: slow"]
    assert [p.comment for p in look(path, "branch")] == [
        "clear udp, delayed: slow",
        "clear udp, copy 1, duplicated: twice",
    ]


def test_fragments_share_what_is_said():
    path = Path(two_sides(branch=Link(mtu=100)))
    path.send("hq", udp(HQ, BRANCH, 7, 7, bytes(200)), 1.0)
    assert {p.comment for p in look(path, "branch")} == {"clear udp, fragmented: into 3"}


def test_a_message_sent_again_is_counted():
    path = Path(two_sides())
    for at in (1.0, 9.0):
        path.send("hq", udp(HQ, BRANCH, 500, 500, MESSAGE), at, "main-1")
    assert [p.comment for p in look(path, "branch")] == ["main-1", "main-1, again 1"]


MESSAGE = b"initiate" + bytes(8) + b"\0\x10\x02\0" + bytes(4) + (28).to_bytes(4, "big")


def test_packets_inside_have_a_direction():
    seen = seen_inside([InsidePacket(1.0, True, b"out"), InsidePacket(2.0, False, b"in")])
    assert [(p.at, p.data, p.inbound) for p in seen] == [(1.0, b"out", True), (2.0, b"in", False)]
