"""Out of frames, what two VPN gateways say to each other: IKE, ESP, keepalives, ICMP errors.

Everything else is counted by its name. Headers are read as a capture has them: where a network
card fills in checksums and lengths later, wrong ones are no reason to leave a packet out. Pieces
of a packet are joined; memory for that is bounded (`wire.fragments`).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from gwsim.capture.reading.files import Frame
from gwsim.capture.reading.links import ipv4_of
from gwsim.wire.codec import HEADER_SIZE as ISAKMP_HEADER_SIZE
from gwsim.wire.codec import parse_header
from gwsim.wire.encapsulation import (
    KEEPALIVE,
    NON_ESP_MARKER,
    Encapsulated,
    classify,
    parse_esp,
)
from gwsim.wire.errors import WireError
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    ESP,
    HEADER_SIZE,
    ICMP,
    TCP,
    TIME_EXCEEDED,
    UDP,
    Ipv4Packet,
    checksum,
    parse_quoted,
)
from gwsim.wire.numbers import IKE_PORT, ISAKMP_VERSION, NAT_T_PORT, ExchangeType

MOST_NAMES = 64
"""How many different kinds of other traffic are counted apart."""

_IKE_PORTS = (IKE_PORT, NAT_T_PORT)
_UDP_HEADER = 8
_ICMP_HEADER = 8
_AH = 51
_IKEV2 = 2
_IKEV2_EXCHANGES: dict[int, str] = {
    34: "IKE_SA_INIT",
    35: "IKE_AUTH",
    36: "CREATE_CHILD_SA",
    37: "INFORMATIONAL",
}
_PROTOCOLS: dict[int, str] = {ICMP: "ICMP", TCP: "TCP", UDP: "UDP", _AH: "AH", 47: "GRE"}
_UNREACHABLE: dict[int, str] = {
    0: "network unreachable",
    1: "host unreachable",
    2: "protocol unreachable",
    3: "port unreachable",
    4: "fragmentation needed",
    9: "network prohibited",
    10: "host prohibited",
    13: "prohibited by a filter",
}


class Kind(StrEnum):
    """What a datagram holds."""

    IKE = "ike"
    ESP = "esp"
    KEEPALIVE = "keepalive"
    ICMP = "icmp"


@dataclass(frozen=True, slots=True)
class Datagram:
    """One of them: when, from where to where, what.

    `payload` is an ISAKMP message without marker, an ESP packet from its SPI on, or for ICMP
    nothing. `length` counts octets of the IPv4 packet, `ports` are (0, 0) without UDP. `cut` is
    true where the capture has less of it than was sent. `note` is what an ICMP error says, and
    `about` the addresses of the packet it speaks of.
    """

    at: float
    kind: Kind
    source: str
    destination: str
    ports: tuple[int, int]
    payload: bytes
    length: int
    interface: int = 0
    identification: int = 0
    cut: bool = False
    note: str = ""
    about: tuple[str, str] = ("", "")


class Sorter:
    """Finds the datagrams of gateways among frames and counts what else there is."""

    def __init__(self) -> None:
        self.frames = 0
        self.others: Counter[str] = Counter()
        self._reassembler = Reassembler()

    def datagrams(self, frames: Iterable[Frame]) -> Iterator[Datagram]:
        """Walk through frames; what is none of ours is counted in `others`."""
        for frame in frames:
            self.frames += 1
            found = self._take(frame)
            if isinstance(found, Datagram):
                yield found
            elif found:
                name = found if found in self.others or len(self.others) < MOST_NAMES else "others"
                self.others[name] += 1

    def _take(self, frame: Frame) -> Datagram | str:
        """Give a datagram, or the name of what it is instead, "" for a piece that waits."""
        data, other = ipv4_of(frame.link, frame.data)
        if other:
            return other
        try:
            packet, length = _read(data)
            whole = self._reassembler.add(packet, frame.at)
        except WireError:
            return "malformed IPv4"
        if whole is None:
            return ""
        if whole is not packet:
            length = HEADER_SIZE + len(whole.payload)
        try:
            return _sort(whole, frame, length)
        except WireError:
            return "malformed or cut off"


def _read(data: bytes) -> tuple[Ipv4Packet, int]:
    """Read a packet and how long it was; a checksum or length left to the card is filled in."""
    size = (data[0] & 15) * 4 if data else 0
    total = int.from_bytes(data[2:4], "big") or len(data)
    head = data[:2] + total.to_bytes(2, "big") + data[4:10] + bytes(2) + data[12:size]
    if len(head) == size:
        head = head[:10] + checksum(head).to_bytes(2, "big") + head[12:]
    return parse_quoted(head + data[size:]), total


def _sort(packet: Ipv4Packet, frame: Frame, length: int) -> Datagram | str:
    if packet.protocol == UDP:
        return _udp(packet, frame, length)
    if packet.protocol == ESP:
        parse_esp(packet.payload)
        return _datagram(packet, frame, length, Kind.ESP, packet.payload)
    if packet.protocol == ICMP:
        return _icmp(packet, frame, length)
    return _PROTOCOLS.get(packet.protocol, f"IP protocol {packet.protocol}")


def _datagram(
    packet: Ipv4Packet,
    frame: Frame,
    length: int,
    kind: Kind,
    payload: bytes,
    ports: tuple[int, int] = (0, 0),
    note: str = "",
    about: tuple[str, str] = ("", ""),
) -> Datagram:
    return Datagram(
        at=frame.at,
        kind=kind,
        source=packet.source,
        destination=packet.destination,
        ports=ports,
        payload=payload,
        length=length,
        interface=frame.interface,
        identification=packet.identification,
        cut=HEADER_SIZE + len(packet.payload) < length,
        note=note,
        about=about,
    )


def _udp(packet: Ipv4Packet, frame: Frame, length: int) -> Datagram | str:
    data = packet.payload
    if len(data) < _UDP_HEADER:
        return "malformed or cut off"
    ports = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    payload = data[_UDP_HEADER:]
    kind, message = _content(payload, ports)
    if kind is None:
        return "UDP"
    if kind is Kind.ESP:
        parse_esp(message)
    if kind is Kind.IKE and message[17:18] and message[17] >> 4 == _IKEV2:
        return f"IKEv2 {_IKEV2_EXCHANGES.get(message[18], '')}".strip()
    return _datagram(packet, frame, length, kind, message, ports)


def _content(payload: bytes, ports: tuple[int, int]) -> tuple[Kind | None, bytes]:
    """Say what a UDP payload holds; on other ports than IKE's it must look like IKE."""
    if NAT_T_PORT in ports:
        kind = classify(payload)
        if kind is Encapsulated.IKE:
            return Kind.IKE, payload[len(NON_ESP_MARKER) :]
        return (Kind.KEEPALIVE if kind is Encapsulated.KEEPALIVE else Kind.ESP), payload
    if IKE_PORT in ports:
        return (Kind.KEEPALIVE if payload == KEEPALIVE else Kind.IKE), payload
    for message in (payload, payload.removeprefix(NON_ESP_MARKER)):
        if _looks_like_ike(message):
            return Kind.IKE, message
    return None, payload


