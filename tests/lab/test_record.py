"""A record answers questions about a run without knowing what they are for."""

from dataclasses import replace

import pytest

from gwsim.ike.states import State
from gwsim.lab.plan import PlannedAct, Reconfigure
from gwsim.lab.record import Departure
from tests.gateway.boxes import hq_config

from .expect.made import clear_packet, gateway, message, passed, record, snapshot, state


def test_a_snapshot_is_the_last_one_up_to_a_moment():
    own = gateway(snapshots=(snapshot(1.0, 1), snapshot(5.0, 2)))
    assert own.snapshot(1.0).tunnels[0].encapsulated == 1
    assert own.snapshot(4.9).tunnels[0].encapsulated == 1
    assert own.snapshot(99.0).tunnels[0].encapsulated == 2
    with pytest.raises(LookupError, match=r"no snapshot of hq was taken up to 0\.5 s"):
        own.snapshot(0.5)


def test_events_up_to_a_moment_include_that_moment():
    own = gateway(state(1.0, State.MAIN_WAIT_2), state(2.0, State.MAIN_WAIT_4))
    assert len(own.until(0.9)) == 0
    assert len(own.until(2.0)) == 2


def test_a_gateway_owns_the_addresses_of_its_networks():
    assert gateway().owns("10.1.0.77")
    assert not gateway().owns("10.2.0.77")


def test_a_gateway_that_is_not_in_the_run_is_a_key_error():
    with pytest.raises(KeyError):
        record().gateway("nobody")


def test_protected_packets_are_those_that_came_out_of_a_tunnel_between_the_two():
    hq = gateway(
        passed(1.0, "10.2.0.5", "10.1.0.5"),
        passed(2.0, "10.2.0.5", "10.1.0.5"),
        passed(3.0, "10.2.0.5", "10.1.0.5", protected=False),
        passed(4.0, "10.9.0.5", "10.1.0.5"),
    )
    run = record(hq, gateway(name="branch"))
    assert run.protected("branch", "hq") == 2
    assert run.protected("branch", "hq", since=1.5) == 1
    assert run.protected("branch", "hq", since=2.0, until=2.0) == 1
    assert run.protected("branch", "hq", until=0.5) == 0
    assert run.protected("hq", "branch") == 0


def test_packets_that_were_told_together_count_one_by_one():
    many = replace(passed(1.0, "10.2.0.5", "10.1.0.5"), packets=7)
    assert record(gateway(many), gateway(name="branch")).protected("branch", "hq") == 7


def test_clear_text_goes_from_network_to_network():
    leak = clear_packet(1.0, "10.1.0.5", "10.2.0.5")
    rest = (
        message(1.0, "hq", "main-1"),
        clear_packet(1.0, "10.1.0.5", "10.1.0.6"),
        clear_packet(1.0, "192.0.2.5", "10.2.0.5"),
        Departure(1.0, "hq", "", b"no packet"),
    )
    assert record(departures=(leak, *rest)).clear_text() == (leak,)


def test_hosts_behind_their_gateways_address_are_clear_text_from_the_change_on():
    plain = hq_config()
    hidden = replace(plain, translates=True)
    early, late = (clear_packet(at, "198.51.100.1", "10.2.0.5") for at in (4.9, 5.0))
    acts = (
        PlannedAct(5.0, Reconfigure("hq", hidden), "hq is reconfigured", ()),
        PlannedAct(6.0, Reconfigure("branch", plain), "branch is reconfigured", ()),
        PlannedAct(9.0, Reconfigure("hq", plain), "hq is reconfigured", ()),
    )
    stranger = clear_packet(7.0, "192.0.2.5", "10.2.0.5")
    own = replace(gateway(), config=plain)
    run = record(own, gateway(name="branch"), acts=acts, departures=(early, late, stranger))
    assert run.clear_text() == (late,)
    assert [run.config("hq", at) for at in (4.9, 5.0, 8.9, 9.0)] == [plain, hidden, hidden, plain]


def test_a_negotiation_between_hosts_that_are_gateways_is_no_clear_text():
    """With transport mode the ends of the tunnel are the hosts: IKE bears their addresses."""
    negotiation = replace(clear_packet(1.0, "10.1.0.5", "10.2.0.5"), label="main-1")
    assert record(departures=(negotiation,)).clear_text() == ()
