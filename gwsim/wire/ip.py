"""IPv4, UDP and ICMP, as far as hosts that ping and a path that fragments need them.

Layouts (RFC 791, 768, 792), all numbers big-endian::

    IPv4   version and header words 1 | tos 1 | length 2 | identification 2 | flags and offset 2 |
           ttl 1 | protocol 1 | checksum 2 | source 4 | destination 4 | options | payload
    UDP    source port 2 | destination port 2 | length 2 | checksum 2 | payload
    ICMP   type 1 | code 1 | checksum 2 | rest of header 4 | data

An address is dotted text in a packet, and a number from 0 to 2**32 - 1 where it is compared.
Of TCP only the ports are read.
"""

from dataclasses import dataclass
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

_ECHO_REPLY = 0
_ECHO_REQUEST = 8
_IPV4 = Struct("!BBHHHBBH4s4s")
_UDP = Struct("!HHHH")
_ICMP = Struct("!BBHHH")
_PORTS = Struct("!HH")
_DF = 0x4000
_MF = 0x2000


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
