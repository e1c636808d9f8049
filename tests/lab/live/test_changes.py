"""Faults that come and go while a lab runs: what its nodes are told, and what is known of it."""

import json
from contextlib import contextmanager
from datetime import datetime

import pytest

from gwsim.lab.live.changes import ChangeError, add_fault, plan_for_people, repair_fault
from gwsim.lab.live.places import Place
from gwsim.lab.live.player import acts_of
from gwsim.lab.live.state import state_of
from gwsim.lab.load import load_scenario, load_text
from gwsim.lab.plan import ChangePath, Reconfigure

NOW = datetime(2026, 3, 1, 9, 0, 0, 5)
HEALTHY = load_scenario("scenarios/healthy/asa-screenos.yaml")


class Lab:
    """A lab whose nodes are lists of what they were told (as `gwsim.lab.live.client.Lab`)."""

    def __init__(self, folder, now=10.0, played=False, **more):
        data = {**HEALTHY.source.data, **more}
        loaded = load_text(json.dumps(data, default=str))
        plan = plan_for_people(loaded.scenario, NOW, played)
        self.place = Place(folder)
        self.place.write_state(state_of(plan, "lab", 1.0, "file.yaml", loaded.source.text))
        self.told = {config.name: config for config in plan.gateways} | {"internet": plan.path}
        self.commands = []
        self.followed = ""
        self._status = {"now": now, "played": played}

    @property
    def state(self):
        return self.place.state()

    @contextmanager
    def keeper(self):
        yield self

    def status(self):
        return self._status

    def follow(self, text):
        self.followed = text

    def configure(self, node, config):
        self.told[node] = config

    @contextmanager
    def asked_gateway(self, name):
        yield self

    def command(self, command):
        self.commands.append(command)

    def tell_hosts(self, name, fields):
        raise AssertionError("no fault lets a host send")

    asked = asked_internet = keeper

    def coming(self):
        """What the lab does of itself from now on."""
        acts = acts_of(self.followed, NOW, self._status["played"])
        return {act.at: act.act for act in acts if act.at > self._status["now"]}


def rules(path):
    return [rule.name for rule in path.rules]


def psk_of(config):
    return config.endpoint.connections[0].psk


def test_a_fault_is_told_to_those_it_concerns_and_repaired_there(tmp_path):
    lab = Lab(tmp_path)
    before = dict(lab.told)
    change = add_fault(lab, "psk-mismatch", {"at": "branch"})
    assert change.nodes == ("branch",)
    assert psk_of(lab.told["branch"]) != psk_of(before["branch"])
    assert lab.state.faults == (("psk-mismatch", ""),)
    assert repair_fault(lab, "psk-mismatch").nodes == ("branch",)
    assert lab.told == before
    assert lab.state.faults == ()


def test_faults_add_up(tmp_path):
    lab = Lab(tmp_path, faults=["esp-blocked"])
    assert add_fault(lab, "drop", {"what": "main-4"}).nodes == ("internet",)
    assert rules(lab.told["internet"]) == ["esp-blocked", "drop"]
    repair_fault(lab, "esp-blocked")
    assert rules(lab.told["internet"]) == ["drop"]
    assert lab.state.faults == (("drop", ""),)


def test_what_happens_at_once_is_over_and_leaves_nothing_to_repair(tmp_path):
    lab = Lab(tmp_path)
    change = add_fault(lab, "reboot", {"at": "hq"})
    assert change.acts == ("hq loses power for 5 s",)
    assert len(lab.commands) == 1
    assert lab.state.faults == ()
    assert lab.coming() == {}


def test_a_fault_that_was_added_outlives_one_that_the_file_ends_later(tmp_path):
    lab = Lab(tmp_path, faults=[{"mtu": {"end": "60s"}}])
    add_fault(lab, "drop", {"what": "main-4"})
    later = lab.coming()[60.0]
    assert isinstance(later, ChangePath)
    assert rules(later.config) == ["drop"]


def test_a_fault_that_was_repaired_before_it_began_does_not_begin(tmp_path):
    lab = Lab(tmp_path, faults=[{"psk-mismatch": {"at": "branch", "start": "60s"}}])
    assert repair_fault(lab, "psk-mismatch").nodes == ()
    assert lab.coming() == {}


def test_what_an_operator_of_the_timeline_has_changed_stays_when_a_fault_comes(tmp_path):
    timeline = [{"at": "5s", "change": {"at": "hq", "phase2": {"pfs": "group5"}}}]
    lab = Lab(tmp_path, played=True, timeline=timeline)
    [act] = (act.act for act in acts_of(lab.state.text, NOW, True))
    assert isinstance(act, Reconfigure)
    add_fault(lab, "psk-mismatch", {"at": "hq"})
    changed, child = act.config, lab.told["hq"].endpoint.connections[0].children[0]
    assert child == changed.endpoint.connections[0].children[0]
    assert psk_of(lab.told["hq"]) != psk_of(changed)


def test_of_a_fault_that_comes_and_goes_it_is_known_when(tmp_path):
    times = {"start": "60s", "end": "2m"}
    faults = ["esp-blocked", {"psk-mismatch": {"at": "hq", **times}}, {"mtu": {"end": 4}}]
    lab = Lab(tmp_path, faults=faults)
    assert lab.state.faults == (
        ("esp-blocked", ""),
        ("psk-mismatch", "begins at 1m, ends at 2m"),
        ("mtu", "ends at 4s"),
    )


def test_what_cannot_be_is_said(tmp_path):
    lab = Lab(tmp_path, faults=["esp-blocked"])
    with pytest.raises(ChangeError, match="start is for scenario files; here a fault begins now"):
        add_fault(lab, "drop", {"what": "main-4", "start": "5s"})
    with pytest.raises(ChangeError, match="this lab has no fault drop; it has esp-blocked"):
        repair_fault(lab, "drop")


def test_of_a_lab_without_a_scenario_nothing_can_be_changed(tmp_path):
    lab = Lab(tmp_path)
    plan = plan_for_people(HEALTHY.scenario, NOW, False)
    lab.place.write_state(state_of(plan, "lab", 1.0, "", ""))
    assert lab.state.faults == ()
    with pytest.raises(ChangeError, match="no scenario of its own"):
        add_fault(lab, "drop", {"what": "main-4"})


def test_people_have_their_own_calendar_and_the_timeline_only_if_it_is_played():
    plans = {play: plan_for_people(HEALTHY.scenario, NOW, play) for play in (False, True)}
    assert plans[True].epoch == NOW.replace(microsecond=0)
    assert (plans[False].played, plans[True].played) == (False, True)
