"""The numbers a router gives to its SAs: connection ids, counted from the last reboot.

An ISAKMP SA has number 0 until it has keys, then 1001 and upwards; a pair of IPsec SAs has two,
from 1, the inbound one first. Source: vendor sheet, IOS tables and debug.
"""

from collections.abc import Iterable

from gwsim.gateway.events import GatewayStarted
from gwsim.ike.events import Event, KeysGenerated, PhaseTwoCompleted

FIRST = 1001


class Numbering:
    """Follows events and knows the numbers given so far."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._isakmp: dict[int, int] = {}
        self._ipsec: dict[int, int] = {}
        for event in events:
            self.take(event)

    def take(self, event: Event) -> None:
        """Give the numbers that an event calls for."""
        match event:
            case GatewayStarted():
                self._isakmp.clear()
                self._ipsec.clear()
            case KeysGenerated():
                self._isakmp[event.sa] = FIRST + len(self._isakmp)
            case PhaseTwoCompleted():
                self._ipsec[event.inbound_spi] = 1 + 2 * len(self._ipsec)

    def isakmp(self, sa: int) -> int:
        """Give the connection id of an ISAKMP SA, 0 before it has keys."""
        return self._isakmp.get(sa, 0)

    def inbound(self, spi: int) -> int:
        """Give the connection id of the inbound SA with this SPI, 0 for one never made."""
        return self._ipsec.get(spi, 0)

    def outbound(self, inbound_spi: int) -> int:
        """Give the connection id of the outbound SA that goes with an inbound one."""
        number = self.inbound(inbound_spi)
        return number + 1 if number else 0
