"""How protocol 50, which has no ports, crosses a NAT that shares one address among many.

The NAT sees the SPI of each packet, but the two directions have different ones and it has not
seen them agreed. So it takes the first packet of an unknown SPI for an answer to whoever sent to
that peer last, and goes by the SPI from then on. With two inside hosts that talk to one peer at
once it can guess wrong, as the real ones do.
"""

from collections import OrderedDict

from gwsim.path.config import Nat

MAX_SPIS = 1024
"""How many SPIs and conversations are remembered; the oldest gives way."""


class EspPassage:
    """Who behind the NAT gets an ESP packet from outside; `nat` sets how long it is remembered."""

    def __init__(self, nat: Nat) -> None:
        self.nat = nat
        self._talks: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._spis: OrderedDict[tuple[str, int], str] = OrderedDict()

    def outward(self, inside: str, remote: str, now: float) -> None:
        """Note that an inside address sent to a remote one."""
        self._talks[remote, inside] = now
        self._talks.move_to_end((remote, inside))
        if len(self._talks) > MAX_SPIS:
            self._talks.popitem(last=False)

    def inward(self, remote: str, spi: int, now: float) -> str | None:
        """Give the inside address a packet from outside is for, None when nobody asked for it."""
        inside = self.owner(remote, spi, now)
        if inside is None:
            return None
        self._spis[remote, spi] = inside
        self._spis.move_to_end((remote, spi))
        if len(self._spis) > MAX_SPIS:
            self._spis.popitem(last=False)
        if self.nat.inbound_refreshes:
            self._talks[remote, inside] = now
        return inside

    def owner(self, remote: str, spi: int, now: float) -> str | None:
        """Say for whom a packet from outside is, and remember nothing of it."""
        known = self._spis.get((remote, spi))
        if known is not None and self._live(remote, known, now):
            return known
        return self.last_sender(remote, now)

    def last_sender(self, remote: str, now: float) -> str | None:
        """Give the inside address that began or went on sending to a remote one last."""
        for peer, inside in reversed(self._talks):
            if peer == remote and self._live(remote, inside, now):
                return inside
        return None

    def forget(self) -> None:
        """Lose everything."""
        self._talks.clear()
        self._spis.clear()

    def _live(self, remote: str, inside: str, now: float) -> bool:
        used = self._talks.get((remote, inside))
        return used is not None and now - used < self.nat.udp_timeout
