"""Echo requests out of a host, and patience for every answer.

The `ping` of iputils waits for the last answers no longer than twice the longest round trip so
far, and a busy machine is sometimes slower than that.
"""

import contextlib
import select
import socket
import time
from struct import Struct

from gwsim.wire.errors import WireError
from gwsim.wire.ip import ICMP, IcmpEcho, build_icmp, parse_icmp, parse_ipv4
from tests.peers.spaces import Spaces

PATIENCE = 3.0
_ICMP_FILTER = 1
_SOL_RAW = 255
_WORD = Struct("=I")
_IP_MTU_DISCOVER = 10
_NEVER_SET_DF = 0
_LONGEST = 1 << 16


class Pinger:
    """Pings from one node; every series has an identifier of its own."""

    def __init__(self, spaces: Spaces, node: str) -> None:
        self._spaces = spaces
        self._node = node
        self._identifier = 0

    def ping(
        self,
        address: str,
        count: int = 3,
        size: int = 56,
        every: float = 0.02,
        source: str = "",
        patience: float = PATIENCE,
    ) -> int:
        """Send so many requests with `size` octets of data, `every` seconds; count the answers.

        `patience` is how many seconds the last answer may take.
        """
        self._identifier += 1
        with self._spaces.socket(self._node, _raw) as sock:
            if source:
                sock.bind((source, 0))
            answered: set[int] = set()
            for number in range(count):
                echo = IcmpEcho(self._identifier, number, _filling(size))
                sock.sendto(build_icmp(echo), (address, 0))
                self._hear(sock, answered, time.monotonic() + every, count)
            self._hear(sock, answered, time.monotonic() + patience, count)
        return len(answered)

    def _hear(self, sock: socket.socket, answered: set[int], until: float, count: int) -> None:
        while len(answered) < count and (left := until - time.monotonic()) > 0:
            if select.select([sock], [], [], left)[0]:
                with contextlib.suppress(WireError):
                    echo = parse_icmp(parse_ipv4(sock.recv(_LONGEST)).payload)
                    if isinstance(echo, IcmpEcho) and echo.identifier == self._identifier:
                        answered.add(echo.sequence)


def _filling(size: int) -> bytes:
    return bytes(number & 0xFF for number in range(size))


def _raw() -> socket.socket:
    """Make a socket that hears nothing but echo replies and leaves the DF bit alone."""
    made = socket.socket(socket.AF_INET, socket.SOCK_RAW, ICMP)
    made.setsockopt(_SOL_RAW, _ICMP_FILTER, _WORD.pack(~1 & 0xFFFFFFFF))
    made.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _NEVER_SET_DF)
    return made
