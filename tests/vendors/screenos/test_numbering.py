"""Indices and policy ids follow the order in which VPNs are configured."""

from gwsim.gateway.commands import Rekey
from gwsim.vendors.screenos import numbering
from tests.vendors.screenos.pair import Pair

TWO = [("10.1.0.0/24", "10.2.0.0/24"), ("10.8.0.0/24", "10.2.0.0/24")]


def test_each_vpn_has_an_index_and_a_pair_of_policies():
    snapshot = Pair({"pairs": TWO}).view("hq").snapshot
    first, second = snapshot.tunnels
    assert [numbering.sa_index(t) for t in (first, second)] == [1, 2]
    ids = [(numbering.outgoing_policy(t), numbering.incoming_policy(t)) for t in (first, second)]
    assert ids == [(1, 2), (3, 4)]


def test_a_vpn_is_found_by_name():
    snapshot = Pair({"pairs": TWO}).view("hq").snapshot
    assert numbering.index_of(snapshot, "branch", "branch-2") == 2
    assert numbering.index_of(snapshot, "branch") == 1
    assert numbering.index_of(snapshot, "nobody") == 0


def test_gateways_are_numbered_as_they_appear():
    snapshot = Pair({"pairs": TWO}).view("hq").snapshot
    assert numbering.peer_entry(snapshot, "branch") == 1
    assert numbering.peer_entry(snapshot, "nobody") == 0


def test_the_pair_in_use_is_the_newest_that_is_not_retired():
    pair = Pair().ping(5).order("hq", Rekey("branch")).run(6)
    snapshot = pair.view("hq").snapshot
    retired = [p for p in snapshot.ipsec if p.negotiated.retired]
    current = numbering.pair_of(snapshot, snapshot.tunnels[0])
    assert len(snapshot.ipsec) == 2
    assert current is not None and current not in retired
