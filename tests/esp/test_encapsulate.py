import pytest

from gwsim.crypto.esp import EspCipher, unpad
from gwsim.esp.drops import Drop
from gwsim.esp.encapsulate import IP_IN_IP, encapsulate
from gwsim.esp.outcomes import Sealed
from gwsim.esp.sa import SaPair
from gwsim.wire.selector import Selector
from tests.esp.planes import (
    AES_SHA1,
    BRANCH,
    HQ,
    TO_BRANCH,
    TO_HQ,
    datagram,
    inner,
    keymat_of,
    packet,
    pair,
)

ENDS = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH), "transport": True}


def send(used: SaPair, content: bytes, df: str = "copy") -> Sealed | Drop:
    return encapsulate(used, content, inner(content), df)


def opened(outcome: Sealed | Drop) -> tuple[bytes, int]:
    assert isinstance(outcome, Sealed)
    return unpad(EspCipher(AES_SHA1, keymat_of(AES_SHA1)).open(outcome.payload))


def test_tunnel_mode_carries_the_whole_packet_and_nothing_after_it():
    content = packet()
    assert opened(send(pair(), content + b"link padding")) == (content, IP_IN_IP)


def test_transport_mode_carries_the_payload_under_its_own_protocol():
    content = datagram(1, 2, HQ, BRANCH)
    assert opened(send(pair(**ENDS), content)) == (content[20:], 17)


@pytest.mark.parametrize(("source", "destination"), [("10.1.0.10", BRANCH), (HQ, "10.2.0.10")])
def test_transport_mode_carries_only_what_the_gateways_themselves_say(source, destination):
    used = pair(transport=True)
    assert send(used, packet(source=source, destination=destination)) is Drop.TRANSPORT_ENDS
    assert (used.outbound.sequence, used.outbound.packets) == (0, 0)


def test_the_outer_header_gets_addresses_tos_and_names():
    sealed = send(pair(), packet(tos=0xB9, dont_fragment=True))
    assert isinstance(sealed, Sealed)
    assert (sealed.source, sealed.destination, sealed.udp) == (HQ, BRANCH, None)
    assert (sealed.tos, sealed.dont_fragment) == (0xB9, True)
    assert (sealed.spi, sealed.inbound_spi) == (TO_BRANCH, TO_HQ)
    assert (sealed.connection, sealed.child) == ("branch", "net")


def test_the_policy_for_the_dont_fragment_bit_is_obeyed():
    for df, expected in (("copy", False), ("clear", False), ("set", True)):
        sealed = send(pair(), packet(), df)
        assert isinstance(sealed, Sealed)
        assert sealed.dont_fragment is expected


def test_udp_ports_are_passed_on():
    sealed = send(pair(udp=(4500, 1025)), packet())
    assert isinstance(sealed, Sealed)
    assert sealed.udp == (4500, 1025)


def test_what_left_is_counted_as_inner_traffic():
    used = pair()
    send(used, packet(84))
    send(used, packet(100))
    assert (used.outbound.packets, used.outbound.octets) == (2, 184)


def test_sequence_numbers_never_wrap():
    used = pair(last=1)
    assert isinstance(send(used, packet()), Sealed)
    assert send(used, packet()) is Drop.SEQUENCE_EXHAUSTED
    assert used.outbound.sequence == 1


def test_nothing_leaves_beyond_the_volume():
    used = pair(kilobytes=1)
    assert isinstance(send(used, packet(1024)), Sealed)
    assert send(used, packet(20)) is Drop.EXPIRED
