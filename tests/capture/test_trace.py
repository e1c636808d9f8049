"""What the path saw and what the senders said, joined into one entry per message."""

from gwsim.capture.trace import DELIVERED, IN_FLIGHT, INCOMPLETE, NOT_SENT, entries
from gwsim.gateway.events import GatewayStarted
from gwsim.path.config import Link, Nat, PathConfig, Side
from gwsim.path.events import PathAction
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import ESP, Ipv4Packet, build_ipv4, parse_ipv4
from tests.capture.messages import MAIN_1, MAIN_3, MAIN_5, clear, encrypted, packet, sent
from tests.path.packets import BRANCH, HQ, PRIVATE, Path, echo, esp, rule, two_sides, udp

PUBLIC = "203.0.113.1"


def test_a_message_has_its_ends_its_size_and_its_fate():
    path = Path(two_sides(Link(latency=0.02), Link(latency=0.02)))
    octets = packet(clear(MAIN_1))
    path.send("hq", octets, 1.0, "main-1")
    path.run()
    [entry] = entries({}, path.events)
    assert (entry.at, entry.label, entry.protocol) == (1.0, "main-1", "udp")
    assert (entry.source_node, entry.destination_node) == ("hq", "branch")
    assert (entry.source, entry.destination) == (f"{HQ}:500", f"{BRANCH}:500")
    assert (entry.length, entry.payloads) == (len(octets), "SA VID VID")
    assert (entry.fate, entry.delivered, entry.attempt) == (DELIVERED, True, 0)
    assert abs(entry.delay - 0.04) < 1e-9


def test_the_sender_knows_what_it_encrypted():
    message = encrypted()
    path = Path(two_sides())
    path.send("hq", packet(message, port=4500), 1.0, "main-5")
    [blind] = entries({}, path.events)
    assert blind.payloads == "*"
    told = [GatewayStarted(at=0.0, reboot=False), sent(1.0, "main-5", message, MAIN_5)]
    [entry] = entries({"hq": told}, path.events)
    assert entry.payloads == "* ID HASH"


def test_messages_of_one_header_are_matched_in_order():
    message, other = encrypted(), encrypted(exchange=32, message_id=7)
    path = Path(two_sides())
    for at, octets in ((1.0, message), (2.0, other), (9.0, message)):
        path.send("hq", packet(octets), at)
    told = [
        sent(1.0, "main-5", message, MAIN_5),
        sent(2.0, "quick-1", other, MAIN_3),
        sent(9.0, "main-5", message, MAIN_5, attempt=1),
    ]
    found = entries({"hq": told}, path.events)
    assert [entry.payloads for entry in found] == ["* ID HASH", "* KE NONCE", "* ID HASH"]
    assert [entry.attempt for entry in found] == [0, 0, 1]


def test_repetitions_of_a_stranger_are_counted_by_their_octets():
    path = Path(two_sides())
    for at in (1.0, 5.0, 9.0):
        path.send("hq", packet(clear(MAIN_1)), at, "main-1")
    path.send("branch", packet(clear(MAIN_1), BRANCH, HQ), 10.0)
    assert [entry.attempt for entry in entries({}, path.events)] == [0, 1, 2, 0]


def test_a_stored_reply_says_that_it_answers_a_duplicate():
    message = clear(MAIN_1)
    path = Path(two_sides())
    path.send("hq", packet(message), 1.0)
    told = [sent(1.0, "main-2", message, MAIN_1, answers_duplicate=True)]
    [entry] = entries({"hq": told}, path.events)
    assert entry.notes == ("answers a duplicate",)


def test_what_the_path_never_saw_was_not_sent():
    message = clear(MAIN_1)
    path = Path(two_sides())
    path.send("branch", packet(message, BRANCH, HQ), 1.0)
    told = [sent(2.0, "main-5", encrypted(), MAIN_5, local=(HQ, 4500), remote=(BRANCH, 4500))]
    _, entry = entries({"hq": told, "branch": []}, path.events)
    assert (entry.fate, entry.delivered) == (NOT_SENT, False)
    assert (entry.source_node, entry.destination_node) == ("hq", "branch")
    assert entry.source == f"{HQ}:4500"
    assert entry.length == len(packet(encrypted(), port=4500))
    [plain] = entries({"hq": [sent(2.0, "main-1", message, MAIN_1)]}, [])
    assert plain.length == len(packet(message))


