"""Changes to a scenario concern the end they are meant for and no other."""

from gwsim.lab.faults.deltas import (
    alter_behaviour,
    alter_end,
    alter_gateway,
    alter_link,
    alter_sides,
    gateway_of,
    other_end,
    peers_of,
)
from gwsim.lab.faults.fault import At, AtTunnel
from gwsim.lab.load import load_text
from gwsim.lab.resolve import side
from tests.lab.scenarios_for_tests import varied

SCENARIO = load_text(
    varied(
        (
            "\ntunnels:\n",
            "\n  far: {vendor: asa, outside: 192.0.2.9, inside: 10.3.0.0/24}\ntunnels:\n",
        ),
        ("timeline:", "  - {between: [hq, far], psk: x}\ntimeline:"),
    )
).scenario


def test_a_fault_is_at_the_second_gateway_unless_it_says_so() -> None:
    assert gateway_of(SCENARIO, At()) == "branch"
    assert gateway_of(SCENARIO, At(at="hq")) == "hq"
    assert peers_of(SCENARIO, AtTunnel(at="hq")) == ("branch", "far")
    assert peers_of(SCENARIO, AtTunnel(at="hq", peer="far")) == ("far",)


def test_options_are_set_at_one_end_of_the_tunnels_meant() -> None:
    altered = alter_sides(SCENARIO, "hq", ["far"], lambda end: {"psk": f"for {end.peer}"})
    assert altered.tunnels[0] == SCENARIO.tunnels[0]
    assert altered.tunnels[1].sides["hq"].psk == "for far"
    assert side(altered, altered.tunnels[1], "far").options.psk == "x"
    assert SCENARIO.tunnels[1].sides == {}, "the scenario itself stays as it was"


def test_what_the_end_had_said_before_stays() -> None:
    once = alter_end(SCENARIO, AtTunnel(at="branch"), lambda end: {"psk": "y"})
    twice = alter_end(once, AtTunnel(at="branch"), lambda end: {"esn": True})
    own = twice.tunnels[0].sides["branch"]
    assert (own.psk, own.esn) == ("y", True)


def test_gateways_behaviour_and_lines_are_altered_one_by_one() -> None:
    altered = alter_gateway(SCENARIO, "hq", isakmp=False)
    altered = alter_behaviour(altered, "hq", keepalive=3.0)
    altered = alter_behaviour(altered, "hq", send_delete=False)
    altered = alter_link(altered, "hq", loss=0.5)
    altered = alter_link(altered, "hq", mtu=1400)
    hq = altered.gateways["hq"]
    assert not hq.isakmp
    assert hq.behaviour is not None
    assert (hq.behaviour.keepalive, hq.behaviour.send_delete) == (3, False)
    assert (altered.internet.links["hq"].loss, altered.internet.links["hq"].mtu) == (0.5, 1400)
    assert altered.gateways["branch"] == SCENARIO.gateways["branch"]
    assert list(altered.gateways) == list(SCENARIO.gateways)


def test_the_other_end_of_a_tunnel_is_the_peers() -> None:
    assert other_end(SCENARIO, side(SCENARIO, SCENARIO.tunnels[1], "far")).gateway == "hq"
