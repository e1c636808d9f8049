"""What a gateway wants sent: values, never sockets.

UdpOut and EspOut leave the outside interface, InsideOut goes to the hosts behind, ClearOut is an
unprotected IP packet on the outside (bypass).
"""

from dataclasses import dataclass

from gwsim.ike.turn import Datagram
from gwsim.wire.encapsulation import KEEPALIVE, wrap_ike
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import NAT_T_PORT


@dataclass(frozen=True, slots=True)
class UdpOut:
    """A UDP datagram: IKE (with its marker on 4500), keepalive or UDP-encapsulated ESP.

    `label` is the engine's own name of the message (`main-3`, `info-dpd`, `esp`, `keepalive`).
    """

    source: SocketAddress
    destination: SocketAddress
    payload: bytes
    label: str
    tos: int = 0
    dont_fragment: bool = False


@dataclass(frozen=True, slots=True)
class EspOut:
    """An ESP packet for IP protocol 50, from SPI to ICV."""

    source: str
    destination: str
    payload: bytes
    tos: int = 0
    dont_fragment: bool = False
    label: str = "esp"


@dataclass(frozen=True, slots=True)
class InsideOut:
    """A whole IPv4 packet for a host behind the gateway."""

    packet: bytes


@dataclass(frozen=True, slots=True)
class ClearOut:
    """A whole IPv4 packet forwarded to the outside without protection."""

    packet: bytes


Output = UdpOut | EspOut | InsideOut | ClearOut


def udp_out(datagram: Datagram) -> UdpOut:
    """Put the non-ESP marker before IKE on port 4500 (RFC 3948 2.2)."""
    marked = datagram.source[1] == NAT_T_PORT and datagram.data != KEEPALIVE
    data = wrap_ike(datagram.data) if marked else datagram.data
    return UdpOut(datagram.source, datagram.destination, data, datagram.label)
