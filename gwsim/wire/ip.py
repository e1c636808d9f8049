"""IPv4, UDP and ICMP, as far as hosts that ping and a path that fragments need them.

Layouts (RFC 791, 768, 792), all numbers big-endian::

    IPv4   version and header words 1 | tos 1 | length 2 | identification 2 | flags and offset 2 |
           ttl 1 | protocol 1 | checksum 2 | source 4 | destination 4 | options | payload
    UDP    source port 2 | destination port 2 | length 2 | checksum 2 | payload
    ICMP   type 1 | code 1 | checksum 2 | rest of header 4 | data

An address is dotted text in a packet, and a number from 0 to 2**32 - 1 where it is compared.
Of TCP only the ports are read. Builders raise ValueError for a field that does not fit.
"""

from dataclasses import dataclass
from functools import lru_cache
from struct import Struct
from struct import error as StructError

from gwsim.wire.errors import WireError

ALL_ONES = 0xFFFFFFFF
"""The highest address, and the mask of a single host."""

ICMP = 1
TCP = 6
UDP = 17
ESP = 50
HEADER_SIZE = 20

DESTINATION_UNREACHABLE = 3
TIME_EXCEEDED = 11
FRAGMENTATION_NEEDED = 4
"""The code of a destination unreachable whose `mtu` says what would have fitted (RFC 1191)."""

SocketAddress = tuple[str, int]
"""Where a datagram comes from or goes to: address as dotted text, and UDP port."""

_ECHO_REPLY = 0
_ECHO_REQUEST = 8
_IPV4 = Struct("!BBHHHBBH4s4s")
_UDP = Struct("!HHHH")
_ICMP = Struct("!BBHHH")
_PORTS = Struct("!HH")
_DF = 0x4000
_MF = 0x2000
_LONGEST = 0xFFFF


def parse_address(text: str) -> int:
    """Read a dotted quad, four decimal numbers below 256; raises ValueError for anything else."""
    parts = text.split(".")
    if len(parts) != 4:
        raise ValueError(f"{text!r} is not an IPv4 address")
    address = 0
    for part in parts:
        # int() alone would take signs, blanks, underscores and the digits of other scripts.
        if not (part.isascii() and part.isdigit() and len(part) <= 3 and int(part) < 256):
            raise ValueError(f"{text!r} is not an IPv4 address")
        address = address << 8 | int(part)
    return address


def format_address(address: int) -> str:
    """Write an address as a dotted quad; raises ValueError outside 0 to 2**32 - 1."""
    if not 0 <= address <= ALL_ONES:
        raise ValueError(f"{address} is not an IPv4 address")
    return f"{address >> 24}.{address >> 16 & 255}.{address >> 8 & 255}.{address & 255}"


def mask_of(prefix: int) -> int:
    """Give the mask of a prefix length of 0 to 32."""
    return ALL_ONES ^ (ALL_ONES >> prefix)


def checksum(data: bytes) -> int:
    """Give the internet checksum (RFC 1071): over octets that hold a right one it is 0."""
    padded = data + b"\0" if len(data) % 2 else data
    # 2**16 is 1 modulo 2**16 - 1, so the remainder of the whole number is the sum of its words.
    number = int.from_bytes(padded, "big")
    return -number % 0xFFFF if number else 0xFFFF


@dataclass(frozen=True, slots=True)
class Ipv4Packet:
    """An IPv4 packet without options; `fragment_offset` counts octets, a multiple of eight."""

    source: str
    destination: str
    protocol: int
    payload: bytes
    ttl: int = 64
    tos: int = 0
    identification: int = 0
    dont_fragment: bool = False
    more_fragments: bool = False
    fragment_offset: int = 0

    @property
    def is_fragment(self) -> bool:
        """Whether this is a piece of a packet."""
        return self.more_fragments or self.fragment_offset > 0


@dataclass(frozen=True, slots=True)
class UdpDatagram:
    """A UDP datagram."""

    source_port: int
    destination_port: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class IcmpEcho:
    """An echo request, or the reply to one."""

    identifier: int
    sequence: int
    data: bytes = b""
    reply: bool = False


@dataclass(frozen=True, slots=True)
class IcmpError:
    """An ICMP error: `original` quotes the packet it is about, header and at least 8 octets.

    `mtu` is the next hop's, in octets, when the code says that fragmentation was needed.
    """

    type: int
    code: int
    mtu: int = 0
    original: bytes = b""


def parse_ipv4(data: bytes) -> Ipv4Packet:
    """Read a packet, check its header's checksum, drop its options and what follows its end.

    Octets after the total length are no error: a link pads short frames, ESP pads against
    traffic analysis (RFC 4303 2.7).
    """
    packet, end = _parse_ipv4_header(data)
    if end > len(data):
        raise WireError(2, f"an IPv4 packet of {end} octets is cut off after {len(data)}")
    return packet


def parse_quoted(data: bytes) -> Ipv4Packet:
    """Read the beginning of a packet, as an ICMP error quotes it; the payload is what is there."""
    return _parse_ipv4_header(data)[0]


def _parse_ipv4_header(data: bytes) -> tuple[Ipv4Packet, int]:
    """Give the packet, with as much payload as there is, and where its header says it ends."""
    if len(data) < HEADER_SIZE:
        raise WireError(len(data), f"an IPv4 header has {HEADER_SIZE} octets, not {len(data)}")
    version, tos, end, identification, flags, ttl, protocol, _, source, destination = (
        _IPV4.unpack_from(data)
    )
    size = (version & 15) * 4
    if version >> 4 != 4 or size < HEADER_SIZE:
        raise WireError(0, f"{version:#04x} does not begin an IPv4 packet")
    if size > len(data) or end < size:
        raise WireError(0, f"an IPv4 header of {size} octets does not fit into its packet")
    if checksum(data[:size]):
        raise WireError(10, "the checksum of an IPv4 header is wrong")
    packet = Ipv4Packet(
        _text_of(source),
        _text_of(destination),
        protocol,
        data[size:end],
        ttl,
        tos,
        identification,
        bool(flags & _DF),
        bool(flags & _MF),
        (flags & 0x1FFF) * 8,
    )
    return packet, end