def test_a_rule_that_dropped_is_named():
    path = Path(two_sides(rules=(rule("drop", "no-main-1", label="main-1"),)))
    path.send("hq", packet(clear(MAIN_1)), 1.0, "main-1")
    [entry] = entries({}, path.events)
    assert entry.fate == "dropped: no-main-1"
    assert entry.destination_node == "branch"


def test_fates_without_a_rule_say_why_if_there_is_more_to_say():
    path = Path(two_sides(Link(mtu=100)))
    path.send("hq", udp(HQ, BRANCH, payload=bytes(200), df=True), 1.0)
    path.box.reconfigure(two_sides(Link(loss=1.0)), 2.0)
    path.send("hq", udp(HQ, BRANCH), 2.0)
    path.send("branch", udp(BRANCH, "192.0.2.99"), 3.0)
    fates = [entry.fate for entry in entries({}, path.events)]
    assert fates == ["too big: the MTU is 100", DELIVERED, "lost", "no route"]


def test_a_lost_packet_was_meant_for_who_has_its_address():
    path = Path(two_sides(Link(loss=1.0)))
    path.send("hq", udp(HQ, BRANCH), 1.0)
    path.send("branch", udp(BRANCH, HQ), 2.0)
    path.send("hq", udp(HQ, "192.0.2.99"), 3.0)
    found = entries({}, path.events)
    assert [entry.destination_node for entry in found] == ["branch", "hq", ""]


def test_a_packet_still_on_its_way_is_in_flight():
    path = Path(two_sides(Link(latency=5.0)))
    path.send("hq", udp(HQ, BRANCH), 1.0)
    [entry] = entries({}, path.events)
    assert (entry.fate, entry.delay) == (IN_FLIGHT, 0.0)


def test_fragments_are_one_message():
    path = Path(two_sides(Link(mtu=600)))
    octets = packet(clear(MAIN_3 * 8))
    path.send("hq", octets, 1.0, "main-3")
    [entry] = entries({}, path.events)
    assert (entry.fate, entry.length) == (DELIVERED, len(octets))
    assert entry.notes == ("fragmented: into 3",)


def test_one_lost_fragment_loses_the_message():
    config = two_sides(Link(mtu=600), Link(loss=0.5))
    path = Path(config, seed=3)
    path.send("hq", packet(clear(MAIN_3 * 8)), 1.0, "main-3")
    ends = {event.action for event in path.events}
    assert {PathAction.FORWARDED, PathAction.LOST} <= ends
    [entry] = entries({}, path.events)
    assert entry.fate == "lost"


def test_a_message_whose_other_fragments_never_came_is_incomplete():
    nat = Nat(PUBLIC, forward=((17, 500),))
    path = Path(two_sides(nat=nat))
    whole = parse_ipv4(packet(clear(MAIN_3 * 4), HQ, PUBLIC))
    first, *_ = fragment(whole, 500)
    path.send("hq", build_ipv4(first), 1.0, "main-3")
    [entry] = entries({}, path.events)
    assert entry.fate == INCOMPLETE


def test_a_sender_may_fragment_itself():
    path = Path(two_sides())
    whole = parse_ipv4(packet(clear(MAIN_3 * 4)))
    for piece in fragment(whole, 500):
        path.send("hq", build_ipv4(piece), 1.0, "main-3")
    [entry] = entries({}, path.events)
    assert entry.fate == DELIVERED
    assert entry.length > 20 + len(whole.payload)


def test_copies_are_entries_of_their_own_and_stand_where_they_arrived():
    message = encrypted()
    rules = (rule("replay", seconds=30.0, label="main-5"),)
    path = Path(two_sides(branch=Link(latency=0.5), rules=rules))
    path.send("hq", packet(message), 1.0, "main-5")
    path.run()
    first, second = entries({"hq": [sent(1.0, "main-5", message, MAIN_5)]}, path.events)
    assert (first.copy, second.copy) == (0, 1)
    assert second.payloads == first.payloads == "* ID HASH"
    assert (second.at, second.fate, second.delay) == (31.5, DELIVERED, 0.0)
    assert second.notes == ("replayed: r",)


