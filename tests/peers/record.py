"""What an independent observer at the internet sees: every packet of an interface, as octets.

It keeps its own time and its own labels, and asks neither end. `clear_text` is what must not be
there; `pcap` writes the packets down for tshark.
"""

import contextlib
import socket
from dataclasses import dataclass
from struct import Struct

from gwsim.lab.live.sniff import open_tap
from gwsim.wire.encapsulation import Encapsulated, classify
from gwsim.wire.errors import WireError
from gwsim.wire.ip import ESP, ICMP, UDP, IcmpError, UdpDatagram, parse_icmp, parse_ipv4, parse_udp
from gwsim.wire.labels import Labeller
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT
from tests.peers.spaces import Spaces
from tests.peers.tunnel import WEST

_IPV4 = 0x0800
_LONGEST = 1 << 16
_SO_RCVBUFFORCE = 33
_BUFFER = 64 << 20
_SO_TIMESTAMPNS = 35
_TIME = Struct("=qq")
_HEADER = Struct("=IHHiIII")
_RECORD = Struct("=IIII")
_MAGIC = 0xA1B2C3D4
_RAW_IP = 101


@dataclass(frozen=True, slots=True)
class Seen:
    """One packet that passed at `at` seconds, of a `label` ("" for what is none of a tunnel's).

    `message` is the ISAKMP message without its marker, b"" for anything else.
    """

    at: float
    packet: bytes
    source: str
    destination: str
    protocol: int
    label: str = ""
    message: bytes = b""
    ports: tuple[int, int] = (0, 0)

    @property
    def of_west(self) -> bool:
        """Whether west sent it, on west's own side of any NAT."""
        return self.source == WEST

    @property
    def is_esp(self) -> bool:
        """Whether it is a protected packet, in UDP or on its own."""
        return self.label == "esp"


class Record:
    """Hears one interface of a node from now on."""

    def __init__(self, spaces: Spaces, node: str, interface: str) -> None:
        self._socket = spaces.socket(node, lambda: _tap(interface))
        self._labeller = Labeller()
        self._seen: list[Seen] = []

    def close(self) -> None:
        """Hear no more."""
        self._socket.close()

    def restart(self) -> None:
        """Forget what was, for a new case."""
        self.seen()
        self._seen.clear()
        self._labeller = Labeller()

    def seen(self) -> list[Seen]:
        """Give everything since the restart; the kernel has kept what nobody asked for."""
        with contextlib.suppress(BlockingIOError):
            while True:
                packet, ancillary, _, origin = self._socket.recvmsg(_LONGEST, 64)
                if origin[1] == _IPV4:
                    seconds, nanoseconds = _TIME.unpack(ancillary[0][2])
                    self._seen.append(self._look(packet, seconds + nanoseconds / 1e9))
        return self._seen

    def esp(self) -> list[Seen]:
        """Give the protected packets."""
        return [seen for seen in self.seen() if seen.is_esp]

    def messages(self) -> list[Seen]:
        """Give the ISAKMP messages."""
        return [seen for seen in self.seen() if seen.message]

    def clear_text(self) -> list[Seen]:
        """Give what belongs to neither tunnel nor the line itself."""
        return [seen for seen in self.seen() if not seen.label]

    def pcap(self) -> bytes:
        """Write everything down in the form all tools read."""
        parts = [_HEADER.pack(_MAGIC, 2, 4, 0, 0, _LONGEST, _RAW_IP)]
        for one in self.seen():
            seconds, rest = divmod(one.at, 1)
            size = len(one.packet)
            parts.append(_RECORD.pack(int(seconds), int(rest * 1e6), size, size) + one.packet)
        return b"".join(parts)

    def _look(self, packet: bytes, at: float) -> Seen:
        ip = parse_ipv4(packet)
        ends = (at, packet, ip.source, ip.destination, ip.protocol)
        if ip.protocol == ESP:
            return Seen(*ends, label="esp")
        if ip.fragment_offset:
            return Seen(*ends, label="fragment")
        if ip.protocol == ICMP:
            with contextlib.suppress(WireError):
                if isinstance(parse_icmp(ip.payload), IcmpError):
                    return Seen(*ends, label="icmp-error")
        if ip.protocol != UDP:
            return Seen(*ends)
        datagram = _datagram(ip.payload)
        ports = (datagram.source_port, datagram.destination_port)
        if not {IKE_PORT, NAT_T_PORT} & set(ports):
            return Seen(*ends, ports=ports)
        label = self._labeller.label(datagram.payload, *ports, ip.source)
        message = b""
        if label not in ("esp", "keepalive", "unknown"):
            marked = NAT_T_PORT in ports and classify(datagram.payload) is Encapsulated.IKE
            message = datagram.payload[4:] if marked else datagram.payload
        return Seen(*ends, label=label, message=message, ports=ports)


def _datagram(payload: bytes) -> UdpDatagram:
    """Read ports and payload, of a first fragment as far as it goes."""
    with contextlib.suppress(WireError):
        return parse_udp(payload)
    source, destination = (int.from_bytes(payload[n : n + 2], "big") for n in (0, 2))
    return UdpDatagram(source, destination, payload[8:])


def _tap(interface: str) -> socket.socket:
    tap = open_tap(interface)
    tap.setblocking(False)
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    with contextlib.suppress(OSError):
        tap.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)
    tap.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
    return tap
