"""Frames come out of pcap and pcapng alike, and out of nothing else; no octets make it stumble."""

import gzip
import io
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gwsim.capture.pcapng import CapturedPacket, Interface
from gwsim.capture.pcapng import pcapng as ours
from gwsim.capture.reading import files as under_test
from gwsim.capture.reading.files import CaptureError, CaptureFile
from tests.capture.reading.files import (
    block,
    interface,
    option,
    packet,
    pcap,
    pcapng,
    section,
)

FRAMES = [(1.5, b"first"), (2.25, b"second one"), (1700000000.125, b"")]


def read(data):
    return list(CaptureFile(io.BytesIO(data)))


def told(data):
    return [(frame.at, frame.data) for frame in read(data)]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("kind", ["us", "ns", "patched"])
def test_pcap_of_either_order_and_every_accuracy(order, kind):
    assert told(pcap(FRAMES, order, kind)) == FRAMES


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_of_either_order(order):
    assert told(pcapng(FRAMES, order)) == FRAMES


def test_what_we_write_ourselves():
    packets = [CapturedPacket(at, 0, data, "said") for at, data in FRAMES]
    assert told(ours([Interface("hq")], packets)) == FRAMES


def test_gzipped_of_one_member_and_of_two():
    whole = pcap(FRAMES)
    assert told(gzip.compress(whole, mtime=0)) == FRAMES
    assert told(gzip.compress(whole[:40], mtime=0) + gzip.compress(whole[40:])) == FRAMES


def test_link_types_and_interfaces_are_told_apart():
    data = section() + interface(1) + interface(113) + packet(1, b"a", number=1) + packet(2, b"b")
    assert [(f.link, f.interface) for f in read(data)] == [(113, 1), (1, 0)]
    assert read(pcap([(1, b"a")], link=0x12340071))[0].link == 0x71


def test_each_section_has_its_own_order_and_interfaces():
    data = pcapng(FRAMES[:1], ">") + pcapng(FRAMES[1:], "<", link=1)
    assert [(f.at, f.link) for f in read(data)] == [(1.5, 101), (2.25, 1), (1700000000.125, 1)]


def test_times_have_the_resolution_and_offset_of_their_interface():
    nano = interface(options=option(9, b"\x09") + option(14, struct.pack("<q", 1000)))
    binary = interface(options=option(9, b"\x8a"))
    data = section() + nano + binary
    data += packet(1.5, b"", ticks=10**9) + packet(1.5, b"", number=1, ticks=1024)
    assert [f.at for f in read(data)] == [1001.5, 1.5]


def test_packets_without_a_time_take_the_one_before():
    simple = block(3, struct.pack("<I", 5) + b"later")
    assert told(pcapng(FRAMES[:1]) + simple) == [FRAMES[0], (1.5, b"later")]


def test_packets_of_the_old_kind():
    old = block(2, struct.pack("<HHIIII", 0, 0, 0, 1_500_000, 3, 9) + b"abc")
    [frame] = read(section() + interface() + old)
    assert (frame.at, frame.data, frame.length) == (1.5, b"abc", 9)


def test_other_blocks_are_skipped():
    names = block(4, bytes(200_000))
    assert told(section() + names + interface() + names + packet(1.5, b"x")) == [(1.5, b"x")]


@pytest.mark.parametrize("make", [pcap, pcapng])
def test_a_file_that_is_cut_off_gives_what_is_whole(make):
    whole = make(FRAMES)
    for size in range(len(make([])), len(whole)):
        file = CaptureFile(io.BytesIO(whole[:size]))
        found = [(frame.at, frame.data) for frame in file]
        assert found == FRAMES[: len(found)]
        assert file.cut_off or found == FRAMES[: len(found)]
    assert len(found) == 2
    assert file.cut_off


def test_a_gzipped_file_that_is_cut_off_gives_what_is_whole():
    noise = [(float(n), bytes((n * k) & 255 for k in range(500))) for n in range(500)]
    packed = gzip.compress(pcap(noise), mtime=0)
    file = CaptureFile(io.BytesIO(packed[: len(packed) // 2]))
    assert 0 < len(list(file)) < 500
    assert file.cut_off


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b"GMBU1234", "Microsoft Network Monitor; `editcap -F pcapng OLD NEW`"),
        (b"\x28\xb5\x2f\xfdxxxx", "unpack it with `unzstd`"),
        (b"Building configuration", "it looks like text"),
        (bytes(range(128, 160)), "neither pcap nor pcapng"),
        (pcap([(1, b"x")])[:24] + struct.pack("<IIII", 1, 0, 1 << 30, 1), "frame 1 claims"),
        (section() + packet(1, b"x"), "interface 0, which is not described"),
        (section() + block(1, b"\0\0\0\0"), "an interface of it is not described"),
        (section() + interface() + block(6, b"abcd"), "has no head"),
        (section() + interface() + block(3, b""), "has no head"),
        (section() + struct.pack("<II", 6, 1 << 30), "a block claims"),
        (section() + struct.pack("<II", 6, 4), "a block claims 4 octets"),
        (section()[:8] + bytes(20), "no byte order"),
        (gzip.compress(pcap(FRAMES), mtime=0)[:12] + bytes(40), "gzipped, but damaged"),
        (
            section() + interface() + block(6, struct.pack("<IIIII", 0, 0, 0, 99, 99) + b"x"),
            "a packet claims 99 octets",
        ),
    ],
)
def test_what_is_no_capture_is_refused_in_words(data, words):
    with pytest.raises(CaptureError) as caught:
        read(data)
    assert words in str(caught.value)


def test_too_many_interfaces_are_refused(monkeypatch):
    monkeypatch.setattr(under_test, "MOST_INTERFACES", 3)
    with pytest.raises(CaptureError, match="more than 3 interfaces"):
        read(section() + interface() * 4)


SAMPLES = [
    pcap(FRAMES),
    pcapng(FRAMES),
    pcapng(FRAMES, ">"),
    gzip.compress(pcapng(FRAMES), mtime=0),
]


@given(st.binary(max_size=200))
@example(b"\x1f\x8b")
@example(b"\x0a\x0d\x0d\x0a")
def test_any_octets_are_read_or_refused(data):
    try:
        read(data)
    except CaptureError as error:
        assert str(error)


@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_captures_are_read_or_refused(sample, data):
    damaged = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(damaged) - 1))
        damaged[place] = data.draw(st.integers(0, 255))
    try:
        read(bytes(damaged))
    except CaptureError as error:
        assert str(error)


def test_whoever_reads_gets_short_pieces_together():
    class Slow(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, 3))

    assert [f.data for f in CaptureFile(Slow(pcapng(FRAMES)))] == [data for _, data in FRAMES]
