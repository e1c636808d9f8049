"""How large a packet may be before it is protected (RFC 4301 8.2, RFC 1191).

    outer header 20 | [UDP 8] | SPI and sequence 8 | IV | packet, padding, 2 | ICV

All sizes are octets.
"""

from gwsim.crypto.esp import EspSuite
from gwsim.wire.ip import HEADER_SIZE

AGEING = 600.0
"""Seconds until a path MTU that was learned is forgotten and the interface's is tried again."""

SMALLEST = 552
"""What is believed at least: a forged ICMP message must not starve a tunnel."""

_UDP = 8
_ESP = 8
_TRAILER = 2
# Routers older than RFC 1191 do not say what would have fitted; its section 7 says what to try.
_PLATEAUS = (32000, 17914, 8166, 4352, 2002, 1492, 1006, SMALLEST)


def overhead(suite: EspSuite, udp: bool, transport: bool) -> int:
    """Give the most that protection can add to a packet."""
    outer = 0 if transport else HEADER_SIZE
    padding = suite.block_size - 1
    return outer + _fixed(suite, udp) + padding + _TRAILER


def room(mtu: int, suite: EspSuite, udp: bool, transport: bool) -> int:
    """Give the length of the longest packet whose protected form fits into `mtu`."""
    block = suite.block_size
    blocks = (mtu - HEADER_SIZE - _fixed(suite, udp)) // block
    return blocks * block - _TRAILER + (HEADER_SIZE if transport else 0)


def _fixed(suite: EspSuite, udp: bool) -> int:
    return (_UDP if udp else 0) + _ESP + suite.iv_length + suite.icv_length


class PathMtu:
    """What is known of the paths to other gateways; `default` is the own interface's MTU."""

    def __init__(self, default: int) -> None:
        self.default = default
        self._learned: dict[str, tuple[int, float]] = {}

    def learn(self, destination: str, mtu: int, now: float) -> None:
        """Take note of an ICMP "fragmentation needed"; an MTU of 0 says only "less than that"."""
        known = self.to(destination, now)
        if not mtu:
            mtu = next((size for size in _PLATEAUS if size < known), SMALLEST)
        mtu = max(mtu, SMALLEST)
        if mtu < known:
            self._learned[destination] = (mtu, now + AGEING)

    def to(self, destination: str, now: float) -> int:
        """Give the MTU of the path to another gateway."""
        learned = self._learned.get(destination)
        if learned is None:
            return self.default
        mtu, until = learned
        if now >= until:
            del self._learned[destination]
            return self.default
        return min(mtu, self.default)

    def remaining(self, destination: str, now: float) -> float:
        """Give the seconds for which what was learned of a path still holds, 0 for nothing."""
        _, until = self._learned.get(destination, (0, now))
        return max(0.0, until - now)
