"""TCP segments that follow each other, given to a TUN device as one packet.

What a batch of ESP packets held are mostly segments of one TCP stream. Written one by one each
costs a call and a way through the kernel's receive path; written together, behind a
`virtio_net_hdr`, the kernel carries them as if a network card had joined them, and cuts them again
where they leave.

    virtio_net_hdr   flags 1 | GSO type 1 | header length 2 | segment size 2 |
                     start of the checksum 2 | offset of its field 2, in the machine's order

Only what the kernel will cut into the same octets again is joined: neighbours in sequence, equal
in every header field but those that count, all of one size but the last, which alone may be
pushed. A segment whose checksum was wrong where it entered the tunnel comes out mended if it has
neighbours.
"""

from dataclasses import dataclass
from operator import ne
from struct import Struct
from typing import NamedTuple

from gwsim.crypto.esp_rows import in_rows
from gwsim.esp.opener import Stretch

HEADER_LENGTH = 10
"""Octets of a virtio_net_hdr."""

PLAIN = bytes(HEADER_LENGTH)
"""The header before a packet that asks nothing of the kernel."""

_VIRTIO = Struct("=BBHHHH").pack
_NEEDS_CHECKSUM = 1
_TCP_OVER_IPV4 = 1

# version, TOS; ID; DF, TTL, protocol; addresses, ports; sequence number; acknowledgement, header
# length; flags; window; options
_FIELDS = Struct("!H2xHI2x12sI5sBH4x12s")

# to the fragment offset; TTL, protocol; addresses; ports, sequence number; acknowledgement to
# window; options in two
_WORDS = "QH2xQQQ4xQI"
_NEXT_ID = 1 << 16
_PROTOCOL_AT = 9
_TCP = 6
_PLAIN_IPV4 = 0x45
_WHOLE = (0x0000, 0x4000)
_IP_LENGTH = 20
_BARE, _STAMPED = 40, 52
_HEADERS = {5 << 4: _BARE, 8 << 4: _STAMPED}
"""Octets of both headers by the octet with the length of TCP's: no options, or timestamps."""

_ACK, _PUSHED = 0x10, 0x18
_LONGEST = 65535
_HALVES = Struct("!10H").unpack_from
_ADDRESSES = slice(6, 10)
_HALF = Struct("!H").pack_into
_LENGTH_AT, _IP_CHECKSUM_AT, _FLAGS_AT, _TCP_CHECKSUM_AT = 2, 10, 33, 36

_NUMBERS, _IDS = 0xFFFFFFFF, 0xFFFF

Buffer = bytes | bytearray | memoryview
_Place = tuple[int, int, tuple[object, ...]]
_Words = list[tuple[int, ...]]


class _Segment(NamedTuple):
    """A TCP segment; its place are sequence number, ID, and what all of a run have in common."""

    place: _Place
    headers: int
    pushed: bool


@dataclass(slots=True, eq=False)
class Run:
    """Packets that may be written as one; `length` is what that says of itself, in octets.

    `headers` are the octets of IP and TCP headers, 0 for what is not to be joined.
    """

    packets: list[memoryview]
    headers: int = 0
    length: int = 0

    def takes(self, length: int) -> bool:
        """Say whether the next segment may be of this length."""
        return length <= len(self.packets[0]) and self.length + length <= _LONGEST

    def buffers(self) -> list[Buffer]:
        """Give what to write, end to end."""
        first = self.packets[0]
        if len(self.packets) == 1:
            return [PLAIN, first]
        size = len(first) - self.headers
        to_fill_in = (_IP_LENGTH, _TCP_CHECKSUM_AT - _IP_LENGTH)
        virtio = _VIRTIO(_NEEDS_CHECKSUM, _TCP_OVER_IPV4, self.headers, size, *to_fill_in)
        return [virtio, self._header(), *[packet[self.headers :] for packet in self.packets]]

    def _header(self) -> bytearray:
        header = bytearray(self.packets[0][: self.headers])
        header[_FLAGS_AT] = self.packets[-1][_FLAGS_AT]
        _HALF(header, _LENGTH_AT, self.length)
        _HALF(header, _IP_CHECKSUM_AT, 0)
        halves = _HALVES(header)
        _HALF(header, _IP_CHECKSUM_AT, _folded(sum(halves)) ^ 0xFFFF)
        # Where the kernel is to fill a checksum in it wants the sum of the pseudo header.
        pseudo = sum(halves[_ADDRESSES]) + _TCP + self.length - _IP_LENGTH
        _HALF(header, _TCP_CHECKSUM_AT, _folded(pseudo))
        return header


