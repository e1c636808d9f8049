"""The sockets of a gateway, with the options that its packets need.

500    IKE, read and written by asyncio-dgram
4500   IKE and ESP in UDP: non-blocking, several datagrams in one call in both directions
50     ESP as an IP protocol, payload out, whole packets in
1      ICMP, of which only errors matter: the kernel answers echoes by itself
"""

import contextlib
import socket
from struct import Struct

UDP_SEGMENT = 103
UDP_GRO = 104
MARK = 0x6777
"""The mark of packets that a node sends itself, so that they are not taken for its tunnel."""

_SO_SNDBUFFORCE = 32
_SO_RCVBUFFORCE = 33
_SO_MARK = 36
_IP_MTU_DISCOVER = 10
_DF_SET = 3  # IP_PMTUDISC_PROBE: set, and no opinion of the kernel's on what fits
_DF_CLEAR = 5  # IP_PMTUDISC_OMIT: clear, the kernel fragments
_IP_RECVTOS = 13
_ICMP_FILTER = 1
_SOL_RAW = 255
_BUFFER = 8 << 20
_WORD = Struct("=I")
_UNREACHABLE = 3
_TIME_EXCEEDED = 11


class SocketError(RuntimeError):
    """A socket cannot be had; the text says which, why, and what to do."""


class Outgoing:
    """A non-blocking socket that knows what TOS octet and DF bit its next packet will bear."""

    def __init__(self, made: socket.socket) -> None:
        self.socket = made
        self._tos = 0
        self._dont_fragment = False
        made.setblocking(False)
        made.setsockopt(socket.SOL_SOCKET, _SO_MARK, MARK)
        made.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _DF_CLEAR)

    def mark(self, tos: int, dont_fragment: bool) -> None:
        """Set both for what is sent from now on."""
        if tos != self._tos:
            self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)
            self._tos = tos
        if dont_fragment is not self._dont_fragment:
            mode = _DF_SET if dont_fragment else _DF_CLEAR
            self.socket.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, mode)
            self._dont_fragment = dont_fragment

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self.socket.fileno()

    def close(self) -> None:
        """Give the socket up."""
        self.socket.close()


def udp_socket(address: str, port: int) -> Outgoing:
    """Make a UDP socket; raises SocketError."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    _enlarge(made)
    _bind(made, address, port, f"UDP port {port}")
    return Outgoing(made)


def nat_t_socket(address: str, port: int) -> Outgoing:
    """Make a UDP socket on which the kernel joins datagrams of one flow, and tells their TOS."""
    made = udp_socket(address, port)
    made.socket.setsockopt(socket.IPPROTO_UDP, UDP_GRO, 1)
    made.socket.setsockopt(socket.IPPROTO_IP, _IP_RECVTOS, 1)
    return made


def esp_socket(address: str) -> Outgoing:
    """Make a raw socket for IP protocol 50; while it is open the kernel does not refuse ESP."""
    made = _raw(socket.IPPROTO_ESP, address, "IP protocol 50")
    _enlarge(made)
    return Outgoing(made)


def icmp_error_socket(address: str) -> Outgoing:
    """Make a raw socket that hears of unreachable destinations and exceeded times, nothing else."""
    made = _raw(socket.IPPROTO_ICMP, address, "ICMP")
    passed = 1 << _UNREACHABLE | 1 << _TIME_EXCEEDED
    made.setsockopt(_SOL_RAW, _ICMP_FILTER, _WORD.pack(~passed & 0xFFFFFFFF))
    return Outgoing(made)


def own_voice() -> Outgoing:
    """Make a raw socket for whole packets that bear an address of the gateway as their source."""
    return Outgoing(_raw(socket.IPPROTO_RAW, "0.0.0.0", "whole packets"))


def _raw(protocol: int, address: str, what: str) -> socket.socket:
    try:
        made = socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol)
    except OSError as error:
        raise SocketError(
            f"no raw socket for {what}: {error.strerror}; it takes the capability NET_RAW"
        ) from None
    _bind(made, address, 0, what)
    return made


def _bind(made: socket.socket, address: str, port: int, what: str) -> None:
    try:
        made.bind((address, port))
    except OSError as error:
        made.close()
        raise SocketError(f"cannot use {what} at {address}: {error.strerror}") from None


def _enlarge(made: socket.socket) -> None:
    """Ask for large buffers, beyond the machine's limit if we may."""
    for forced, plain in (
        (_SO_RCVBUFFORCE, socket.SO_RCVBUF),
        (_SO_SNDBUFFORCE, socket.SO_SNDBUF),
    ):
        made.setsockopt(socket.SOL_SOCKET, plain, _BUFFER)
        with contextlib.suppress(OSError):
            made.setsockopt(socket.SOL_SOCKET, forced, _BUFFER)
