"""Packets for the tests of a path, and a path that runs on a clock that jumps."""

import math
from random import Random

from gwsim.path.config import Link, Match, Nat, PathConfig, Rule, RuleAction, Side
from gwsim.path.events import PathAction, PathEvent
from gwsim.path.middlebox import Middlebox
from gwsim.wire.ip import (
    ESP,
    ICMP,
    TCP,
    UDP,
    IcmpEcho,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
    parse_ipv4,
    parse_udp,
)

HQ = "198.51.100.1"
BRANCH = "203.0.113.1"
PRIVATE = "10.9.0.2"


def udp(source, destination, sport=500, dport=500, payload=b"payload!" * 4, df=False, ident=7):
    """A UDP packet with a right checksum."""
    data = build_udp(UdpDatagram(sport, dport, payload), source, destination)
    return build_ipv4(
        Ipv4Packet(source, destination, UDP, data, identification=ident, dont_fragment=df)
    )


def esp(source, destination, spi=0x1234, body=b"ciphertext" * 4):
    """An ESP packet of protocol 50."""
    payload = spi.to_bytes(4, "big") + (1).to_bytes(4, "big") + body
    return build_ipv4(Ipv4Packet(source, destination, ESP, payload))


def echo(source, destination, identifier=77, reply=False, size=16):
    """An ICMP echo request or reply."""
    message = build_icmp(IcmpEcho(identifier, 1, bytes(size), reply))
    return build_ipv4(Ipv4Packet(source, destination, ICMP, message))


def tcp(source, destination, sport=40000, dport=80, body=b"hello"):
    """A TCP segment; its checksum is not looked at by anybody here."""
    header = sport.to_bytes(2, "big") + dport.to_bytes(2, "big") + bytes(8) + b"\x50\x02" + bytes(6)
    return build_ipv4(Ipv4Packet(source, destination, TCP, header + body))


def ports(packet):
    """Addresses and ports of a UDP packet, its checksums verified: (from, port, to, port)."""
    parsed = parse_ipv4(packet)
    datagram = parse_udp(parsed.payload, parsed.source, parsed.destination)
    return (
        parsed.source,
        datagram.source_port,
        parsed.destination,
        datagram.destination_port,
    )


def two_sides(
    hq: Link | None = None,
    branch: Link | None = None,
    nat: Nat | None = None,
    rules: tuple[Rule, ...] = (),
) -> PathConfig:
    """Two sides, hq and branch; with a NAT, branch stands behind it with a private address."""
    return PathConfig(
        (
            Side("hq", (HQ,), hq or Link()),
            Side("branch", (BRANCH if nat is None else PRIVATE,), branch or Link(), nat),
        ),
        rules,
    )


def rule(action: str, name: str = "r", seconds: float = 0.0, **match) -> Rule:
    """A rule with its match written out."""
    return Rule(name, RuleAction(action), Match(**match), seconds)


class Path:
    """A middlebox with a clock: send packets, let time pass, look at what arrived.

    Hops are not counted here unless `routed` says that no kernel does.
    """

    def __init__(
        self, config: PathConfig, seed: int = 1, ports: bool = False, routed: bool = True
    ) -> None:
        self.box = Middlebox(config, Random(seed), 0.0, ports, routed)
        self.events: list[PathEvent] = []
        self.arrived: list[tuple[float, str, bytes]] = []

    def send(self, side: str, packet: bytes, now: float = 0.0, label: str = "") -> None:
        """Let time pass up to `now`, then hand in a packet."""
        self.run(now)
        self.box.receive(packet, side, now, label)
        self._drain(now)

    def run(self, until: float = math.inf) -> None:
        """Let happen all that is due by `until`."""
        while (due := self.box.next_timer()) is not None and due <= until:
            self.box.handle_timer(due)
            self._drain(due)

    def _drain(self, now: float) -> None:
        self.events += self.box.events()
        self.arrived += [(now, d.side, d.packet) for d in self.box.packets_to_send()]

    def at(self, side: str) -> list[bytes]:
        """The packets that arrived at a side."""
        return [packet for _, where, packet in self.arrived if where == side]

    def times(self, side: str) -> list[float]:
        """When packets arrived at a side, rounded to the microsecond."""
        return [round(at, 6) for at, where, _ in self.arrived if where == side]

    def actions(self) -> list[PathAction]:
        """What was done, in order, but for packets entering."""
        return [e.action for e in self.events if e.action is not PathAction.ENTERED]

    def last(self) -> PathEvent:
        """The last event."""
        return self.events[-1]