def _looks_like_ike(message: bytes) -> bool:
    if len(message) < ISAKMP_HEADER_SIZE:
        return False
    header = parse_header(message)
    known = header.exchange_type in (*ExchangeType, *_IKEV2_EXCHANGES)
    version = header.version in (ISAKMP_VERSION, _IKEV2 << 4)
    return known and version and header.length == len(message) and any(header.initiator_cookie)


def _icmp(packet: Ipv4Packet, frame: Frame, length: int) -> Datagram | str:
    """Keep errors about IKE and ESP, which say why nobody answers."""
    data = packet.payload
    if len(data) < _ICMP_HEADER or data[0] not in (DESTINATION_UNREACHABLE, TIME_EXCEEDED):
        return "ICMP"
    original, _ = _read(data[_ICMP_HEADER:])
    ports = (0, 0)
    if original.protocol == UDP and len(original.payload) >= 4:
        quoted = original.payload
        ports = int.from_bytes(quoted[:2], "big"), int.from_bytes(quoted[2:4], "big")
    if original.protocol != ESP and not set(_IKE_PORTS) & set(ports):
        return "ICMP"
    if data[0] == TIME_EXCEEDED:
        what = "time to live exceeded"
    else:
        what = _UNREACHABLE.get(data[1], f"unreachable, code {data[1]}")
    name = "ESP" if original.protocol == ESP else f"UDP {ports[1]}"
    note = f"{what}: {name} of {original.source} to {original.destination}"
    about = (original.source, original.destination)
    return _datagram(packet, frame, length, Kind.ICMP, b"", note=note, about=about)
