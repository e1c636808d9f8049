"""Traffic counts when it came out of a tunnel; what travelled in the clear is found."""

import pytest

from gwsim.lab.expect.probe import decide
from gwsim.lab.expect.traffic import clear_text_probe, traffic_probes
from gwsim.lab.expectations import Expectation, TimeKind

from .made import clear_packet, gateway, message, passed, record

BETWEEN = (("hq", "branch"),)
ONE_WAY = record(
    gateway(passed(3.0, "10.2.0.5", "10.1.0.5"), passed(4.0, "10.2.0.5", "10.1.0.5", False)),
    gateway(name="branch"),
)


def judge(traffic, run, until=50.0, since=0.0, kind=TimeKind.AT):
    wanted = Expectation(traffic=traffic).traffic
    assert wanted is not None
    probes = traffic_probes(("expect", 0, "traffic"), wanted, run, BETWEEN)
    return [decide(probe, kind, since, until).seen for probe in probes]


@pytest.mark.parametrize(
    ("traffic", "ok"),
    [
        ("both", [False, True]),
        ("none", [True, False]),
        ({"branch->hq": True, "hq->branch": False}, [True, True]),
        ({"branch -> hq": 1}, [True]),
        ({"branch->hq": ">= 2"}, [False]),
    ],
)
def test_each_direction_is_judged_by_itself(traffic, ok):
    assert [seen.ok for seen in judge(traffic, ONE_WAY)] == ok


def test_a_packet_counts_from_its_arrival():
    assert not judge({"branch->hq": True}, ONE_WAY, until=2.0)[0].ok
    assert judge({"branch->hq": True}, ONE_WAY, until=20.0, kind=TimeKind.BY)[0].ok
    assert judge({"branch->hq": False}, ONE_WAY, 9.0, 5.0, TimeKind.THROUGHOUT)[0].ok


def clear(*departures, until=50.0):
    probe = clear_text_probe((), record(departures=departures))
    return decide(probe, TimeKind.END, 0.0, until).seen


def test_clear_text_between_the_networks_is_found_and_told():
    seen = clear(
        clear_packet(7.0, "10.1.0.5", "10.2.0.5"), clear_packet(8.0, "10.1.0.5", "10.2.0.9")
    )
    assert not seen.ok
    assert seen.text == "hq sent 10.1.0.5 > 10.2.0.5 unprotected at 7.000 s (2 packets in all)"


def test_ike_and_traffic_to_strangers_are_no_clear_text():
    assert clear(
        message(1.0, "hq", "main-1"),
        clear_packet(2.0, "10.1.0.5", "192.0.2.77"),
        clear_packet(3.0, "192.0.2.77", "10.2.0.5"),
    ).ok
