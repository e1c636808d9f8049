"""What the data plane has to know of the packets it carries: where they go and how long they are.

Every packet of the hosts passes here twice, so this reads the header in place instead of making a
whole packet value of it as `wire.ip.parse_ipv4` does; what it accepts is the same.
"""

from struct import Struct
from typing import NamedTuple

from gwsim.wire.errors import WireError
from gwsim.wire.ip import HEADER_SIZE, TCP, UDP, checksum, format_address

_HEADER = Struct("!BBHHHBBHII").unpack_from
_PORTS = Struct("!HH").unpack_from
_DF = 0x4000
_MF = 0x2000
_OFFSET = 0x1FFF


class Inner(NamedTuple):
    """The header of an IPv4 packet of `length` octets, its own `header_length` included.

    Addresses are numbers. The ports of TCP and UDP are 0 where they cannot be seen; `portless`
    marks a fragment other than the first, in which they are hidden. `tos` is the whole octet,
    DSCP and ECN.
    """

    source: int
    destination: int
    protocol: int
    source_port: int
    destination_port: int
    tos: int
    length: int
    header_length: int
    dont_fragment: bool
    fragment: bool
    portless: bool

    @property
    def summary(self) -> tuple[str, str, int]:
        """Source and destination as dotted text, and the protocol."""
        return format_address(self.source), format_address(self.destination), self.protocol


def read_inner(packet: bytes) -> Inner:
    """Read a packet's header; octets after its end are allowed.

    Raises WireError for what is no IPv4 packet, is cut off or has a wrong header checksum.
    """
    if len(packet) < HEADER_SIZE:
        raise WireError(len(packet), f"{len(packet)} octets are too short for an IPv4 packet")
    first, tos, length, _, flags, _, protocol, _, source, destination = _HEADER(packet)
    size = (first & 15) * 4
    if first >> 4 != 4 or size < HEADER_SIZE:
        raise WireError(0, f"{first:#04x} does not begin an IPv4 packet")
    if not size <= length <= len(packet):
        raise WireError(2, f"{len(packet)} octets do not hold an IPv4 packet of {length}")
    if checksum(packet[:size]):
        raise WireError(10, "the checksum of an IPv4 header is wrong")
    portless = bool(flags & _OFFSET)
    source_port = destination_port = 0
    if protocol in (TCP, UDP) and not portless and length >= size + 4:
        source_port, destination_port = _PORTS(packet, size)
    return Inner(
        source,
        destination,
        protocol,
        source_port,
        destination_port,
        tos,
        length,
        size,
        bool(flags & _DF),
        portless or bool(flags & _MF),
        portless,
    )
