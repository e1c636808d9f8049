"""`show vpn-sessiondb` in its three forms, read back by ntc-templates where they have one."""

from dataclasses import replace

from ntc_templates.parse import parse_output

from gwsim.gateway.commands import Clear, Reboot, Rekey
from gwsim.ike.config import Phase1Transform, Phase2Transform
from gwsim.vendors.asa.show_sessions import l2l, l2l_detail, sessions, summary
from tests.vendors.asa.pair import Pair

AES = {"phase1": (Phase1Transform(7, 2, 2, 256),), "transforms": (Phase2Transform(12, 2, 256),)}
NONE = "INFO: There are presently no active sessions\n"


def up(**changes):
    pair = Pair(AES | changes, AES | changes).ping(0.5)
    for number in range(4):
        pair.ping(2.0 + number).ping(2.5 + number, back=True)
    return pair.run(33.0)


def test_a_session(golden):
    golden("show_vpn-sessiondb_l2l__up", up().show("hq", "show vpn-sessiondb l2l"))


def test_a_session_in_detail(golden):
    text = up().show("hq", "show vpn-sessiondb detail l2l")
    golden("show_vpn-sessiondb_detail_l2l__up", text)


def test_a_session_through_nat(golden):
    pair = Pair({"pfs_group": 5}, {"pfs_group": 5}, public="198.51.100.9").ping(2.0).run(90.0)
    golden("show_vpn-sessiondb_detail_l2l__nat", pair.show("hq", "show vpn-sessiondb detail l2l"))


def test_ntc_templates_read_the_detail():
    """The strict template takes every line, and finds what the snapshot holds."""
    pair = Pair(AES | {"pfs_group": 5}, AES | {"pfs_group": 5}).ping(2.0).ping(33.0)
    screen = l2l_detail(pair.view("hq"))
    ike, esp = parse_output("cisco_asa", "show vpn-sessiondb detail l2l", screen)
    common = {"connection": "203.0.113.1", "protocol": "IKEv1 IPsec", "duration": "0h:00m:32s"}
    assert {key: ike[key] for key in common} == common
    wanted = {
        "connection_type": "IKEv1",
        "udp_src_port": "500",
        "negotiaion_mode": "Main",
        "authentication_mode": "preSharedKeys",
        "encryption_method": "AES256",
        "hash_method": "SHA1",
        "rekey_interval": "86400",
        "rekey_time_left": "86367",
        "dh_group": "2",
    }
    assert {key: ike[key] for key in wanted} == wanted
    wanted = {
        "connection_type": "IPsec",
        "local_address_network": "10.1.0.0",
        "remote_address_mask": "255.255.255.0",
        "encapsulation": "Tunnel",
        "pfs_group": "5",
        "rekey_interval": "28800",
        "rekey_data_interval": "4608000",
        "packets_transmitted": "1",
        "packets_received": "0",
    }
    assert {key: esp[key] for key in wanted} == wanted


def test_ntc_templates_read_the_detail_through_nat():
    pair = Pair(public="198.51.100.9").ping(2.0)
    rows = parse_output("cisco_asa", "show vpn-sessiondb detail l2l", l2l_detail(pair.view("hq")))
    assert [row["connection_type"] for row in rows] == ["IKEv1", "IPsecOverNatT"]
    assert rows[0]["udp_dst_port"] == "4500"


def test_the_summary_counts_what_is_was_and_was_at_most(golden):
    pair = up()
    golden("show_vpn-sessiondb__up", pair.show("hq", "show vpn-sessiondb"))
    pair.order("hq", Clear("all")).run(34.0).ping(36.0)
    (row,) = parse_output("cisco_asa", "show vpn-sessiondb", summary(pair.view("hq")))
    assert row["vpn_session_name"] == ["Site-to-Site VPN", "IKEv1 IPsec"]
    assert row["vpn_session_active"] == ["1", "1"]
    assert row["vpn_session_cumulative"] == ["2", "2"]
    assert row["vpn_session_peak_concurrent"] == ["1", "1"]
    assert row["tunnels_summary_cumulative"] == ["2", "2"]
    assert (row["totals_active"], row["totals_cumulative"]) == ("2", "4")


def test_without_a_session():
    view = Pair(lost=lambda output, sender: True).ping(5.0).view("hq")
    assert l2l(view) == l2l_detail(view) == NONE
    assert "Site-to-Site VPN             :      0 :          0 :           0\n" in summary(view)


def test_a_session_outlives_the_renewal_of_its_isakmp_sa():
    pair = Pair({"dpd": None}, {"dpd": None}).ping(70000.0)
    (session,) = sessions(pair.view("hq"))
    assert (session.index, round(session.since)) == (1, 0)
    assert session.sa.number == 2
    assert "Duration     : 19h:26m:39s\n" in l2l(pair.view("hq"))


def test_octets_go_on_over_a_renewal_of_the_ipsec_sas():
    pair = up()
    before = l2l(pair.view("hq"))
    pair.order("hq", Rekey("branch", 2)).run(60.0)
    after = pair.view("hq")
    [octets] = [line for line in before.splitlines() if line.startswith("Bytes Tx")]
    assert octets in l2l(after)
    assert l2l_detail(after).count("Bytes Tx") == 2
    assert after.snapshot.ipsec[0].outbound.octets == 0
    assert "IPsec                        :      1 :          1 :               1" in summary(after)


def test_sessions_of_several_peers_of_one_connection_are_kept_apart():
    view = up().view("hq")
    other = replace(view.snapshot.ipsec[0].negotiated, peer="203.0.113.99")
    strange = replace(view.snapshot.ipsec[0], negotiated=other)
    snapshot = replace(view.snapshot, ipsec=(view.snapshot.ipsec[0], strange))
    [session] = sessions(replace(view, snapshot=snapshot))
    assert [tunnel.pair.negotiated.peer for tunnel in session.tunnels] == ["203.0.113.1"]


def test_a_reboot_ends_sessions_and_what_was_counted_of_them():
    pair = Pair().ping(100).order("hq", Reboot()).ping(130)
    view = pair.view("hq")
    [session] = sessions(view)
    assert session.since == session.sa.established
    assert session.since > 100
    assert "IPsec                        :      1 :          1 :               1" in summary(view)


def test_a_snapshot_alone_dates_the_session_from_its_sa():
    """Without the events of the beginning the SA's own age has to do."""
    view = replace(up().view("hq"), events=())
    (session,) = sessions(view)
    assert session.since == view.snapshot.ike.sas[0].established


def test_phase_1_alone_is_a_session_without_tunnels():
    view = up().view("hq")
    screen = l2l_detail(replace(view, snapshot=replace(view.snapshot, ipsec=())))
    assert "Protocol     : IKEv1\n" in screen
    assert "Encryption   : IKEv1: (1)AES256\n" in screen
    assert "IPsec" not in screen


def test_lifetimes_that_do_not_exist_are_left_out():
    view = up(lifetime_kilobytes=None).view("hq")
    assert "K-Bytes" not in l2l_detail(view)
