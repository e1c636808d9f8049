"""Between what a gateway wants sent and the IPv4 packets that travel outside.

`Outside` stands where a kernel's network stack would: it puts outer headers on what leaves, joins
fragments of what arrives and hands each payload to the right door of the gateway.
"""

from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import ClearOut, EspOut, UdpOut
from gwsim.wire.errors import WireError
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    ESP,
    UDP,
    Ipv4Packet,
    UdpDatagram,
    build_ipv4,
    build_udp,
    parse_ipv4,
    parse_udp,
)
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

_IKE_PORTS = (IKE_PORT, NAT_T_PORT)


class Outside:
    """The outside interface of one gateway.

    `damaged` counts packets that were dropped because a header or checksum was wrong.
    """

    def __init__(self, gateway: Gateway) -> None:
        self.damaged = 0
        self._gateway = gateway
        self._reassembler = Reassembler()
        self._identification = 0

    def wrap(self, output: UdpOut | EspOut | ClearOut) -> tuple[bytes, str]:
        """Give the IPv4 packet and its label ("" for clear text, which has none of its own)."""
        if isinstance(output, ClearOut):
            return output.packet, ""
        if isinstance(output, UdpOut):
            source, destination = output.source[0], output.destination[0]
            ports = output.source[1], output.destination[1]
            payload = build_udp(UdpDatagram(*ports, output.payload), source, destination)
            protocol = UDP
        else:
            source, destination = output.source, output.destination
            payload, protocol = output.payload, ESP
        self._identification = (self._identification + 1) & 0xFFFF
        packet = Ipv4Packet(
            source,
            destination,
            protocol,
            payload,
            tos=output.tos,
            identification=self._identification,
            dont_fragment=output.dont_fragment,
        )
        return build_ipv4(packet), output.label

    def receive(self, data: bytes, now: float) -> None:
        """Take a packet from the path and hand it to the gateway."""
        try:
            packet = parse_ipv4(data)
            if packet.destination != self._gateway.config.endpoint.address:
                self._gateway.receive_outside(data, now)
                return
            whole = self._reassembler.add(packet, now)
            if whole is not None:
                self._deliver(whole, now)
        except WireError:
            self.damaged += 1

    def _deliver(self, packet: Ipv4Packet, now: float) -> None:
        """Choose the door: IKE and UDP-encapsulated ESP, protocol 50, or anything else."""
        if packet.protocol == ESP:
            peer, own = packet.source, packet.destination
            self._gateway.receive_esp(packet.payload, peer, own, now, packet.tos)
            return
        if packet.protocol == UDP:
            datagram = parse_udp(packet.payload, packet.source, packet.destination)
            if datagram.destination_port in _IKE_PORTS:
                source = packet.source, datagram.source_port
                destination = packet.destination, datagram.destination_port
                tos = packet.tos
                self._gateway.receive_udp(datagram.payload, source, destination, now, tos)
                return
        self._gateway.receive_outside(build_ipv4(packet), now)
