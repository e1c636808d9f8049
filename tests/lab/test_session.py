"""A scenario step by step: time passes, things break and are repaired, consoles show it."""

import pytest

from gwsim.lab.library import find_scenario
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.lab.session import Session
from gwsim.lab.source import ScenarioError


@pytest.fixture
def healthy():
    with Session(find_scenario("asa-screenos"), play=False) as session:
        yield session


def answered(echoes):
    return [echo.answered is not None for echo in echoes]


def test_steps_come_to_the_same_as_a_run_at_one_go():
    loaded = find_scenario("psk-mismatch")
    with Session(loaded) as session:
        for _ in range(91):
            session.advance(1)
        stepped = session.record()
    whole = run(loaded).record
    assert stepped.departures == whole.departures
    assert [gateway.events for gateway in stepped.gateways] == [
        gateway.events for gateway in whole.gateways
    ]


def test_consoles_show_where_a_fault_leaves_them():
    with Session(find_scenario("psk-mismatch")) as session:
        session.advance(15)
        hq, branch = session.console("hq"), session.console("branch")
        assert (hq.state, hq.passed) == (
            "MM_WAIT_MSG6",
            ("MM_WAIT_MSG2", "MM_WAIT_MSG4", "MM_WAIT_MSG6"),
        )
        assert "MM_WAIT_MSG6" in hq.show("sh cry isa sa")
        assert hq.holds("down")
        assert not hq.holds("up")
        assert any("preshared keys might not match" in line for line in branch.log)
        assert set(branch.log) < set(branch.debug)
        assert session.wire == ("main-1", "main-2", "main-3", "main-4", "main-5", "main-5")
        assert "main-5" in session.ladder()


def test_nothing_happens_that_nobody_asked_for(healthy):
    healthy.advance(30)
    assert healthy.wire == ()
    assert healthy.console("hq").state == "none"


def test_a_ping_brings_the_tunnel_up(healthy):
    assert answered(healthy.ping("hq.server", "branch.pc")) == [False, True, True, True]
    assert answered(healthy.ping("branch", "hq.server", count=2)) == [True, True]
    assert healthy.console("hq").holds("up")


def test_a_path_that_breaks_is_felt_and_its_repair_too(healthy):
    healthy.ping("hq.server", "branch.pc")
    healthy.add_fault("esp-blocked")
    assert answered(healthy.ping("hq.server", "branch.pc", count=2)) == [False, False]
    assert healthy.console("hq").holds("up")
    healthy.repair("esp-blocked")
    assert answered(healthy.ping("hq.server", "branch.pc", count=2)) == [True, True]


def test_a_configuration_that_breaks_is_felt_and_its_repair_too(healthy):
    healthy.ping("hq.server", "branch.pc")
    healthy.add_fault("psk-mismatch", at="branch")
    assert answered(healthy.ping("hq.server", "branch.pc", count=2)) == [False, False]
    assert healthy.console("hq").state == "MM_WAIT_MSG6"
    healthy.repair()
    healthy.do(clear="hq")
    assert answered(healthy.ping("hq.server", "branch.pc", count=2)) == [False, True]


def test_an_operator_reboots_and_reconfigures(healthy):
    healthy.ping("hq.server", "branch.pc")
    healthy.do(reboot={"at": "branch", "down": 5})
    assert healthy.console("branch").state == "none"
    healthy.advance(6)
    healthy.do(change={"at": "branch", "psk": "another"})
    assert not any(answered(healthy.ping("branch.pc", "hq.server", count=3)))


def test_what_is_asked_for_must_exist(healthy):
    with pytest.raises(ScenarioError, match="esp-block: there is no fault 'esp-block'; did you"):
        healthy.add_fault("esp-block")
    with pytest.raises(ScenarioError, match=r"^clear: there is no gateway 'hqq'"):
        healthy.do(clear="hqq")
    with pytest.raises(ScenarioError, match="no fault 'psk-mismatch'"):
        healthy.repair("psk-mismatch")
    with pytest.raises(KeyError, match="only hq, branch"):
        healthy.console("head")
    with pytest.raises(ValueError, match="not pass backwards"):
        healthy.advance(-1)


@pytest.mark.needs("ip")
def test_a_session_on_a_real_network_shows_the_same():
    with Session(find_scenario("psk-mismatch"), make_runtime("netns", 4.0)) as session:
        session.advance(6)
        assert session.console("hq").state == "MM_WAIT_MSG6"
        assert "MM_WAIT_MSG6" in session.console("hq").show("show crypto isakmp sa")
        session.repair()
        session.do(clear="hq")
        assert any(answered(session.ping("hq.server", "branch.pc")))
