"""`show crypto ipsec sa`: layout, counters, window, lifetimes; read back by ntc-templates."""

from dataclasses import replace

import pytest
from ntc_templates.parse import parse_output

from gwsim.gateway.commands import Clear, Rekey, SetLink
from gwsim.ike.config import Phase2Transform
from gwsim.vendors.asa.show_ipsec import (
    NOTHING,
    access_list,
    acl_name,
    ipsec_sa,
    ipsec_sa_peer,
    overhead,
)
from tests.vendors.asa.pair import Pair, steady

AES_SHA = {"transforms": (Phase2Transform(12, 2, 256),)}


def up(**changes):
    pair = Pair(dict(AES_SHA, **changes), dict(AES_SHA, **changes)).ping(2.0)
    for number in range(4):
        pair.ping(3.0 + number).ping(3.5 + number, back=True)
    return pair


def changed(view, pair_changes=(), **negotiated):
    """The view with its one pair of SAs changed."""
    pair = view.snapshot.ipsec[0]
    pair = replace(pair, negotiated=replace(pair.negotiated, **negotiated), **dict(pair_changes))
    return replace(view, snapshot=replace(view.snapshot, ipsec=(pair,)))


def line_of(screen, start):
    return next(line.strip() for line in screen.splitlines() if line.strip().startswith(start))


def test_a_tunnel_that_carries_traffic(golden):
    golden("show_crypto_ipsec_sa__up", steady(up().show("hq", "show crypto ipsec sa")))


def test_a_tunnel_through_nat_with_pfs(golden):
    both = {"pfs_group": 2}
    pair = Pair(both, both, public="198.51.100.9").ping(2.0).ping(3.0)
    golden("show_crypto_ipsec_sa__nat", steady(pair.show("hq", "show crypto ipsec sa")))
    golden("show_crypto_ipsec_sa__nat_peer", steady(pair.show("branch", "show crypto ipsec sa")))


def test_nothing_is_shown_without_sas():
    assert ipsec_sa(Pair().view("hq")) == "\nThere are no ipsec sas\n" == NOTHING


def test_ntc_templates_read_the_same_values():
    """An independent parser finds in the screen what the snapshot holds."""
    pair = up()
    view = pair.view("hq")
    rows = parse_output("cisco_asa", "show crypto ipsec sa", ipsec_sa(view))
    assert len(rows) == 1
    (row,) = rows
    child = view.snapshot.ipsec[0].negotiated
    expected = {
        "interface": "outside",
        "crypto_map_tag": "outside_map",
        "sequence_number": "1",
        "local_address": "198.51.100.1",
        "local_identity_addr": "10.1.0.0",
        "local_identity_mask": "255.255.255.0",
        "remote_identity_addr": "10.2.0.0",
        "current_peer": "203.0.113.1",
        "packets_encapsulated": "4",
        "packets_decrypted": "4",
        "path_mtu": "1500",
        "ipsec_overhead": "74",
        "current_inbound_spi": f"{child.inbound_spi:08X}",
        "outbound_spi_integer": str(child.outbound_spi),
        "inbound_encryption": "esp-aes-256",
        "inbound_authentication": "esp-sha-hmac",
        "inbound_settings_in_use": "L2L, Tunnel, IKEv1",
        "outbound_connection_id": "4096",
        "inbound_iv_size": "16 bytes",
        "inbound_replay_detection": "Y",
    }
    assert {key: row[key] for key in expected} == expected


def test_a_one_way_tunnel_counts_one_way():
    pair = Pair(lost=lambda output, sender: output.label == "esp" and sender == "branch")
    pair.ping(2.0).ping(3.0).ping(4.0, back=True)
    screen = pair.show("hq", "show crypto ipsec sa")
    assert line_of(screen, "#pkts encaps") == "#pkts encaps: 1, #pkts encrypt: 1, #pkts digest: 1"
    assert line_of(screen, "#pkts decaps") == "#pkts decaps: 0, #pkts decrypt: 0, #pkts verify: 0"


