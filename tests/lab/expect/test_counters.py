"""Counters are the gateway's own, numbers of SAs those of the moment."""

from dataclasses import replace

from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.lab.expect.counters import counter_probes, sa_probes
from gwsim.lab.expect.probe import decide
from gwsim.lab.expectations import GatewayExpectation, TimeKind

from .made import BRANCH, snapshot, subject


def drop(at, cause=DropCause.REPLAYED):
    return PacketDropped(
        at=at, cause=cause, inbound=True, source=BRANCH, destination="", protocol=50
    )


def judge(counters, until, since=0.0, kind=TimeKind.AT, peers=(), events=(), snapshots=()):
    wanted = GatewayExpectation(counters=counters).counters
    assert wanted is not None
    about = subject(*events, peers=peers, snapshots=snapshots)
    return [decide(probe, kind, since, until).seen for probe in counter_probes(about, wanted)]


def test_drops_are_counted_by_cause_up_to_the_moment():
    events = (drop(1.0), drop(2.0, DropCause.BAD_ICV), drop(3.0))
    assert judge({"replayed": 1, "bad-icv": 0}, 1.5, events=events)[0].ok
    assert [s.text for s in judge({"replayed": 9, "bad-icv": 9}, 9.0, events=events)] == [
        "replayed 2",
        "bad-icv 1",
    ]


def test_drops_within_a_span():
    events = (drop(1.0), drop(5.0), drop(9.0))
    [seen] = judge({"replayed": 1}, 6.0, since=2.0, kind=TimeKind.THROUGHOUT, events=events)
    assert seen.ok


def test_tunnel_counters_come_from_the_snapshot_of_the_moment():
    snapshots = (snapshot(10.0, 3), snapshot(20.0, 8))
    assert judge({"encapsulated": 3}, 15.0, snapshots=snapshots)[0].ok
    assert judge({"encapsulated": 8, "decapsulated": 0}, 20.0, snapshots=snapshots)[0].ok


def test_within_a_span_the_growth_counts():
    snapshots = (snapshot(10.0, 3), snapshot(20.0, 8))
    [seen] = judge({"encapsulated": 5}, 20.0, 10.0, TimeKind.THROUGHOUT, snapshots=snapshots)
    assert seen.ok


def test_counters_of_one_peer_are_those_of_its_tunnels():
    assert judge({"encapsulated": 7}, 50.0, peers=(BRANCH,), snapshots=(snapshot(1.0, 7),))[0].ok
    assert judge({"encapsulated": 0}, 50.0, peers=("9.9.9.9",), snapshots=(snapshot(1.0, 7),))[0].ok


def test_further_counters_are_found_by_name_or_are_zero():
    snapshots = (snapshot(1.0),)
    assert judge({"odd": 3, "unheard-of": 0}, 5.0, snapshots=snapshots)[1].ok
    assert judge({"odd": 3}, 5.0, snapshots=snapshots)[0].ok


def test_numbers_of_sas_are_counted_on_the_snapshot():
    wanted = GatewayExpectation(sas={"ike": 0, "half_open": "none", "ipsec": 1}).sas
    assert wanted is not None
    about = subject(snapshots=(replace(snapshot(5.0)),))
    seen = [decide(probe, TimeKind.AT, 5.0, 5.0).seen for probe in sa_probes(about, wanted)]
    assert [s.ok for s in seen] == [True, True, False]
    assert seen[2].text == "0 pairs of IPsec SAs"
