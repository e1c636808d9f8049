"""Writing captures in pcapng, readable by Wireshark and tcpdump.

The blocks and options used here (pcapng draft, sections 4.1 to 4.3), all numbers little-endian::

    block    type 4 | total length 4 | body | total length 4
    section  0x0A0D0D0A: magic 4 | major 2 | minor 2 | section length 8 | options
    interface         1: link type 2 | reserved 2 | snap length 4 | options
    packet            6: interface 4 | time high 4 | time low 4 | captured 4 | original 4 |
                         data, padded to 4 | options
    option   code 2 | length 2 | value, padded to 4; the last one is code 0, length 0

Packets start with their IPv4 header (link type 101), times count nanoseconds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct, pack

LINKTYPE_RAW = 101

_SECTION = 0x0A0D0D0A
_INTERFACE = 1
_PACKET = 6
_MAGIC = 0x1A2B3C4D
_UNKNOWN_LENGTH = 0xFFFFFFFFFFFFFFFF
_END, _COMMENT = 0, 1
_NAME, _DESCRIPTION, _RESOLUTION = 2, 3, 9
_FLAGS = 2
_APPLICATION = 4
_NANOSECONDS = 9
_INBOUND, _OUTBOUND = 1, 2
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SECTION_BODY = Struct("<IHHQ")
_INTERFACE_BODY = Struct("<HHI")
_PACKET_BODY = Struct("<IIIII")


@dataclass(frozen=True, slots=True)
class Interface:
    """Where packets were seen: a name, and maybe a description."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class CapturedPacket:
    """An IPv4 packet as seen at `at` seconds on the interface of that number, counted from 0.

    `inbound` says whether it came to the interface's owner or left it, None for neither.
    """

    at: float
    interface: int
    data: bytes
    comment: str = ""
    inbound: bool | None = None


def pcapng(
    interfaces: Sequence[Interface],
    packets: Iterable[CapturedPacket],
    epoch: datetime = _START,
    comment: str = "",
) -> bytes:
    """Write a capture whose second 0 is `epoch`, a time with a time zone.

    `comment` is about the whole of it.

    Raises ValueError for a packet of an interface that is not there, and for one before 1970.
    """
    start = (epoch - _START) // timedelta(microseconds=1) * 1000
    blocks = [_section(comment), *(_interface(interface) for interface in interfaces)]
    for packet in packets:
        if not 0 <= packet.interface < len(interfaces):
            raise ValueError(f"there is no interface {packet.interface}")
        blocks.append(_packet(packet, start + round(packet.at * 1e9)))
    return b"".join(blocks)


def _section(comment: str) -> bytes:
    body = _SECTION_BODY.pack(_MAGIC, 1, 0, _UNKNOWN_LENGTH)
    options = _options((_COMMENT, comment.encode()), (_APPLICATION, b"gwsim"))
    return _block(_SECTION, body + options)


def _interface(interface: Interface) -> bytes:
    body = _INTERFACE_BODY.pack(LINKTYPE_RAW, 0, 0)
    return _block(
        _INTERFACE,
        body
        + _options(
            (_NAME, interface.name.encode()),
            (_DESCRIPTION, interface.description.encode()),
            (_RESOLUTION, bytes([_NANOSECONDS])),
        ),
    )


def _packet(packet: CapturedPacket, nanoseconds: int) -> bytes:
    if nanoseconds < 0:
        raise ValueError(f"a packet {-nanoseconds} ns before 1970 cannot be written down")
    size = len(packet.data)
    high, low = nanoseconds >> 32, nanoseconds & 0xFFFFFFFF
    flags = b"" if packet.inbound is None else _flags(packet.inbound)
    return _block(
        _PACKET,
        _PACKET_BODY.pack(packet.interface, high, low, size, size)
        + _padded(packet.data)
        + _options((_COMMENT, packet.comment.encode()), (_FLAGS, flags)),
    )


def _flags(inbound: bool) -> bytes:
    return pack("<I", _INBOUND if inbound else _OUTBOUND)


def _block(kind: int, body: bytes) -> bytes:
    length = pack("<I", len(body) + 12)
    return pack("<I", kind) + length + body + length


def _options(*options: tuple[int, bytes]) -> bytes:
    """Write options, without those that are empty; none at all leave no end mark either."""
    written = [pack("<HH", code, len(value)) + _padded(value) for code, value in options if value]
    return b"".join([*written, pack("<HH", _END, 0)]) if written else b""


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
