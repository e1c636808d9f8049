"""Capture files, frame by frame: pcap and pcapng, of either byte order, plain or gzipped.

A file is read once, from front to back, and never held: what is read of it at a time is one block.

    pcap      magic 4 | version 2+2 | zone 4 | accuracy 4 | longest 4 | link type 4, then frames:
              seconds 4 | fraction 4 | captured 4 | original 4 | data
    pcapng    blocks: type 4 | length 4 | body | length 4 (draft-ietf-opsawg-pcapng)

Whoever opens the file hands it over; a file that ends in mid-frame gives what is whole before.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Protocol

LONGEST_FRAME = 1 << 18
"""Octets a frame may have: the most that tcpdump takes of one."""

MOST_INTERFACES = 4096

_SKIPPED_AT_ONCE = 1 << 16
_LONGEST_SECTION = 1 << 20
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET = 0x0A0D0D0A, 1, 2, 3, 6
_BYTE_ORDER = 0x1A2B3C4D
_END, _COMMENT, _NAME, _RESOLUTION, _OFFSET = 0, 1, 2, 9, 14
_READ = (_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _PACKET)
_GZIP = b"\x1f\x8b"
_GZIP_FORMAT = 31

# Magic in either order: fraction of a second, and octets that some add to each frame's head.
_PCAP: dict[int, tuple[float, int]] = {
    0xA1B2C3D4: (1e-6, 0),
    0xA1B23C4D: (1e-9, 0),
    0xA1B2CD34: (1e-6, 8),
}
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"snoop\0\0\0", "Solaris snoop"),
    (b"GMBU", "Microsoft Network Monitor"),
    (b"XCP\0", "NetXRay"),
    (b"TRSNIFF", "Sniffer"),
    (b"\x28\xb5\x2f\xfd", "something packed with zstd: unpack it with `unzstd`"),
    (b"\x04\x22\x4d\x18", "something packed with lz4: unpack it with `unlz4`"),
    (b"\xfd7zXZ", "something packed with xz: unpack it with `unxz`"),
    (b"BZh", "something packed with bzip2: unpack it with `bunzip2`"),
    (b"PK\x03\x04", "a zip archive: unpack it with `unzip`"),
)


class CaptureError(ValueError):
    """A file that cannot be read as a capture; the text says why, and what may help."""


class Stream(Protocol):
    """What a capture is read from: an open file, or standard input."""

    def read(self, size: int, /) -> bytes:
        """Give at most so many octets, none at the end."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What was captured at once: `at` in seconds since 1970, `length` octets as it was sent.

    `data` may be less than that. `link` is its link type, `interface` counts from 0.
    """

    at: float
    link: int
    data: bytes
    length: int
    interface: int = 0


@dataclass(frozen=True, slots=True)
class _Interface:
    link: int
    longest: int
    tick: float
    offset: int


class _CutOff(Exception):
    """The file ends where something should follow."""


class _Source:
    """Octets in order, with those that were looked at before."""

    def __init__(self, stream: Stream, seen: bytes = b"") -> None:
        self._stream = stream
        self._seen = seen

    def read(self, size: int = -1, /) -> bytes:
        """Give exactly so many octets, fewer only at the end."""
        parts, missing = [self._seen[:size]], size - len(self._seen)
        self._seen = self._seen[size:]
        while missing > 0 and (part := self._stream.read(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def peek(self, size: int) -> bytes:
        """Look at the next octets; they are still there afterwards."""
        self._seen = self.read(size) + self._seen
        return self._seen[:size]

    def need(self, size: int) -> bytes:
        """Give exactly so many octets, or raise _CutOff."""
        found = self.read(size)
        if len(found) < size:
            raise _CutOff
        return found

    def skip(self, size: int) -> None:
        """Leave out so many octets, or raise _CutOff."""
        while size > 0:
            step = min(size, _SKIPPED_AT_ONCE)
            self.need(step)
            size -= step


class _Unzipped:
    """What is in a gzipped stream, of one member or several; zlib.error for a damaged one."""

    def __init__(self, source: _Source) -> None:
        self._source = source
        self._member = zlib.decompressobj(wbits=_GZIP_FORMAT)

    def read(self, size: int, /) -> bytes:
        """Give at most so many octets, none at the end; raises _CutOff for an early one."""
        while True:
            if self._member.eof:
                rest = self._member.unused_data or self._source.read(1)
                if not rest:
                    return b""
                self._member = zlib.decompressobj(wbits=_GZIP_FORMAT)
            else:
                rest = self._member.unconsumed_tail or self._source.read(_SKIPPED_AT_ONCE)
                if not rest:
                    raise _CutOff
            found = self._member.decompress(rest, size)
            if found:
                return found


class CaptureFile:
    """The frames of a capture, to be walked through once; raises CaptureError, also on the way.

    `cut_off` is true after a walk that ended in the middle of something.
    """

    def __init__(self, stream: Stream) -> None:
        self.cut_off = False
        self._source = _Source(stream)

    def __iter__(self) -> Iterator[Frame]:
        try:
            yield from self._frames()
        except _CutOff:
            self.cut_off = True
        except zlib.error as error:
            raise CaptureError(f"it is gzipped, but damaged: {error}") from None

    def _frames(self) -> Iterator[Frame]:
        if self._source.peek(2) == _GZIP:
            self._source = _Source(_Unzipped(self._source))
        first = self._source.peek(8)
        if not first:
            raise CaptureError("it is empty")
        if int.from_bytes(first[:4], "big") == _SECTION:
            return _pcapng(self._source)
        for order in ("<", ">"):
            magic = Struct(f"{order}I").unpack(first[:4].ljust(4, b"\0"))[0]
            if magic in _PCAP:
                return _pcap(self._source, order, *_PCAP[magic])
        raise CaptureError(_foreign(first))


def _foreign(first: bytes) -> str:
    """Say what a file is instead of a capture, as far as its beginning tells."""
    for magic, name in _FOREIGN:
        if first.startswith(magic):
            convert = "" if "with" in name else "; `editcap -F pcapng OLD NEW` turns it into one"
            return f"it is not pcap or pcapng but {name}{convert}"
    printed = first.isascii() and bytes(first).decode().isprintable()
    hint = " (it looks like text; a device's capture is to be exported as pcap)" if printed else ""
    return f"it is neither pcap nor pcapng{hint}"


def _pcap(source: _Source, order: str, fraction: float, extra: int) -> Iterator[Frame]:
    link = Struct(f"{order}I").unpack(source.need(24)[20:])[0] & 0xFFFF
    head = Struct(f"{order}IIII")
    number = 0
    while source.peek(1):
        number += 1
        seconds, rest, captured, length = head.unpack(source.need(head.size))
        if captured > LONGEST_FRAME:
            raise CaptureError(f"frame {number} claims {captured} octets: the file is damaged")
        source.skip(extra)
        yield Frame(seconds + rest * fraction, link, source.need(captured), length)


def _pcapng(source: _Source) -> Iterator[Frame]:
    """Give the frames of all sections; each section has interfaces of its own."""
    interfaces: list[_Interface] = []
    at = 0.0
    for kind, body, order in _blocks(source):
        if kind == _SECTION:
            interfaces = []
        elif kind == _INTERFACE:
            interfaces.append(_interface(body, order))
            if len(interfaces) > MOST_INTERFACES:
                raise CaptureError(f"it has more than {MOST_INTERFACES} interfaces")
        else:
            frame = _frame(kind, body, order, interfaces, at)
            at = frame.at
            yield frame


def _blocks(source: _Source) -> Iterator[tuple[int, bytes, str]]:
    """Give kind and body of the blocks that matter, with the byte order of their section."""
    order = "<"
    while source.peek(1):
        head = source.need(8)
        if int.from_bytes(head[:4], "big") == _SECTION:
            order = _byte_order(source.peek(4))
        kind, length = Struct(f"{order}II").unpack(head)
        if length < 12:
            raise CaptureError(f"a block claims {length} octets: the file is damaged")
        size = length - 12 + -length % 4
        if kind not in _READ:
            source.skip(size + 4)
            continue
        longest = _LONGEST_SECTION + (LONGEST_FRAME if kind in (_SIMPLE, _PACKET) else 0)
        if size > longest:
            raise CaptureError(f"a block claims {length} octets: the file is damaged")
        body = source.need(size)
        source.need(4)
        yield kind, body, order


def _byte_order(magic: bytes) -> str:
    for order in ("<", ">"):
        if len(magic) == 4 and Struct(f"{order}I").unpack(magic)[0] == _BYTE_ORDER:
            return order
    if len(magic) < 4:
        raise _CutOff
    raise CaptureError("a section of it has no byte order: the file is damaged")


def _interface(body: bytes, order: str) -> _Interface:
    if len(body) < 8:
        raise CaptureError("an interface of it is not described: the file is damaged")
    link, _, longest = Struct(f"{order}HHI").unpack_from(body)
    tick, offset = 1e-6, 0
    for code, value in _options(body[8:], order):
        if code == _RESOLUTION and value:
            power = value[0] & 0x7F
            tick = 2.0**-power if value[0] & 0x80 else 10.0**-power
        elif code == _OFFSET and len(value) == 8:
            offset = Struct(f"{order}q").unpack(value)[0]
    return _Interface(link, longest, tick, offset)


def _options(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    head = Struct(f"{order}HH")
    place = 0
    while place + 4 <= len(data):
        code, length = head.unpack_from(data, place)
        if code == _END:
            return
        yield code, data[place + 4 : place + 4 + length]
        place += 4 + length + -length % 4


def _frame(
    kind: int, body: bytes, order: str, interfaces: list[_Interface], before: float
) -> Frame:
    if kind == _SIMPLE:
        return _simple(body, order, interfaces, before)
    form = f"{order}IIIII" if kind == _PACKET else f"{order}HHIIII"
    head = Struct(form)
    if len(body) < head.size:
        raise CaptureError("a packet of it has no head: the file is damaged")
    number, *rest = head.unpack_from(body)
    high, low, captured, length = rest[-4:]
    on = _known(interfaces, number)
    if captured > len(body) - head.size:
        raise CaptureError(f"a packet claims {captured} octets: the file is damaged")
    at = (high << 32 | low) * on.tick + on.offset
    return Frame(at, on.link, body[head.size : head.size + captured], length, number)


def _simple(body: bytes, order: str, interfaces: list[_Interface], before: float) -> Frame:
    """Read a packet without a time: that of the one before has to do."""
    if len(body) < 4:
        raise CaptureError("a packet of it has no head: the file is damaged")
    length = Struct(f"{order}I").unpack_from(body)[0]
    on = _known(interfaces, 0)
    captured = min(length, on.longest or length, len(body) - 4)
    return Frame(before, on.link, body[4 : 4 + captured], length)


def _known(interfaces: list[_Interface], number: int) -> _Interface:
    if number >= len(interfaces):
        raise CaptureError(f"a packet is of interface {number}, which is not described")
    return interfaces[number]
