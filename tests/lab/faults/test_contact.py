"""Faults of contact: what they configure, filter and do."""

from gwsim.gateway.commands import Reboot, SetLink
from gwsim.lab.plan import Tell
from tests.lab.faults.configured import connections, gateways, plan


def test_a_gateway_without_power_comes_back_when_the_fault_ends() -> None:
    made = plan("peer-down: {start: 2s, end: 9s}")
    assert made.acts[1].act == Tell("branch", Reboot(7))
    assert made.acts[1].text == "branch loses power"


def test_a_dead_line_comes_back_when_the_fault_ends() -> None:
    acts = plan("link-down: {at: hq, end: 9s}").acts
    told = [(act.at, act.act) for act in acts if isinstance(act.act, Tell)]
    assert told == [(0, Tell("hq", SetLink(False))), (9, Tell("hq", SetLink(True)))]
    assert len(plan("link-down").acts) == 2


def test_a_lost_route_drops_what_goes_to_the_gateway() -> None:
    [rule] = plan("no-route: hq").path.rules
    assert (rule.action, rule.match.to_side, rule.match.from_side) == ("drop", "hq", "")


def test_a_wrong_peer_is_sought_at_another_address() -> None:
    hq, branch = connections("wrong-peer-address: {address: 192.0.2.99}")
    assert (hq.remote, branch.remote) == ("203.0.113.1", "192.0.2.99")


def test_ike_is_disabled_at_one_gateway() -> None:
    hq, branch = gateways("isakmp-disabled")
    assert (hq.endpoint.enabled, branch.endpoint.enabled) == (True, False)


def test_a_blocked_port_can_be_one_way() -> None:
    [rule] = plan("udp-500-blocked: branch").path.rules
    assert (rule.match.protocol, rule.match.port, rule.match.from_side) == (17, 500, "branch")
    [both] = plan("udp-500-blocked").path.rules
    assert both.match.from_side == ""


def test_both_ends_may_only_answer() -> None:
    hq, branch = connections("answer-only-both")
    assert not hq.may_initiate
    assert not branch.may_initiate
