"""Faults of address translation: what they configure, filter and do."""

import pytest

from gwsim.lab.load import load_text
from gwsim.lab.plan import RebindNat
from gwsim.lab.runner import run
from tests.lab.faults.configured import connections, gateways, plan

NAT = (("outside: 203.0.113.1", "outside: 192.168.1.2, behind_nat: {public: 203.0.113.1}"),)


def test_a_nat_takes_the_gateways_address() -> None:
    made = plan("nat: {private: 172.16.0.2, forward: [udp/500]}")
    assert made.gateways[1].endpoint.address == "172.16.0.2"
    nat = made.path.sides[1].nat
    assert nat is not None
    assert (nat.public, nat.forward) == ("203.0.113.1", ((17, 500),))
    assert connections("nat")[0].remote == "203.0.113.1", "the peer notices nothing"


def test_a_nat_behind_a_nat_is_the_one_that_is_there() -> None:
    assert plan("nat", *NAT).path.sides[1].addresses[0] == "192.168.1.2"


def test_udp_4500_is_blocked() -> None:
    [rule] = plan("udp-4500-blocked").path.rules
    assert (rule.match.protocol, rule.match.port) == (17, 4500)


def test_a_nat_that_forgets_is_not_kept_awake() -> None:
    made = plan("nat-timeout: {timeout: 9s}", *NAT)
    nat = made.path.sides[1].nat
    assert nat is not None
    assert nat.udp_timeout == 9
    assert made.gateways[1].endpoint.behaviour.keepalive == 0
    awake = gateways("nat-timeout: {keepalive: yes}", *NAT)[1]
    assert awake.endpoint.behaviour.keepalive > 0


def test_rebinding_needs_a_nat() -> None:
    assert [act.act for act in plan("nat-rebind: {start: 5s}", *NAT).acts][1] == RebindNat("branch")
    assert len(plan("nat-rebind: {start: 5s}").acts) == 1
    assert plan("nat-timeout").path == plan("dpd-off").path


def test_nat_traversal_is_off_at_one_end() -> None:
    hq, branch = connections("nat-traversal-off: hq")
    assert (hq.nat_traversal, branch.nat_traversal) == (False, True)


@pytest.mark.parametrize("mode", ["main", "aggressive"])
@pytest.mark.parametrize("end", ["", ", end: 60s"])
def test_nat_traversal_that_is_off_bites_in_every_mode_and_until_it_is_on_again(
    mode: str, end: str
) -> None:
    done = run(
        load_text(f"""
name: toy
title: NAT traversal is off, perhaps only for a minute
gateways:
  hq: {{vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24}}
  branch:
    vendor: asa
    outside: 192.168.1.2
    inside: 10.2.0.0/24
    behind_nat: {{public: 203.0.113.1}}
tunnels: [{{between: [hq, branch], psk: secret, mode: {mode}}}]
faults: [{{nat-traversal-off: {{at: branch{end}}}}}]
timeline:
  - {{at: 1s, ping: {{from: branch, to: hq}}}}
  - {{at: 70s, clear: branch}}
  - {{at: 80s, ping: {{from: branch, to: hq}}}}
""")
    )
    [bite] = done.verdict.bites
    assert bite.bit, bite.words
    assert (done.record.protected("branch", "hq") > 0) is bool(end)
