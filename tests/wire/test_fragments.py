"""Fragments: what was cut comes together again, and strangers cannot fill the memory."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.fragments import MAX_SETS, TIMEOUT, Reassembler, fragment
from gwsim.wire.ip import Ipv4Packet, build_ipv4

PACKET = Ipv4Packet("10.1.0.10", "10.2.0.10", 17, bytes(range(100)), identification=7)


def piece(offset: int, payload: bytes, more: bool = True, identification: int = 7) -> Ipv4Packet:
    return replace(
        PACKET,
        payload=payload,
        more_fragments=more,
        fragment_offset=offset,
        identification=identification,
    )


class TestCutting:
    @given(st.binary(max_size=3000), st.integers(28, 1600))
    def test_every_piece_fits_and_together_they_are_the_packet(self, payload, mtu):
        packet = replace(PACKET, payload=payload)
        pieces = fragment(packet, mtu)
        assert all(len(build_ipv4(p)) <= mtu for p in pieces)
        assert b"".join(p.payload for p in pieces) == payload
        assert [p.more_fragments for p in pieces] == [True] * (len(pieces) - 1) + [False]

    def test_a_packet_that_fits_is_left_as_it_is(self):
        assert fragment(PACKET, 120) == [PACKET]
        assert len(fragment(PACKET, 119)) == 2

    def test_a_fragment_is_cut_further(self):
        """Offsets go on from its own, and its last piece still has more to come."""
        pieces = fragment(piece(400, bytes(40)), 44)
        assert [(p.fragment_offset, p.more_fragments) for p in pieces] == [(400, True), (424, True)]

    def test_dont_fragment_is_respected(self):
        forbidden = replace(PACKET, dont_fragment=True)
        assert fragment(forbidden, 120) == [forbidden]
        with pytest.raises(ValueError, match="don't fragment"):
            fragment(forbidden, 119)

    def test_an_mtu_without_room_is_the_callers_error(self):
        with pytest.raises(ValueError, match="an MTU of 27 leaves no room"):
            fragment(PACKET, 27)


class TestJoining:
    @given(st.binary(min_size=1, max_size=800), st.integers(28, 200), st.data())
    def test_pieces_in_any_order_and_some_twice_give_the_packet_once(self, payload, mtu, data):
        packet = replace(PACKET, payload=payload)
        pieces = fragment(packet, mtu)
        again = data.draw(st.lists(st.sampled_from(pieces), max_size=3)) if pieces[1:] else []
        order = data.draw(st.permutations(pieces))
        reassembler = Reassembler()
        # Repeats come before the last missing piece; after it they would begin a new packet.
        results = [reassembler.add(p, 0.0) for p in [*order[:-1], *again] if p != order[-1]]
        assert results == [None] * len(results)
        assert reassembler.add(order[-1], 0.0) == packet

    def test_a_whole_packet_passes(self):
        assert Reassembler().add(PACKET, 0.0) is PACKET

    def test_packets_are_told_apart_by_their_identification(self):
        reassembler = Reassembler()
        first, last = piece(0, b"a" * 8), piece(8, b"b", more=False)
        assert reassembler.add(first, 0.0) is None
        assert reassembler.add(replace(last, identification=8), 0.0) is None
        assert reassembler.add(replace(last, source="10.1.0.11"), 0.0) is None
        whole = reassembler.add(last, 0.0)
        assert whole is not None
        assert whole.payload == b"aaaaaaaab"

    def test_pieces_that_come_too_late_do_not_join(self):
        reassembler = Reassembler()
        reassembler.add(piece(0, b"a" * 8), 100.0)
        assert reassembler.add(piece(8, b"b", more=False), 100.0 + TIMEOUT) is None
        assert reassembler.expired == 1

    def test_time_counts_from_the_first_piece(self):
        reassembler = Reassembler()
        reassembler.add(piece(0, b"a" * 8), 100.0)
        reassembler.add(piece(8, b"b" * 8), 100.0 + TIMEOUT / 2)
        last = piece(16, b"c", more=False)
        whole = reassembler.add(last, 100.0 + TIMEOUT - 0.001)
        assert whole is not None
        assert reassembler.expired == 0


class TestRefusing:
    @pytest.mark.parametrize(
        "pieces",
        [
            [piece(0, b"a" * 16), piece(8, b"b" * 8, more=False)],
            [piece(0, b"a" * 8), piece(0, b"b" * 8)],
            [piece(8, b"a" * 8), piece(8, b"a" * 8, more=False)],
            [piece(8, b"a", more=False), piece(16, b"b", more=False)],
            [piece(8, b"a" * 8, more=False), piece(16, b"b" * 8)],
            [piece(0, b"a" * 8), piece(16, b"b" * 8), piece(8, b"c" * 8, more=False)],
            [piece(16, b"b" * 8), piece(0, b"a" * 8), piece(8, b"", more=False)],
            [piece(0, b"a" * 7)],
            [piece(0, b"")],
            [piece(65512, b"a" * 8)],
        ],
        ids=[
            "overlap",
            "other content",
            "other end",
            "two ends",
            "beyond the end",
            "end in the middle",
            "gap that adds up",
            "seven octets",
            "empty",
            "too long",
        ],
    )
    def test_contradictions_cost_the_whole_packet(self, pieces):
        reassembler = Reassembler()
        assert [reassembler.add(p, 0.0) for p in pieces] == [None] * len(pieces)
        assert reassembler.rejected == 1

    def test_overlapping_pieces_cannot_fill_the_memory(self):
        """However they overlap, a set never holds more than the longest packet has."""
        reassembler = Reassembler()
        for offset in range(0, 8 * 50, 8):
            reassembler.add(piece(offset, bytes(8000)), 0.0)
        assert reassembler.rejected >= 5

    def test_a_flood_of_beginnings_pushes_the_oldest_out(self):
        reassembler = Reassembler()
        for identification in range(MAX_SETS + 1):
            reassembler.add(piece(0, b"a" * 8, identification=identification), 0.0)
        assert reassembler.expired == 1
        assert reassembler.add(piece(8, b"b", False, identification=1), 0.0) is not None
        assert reassembler.add(piece(8, b"b", False, identification=0), 0.0) is None

    @given(
        st.lists(
            st.builds(
                piece,
                st.integers(0, 6).map(lambda n: n * 8),
                st.binary(max_size=24),
                st.booleans(),
                st.integers(0, 2),
            ),
            max_size=30,
        )
    )
    def test_whatever_comes_only_whole_packets_leave(self, pieces):
        reassembler = Reassembler()
        for number, p in enumerate(pieces):
            whole = reassembler.add(p, float(number))
            assert whole is None or not whole.is_fragment
