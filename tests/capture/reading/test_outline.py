"""Whole captures: several dialogues, other traffic, and memory that does not grow with the file."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.capture.reading import outline as under_test
from gwsim.capture.reading.files import CaptureError
from gwsim.capture.reading.outline import read_outline
from gwsim.capture.reading.text import outline_text
from gwsim.wire.ip import ICMP, IcmpError, Ipv4Packet, build_icmp, build_ipv4, parse_ipv4, quote
from tests.capture.messages import MAIN_1, clear, packet
from tests.capture.reading.files import pcap, pcapng
from tests.capture.reading.stories import capture_of, outline_of, read_with
from tests.path.packets import BRANCH, HQ, esp, tcp, udp

FIRST = clear(MAIN_1, bytes(8))


def addresses(outline):
    return [dialogue.ends for dialogue in outline.dialogues]


def test_every_pair_has_a_dialogue_of_its_own():
    frames = [(1.0, packet(FIRST)), (2.0, packet(FIRST, HQ, "203.0.113.9")), (3.0, tcp(HQ, BRANCH))]
    outline = read_with(pcap(frames))
    assert addresses(outline) == [(HQ, BRANCH), (HQ, "203.0.113.9")]
    assert (outline.start, outline.end, outline.frames) == (1.0, 3.0, 3)
    assert dict(outline.others) == {"TCP": 1}


def test_only_the_peers_that_are_wanted():
    frames = [(1.0, packet(FIRST)), (2.0, packet(FIRST, HQ, "203.0.113.9"))]
    assert addresses(read_with(pcap(frames), peers=["203.0.113.9"])) == [(HQ, "203.0.113.9")]


def test_pairs_are_bounded_and_the_rest_is_counted(monkeypatch):
    monkeypatch.setattr(under_test, "MOST_DIALOGUES", 3)
    frames = [(float(n), packet(FIRST, HQ, f"203.0.113.{n}")) for n in range(1, 9)]
    outline = read_with(pcap(frames))
    assert (len(outline.dialogues), outline.beyond) == (3, 5)
    assert "not drawn: 5 packets of more pairs" in outline_text(outline)


def test_an_icmp_error_stands_in_the_dialogue_it_is_about():
    error = build_icmp(IcmpError(3, 3, original=quote(parse_ipv4(packet(FIRST)))))
    router = build_ipv4(Ipv4Packet("203.0.113.99", HQ, ICMP, error))
    outline = read_with(pcap([(0.5, router), (1.0, packet(FIRST)), (1.1, router)]))
    [dialogue] = outline.dialogues
    assert [row.label for row in dialogue.rows[0]] == ["main-1", "icmp"]
    assert "port unreachable" in dialogue.errors[0]
    assert "port unreachable" in outline_text(outline)


def test_a_capture_of_two_stories_tells_them_apart():
    """Several sections in one file, as `mergecap -a` and `cat` make them."""
    one, other = (
        capture_of("healthy/behind-nat", "branch-outside"),
        capture_of("phase1/psk-mismatch", "hq-outside"),
    )
    outline = read_with(one + other)
    assert addresses(outline) == [
        ("192.168.1.2", "198.51.100.1"),
        ("198.51.100.1", "203.0.113.1"),
    ]


class Endless:
    """A file of so many octets that is never there as a whole: main mode, then ESP for ever."""

    def __init__(self, size):
        self._left = size
        story = capture_of("healthy/asa-screenos", "hq-outside")
        self._ready = story
        self._number = 0

    def read(self, size=-1, /):
        while len(self._ready) < size and self._left > 0:
            self._number += 1
            body = self._number.to_bytes(4, "big") * 330
            frame = esp(HQ, BRANCH, 1 + self._number % 500, body)
            fresh = _as_block(float(self._number), frame)
            self._left -= len(fresh)
            self._ready += fresh
        found, self._ready = self._ready[:size], self._ready[size:]
        return found


def _as_block(at, data):
    whole = pcapng([(at, data)])
    return whole[len(pcapng([])) :]


def test_memory_does_not_grow_with_the_file():
    peaks = []
    for size in (300_000, 3_000_000):
        stream = Endless(size)
        tracemalloc.start()
        outline = read_outline(stream)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert outline.frames > size // 1500
    assert peaks[1] < peaks[0] + 200_000


@given(st.data())
def test_damaged_captures_are_drawn_or_refused(data):
    damaged = bytearray(capture_of("healthy/behind-nat", "hq-outside"))
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        outline_text(read_with(bytes(damaged)))
    except CaptureError as error:
        assert str(error)


@given(st.lists(st.binary(max_size=90), max_size=6), st.sampled_from([500, 4500, 848]))
def test_any_datagrams_are_drawn(payloads, port):
    frames = [(float(n), udp(HQ, BRANCH, port, port, data)) for n, data in enumerate(payloads)]
    outline_text(read_with(pcap(frames)))


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ([], "holds no frame"),
        ([(1.0, tcp(HQ, BRANCH))], "no IKEv1 and no ESP in it"),
        ([(1.0, udp(HQ, BRANCH, 500, 500, FIRST[:17] + b"\x20\x22" + FIRST[19:]))], "IKEv2"),
        ([(1.0, esp(HQ, BRANCH))], "the SAs are older than the capture"),
    ],
)
def test_captures_without_a_negotiation_say_so(frames, words):
    assert words in outline_text(read_with(pcap(frames)))


def test_a_file_that_ends_early_says_so():
    whole = capture_of("phase1/psk-mismatch", "hq-outside")
    text = outline_text(read_with(whole[:-9]))
    assert "the file ends in the middle of a frame" in text
    assert "(again 2)" in text


def test_the_outline_of_a_story_has_its_times():
    outline = outline_of("phase1/psk-mismatch")
    assert round(outline.end - outline.start, 2) == 24.04
