"""`get ike cookies`: what is agreed, what is only offered, what is behind a NAT."""

from dataclasses import replace

from gwsim.gateway.commands import Rekey
from gwsim.ike.config import Dpd, Phase1Transform
from gwsim.vendors.screenos import VENDOR
from tests.vendors.screenos.pair import Pair

AES = (Phase1Transform(7, 1, 5, 256, lifetime_seconds=3600),)


def cookies(pair: Pair, name: str = "hq") -> list[str]:
    return pair.show(name, "get ike cookies").splitlines()


def test_a_half_open_entry_shows_what_is_offered_and_how_often():
    lines = cookies(Pair({"phase1": AES}, lost=lambda o, s: s == "branch").ping(9.5))
    assert lines[2] == (
        "0003/0001, 1.1.1.1:500->2.2.2.2:500, PRESHR/grp5/AES256/MD5, xchg(2) (branch/grp-1/usr-1)"
    )
    assert lines[3] == "resent-tmr 2 lifetime 3600 lt-recv 0 nxt_rekey 0 cert-expire 0"
    assert lines[4] == "initiator, err cnt 2, send dir 0, cond 0x0"


def test_a_responder_knows_what_the_peer_wanted():
    longer = (replace(VENDOR.defaults.phase1[0], lifetime_seconds=86400),)
    lines = cookies(Pair({"phase1": longer}).ping(5), "branch")
    assert lines[3].startswith("resent-tmr 16777218 lifetime 28800 lt-recv 86400 nxt_rekey 287")
    assert lines[4] == "responder, err cnt 0, send dir 1, cond 0x0"


def test_an_entry_behind_a_nat_shows_its_own_address():
    own = {"nat_traversal": True}
    acts = replace(VENDOR.behaviour, check_peer_id=False)
    pair = Pair(own, own, public="5.5.5.5", acts=acts).ping(5)
    assert "local pri ip 192.168.7.2 local pri port 4500" in cookies(pair)[5]
    assert "local pri ip 0.0.0.0 local pri port 0" in cookies(pair, "branch")[5]
    assert "192.168.7.2:4500->2.2.2.2:4500" in cookies(pair)[2]


def test_a_renewed_entry_is_dead():
    lines = cookies(Pair().ping(5).order("hq", Rekey("branch", 1)).run(6))
    assert lines[0] == "Active: 1, Dead: 1, Total 2"


def test_dpd_shows_its_sequence_numbers():
    dpd = Dpd(idle=5.0, retry=5.0, count=3)
    pair = Pair({"dpd": dpd}, {"dpd": None}).ping(20)
    sa = pair.view("hq").snapshot.ike.sas[0]
    assert cookies(pair)[10] == f"DPD seq local {sa.dpd_sent}, peer 0"
    assert cookies(pair, "branch")[10].endswith(f"peer {sa.dpd_sent}")


def test_without_an_offer_in_the_log_nothing_is_made_up():
    view = Pair(lost=lambda o, s: s == "branch").ping(1).view("hq")
    text = VENDOR.commands["get ike cookies"](replace(view, events=()))
    assert "0/grp0/0/0" in text
    assert "lifetime 0 " in text
