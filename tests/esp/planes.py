"""Two data planes with an SA pair between them, and the packets of the hosts behind them."""

from dataclasses import replace

from gwsim.crypto.esp import EspSuite, suite
from gwsim.esp.dataplane import DataPlane, Settings
from gwsim.esp.inner import Inner, read_inner
from gwsim.esp.outcomes import Dropped, Incoming, Opened, Outgoing, Sealed
from gwsim.esp.parameters import SaParameters
from gwsim.esp.sa import InboundSa, OutboundSa, SaPair
from gwsim.esp.selectors import Action, Entry, Spd
from gwsim.wire.ip import (
    ICMP,
    UDP,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    UdpDatagram,
    build_icmp,
    build_ipv4,
    build_udp,
)
from gwsim.wire.selector import Selector

HQ, BRANCH = "198.51.100.1", "203.0.113.1"
HQ_NET, BRANCH_NET = Selector.parse("10.1.0.0/24"), Selector.parse("10.2.0.0/24")
SERVER, PC = "10.1.0.10", "10.2.0.10"
TO_HQ, TO_BRANCH = 0x1001, 0x2002
"""Inbound SPIs of hq and of branch."""

AES_SHA1 = suite(12, 128, 2)
GCM = suite(20, 256, None)
NULL_SHA1 = suite(11, None, 2)
WITHOUT_ICV = suite(12, 128, None)
SUITES = (
    suite(2, None, 1),
    suite(3, None, 2),
    NULL_SHA1,
    AES_SHA1,
    suite(12, 256, 5),
    suite(12, 256, 5, truncated_sha256=True),
    suite(13, 192, 7),
    suite(18, 128, None),
    suite(19, 128, None),
    GCM,
)


def keymat_of(used: EspSuite, seed: int = 1) -> bytes:
    return bytes((seed * 31 + 7 * i) & 0xFF for i in range(used.keymat_length))


def parameters(inbound: bool = False, **changes: object) -> SaParameters:
    """An SA of hq: the one to branch, or the one from branch."""
    used = changes.get("suite", AES_SHA1)
    assert isinstance(used, EspSuite)
    made = SaParameters(
        spi=TO_HQ if inbound else TO_BRANCH,
        inbound=inbound,
        suite=used,
        keymat=keymat_of(used, 2 if inbound else 1),
        transport=False,
        outer_source=BRANCH if inbound else HQ,
        outer_destination=HQ if inbound else BRANCH,
        udp=None,
        local=HQ_NET,
        remote=BRANCH_NET,
        child="net",
        connection="branch",
    )
    return replace(made, **changes)


def mirrored(one: SaParameters) -> SaParameters:
    """The other end's view of an SA."""
    return replace(one, inbound=not one.inbound, local=one.remote, remote=one.local)


def pair(soft: float = 0.9, last: int | None = None, **changes: object) -> SaPair:
    """The pair of hq."""
    inbound, outbound = parameters(True, **changes), parameters(False, **changes)
    return SaPair(InboundSa(inbound, soft), OutboundSa(outbound, soft, last), True)


def pair_of_peer(soft: float = 0.9, last: int | None = None, **changes: object) -> SaPair:
    """The pair of branch."""
    inbound, outbound = parameters(False, **changes), parameters(True, **changes)
    return SaPair(
        InboundSa(mirrored(inbound), soft), OutboundSa(mirrored(outbound), soft, last), True
    )


def spd(local: Selector = HQ_NET, remote: Selector = BRANCH_NET) -> Spd:
    return Spd([Entry(Action.PROTECT, local, remote, "branch", "net", 1)])


def hq(settings: Settings | None = None, **changes: object) -> DataPlane:
    """The data plane of hq with its pair installed."""
    inbound, outbound = parameters(True, **changes), parameters(False, **changes)
    plane = DataPlane(settings or Settings(HQ), spd(inbound.local, inbound.remote))
    plane.install(inbound, outbound)
    return plane


def branch(settings: Settings | None = None, **changes: object) -> DataPlane:
    """The data plane of branch with its pair installed."""
    inbound, outbound = parameters(False, **changes), parameters(True, **changes)
    plane = DataPlane(settings or Settings(BRANCH), spd(inbound.remote, inbound.local))
    plane.install(mirrored(inbound), mirrored(outbound))
    return plane


def packet(
    size: int = 84,
    source: str = SERVER,
    destination: str = PC,
    protocol: int = 200,
    **changes: object,
) -> bytes:
    """A packet of `size` octets in all."""
    made = Ipv4Packet(source, destination, protocol, bytes(size - 20))
    return build_ipv4(replace(made, **changes))


def ping(source: str = SERVER, destination: str = PC, size: int = 56) -> bytes:
    echo = build_icmp(IcmpEcho(1, 1, bytes(size)))
    return build_ipv4(Ipv4Packet(source, destination, ICMP, echo))


def datagram(
    source_port: int, destination_port: int, source: str = SERVER, destination: str = PC
) -> bytes:
    made = UdpDatagram(source_port, destination_port, b"datagram")
    return build_ipv4(Ipv4Packet(source, destination, UDP, build_udp(made, source, destination)))


def icmp_error(destination: str = PC, size: int = 0) -> bytes:
    error = build_icmp(IcmpError(3, 1, original=bytes(28 + size)))
    return build_ipv4(Ipv4Packet(SERVER, destination, ICMP, error))


def inner(of: bytes) -> Inner:
    return read_inner(of)


def sealed(outcomes: list[Outgoing]) -> Sealed:
    """The one packet that left."""
    (outcome,) = outcomes
    assert isinstance(outcome, Sealed)
    return outcome


def drop(outcomes: list[Outgoing]) -> Dropped:
    """The one drop among the outcomes."""
    (found,) = [outcome for outcome in outcomes if isinstance(outcome, Dropped)]
    return found


def pair_of(plane: DataPlane, inbound_spi: int = TO_HQ) -> SaPair:
    found = plane.pair(inbound_spi)
    assert found is not None
    return found


def receive(plane: DataPlane, esp: Sealed) -> Incoming:
    return plane.inbound(esp.payload, esp.source, esp.destination, esp.udp, esp.tos)


def carry(sender: DataPlane, receiver: DataPlane, content: bytes) -> Opened:
    """Bring one packet from one data plane through the other."""
    outcome = receive(receiver, sealed(sender.outbound(content, 0.0)))
    assert isinstance(outcome, Opened)
    return outcome
