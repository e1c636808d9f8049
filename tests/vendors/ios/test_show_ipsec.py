"""`show crypto ipsec sa`: layout, counters, and what is left of lifetimes."""

from dataclasses import replace

import pytest

from gwsim.ike.config import Phase2Transform
from gwsim.vendors.ios.show_ipsec import flows, ipsec_sa, plaintext_mtu
from tests.vendors.ios.pair import Pair, steady

AES = {"transforms": (Phase2Transform(12, 2, 256),)}


def up(both=None, **changes):
    both = AES | (both or {})
    pair = Pair(dict(both), dict(both), **changes).ping(2.0)
    for number in range(4):
        pair.ping(3.0 + number).ping(3.5 + number, back=True)
    return pair


def test_a_tunnel_that_carries_traffic(golden):
    golden("show_crypto_ipsec_sa__up", steady(up().show("hq", "show crypto ipsec sa")))


def test_a_tunnel_through_nat_with_pfs(golden):
    pair = up({"pfs_group": 2}, public="198.51.100.9")
    golden("show_crypto_ipsec_sa__nat", steady(pair.show("hq", "show crypto ipsec sa")))
    golden("show_crypto_ipsec_sa__nat_peer", steady(pair.show("branch", "show crypto ipsec sa")))


def test_a_flow_without_sas_counts_what_it_could_not_send(golden):
    pair = Pair(branch_is={"psk": b"another"}).ping(1.0).ping(2.0).ping(3.0).ping(4.0)
    golden("show_crypto_ipsec_sa__down", steady(pair.show("hq", "show crypto ipsec sa")))


def test_counters_outlive_the_sas():
    pair = up().run(3600.0).ping(3601.0)
    assert "#pkts encaps: 5, #pkts encrypt: 5, #pkts digest: 5\n" in (
        pair.show("hq", "show crypto ipsec sa")
    )


def test_two_pairs_of_a_flow_while_it_is_renewed():
    screen = up().run(3572.0).show("hq", "show crypto ipsec sa")
    assert screen.count("      spi: 0x") == 4
    assert screen.count("protected vrf") == 1
    for conn in (1, 2, 3, 4):
        assert f"conn id: {conn}, flow_id: SW:{conn}, " in screen


def test_a_part_that_a_peer_asked_for_is_a_flow_of_its_own():
    part = ("10.1.0.0/24", "10.2.0.0/25")
    pair = Pair({"pairs": [part]}).ping(2.0).ping(3.0)
    whole, found = flows(pair.view("branch").snapshot)
    assert (whole.own, whole.pairs, whole.received, whole.sent) == (True, (), 0, 0)
    assert (found.own, found.received, found.sent) == (False, 1, 0)
    screen = pair.show("branch", "show crypto ipsec sa")
    assert "(10.2.0.0/255.255.255.128/0/0)" in screen
    assert "     PERMIT, flags={}\n" in screen
    assert screen.count("Crypto map tag: CMAP, local addr 203.0.113.1\n") == 1


@pytest.mark.parametrize(
    ("transform", "key_bits", "udp", "expected"),
    [
        (12, 256, False, 1438),
        (12, 128, True, 1422),
        (3, None, False, 1446),
        (99, None, False, 1470),
    ],
)
def test_the_largest_plain_packet_is_reckoned_as_the_device_does(
    transform, key_bits, udp, expected
):
    child = up().view("hq").snapshot.ipsec[0].negotiated
    child = replace(child, transform=transform, key_bits=key_bits, authentication=2, udp=udp)
    assert plaintext_mtu(child, 1500) == expected


def test_without_window_and_volume():
    screen = up({"replay_window": 0, "lifetime_kilobytes": None}).show("hq", "show crypto ipsec sa")
    assert screen.count("replay detection support: N\n") == 2
    assert screen.count("remaining key lifetime (sec): 35") == 2


def test_transport_mode_and_unknown_algorithms():
    view = up().view("hq")
    pair = view.snapshot.ipsec[0]
    odd = replace(pair.negotiated, transport=True, transform=99, key_bits=None, authentication=9)
    snapshot = replace(view.snapshot, ipsec=(replace(pair, negotiated=odd),))
    screen = ipsec_sa(replace(view, snapshot=snapshot))
    assert "in use settings ={Transport, }\n" in screen
    assert "transform: esp-99 esp-9 ,\n" in screen
    assert "IV size: 0 bytes\n" in screen


def test_a_box_without_a_crypto_map():
    view = up().view("hq")
    bare = replace(view.snapshot, tunnels=(), ipsec=())
    assert ipsec_sa(replace(view, snapshot=bare)) == "\nNo SAs found\n"


def test_a_dynamic_entry_shows_who_is_there():
    pair = Pair(branch_is={"remote": None}).ping(2.0)
    assert "current_peer 198.51.100.1 port 500\n" in pair.show("branch", "show crypto ipsec sa")
    idle = Pair(branch_is={"remote": None})
    assert idle.show("branch", "show crypto ipsec sa") == "\nNo SAs found\n"