def test_a_packet_that_does_not_belong_inside_is_decapsulated_and_an_error():
    view = up().view("hq")
    inbound = replace(view.snapshot.ipsec[0].inbound, bad_selector=3, errors=3)
    screen = ipsec_sa(changed(view, {"inbound": inbound}))
    assert line_of(screen, "#pkts decaps") == "#pkts decaps: 7, #pkts decrypt: 4, #pkts verify: 4"
    assert line_of(screen, "#send errors") == "#send errors: 0, #recv errors: 3"


def test_sizes_are_those_of_the_flow():
    view = up().view("hq")
    outbound = replace(
        view.snapshot.ipsec[0].outbound, cut=2, pieces=4, too_big_sent=1, too_big_received=3
    )
    screen = ipsec_sa(changed(view, {"outbound": outbound}))
    assert line_of(screen, "#pre-frag").endswith(
        "successes: 2, #pre-frag failures: 0, #fragments created: 4"
    )
    assert line_of(screen, "#PMTUs").startswith("#PMTUs sent: 1, #PMTUs rcvd: 3, ")


def test_counters_go_on_over_a_renewal_and_begin_anew_with_the_flow():
    pair = up().order("hq", Rekey("branch", 2)).run(60.0).ping(61.0)
    screen = pair.show("hq", "show crypto ipsec sa")
    assert line_of(screen, "#pkts encaps") == "#pkts encaps: 5, #pkts encrypt: 5, #pkts digest: 5"
    assert pair.view("hq").snapshot.ipsec[0].outbound.packets == 1
    pair.order("hq", Clear("ipsec")).run(62.0).ping(63.0).ping(65.0)
    screen = pair.show("hq", "show crypto ipsec sa")
    assert line_of(screen, "#pkts encaps") == "#pkts encaps: 1, #pkts encrypt: 1, #pkts digest: 1"


def test_the_current_outbound_spi_is_the_one_that_packets_leave_with():
    """Whoever renews goes on sending on the old pair for half a second."""
    pair = up()
    [old] = [p.negotiated for p in pair.view("hq").snapshot.ipsec]
    now = pair.order("hq", Rekey("branch", 2)).now
    both = [p.negotiated for p in pair.run(now + 0.3).view("hq").snapshot.ipsec]
    assert [child.sends for child in both] == [True, False]
    current = f"current outbound spi: {old.outbound_spi:08X}"
    assert current in pair.show("hq", "show crypto ipsec sa")
    assert current not in pair.run(now + 1).show("hq", "show crypto ipsec sa")


def test_the_window_is_printed_as_words_newest_bit_last():
    view = up().view("hq")
    inbound = replace(view.snapshot.ipsec[0].inbound, window=0x1_8000001F)
    assert "\n          0x00000001 0x8000001F\n" in ipsec_sa(changed(view, {"inbound": inbound}))
    wide = replace(inbound, replay_window=128, window=1 << 127 | 1)
    assert "\n          0x80000000 0x00000000 0x00000000 0x00000001\n" in ipsec_sa(
        changed(view, {"inbound": wide})
    )


def test_without_a_window_there_is_no_bitmap():
    screen = up(replay_window=0).show("hq", "show crypto ipsec sa")
    assert screen.count("replay detection support: N") == 2
    assert "bitmap" not in screen


def test_the_bitmap_of_four_packets_is_that_of_a_device():
    """Number 0 counts as seen: 0x1F after four packets."""
    screen = up().show("hq", "show crypto ipsec sa")
    assert "0x00000000 0x0000001F" in screen


def test_timing_without_a_volume_gives_seconds_alone():
    view = changed(up().view("hq"), {"kilobytes_left": None})
    assert "sa timing: remaining key lifetime (sec): 28793\n" in ipsec_sa(view)


def test_transport_mode_and_pfs_stand_in_the_settings():
    view = changed(up().view("hq"), transport=True, pfs_group=5)
    assert "in use settings ={L2L, Transport, PFS Group 5, IKEv1, }" in ipsec_sa(view)
    assert "ipsec overhead 54(44), media mtu" in ipsec_sa(view)


