"""Faults in the life of a tunnel: what they configure, filter and do."""

from gwsim.gateway.commands import Reboot
from gwsim.lab.plan import Tell
from tests.lab.faults.configured import connections, gateways, plan


def test_a_reboot_takes_its_time() -> None:
    act = plan("reboot: {at: hq, start: 5s, down: 3s}").acts[1]
    assert (act.at, act.act) == (5, Tell("hq", Reboot(3)))


def test_dpd_is_off_everywhere_or_at_one_end() -> None:
    assert [connection.dpd for connection in connections("dpd-off")] == [None, None]
    hq, branch = connections("dpd-off: hq")
    assert hq.dpd is None
    assert branch.dpd is not None


def test_words_that_are_not_said() -> None:
    assert gateways("initial-contact-off: hq")[0].endpoint.behaviour.initial_contact == ()
    assert not gateways("delete-off: hq")[0].endpoint.behaviour.send_delete


def test_words_that_are_not_heard() -> None:
    [rule] = plan("delete-lost").path.rules
    assert (rule.action, rule.match.label) == ("drop", "info-delete")
