"""What passes between the inner and the outer header besides addresses.

The outer TOS octet is the inner one, DSCP and ECN alike (RFC 6040 4.1, normal mode); TTL and
identification are the sender's own. The inner TTL is left alone: who forwards a packet to here or
from here counts it down (RFC 4301 5.1.2.1), be it a kernel or what stands for one.
"""

from gwsim.wire.ip import checksum

_ECN = 3
_CONGESTED = 3


def outer_dont_fragment(policy: str, inner: bool) -> bool:
    """Give the outer don't-fragment bit: the inner one's copy, or what "clear" and "set" say."""
    return inner if policy == "copy" else policy == "set"


def inner_tos(inner: int, outer: int) -> int | None:
    """Give the TOS octet with which an inner packet goes on (RFC 6040 4.2, figure 4).

    DSCP stays. None means that the packet must be dropped: congestion was marked on the way, and
    its ends would not understand the mark.
    """
    ours, theirs = inner & _ECN, outer & _ECN
    if theirs == _CONGESTED:
        return inner | _CONGESTED if ours else None
    # An ECT(1) put on by the path is passed on; that is what makes figure 4 more than a copy.
    return inner & ~_ECN | 1 if ours == 2 and theirs == 1 else inner


def with_tos(packet: bytes, header_length: int, tos: int) -> bytes:
    """Give a packet another TOS octet, and the header checksum that goes with it."""
    header = bytearray(packet[:header_length])
    header[1] = tos
    header[10:12] = b"\0\0"
    header[10:12] = checksum(bytes(header)).to_bytes(2, "big")
    return bytes(header) + packet[header_length:]