@pytest.mark.parametrize(
    ("transform", "key_bits", "authentication", "udp", "expected"),
    [
        (12, 256, 2, False, (74, 44)),
        (12, 128, 1, False, (74, 44)),
        (12, 128, 2, True, (82, 52)),
        (3, None, 2, False, (58, 36)),
        (3, None, 2, True, (66, 44)),
        (99, None, 2, False, (34, 16)),
    ],
)
def test_overhead_is_reckoned_as_the_device_does(
    transform, key_bits, authentication, udp, expected
):
    child = up().view("hq").snapshot.ipsec[0].negotiated
    child = replace(
        child, transform=transform, key_bits=key_bits, authentication=authentication, udp=udp
    )
    assert overhead(child) == expected


def test_algorithms_no_asa_has_still_have_a_name():
    view = changed(up().view("hq"), transform=13, key_bits=256, authentication=9)
    assert "transform: esp-aes-256-ctr esp-9 no compression " in ipsec_sa(view)
    view = changed(up().view("hq"), transform=99, key_bits=None)
    assert "transform: esp-99 esp-sha-hmac" in ipsec_sa(view)
    assert "IV size: 0 bytes" in ipsec_sa(view)


def test_two_pairs_of_one_flow_stand_in_one_block_while_it_is_renewed():
    pair = Pair({"dpd": None}, {"dpd": None}).ping(24482.0)
    screen = pair.show("hq", "show crypto ipsec sa")
    assert screen.count("#pkts encaps") == 1
    assert screen.count("SA State: active") == 4
    newest = pair.view("hq").snapshot.ipsec[-1].negotiated
    assert f"current outbound spi: {newest.outbound_spi:08X}\n" in screen


def test_flows_of_several_entries_have_blocks_of_their_own():
    both = [("10.1.0.0/24", "10.2.0.0/24"), ("10.1.0.0/24", "10.9.0.0/24")]
    back = [(remote, local) for local, remote in both]
    pair = Pair({"pairs": both, "auto_start": True}, {"pairs": back}).run(3.0)
    screen = pair.show("hq", "show crypto ipsec sa")
    assert screen.count("interface: outside") == 1
    assert "seq num: 1," in screen
    assert "seq num: 2," in screen
    assert "access-list outside_cryptomap_2 extended permit ip 10.1.0.0 255.255.255.0" in screen
    assert screen.count("conn_id: 8192") == 2
    assert len(parse_output("cisco_asa", "show crypto ipsec sa", screen)) == 2


def test_one_peer_at_a_time():
    view = up().view("hq")
    assert ipsec_sa_peer(view, "203.0.113.9") == NOTHING
    first, rest = ipsec_sa_peer(view, "203.0.113.1").split("\n", 1)
    assert first == "peer address: 203.0.113.1"
    assert rest == ipsec_sa(view).split("\n", 1)[1]


def test_a_link_that_is_down_counts_send_errors():
    pair = up().order("hq", SetLink(False)).ping(8.0)
    assert "#pkts encaps:" in pair.show("hq", "show crypto ipsec sa")


def test_selectors_become_access_lists():
    name = acl_name("outside", 3)
    assert name == "outside_cryptomap_3"
    cases = {
        ("10.1.0.0/24", "10.2.0.10"): "ip 10.1.0.0 255.255.255.0 host 10.2.0.10",
        ("any", "10.2.0.0/16 tcp/80"): "tcp any 10.2.0.0 255.255.0.0 eq 80",
        ("10.1.0.1 udp/53", "any udp"): "udp host 10.1.0.1 eq 53 any",
        ("any 47", "any 47"): "gre any any",
        ("any 88", "any 88"): "88 any any",
    }
    for pair, expected in cases.items():
        assert access_list(pair, name) == f"access-list {name} extended permit {expected}"


def test_a_flow_whose_entry_is_gone_is_still_shown():
    """After a change of the configuration the counters of the entry are not there any more."""
    view = up().view("hq")
    screen = ipsec_sa(replace(view, snapshot=replace(view.snapshot, tunnels=())))
    assert "seq num: 0, local addr: 198.51.100.1" in screen
    assert "#pkts encaps: 4, " in screen


def test_mtu_and_df_are_those_of_the_box():
    view = up().view("hq")
    screen = ipsec_sa(replace(view, snapshot=replace(view.snapshot, mtu=1400, df="clear")))
    assert "ipsec overhead 74(44), media mtu 1400\n" in screen
    assert "DF policy: clear-df\n" in screen
