from gwsim.esp.too_big import cut, fragmentation_needed
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import ESP, IcmpError, Ipv4Packet, build_ipv4, parse_icmp, parse_ipv4
from tests.esp.planes import HQ, SERVER, icmp_error, inner, packet, ping


def test_pieces_fit_and_make_the_packet_again():
    whole = packet(3000, identification=7)
    pieces = cut(whole, 1438)
    assert [len(piece) <= 1438 for piece in pieces] == [True] * 3
    reassembler = Reassembler()
    joined = [reassembler.add(parse_ipv4(piece), 0.0) for piece in pieces]
    assert joined[:2] == [None, None]
    assert joined[2] is not None
    assert build_ipv4(joined[2]) == whole


def test_the_error_tells_the_sender_what_would_have_fitted():
    big = packet(1500, dont_fragment=True)
    error = fragmentation_needed(big, inner(big), 1438, HQ)
    assert error is not None
    carried = parse_ipv4(error)
    assert (carried.source, carried.destination) == (HQ, SERVER)
    assert parse_icmp(carried.payload) == IcmpError(3, 4, 1438, big[:28])


def test_only_icmp_has_errors_that_are_not_complained_about():
    """An ESP packet may begin with any octet, also with that of "unreachable"."""
    big = build_ipv4(Ipv4Packet(SERVER, HQ, ESP, b"\x03\x01" * 700, dont_fragment=True))
    assert fragmentation_needed(big, inner(big), 1000, HQ) is not None


def test_an_echo_is_answered_with_an_error_too():
    big = ping(size=2000)
    assert fragmentation_needed(big, inner(big), 1438, HQ) is not None


def test_there_is_no_error_about_an_error():
    big = icmp_error(size=1500)
    assert fragmentation_needed(big, inner(big), 1438, HQ) is None


def test_there_is_no_error_about_a_later_fragment():
    big = packet(1500, dont_fragment=True, fragment_offset=8)
    assert fragmentation_needed(big, inner(big), 1438, HQ) is None
