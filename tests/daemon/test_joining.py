"""Segments written as one: the kernel must be able to cut them into the same octets again."""

from dataclasses import dataclass, replace
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.daemon.joining import HEADER_LENGTH, PLAIN, Run, runs
from gwsim.esp.opener import Stretch
from gwsim.wire.ip import Ipv4Packet, build_ipv4, checksum

TCP, ACK, PSH, SYN = 6, 0x10, 0x08, 0x02
TCP_HEADER = Struct("!HHIIBBHHH")
VIRTIO = Struct("=BBHHHH")
HALF = Struct("!H")
WORD = Struct("!I")
ENDS = bytes((10, 1, 0, 10, 10, 2, 0, 10))


@dataclass(frozen=True)
class Segment:
    """A TCP segment as a host sends it."""

    number: int = 0
    ident: int = 0
    size: int = 100
    flags: int = ACK
    window: int = 500
    stamp: int | None = 99
    tos: int = 0
    ttl: int = 64
    dont_fragment: bool = True
    port: int = 5001
    protocol: int = TCP

    def octets(self) -> bytes:
        options = b"" if self.stamp is None else b"\1\1\x08\x0a" + self.stamp.to_bytes(8, "big")
        offset = (20 + len(options)) // 4 << 4
        number = self.number & 0xFFFFFFFF
        fields = (40000, self.port, number, 7, offset, self.flags, self.window, 0, 0)
        tcp = TCP_HEADER.pack(*fields) + options
        tcp += bytes((self.number + i) & 0xFF for i in range(self.size))
        packet = Ipv4Packet(
            "10.1.0.10",
            "10.2.0.10",
            self.protocol,
            tcp,
            ttl=self.ttl,
            tos=self.tos,
            identification=self.ident & 0xFFFF,
            dont_fragment=self.dont_fragment,
        )
        made = bytearray(build_ipv4(packet))
        HALF.pack_into(made, 36, checksum(pseudo_header(len(tcp)) + tcp))
        return bytes(made)


def pseudo_header(length: int) -> bytes:
    return ENDS + bytes((0, TCP)) + HALF.pack(length)


def stream(count: int, first: Segment | None = None, **last: int) -> list[Segment]:
    """Segments that follow each other; the last one may differ."""
    first = first or Segment(1000, 7)
    made = [
        replace(first, number=first.number + i * first.size, ident=first.ident + i)
        for i in range(count)
    ]
    return [*made[:-1], replace(made[-1], **last)]


def in_a_stretch(segments: list[Segment]) -> Stretch:
    """Lay packets into one buffer, as the opener does."""
    packets = [segment.octets() for segment in segments]
    stride = max(map(len, packets), default=0) + 2
    octets = memoryview(b"".join(packet.ljust(stride, b"\xee") for packet in packets) + bytes(64))
    views = [octets[i * stride :][: len(packet)] for i, packet in enumerate(packets)]
    return Stretch(views, octets, stride)


def cut(run: Run) -> list[bytes]:
    """Do what the kernel does with what is written."""
    octets = b"".join(map(bytes, run.buffers()))
    if octets[:HEADER_LENGTH] == PLAIN:
        return [octets[HEADER_LENGTH:]]
    flags, kind, headers, size, start, offset = VIRTIO.unpack_from(octets)
    assert (flags, kind, start, offset) == (1, 1, 20, 16)
    packet = octets[HEADER_LENGTH:]
    assert int.from_bytes(packet[2:4], "big") == len(packet)
    assert checksum(packet[:20]) == 0
    assert checksum(pseudo_header(len(packet) - 20)) == HALF.unpack_from(packet, 36)[0] ^ 0xFFFF
    header, payload = packet[:headers], packet[headers:]
    parts = [payload[at : at + size] for at in range(0, len(payload), size)]
    return [one_of(header, i, i * size, part, parts[-1] is part) for i, part in enumerate(parts)]