def runs(stretch: Stretch) -> list[Run]:
    """Part packets into runs, in their order."""
    found: list[Run] = []
    words: _Words = []
    packets, at = stretch.packets, 0
    while at < len(packets):
        segment = _segment(packets[at])
        run = Run([packets[at]], segment.headers if segment else 0, len(packets[at]))
        if segment is not None and not segment.pushed and at + 1 < len(packets):
            words = words or _words(stretch)
            _extend(run, segment, packets, words, at)
        found.append(run)
        at += len(run.packets)
    return found


def _extend(
    run: Run, first: _Segment, packets: list[memoryview], words: _Words, start: int
) -> None:
    """Let packets join number `start`, which is alone in a run, as long as they may.

    Where those end that go on just like the ones before, one is looked at by itself: it may be
    the last, or the first after a number that has begun again.
    """
    length, (number, ident, like) = len(packets[start]), first.place
    payload = length - first.headers
    while True:
        at = start + len(run.packets)
        count = _going_on(words, at - 1, (_LONGEST - run.length) // payload, first.headers, payload)
        run.packets += packets[at : at + count]
        run.length += count * payload
        at, taken = at + count, len(run.packets)
        if at == len(packets) or not run.takes(len(packets[at])):
            return
        segment = _segment(packets[at])
        due = (number + taken * payload & _NUMBERS, ident + taken & _IDS, like)
        if segment is None or segment.place != due:
            return
        run.packets.append(packets[at])
        run.length += len(packets[at]) - first.headers
        if segment.pushed or len(packets[at]) < length:
            return


def _words(stretch: Stretch) -> _Words:
    """Read the headers of all packets: of each word in them a column."""
    layout = in_rows(_WORDS, stretch.stride, len(stretch.packets))
    words = layout.unpack_from(stretch.octets)
    return [words[i::7] for i in range(7)]


def _going_on(words: _Words, last: int, most: int, headers: int, payload: int) -> int:
    """Count the packets behind number `last`, up to so many, in which every word is as expected."""
    steps = (_NEXT_ID, 0, 0, payload, 0, 0, 0)[: 5 if headers == _BARE else 7]
    count = min(most, len(words[0]) - last - 1)
    for column, step in zip(words, steps, strict=False):
        before, found = column[last], column[last + 1 : last + 1 + count]
        if step:
            wanted = tuple(range(before + step, before + step * (count + 1), step))
        else:
            wanted = (before,) * count
        if found != wanted:
            count = [*map(ne, found, wanted)].index(True)
    return count


def _segment(packet: memoryview) -> _Segment | None:
    """Read a segment that others may follow or that may follow others; None if it is no such."""
    if len(packet) < _FIELDS.size or packet[_PROTOCOL_AT] != _TCP:
        return None
    first, ident, middle, ends, number, control, flags, window, options = _FIELDS.unpack_from(
        packet
    )
    headers = _HEADERS.get(control[4], 0)
    is_whole = first >> 8 == _PLAIN_IPV4 and middle >> 16 in _WHOLE
    if not headers or len(packet) <= headers or flags not in (_ACK, _PUSHED) or not is_whole:
        return None
    like = (first, middle, ends, control, window, options if headers == _STAMPED else b"")
    return _Segment((number, ident, like), headers, flags == _PUSHED)


def _folded(total: int) -> int:
    """Fold a sum of 16-bit numbers into one, as Internet checksums do (RFC 1071)."""
    total = (total & 0xFFFF) + (total >> 16)
    return (total & 0xFFFF) + (total >> 16)