def test_bindings_read_the_same_in_both_directions():
    path = Path(two_sides(nat=Nat(PUBLIC)))
    path.send("branch", udp(PRIVATE, HQ), 1.0, "main-1")
    path.send("hq", udp(HQ, PUBLIC), 2.0, "main-2")
    out, back = entries({}, path.events)
    assert out.mappings == back.mappings == (f"{PRIVATE}:500 as {PUBLIC}:500",)
    assert out.source == f"{PRIVATE}:500"
    assert back.destination == f"{PUBLIC}:500"
    assert back.destination_node == "branch"


def test_clear_traffic_says_what_it_is():
    path = Path(two_sides(branch=Link(mtu=100)))
    path.send("hq", echo(HQ, BRANCH), 1.0)
    path.send("branch", echo(BRANCH, HQ, reply=True), 2.0)
    path.send("hq", udp(HQ, BRANCH, 5000, 5001, bytes(200), df=True), 3.0)
    request, reply, stream, error = entries({}, path.events)
    assert [e.payloads for e in (request, reply)] == ["echo request 1", "echo reply 1"]
    assert (stream.payloads, stream.label) == ("", "")
    assert error.payloads == "fragmentation needed, MTU 100"
    assert (error.source_node, error.destination_node) == ("", "hq")


def test_errors_and_broken_errors_among_clear_traffic():
    path = Path(two_sides())
    unreachable = b"\x03\x01\xfc\xfe" + bytes(4)
    path.send("hq", build_ipv4(Ipv4Packet(HQ, BRANCH, 1, unreachable)), 1.0)
    path.send("hq", build_ipv4(Ipv4Packet(HQ, BRANCH, 1, b"broken")), 2.0)
    path.send("hq", build_ipv4(Ipv4Packet(HQ, BRANCH, 89, b"ospf")), 3.0)
    error, broken, other = entries({}, path.events)
    assert error.payloads == "unreachable, type 3 code 1"
    assert (broken.payloads, other.payloads, other.protocol) == ("", "", "89")


def test_protected_packets_show_a_star():
    path = Path(two_sides())
    path.send("hq", esp(HQ, BRANCH), 1.0)
    path.send("hq", udp(HQ, BRANCH, 4500, 4500, b"\x00\x00\x12\x34" + bytes(40)), 2.0, "esp")
    found = entries({}, path.events)
    assert [(e.label, e.payloads) for e in found] == [("esp", "*"), ("esp", "*")]
    assert [e.protocol for e in found] == ["esp", "udp"]
    assert [e.source for e in found] == [HQ, f"{HQ}:4500"]


def test_what_claims_to_be_isakmp_and_is_not_shows_nothing():
    path = Path(two_sides())
    path.send("hq", udp(HQ, BRANCH, 500, 500, b"short"), 1.0)
    path.send("hq", b"no packet", 2.0)
    short, nothing = entries({}, path.events)
    assert short.payloads == nothing.payloads == ""
    assert nothing.fate.startswith("malformed: ")


def test_between_three_nodes_everyone_is_found():
    sides = (
        Side("hq", (HQ,), Link(loss=1.0)),
        Side("branch", (BRANCH,)),
        Side("depot", ("192.0.2.50",)),
    )
    path = Path(PathConfig(sides))
    path.send("depot", udp("192.0.2.50", BRANCH), 1.0)
    path.send("branch", udp(BRANCH, "192.0.2.50"), 2.0)
    path.send("hq", udp(HQ, "192.0.2.50"), 3.0)
    found = entries({}, path.events)
    assert [e.destination_node for e in found] == ["branch", "depot", "depot"]


def test_entries_stand_in_order_of_time_whoever_sent_them():
    path = Path(two_sides())
    path.send("hq", packet(clear(MAIN_1)), 1.0)
    path.send("branch", packet(clear(MAIN_3), BRANCH, HQ), 3.0)
    told = [sent(2.0, "main-5", encrypted(96), MAIN_5)]
    assert [e.at for e in entries({"hq": told}, path.events)] == [1.0, 2.0, 3.0]


def test_protocol_50_is_named():
    path = Path(two_sides())
    path.send("hq", build_ipv4(Ipv4Packet(HQ, BRANCH, ESP, bytes(40))), 1.0)
    assert entries({}, path.events)[0].protocol == "esp"
