"""Transport mode and protocol 50 with a strongSwan that has no ESP in user space.

It negotiates all of it, and writes down the keys it has computed. A hand-made ESP with these keys
stands in for the kernel that its machine may not have.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from gwsim.wire.ip import (
    ESP,
    ICMP,
    IcmpEcho,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_icmp,
    parse_ipv4,
)
from tests.peers.by_hand import HandMade, read_keys
from tests.peers.conftest import new_folder
from tests.peers.spaces import eventually
from tests.peers.stage import VENDORS, Stage
from tests.peers.strongswan import PROGRAMS, Charon
from tests.peers.tunnel import EAST, EAST_HOST, WEST, WEST_HOST, Tunnel

pytestmark = pytest.mark.needs(*PROGRAMS)

IPV4 = 4
SIZES = (0, 1, 13, 14, 15, 16, 500, 1300)
MODES = pytest.mark.parametrize("aggressive", [False, True], ids=["main", "aggressive"])
TRANSPORT = Tunnel(transport=True, pairs=((WEST, EAST),))


@pytest.fixture(scope="module")
def plain(peers_folder: Path) -> Iterator[Stage]:
    made = Stage(new_folder(peers_folder), Charon(plain=True))
    try:
        made.open()
        yield made
    finally:
        made.close()


def negotiated(stage: Stage, tunnel: Tunnel, vendor: str) -> tuple[HandMade, HandMade]:
    """Let ours bring a tunnel up, and give the keys that strongSwan has for it."""
    stage.agree(tunnel, vendor)
    assert stage.ours.initiate(), stage.story()
    assert eventually(lambda: "adding outbound ESP SA" in stage.log()), stage.story()
    [pair] = stage.snapshot().ipsec
    assert (pair.negotiated.transport, pair.negotiated.udp) == (tunnel.transport, False)
    into, out = read_keys(stage.log())
    assert (into.spi, out.spi) == (pair.negotiated.outbound_spi, pair.negotiated.inbound_spi)
    return into, out


def converse(
    stage: Stage, keys: tuple[HandMade, HandMade], inners: list[bytes], next_header: int
) -> list[bytes]:
    """Send what is to be protected from the peer's address, and read what ours answers."""
    into, out = keys
    with stage.world.spaces.socket("internet", _raw) as voice:
        for number, inner in enumerate(inners, 1):
            packet = Ipv4Packet(EAST, WEST, ESP, out.seal(number, inner, next_header))
            voice.sendto(build_ipv4(packet), (WEST, 0))

    def answers() -> list[bytes]:
        sent = [seen.packet for seen in stage.world.west_side.esp() if seen.of_west]
        return [parse_ipv4(packet).payload for packet in sent]

    assert eventually(lambda: len(answers()) == len(inners)), stage.story()
    opened = [into.open(packet) for packet in answers()]
    assert {found for _, found in opened} == {next_header}
    return [inner for inner, _ in opened]


def _raw() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


def echoes() -> list[IcmpEcho]:
    return [IcmpEcho(7, size, bytes(size)) for size in SIZES]


@MODES
@pytest.mark.parametrize("vendor", VENDORS)
def test_tunnel_mode_in_protocol_50(plain: Stage, vendor: str, aggressive: bool) -> None:
    keys = negotiated(plain, Tunnel(aggressive=aggressive), vendor)
    inners = [
        build_ipv4(Ipv4Packet(EAST_HOST, WEST_HOST, ICMP, build_icmp(echo))) for echo in echoes()
    ]
    answers = [parse_ipv4(inner) for inner in converse(plain, keys, inners, IPV4)]
    assert {(ip.source, ip.destination) for ip in answers} == {(WEST_HOST, EAST_HOST)}
    replies = [parse_icmp(ip.payload) for ip in answers]
    assert replies == [IcmpEcho(7, size, bytes(size), reply=True) for size in SIZES]
    assert plain.world.west_side.clear_text() == []


@MODES
@pytest.mark.parametrize("vendor", VENDORS)
def test_transport_mode_in_protocol_50(plain: Stage, vendor: str, aggressive: bool) -> None:
    keys = negotiated(plain, TRANSPORT.told(aggressive=aggressive), vendor)
    answers = converse(plain, keys, [build_icmp(echo) for echo in echoes()], ICMP)
    replies = [parse_icmp(inner) for inner in answers]
    assert replies == [IcmpEcho(7, size, bytes(size), reply=True) for size in SIZES]
    assert plain.world.west_side.clear_text() == []


@MODES
@pytest.mark.parametrize("tunnel", [Tunnel(), TRANSPORT], ids=["tunnel", "transport"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_peer_may_begin(plain: Stage, vendor: str, tunnel: Tunnel, aggressive: bool) -> None:
    """It accepts our quick-2 and computes keys for both SPIs, the last thing it can do alone."""
    plain.agree(tunnel.told(aggressive=aggressive), vendor)
    plain.theirs.initiate(wait=False)
    assert eventually(lambda: "adding outbound ESP SA" in plain.log()), plain.story()
    assert "parsed QUICK_MODE response" in plain.log()
    assert [seen.ports for seen in plain.world.west_side.messages()][:2] == [(500, 500)] * 2


def test_what_is_made_by_hand_is_read_by_hand() -> None:
    sa = HandMade(0x1001, bytes(16), bytes(20))
    for size in SIZES:
        assert sa.open(sa.seal(1, b"x" * size, ICMP)) == (b"x" * size, ICMP)