def one_of(header: bytes, index: int, before: int, payload: bytes, is_last: bool) -> bytes:
    made = bytearray(header + payload)
    HALF.pack_into(made, 2, len(made))
    HALF.pack_into(made, 4, HALF.unpack_from(header, 4)[0] + index & 0xFFFF)
    WORD.pack_into(made, 24, WORD.unpack_from(header, 24)[0] + before & 0xFFFFFFFF)
    if not is_last:
        made[33] &= ~PSH
    for at in (10, 36):
        HALF.pack_into(made, at, 0)
    HALF.pack_into(made, 10, checksum(bytes(made[:20])))
    HALF.pack_into(made, 36, checksum(pseudo_header(len(made) - 20) + made[20:]))
    return bytes(made)


def sizes(segments: list[Segment]) -> list[int]:
    """Join, prove that nothing was changed, and give how many packets went together."""
    found = runs(in_a_stretch(segments))
    assert [one for run in found for one in cut(run)] == [one.octets() for one in segments]
    return [len(run.packets) for run in found]


@pytest.mark.parametrize("stamp", [None, 99])
@pytest.mark.parametrize("first", [1000, 0xFFFFFFFF - 950])
@pytest.mark.parametrize("ident", [7, 0xFFFF - 9])
def test_a_stream_is_one_packet_also_where_numbers_begin_again(
    stamp: int | None, first: int, ident: int
) -> None:
    assert sizes(stream(40, Segment(first, ident, stamp=stamp))) == [40]


def test_the_last_segment_may_be_shorter_or_pushed() -> None:
    assert sizes(stream(20, size=33)) == [20]
    assert sizes(stream(20, flags=ACK | PSH)) == [20]
    assert sizes([*stream(20, size=33), *stream(5, Segment(9000, 90))]) == [20, 5]


@pytest.mark.parametrize(
    "other",
    [
        {"number": 5000},
        {"ident": 0},
        {"size": 101},
        {"window": 501},
        {"stamp": 100},
        {"stamp": None},
        {"tos": 8},
        {"ttl": 63},
        {"dont_fragment": False},
        {"port": 5002},
        {"protocol": 17},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_differs_in_anything_else_is_not_joined(other: dict[str, int]) -> None:
    assert sizes(stream(10, **other)) == [9, 1]


@pytest.mark.parametrize(
    "lonely", [{"flags": SYN}, {"flags": ACK | 1}, {"flags": ACK | 0x20}, {"size": 0}]
)
def test_what_opens_closes_or_carries_nothing_stands_alone(lonely: dict[str, int]) -> None:
    segments = [replace(segment, **lonely) for segment in stream(4)]
    assert sizes(segments) == [1, 1, 1, 1]


def test_no_packet_is_longer_than_its_length_can_say() -> None:
    first, *rest = sizes(stream(60, Segment(1, 1, size=1400)))
    assert first * 1400 + 52 <= 65535 < (first + 1) * 1400 + 52
    assert rest == [60 - first]


def test_nothing_is_nothing() -> None:
    assert runs(Stretch([], memoryview(b""), 0)) == []


some = st.builds(
    stream,
    st.sampled_from([1, 2, 12]),
    st.builds(
        Segment,
        st.sampled_from([1, 0xFFFFFFFF - 1000]),
        st.sampled_from([1, 65530]),
        st.sampled_from([1, 100, 1348]),
        stamp=st.sampled_from([None, 1, 2]),
        window=st.sampled_from([1, 2]),
        protocol=st.sampled_from([TCP, TCP, 17]),
    ),
    flags=st.sampled_from([ACK, ACK | PSH, SYN]),
    size=st.sampled_from([0, 1, 100, 1348]),
)


@given(st.lists(some, max_size=4))
def test_whatever_is_joined_can_be_cut_again(streams: list[list[Segment]]) -> None:
    segments = [segment for one in streams for segment in one]
    assert sum(sizes(segments)) == len(segments)
