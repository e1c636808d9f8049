"""What is around an IPv4 packet on the various kinds of links, and how to take it off.

Link types are those of pcap (tcpdump.org/linktypes.html); what is no IPv4 is named for the count.
"""

from collections.abc import Callable

_IPV4 = 0x0800
_VLAN = (0x8100, 0x88A8, 0x9100)
_PPPOE = 0x8864
_ETHERTYPES: dict[int, str] = {
    0x0806: "ARP",
    0x86DD: "IPv6",
    0x8863: "PPPoE discovery",
    0x8847: "MPLS",
    0x88CC: "LLDP",
    0x888E: "802.1X",
}
_PPP_IPV4 = 0x0021
_FAMILY_IPV4 = 2
_MOST_TAGS = 8

NOTHING = ""
"""What is said of a frame that is an IPv4 packet."""


def ipv4_of(link: int, frame: bytes) -> tuple[bytes, str]:
    """Give the octets from the IPv4 header on and "", or none and what the frame is instead."""
    unwrap = _LINKS.get(link)
    if unwrap is None:
        return b"", f"link type {link}"
    return unwrap(frame)


def _ethernet(frame: bytes) -> tuple[bytes, str]:
    return _typed(frame, 12)


def _cooked(frame: bytes) -> tuple[bytes, str]:
    return _typed(frame, 14)


def _cooked_2(frame: bytes) -> tuple[bytes, str]:
    return _typed(frame[:2] + frame[20:], 0)


def _typed(frame: bytes, place: int) -> tuple[bytes, str]:
    """Read an EtherType, behind as many VLAN tags as there are."""
    for _ in range(_MOST_TAGS):
        if len(frame) < place + 2:
            return b"", "cut off"
        kind = int.from_bytes(frame[place : place + 2], "big")
        if kind not in _VLAN:
            break
        place += 4
    if kind == _PPPOE:
        return _ppp(frame[place + 8 :])
    if kind == _IPV4:
        return frame[place + 2 :], NOTHING
    return b"", _ETHERTYPES.get(kind, "other frames")


def _ppp(frame: bytes) -> tuple[bytes, str]:
    if frame[:2] == b"\xff\x03":
        frame = frame[2:]
    if int.from_bytes(frame[:2], "big") == _PPP_IPV4:
        return frame[2:], NOTHING
    return b"", "PPP"


def _raw(frame: bytes) -> tuple[bytes, str]:
    version = frame[0] >> 4 if frame else 0
    if version == 4:
        return frame, NOTHING
    return b"", "IPv6" if version == 6 else "other frames"


def _loopback(frame: bytes) -> tuple[bytes, str]:
    """A word with the address family, in the order of whoever wrote it."""
    if int.from_bytes(frame[:4], "big") in (_FAMILY_IPV4, _FAMILY_IPV4 << 24):
        return frame[4:], NOTHING
    return b"", "IPv6 or others on a loopback"


_LINKS: dict[int, Callable[[bytes], tuple[bytes, str]]] = {
    0: _loopback,
    1: _ethernet,
    9: _ppp,
    12: _raw,
    14: _raw,
    50: _ppp,
    101: _raw,
    108: _loopback,
    113: _cooked,
    228: _raw,
    276: _cooked_2,
}
