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
    if len(stretch.packets) > 1:
        whole = _whole(stretch)
        if whole is not None:
            return [whole]
    return _parts(stretch.packets)


def _whole(stretch: Stretch) -> Run | None:
    """Give all packets as one run if they are one, are equally long and none is pushed."""
    packets = stretch.packets
    count, length = len(packets), len(packets[0])
    segment = _segment(packets[0])
    if segment is None or segment.pushed or count * length > _LONGEST:
        return None
    fields = in_rows(_WORDS, stretch.stride, count).unpack_from(stretch.octets)
    firsts, times, ends, places, controls, stamps, echoes = (fields[i::7] for i in range(7))
    payload = length - segment.headers
    first, place = firsts[0], places[0]
    if (
        firsts == tuple(range(first, first + count * _NEXT_ID, _NEXT_ID))
        and places == tuple(range(place, place + count * payload, payload))
        and times.count(times[0]) == ends.count(ends[0]) == controls.count(controls[0]) == count
        and (
            segment.headers == _BARE or stamps.count(stamps[0]) == echoes.count(echoes[0]) == count
        )
    ):
        return Run(packets, segment.headers, segment.headers + count * payload)
    return None


def _parts(packets: list[memoryview]) -> list[Run]:
    found: list[Run] = []
    due: _Place | None = None
    for packet in packets:
        segment = _segment(packet)
        if segment is None:
            found.append(Run([packet]))
            due = None
            continue
        payload = len(packet) - segment.headers
        if segment.place == due and found[-1].takes(len(packet)):
            found[-1].packets.append(packet)
            found[-1].length += payload
        else:
            found.append(Run([packet], segment.headers, len(packet)))
        number, ident, like = segment.place
        is_last = segment.pushed or len(packet) < len(found[-1].packets[0])
        due = None if is_last else (number + payload & _NUMBERS, ident + 1 & _IDS, like)
    return found


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