def build_ipv4(packet: Ipv4Packet) -> bytes:
    """Write a packet with a right checksum."""
    if packet.fragment_offset % 8 or not 0 <= packet.fragment_offset <= _LONGEST:
        raise ValueError(f"{packet.fragment_offset} is no fragment offset")
    flags = packet.fragment_offset // 8
    flags |= (_DF if packet.dont_fragment else 0) | (_MF if packet.more_fragments else 0)
    try:
        header = _IPV4.pack(
            0x45,
            packet.tos,
            HEADER_SIZE + len(packet.payload),
            packet.identification,
            flags,
            packet.ttl,
            packet.protocol,
            0,
            _octets_of(packet.source),
            _octets_of(packet.destination),
        )
    except StructError as error:
        raise ValueError(f"IPv4 header: {error}") from None
    return header[:10] + checksum(header).to_bytes(2, "big") + header[12:] + packet.payload


# A lab has a handful of addresses and meets them in every packet.
@lru_cache(maxsize=1024)
def _text_of(octets: bytes) -> str:
    return format_address(int.from_bytes(octets, "big"))


@lru_cache(maxsize=1024)
def _octets_of(address: str) -> bytes:
    return parse_address(address).to_bytes(4, "big")


def parse_udp(
    data: bytes, source: str | None = None, destination: str | None = None
) -> UdpDatagram:
    """Read a UDP datagram; octets after its length are dropped.

    With the addresses it came by, its checksum is verified; 0 means that it has none (RFC 768).
    """
    if len(data) < _UDP.size:
        raise WireError(len(data), f"a UDP header has {_UDP.size} octets, not {len(data)}")
    source_port, destination_port, length, carried = _UDP.unpack_from(data)
    if not _UDP.size <= length <= len(data):
        raise WireError(4, f"a UDP datagram cannot have {length} octets, {len(data)} are there")
    if carried and source is not None and destination is not None:
        pseudo = _pseudo_header(source, destination, length)
        if checksum(pseudo + data[:length]):
            raise WireError(6, "the checksum of a UDP datagram is wrong")
    return UdpDatagram(source_port, destination_port, data[_UDP.size : length])


def build_udp(datagram: UdpDatagram, source: str, destination: str) -> bytes:
    """Write a UDP datagram with the checksum that goes with these addresses (RFC 768)."""
    length = _UDP.size + len(datagram.payload)
    ports = datagram.source_port, datagram.destination_port
    try:
        bare = _UDP.pack(*ports, length, 0) + datagram.payload
    except StructError as error:
        raise ValueError(f"UDP header: {error}") from None
    # A sum that comes out as 0 travels as its other form, since 0 says that there is none.
    total = checksum(_pseudo_header(source, destination, length) + bare) or 0xFFFF
    return bare[:6] + total.to_bytes(2, "big") + bare[8:]


def _pseudo_header(source: str, destination: str, length: int) -> bytes:
    return _octets_of(source) + _octets_of(destination) + _PORTS.pack(UDP, length)


def parse_icmp(data: bytes) -> IcmpEcho | IcmpError:
    """Read an echo, a destination unreachable or a time exceeded, and check its checksum.

    Other types are none that a lab's hosts speak: they raise WireError, like malformed ones.
    """
    if len(data) < _ICMP.size:
        raise WireError(len(data), f"an ICMP header has {_ICMP.size} octets, not {len(data)}")
    if checksum(data):
        raise WireError(2, "the checksum of an ICMP message is wrong")
    kind, code, _, high, low = _ICMP.unpack_from(data)
    rest = data[_ICMP.size :]
    if kind in (_ECHO_REQUEST, _ECHO_REPLY):
        return IcmpEcho(high, low, rest, kind == _ECHO_REPLY)
    if kind in (DESTINATION_UNREACHABLE, TIME_EXCEEDED):
        return IcmpError(kind, code, low, rest)
    raise WireError(0, f"ICMP type {kind} is neither an echo nor an error")


def build_icmp(message: IcmpEcho | IcmpError) -> bytes:
    """Write an ICMP message with a right checksum."""
    if isinstance(message, IcmpEcho):
        kind = _ECHO_REPLY if message.reply else _ECHO_REQUEST
        fields = (kind, 0, 0, message.identifier, message.sequence)
        rest = message.data
    else:
        fields = (message.type, message.code, 0, 0, message.mtu)
        rest = message.original
    try:
        bare = _ICMP.pack(*fields) + rest
    except StructError as error:
        raise ValueError(f"ICMP header: {error}") from None
    return bare[:2] + checksum(bare).to_bytes(2, "big") + bare[4:]


def quote(packet: Ipv4Packet) -> bytes:
    """Give what an ICMP error says of a packet: its header and 8 octets more (RFC 792)."""
    return build_ipv4(packet)[: HEADER_SIZE + 8]


def flow_of(packet: Ipv4Packet) -> tuple[int, int, int]:
    """Give protocol, source port and destination port; 0 for ports that are not there to see.

    That is the case for protocols other than TCP and UDP, and for all fragments but the first.
    """
    if (
        packet.protocol not in (TCP, UDP)
        or packet.fragment_offset
        or len(packet.payload) < _PORTS.size
    ):
        return packet.protocol, 0, 0
    source_port, destination_port = _PORTS.unpack_from(packet.payload)
    return packet.protocol, source_port, destination_port
