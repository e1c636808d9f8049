"""`show crypto session`: the five statuses, and the detailed form read back by ntc-templates."""

from dataclasses import replace

import pytest
from ntc_templates.parse import parse_output

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Dpd, Phase1Transform, Phase2Transform
from gwsim.vendors.ios.show_session import session_detail, sessions
from tests.vendors.ios.pair import BRANCH, Pair

BOTH = {
    "dpd": Dpd(10.0, 2.0, 5),
    "phase1": (Phase1Transform(7, 2, 2, 256),),
    "transforms": (Phase2Transform(12, 2, 256),),
}


def up():
    pair = Pair(dict(BOTH), dict(BOTH)).ping(1.0)
    for number in range(4):
        pair.ping(2.0 + number).ping(2.5 + number, back=True)
    return pair.run(33.0)


def test_screens_of_a_tunnel(golden):
    golden("show_crypto_session__up", up().show("hq", "show crypto session"))
    golden("show_crypto_session_detail__up", up().show("hq", "show crypto session detail"))


def test_screens_of_a_failing_peer(golden):
    pair = Pair(branch_is={"psk": b"another"}).ping(61.0).ping(65.0)
    golden("show_crypto_session_detail__psk", pair.show("hq", "show crypto session detail"))


def test_ntc_templates_read_the_same_values():
    pair = up()
    rows = parse_output("cisco_ios", "show crypto session detail", session_detail(pair.view("hq")))
    assert len(rows) == 1
    expected = {
        "interface": "GigabitEthernet0/0",
        "session_status": "UP-ACTIVE",
        "uptime": "00:00:32",
        "peer": "203.0.113.1",
        "port": "500",
        "phase1_id": "203.0.113.1",
        "local_ip": "198.51.100.1",
        "ikev1_status": "Active",
        "capabilities": "D",
        "conn_id": "1001",
        "lifetime": "23:59:27",
        "permit": "ip",
        "src_host": "10.1.0.0",
        "dst_mask": "255.255.255.0",
        "active_sa": "2",
        "origin": "crypto map",
    }
    assert {key: rows[0][key] for key in expected} == expected


def test_ntc_templates_read_a_failing_peer_too():
    pair = Pair(branch_is={"psk": b"another"}).ping(61.0).ping(65.0)
    (row,) = parse_output(
        "cisco_ios", "show crypto session detail", session_detail(pair.view("hq"))
    )
    assert (row["session_status"], row["active_sa"]) == ("DOWN-NEGOTIATING", "0")


@pytest.mark.parametrize(
    ("pair", "status"),
    [
        (Pair, "DOWN"),
        (lambda: Pair(lost=lambda o, s: True).ping(1.0), "DOWN-NEGOTIATING"),
        (lambda: Pair(branch_is={"pfs_group": 2}).ping(1.0), "UP-IDLE"),
        (lambda: Pair().ping(1.0), "UP-ACTIVE"),
        (lambda: Pair().ping(1.0).order("hq", Clear("ike")).run(2.0), "UP-NO-IKE"),
    ],
)
def test_the_status_in_one_word(pair, status):
    screen = pair().show("hq", "show crypto session")
    assert f"\nSession status: {status}     \n" in screen


def test_the_uptime_is_that_of_the_oldest_pair_or_else_of_phase_1():
    pair = Pair().ping(10.0).order("hq", Clear("ipsec")).run(20.0).ping(30.0)
    assert "\nUptime: 00:00:09\n" in pair.show("hq", "show crypto session detail")
    pair.order("hq", Clear("ipsec")).run(31.0)
    assert "\nUptime: 00:00:30\n" in pair.show("hq", "show crypto session detail")
    pair.order("hq", Clear("all")).run(32.0)
    assert "Uptime" not in pair.show("hq", "show crypto session detail")


def test_without_a_pair_the_port_is_that_of_phase_1():
    pair = Pair(branch_is={"pfs_group": 2}, public="198.51.100.9").ping(2.0)
    assert "Session status: UP-IDLE" in pair.show("branch", "show crypto session")
    assert "Peer: 198.51.100.9 port 4500 \n" in pair.show("branch", "show crypto session")


def test_a_deleted_attempt_is_a_second_inactive_sa():
    """Two such entries are normal while a peer does not answer properly."""
    pair = Pair(branch_is={"psk": b"another"}).ping(61.0).ping(65.0)
    assert pair.show("hq", "show crypto session").count("Inactive \n") == 2


def test_hosts_services_and_ports():
    pairs = [("10.1.0.10 tcp/80", "10.2.0.0/24 tcp")]
    pair = Pair({"pairs": pairs}, public="198.51.100.9")
    screen = pair.show("hq", "show crypto session")
    assert "IPSEC FLOW: permit tcp host 10.1.0.10 port 80 10.2.0.0/255.255.255.0 \n" in screen
    assert "Peer: 198.51.100.9 port 4500 \n" in (
        Pair(public="198.51.100.9").ping(2.0).show("branch", "show crypto session")
    )


def test_without_a_crypto_map_there_is_no_session():
    view = Pair().view("hq")
    assert sessions(replace(view, snapshot=replace(view.snapshot, tunnels=()))) == []


def test_peers_behind_one_nat_have_a_session_each():
    view = Pair().ping(1.0).view("hq")
    snapshot = view.snapshot
    [sa], [tunnel], [pair] = snapshot.ike.sas, snapshot.tunnels, snapshot.ipsec
    other = replace(sa, connection="other", peer_port=31756, number=9)
    strange = replace(other, connection="", state="MAIN_WAIT_3", established=None, number=10)
    both = replace(
        view,
        snapshot=replace(
            snapshot,
            ike=replace(snapshot.ike, sas=(sa, other, strange)),
            tunnels=(tunnel, replace(tunnel, connection="other", up=False)),
        ),
    )
    found = sessions(both)
    assert [(s.peer, s.port, s.status) for s in found] == [
        (BRANCH, strange.peer_port, "UP-ACTIVE"),
        (BRANCH, 31756, "UP-IDLE"),
    ]
    assert [len(s.flows) for s in found] == [1, 1]
    assert [s.sas for s in found] == [(sa, strange), (other,)]
    assert found[0].flows[0].pairs == (pair,)
