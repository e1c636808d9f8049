"""A packet on its way: what is read of it once, its copies, its fragments, its events."""

from gwsim.path.events import PathAction
from gwsim.path.transit import carry, pieces, read
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import parse_ipv4
from tests.path.packets import BRANCH, HQ, udp


def transit_of(data, now=3.0):
    return read(parse_ipv4(data), data, 5, "hq", now)


def test_reading_notes_addresses_ports_and_bits():
    data = udp(HQ, BRANCH, 500, 4500, df=True)
    transit = transit_of(data)
    assert (transit.source, transit.destination, transit.protocol) == (HQ, BRANCH, 17)
    assert (transit.source_port, transit.destination_port) == (500, 4500)
    assert transit.dont_fragment and not transit.is_fragment
    assert (transit.number, transit.side_in, transit.entered) == (5, "hq", 3.0)


def test_what_a_link_appended_is_cut_off():
    data = udp(HQ, BRANCH)
    assert transit_of(data + bytes(6)).data == data


def test_copies_are_numbered_over_all_that_becomes_of_a_packet():
    transit = transit_of(udp(HQ, BRANCH))
    first = transit.again()
    assert [transit.copy, first.copy, transit.again().copy, first.again().copy] == [0, 1, 2, 3]
    assert first.data == transit.data


def test_pieces_fit_know_their_ports_and_join_again():
    transit = transit_of(udp(HQ, BRANCH, payload=bytes(range(250)) * 8))
    cut = pieces(transit, 600)
    assert all(len(piece.data) <= 600 and piece.is_fragment for piece in cut)
    assert {piece.destination_port for piece in cut} == {500}
    joining = Reassembler()
    whole = [joining.add(parse_ipv4(piece.data), 0.0) for piece in cut][-1]
    joined = carry(whole, cut[0])
    assert joined.data == transit.data
    assert not joined.is_fragment


def test_an_event_tells_where_and_since_when():
    event = transit_of(udp(HQ, BRANCH)).event(PathAction.DROPPED, 3.5, "r", "because")
    assert (event.at, event.delay, event.rule, event.why) == (3.5, 0.5, "r", "because")
    assert (event.side_in, event.side_out, event.packet, event.copy) == ("hq", "", 5, 0)
    assert event.length == len(event.payload)
    assert (event.source_port, event.destination_port) == (500, 500)
