"""The ways out of a gateway's node: what it wants sent, each by the socket that it takes."""

import logging
from dataclasses import dataclass

from gwsim.daemon.hints import HintSender
from gwsim.daemon.packet_path import PacketPath
from gwsim.daemon.sockets import Outgoing
from gwsim.gateway.outputs import ClearOut, EspOut, InsideOut, Output, UdpOut
from gwsim.wire.hops import after_hops
from gwsim.wire.ip import SocketAddress, format_address, parse_address
from gwsim.wire.numbers import IKE_PORT

_UNLABELLED = ("esp", "keepalive")
_journal = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sockets:
    """The sockets bound to an address: for ports 500 and 4500, and for protocol 50."""

    address: str
    ike: Outgoing
    nat_t: Outgoing
    esp: Outgoing


class WaysOut:
    """Sends what a gateway wants sent; `use` comes first.

    `voice` is for whole packets of the gateway's own, `hints` hears what messages are called. What
    the kernel refuses is counted at the packet path.
    """

    def __init__(self, path: PacketPath, voice: Outgoing, hints: HintSender | None) -> None:
        self._path = path
        self._voice = voice
        self._hints = hints

    def use(self, sockets: Sockets) -> None:
        """Send by these sockets from now on."""
        self._sockets = sockets

    def send(self, output: Output) -> None:
        """Send one thing, at once: quick-3 must be out before the first ESP of its SA."""
        match output:
            case UdpOut():
                self._send_udp(output)
            case EspOut(_, destination, payload, tos, dont_fragment):
                self._sockets.esp.mark(tos, dont_fragment)
                self._send_on(self._sockets.esp, payload, (destination, 0))
            case InsideOut(packet):
                self._route(packet)
            case ClearOut(packet):
                self._route(packet, twice=True)

    def _send_udp(self, output: UdpOut) -> None:
        if self._hints is not None and output.label not in _UNLABELLED:
            self._hints.tell(output.payload, output.label)
        out = self._sockets.ike if output.source[1] == IKE_PORT else self._sockets.nat_t
        out.mark(output.tos, output.dont_fragment)
        self._send_on(out, output.payload, output.destination)

    def _send_on(self, out: Outgoing, payload: bytes, destination: SocketAddress) -> None:
        try:
            out.socket.sendto(payload, destination)
        except OSError as error:
            self._path.unsent += 1
            _journal.debug("not sent to %s: %s", destination, error)

    def _route(self, packet: bytes, twice: bool = False) -> None:
        """Give the kernel a packet to route; one of the gateway's own it must think its own.

        What it routes `twice`, once to here and once from here, is given the hop back.
        """
        if packet[12:16] == parse_address(self._sockets.address).to_bytes(4, "big"):
            destination = format_address(int.from_bytes(packet[16:20], "big"))
            self._send_on(self._voice, packet, (destination, 0))
        else:
            self._path.route(after_hops(packet, -1) if twice else packet)


def source_of(output: Output) -> str:
    """Give the address of the gateway from which something leaves; "" for packets of others."""
    source = output.source if isinstance(output, UdpOut | EspOut) else ""
    return source if isinstance(source, str) else source[0]
