"""Hosts ping, stream, answer and count; they never fail on what arrives."""

from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.runtimes.hosts import HostStack
from gwsim.wire.fragments import fragment
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    ICMP,
    TIME_EXCEEDED,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_icmp,
    parse_ipv4,
    quote,
)

PC, SERVER = "10.2.0.10", "10.1.0.10"
ROUTER = "198.51.100.254"


def pair() -> tuple[HostStack, HostStack]:
    return HostStack("branch.pc", PC), HostStack("hq.server", SERVER)


def carry(sender: HostStack, receiver: HostStack, now: float) -> int:
    packets = sender.packets_to_send()
    for packet in packets:
        receiver.receive(packet, now)
    return len(packets)


def error_about(packet: bytes, kind: int, code: int, mtu: int = 0) -> bytes:
    message = IcmpError(kind, code, mtu, quote(parse_ipv4(packet)))
    return build_ipv4(Ipv4Packet(ROUTER, PC, ICMP, build_icmp(message)))


def test_pings_leave_at_their_times_and_replies_give_round_trips():
    pc, server = pair()
    pc.ping("hq.server", SERVER, 10.0, count=3, every=2.0)
    for due in (10.0, 12.0, 14.0):
        assert pc.next_timer() == due
        pc.handle_timer(due)
        carry(pc, server, due + 0.02)
        carry(server, pc, due + 0.04)
    assert pc.next_timer() is None
    assert [echo.sequence for echo in pc.echoes()] == [1, 2, 3]
    assert all(abs((echo.round_trip or 0) - 0.04) < 1e-9 for echo in pc.echoes())


def test_a_ping_without_reply_has_no_round_trip():
    pc, _ = pair()
    pc.ping("hq.server", SERVER, 0.0)
    pc.handle_timer(0.0)
    [echo] = pc.echoes()
    assert (echo.answered, echo.round_trip, echo.destination) == (None, None, "hq.server")


def test_a_late_timer_sends_everything_that_was_due():
    pc, _ = pair()
    pc.ping("hq.server", SERVER, 0.0, count=5, every=1.0)
    pc.handle_timer(3.5)
    assert len(pc.packets_to_send()) == 4


def test_a_reply_counts_once_however_often_it_comes():
    pc, server = pair()
    pc.ping("hq.server", SERVER, 0.0)
    pc.handle_timer(0.0)
    carry(pc, server, 0.1)
    [reply] = server.packets_to_send()
    pc.receive(reply, 0.2)
    pc.receive(reply, 9.0)
    assert pc.echoes()[0].answered == 0.2


def test_pings_bear_size_and_df_bit():
    pc, _ = pair()
    pc.ping("hq.server", SERVER, 0.0, size=1400, dont_fragment=True)
    pc.handle_timer(0.0)
    packet = parse_ipv4(pc.packets_to_send()[0])
    assert packet.dont_fragment
    assert len(packet.payload) == 8 + 1400


def test_a_fragmented_request_is_answered_whole():
    pc, server = pair()
    pc.ping("hq.server", SERVER, 0.0, size=3000)
    pc.handle_timer(0.0)
    for piece in fragment(parse_ipv4(pc.packets_to_send()[0]), 1500):
        server.receive(build_ipv4(piece), 0.0)
    carry(server, pc, 0.1)
    assert pc.echoes()[0].answered == 0.1


def test_icmp_errors_are_noted_on_the_ping_they_are_about():
    pc, _ = pair()
    pc.ping("hq.server", SERVER, 0.0, count=3, every=0.0)
    pc.handle_timer(0.0)
    first, second, third = pc.packets_to_send()
    pc.receive(error_about(first, DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, 1400), 0.1)
    pc.receive(error_about(second, DESTINATION_UNREACHABLE, 13), 0.1)
    pc.receive(error_about(third, TIME_EXCEEDED, 0), 0.1)
    assert [echo.error for echo in pc.echoes()] == [
        "fragmentation needed (mtu 1400)",
        "destination unreachable (code 13)",
        f"time to live exceeded at {ROUTER}",
    ]


def test_a_stream_counts_different_datagrams_that_arrived():
    pc, server = pair()
    pc.stream("hq.server", SERVER, 5.0, packets=4, every=0.5, size=100)
    sent = []
    while (due := pc.next_timer()) is not None:
        pc.handle_timer(due)
        sent += pc.packets_to_send()
    for packet in (sent[0], sent[1], sent[1], sent[3]):
        server.receive(packet, 9.0)
    [flow] = pc.flows({PC: pc, SERVER: server})
    assert (flow.at, flow.sent, flow.received, flow.errors) == (5.0, 4, 3, 0)


def test_two_streams_are_counted_apart_and_errors_belong_to_theirs():
    pc, server = pair()
    pc.stream("hq.server", SERVER, 0.0, packets=1)
    pc.stream("hq.server", SERVER, 0.0, packets=2, every=0.0)
    pc.handle_timer(0.0)
    packets = pc.packets_to_send()
    server.receive(packets[0], 0.0)
    pc.receive(error_about(packets[1], DESTINATION_UNREACHABLE, 1), 0.0)
    one, two = pc.flows({SERVER: server})
    assert (one.received, one.errors) == (1, 0)
    assert (two.received, two.errors) == (0, 1)


def test_a_stream_to_a_stranger_arrives_nowhere():
    pc, _ = pair()
    pc.stream("192.0.2.7", "192.0.2.7", 0.0, packets=1)
    pc.handle_timer(0.0)
    assert pc.flows({})[0].received == 0


def test_packets_for_others_are_ignored():
    _, server = pair()
    request = build_icmp(IcmpEcho(1, 1))
    server.receive(build_ipv4(Ipv4Packet(PC, "10.1.0.11", ICMP, request)), 0.0)
    assert server.packets_to_send() == []


def test_an_answer_bears_the_data_of_the_request():
    _, server = pair()
    request = build_icmp(IcmpEcho(7, 9, b"hello"))
    server.receive(build_ipv4(Ipv4Packet(PC, SERVER, ICMP, request)), 0.0)
    answer = parse_ipv4(server.packets_to_send()[0])
    assert (answer.destination, answer.source) == (PC, SERVER)
    assert parse_icmp(answer.payload) == IcmpEcho(7, 9, b"hello", True)


@given(payload=st.binary(max_size=80), protocol=st.integers(0, 255))
def test_no_packet_whatever_it_holds_disturbs_a_host(payload, protocol):
    server = HostStack("hq.server", SERVER)
    server.receive(payload, 0.0)
    server.receive(build_ipv4(Ipv4Packet(PC, SERVER, protocol, payload)), 0.0)
    assert server.echoes() == ()
