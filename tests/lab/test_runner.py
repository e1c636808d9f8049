"""A scenario file becomes a verdict: acts, expectations, witnesses, twins, many at once."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gwsim.lab import load, runner
from gwsim.lab.expect.evidence import Evidence
from gwsim.lab.load import load_text, prepare
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import play, run, run_file, run_many, run_twin
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.source import ScenarioError
from gwsim.vendors.registry import VENDORS

GOOD = """\
name: toy
title: A tunnel
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - between: [hq, branch]
    psk: secret
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc, count: 5}}
"""
WRONG_KEY = "faults: [{psk-mismatch: {at: branch}}]\n"
STUCK = """\
expect:
  - at: 15s
    hq: {state: MM_WAIT_MSG6}
    branch: {state: MM_WAIT_MSG5}
    wire: {main-6: none}
    traffic: none
"""
UP = """\
expect:
  - by: 3s
    hq: {state: MM_ACTIVE, role: initiator}
  - at: 12s
    hq: {show crypto ipsec sa: {encaps: 4, decaps: 4}}
    traffic: both
"""


def verdict(text, seed=None):
    return run(load_text(text, "toy.yaml"), seed).verdict


def test_a_healthy_tunnel_passes():
    found = verdict(GOOD + UP)
    assert found.passed, verdict_text(found)
    assert (found.file, found.name, found.title) == ("toy.yaml", "toy", "A tunnel")
    assert (found.seed, found.simulated) == (1, 13.0)
    assert found.elapsed > 0


def test_a_fault_that_does_what_is_expected_passes():
    found = verdict(GOOD + WRONG_KEY + STUCK)
    assert found.passed, verdict_text(found)
    [bite] = found.bites
    assert (bite.fault, bite.place, bite.bit, bite.ok) == (
        "psk-mismatch",
        "toy.yaml:11",
        True,
        True,
    )


def test_an_expectation_that_is_not_met_is_told_with_line_and_messages():
    found = verdict(GOOD + WRONG_KEY + UP)
    assert not found.passed
    assert found.word == "failed"
    first = found.findings[0]
    assert first.place == "toy.yaml:14"
    assert first.line == "hq: {state: MM_ACTIVE, role: initiator}"
    assert first.expected == "state MM_ACTIVE as initiator"
    assert first.seen == "MM_WAIT_MSG6 (initiator)"
    assert first.at == 3.0
    assert "main-5" in first.before[-2]


def test_a_fault_that_does_not_bite_fails_the_scenario():
    found = verdict(GOOD + "faults: [udp-4500-blocked]\n" + UP)
    [bite] = found.bites
    assert not bite.ok
    assert found.findings == ()
    assert found.word == "failed"


def test_a_control_experiment_wants_that_its_fault_does_not_bite():
    assert verdict(GOOD + "faults: [{udp-4500-blocked: {bites: no}}]\n" + UP).passed
    assert not verdict(GOOD + "faults: [{psk-mismatch: {bites: no}}]\n" + STUCK).passed


def test_clear_text_outside_fails_a_scenario_that_does_not_allow_it():
    unprotected = GOOD + "faults: [{acl-missing: {at: hq}}]\n"
    leaked = [f.expected for f in verdict(unprotected).findings]
    assert leaked == ["no clear text between the protected networks on the internet"]
    assert verdict(unprotected + "expect: [{clear_text: allowed}]\n").findings == ()


def test_another_seed_is_used_and_told():
    assert verdict(GOOD + UP, seed=77).seed == 77


def test_the_twin_of_a_faulty_scenario_comes_up():
    twin = run_twin(load_text(GOOD + WRONG_KEY + STUCK))
    assert twin.verdict.passed, verdict_text(twin.verdict)
    assert twin.verdict.bites == ()


def test_the_twin_of_a_scenario_that_never_works_fails():
    hopeless = GOOD.replace("psk: secret", "psk: secret\n    branch: {psk: other}")
    assert not run_twin(load_text(hopeless)).verdict.passed


def test_acts_beyond_the_end_are_left_out():
    plan = replace(prepare(load_text(GOOD))[1], duration=0.5)
    record = play(plan, SimRuntime(), looks=(0.2, 90.0))
    assert record.departures == ()
    assert [snapshot.now for snapshot in record.gateway("hq").snapshots] == [0.2, 0.5]


def test_what_compiling_refuses_is_a_complaint_about_the_file(monkeypatch):
    def refuse(_scenario):
        raise ValueError("these two contradict each other")

    monkeypatch.setattr(load, "compile_scenario", refuse)
    with pytest.raises(ScenarioError, match=r"toy\.yaml: these two contradict each other"):
        run(load_text(GOOD, "toy.yaml"))


def test_traffic_of_a_network_that_was_given_up_is_counted():
    text = GOOD.replace("count: 5}}", "count: 5}}\n  - {at: 20s, change: {at: branch, NEW}}")
    text = text.replace("NEW", "inside: 10.9.0.0/24, outside: 203.0.113.77")
    over = run(
        load_text(text + "expect: [{at: 15s, traffic: both, hq: {peer: branch, state: up}}]")
    )
    assert over.verdict.passed
    branch = over.record.gateway("branch")
    assert branch.inside == ("10.2.0.0/24", "10.9.0.0/24")
    assert {"203.0.113.1", "203.0.113.77"} <= set(branch.addresses)


def test_a_bad_file_is_an_error_and_not_an_exception(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text("gateways: 7\n", encoding="utf-8")
    found = run_file(str(file))
    assert (found.word, found.passed) == ("error", False)
    assert str(file) in found.error


def test_a_bug_of_ours_is_an_error_that_says_so(tmp_path, monkeypatch):
    def broken(*_arguments):
        raise ZeroDivisionError("oops")

    file = tmp_path / "good.yaml"
    file.write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(runner, "play", broken)
    found = run_file(str(file))
    assert "that is a bug in gwsim: ZeroDivisionError('oops') at " in found.error
    assert "test_runner.py" in found.error


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_files_give_their_verdicts_in_order(tmp_path, jobs):
    files = []
    for number, text in enumerate((GOOD + UP, GOOD + WRONG_KEY + UP, "rubbish")):
        file = tmp_path / f"{number}.yaml"
        file.write_text(text, encoding="utf-8")
        files.append(str(file))
    found = list(run_many(files, jobs=jobs))
    assert [v.word for v in found] == ["passed", "failed", "error"]
    assert [v.file for v in found] == files


def test_a_screen_of_the_configuration_is_that_of_the_moment():
    change = "  - {at: 5s, change: {at: hq, pfs: group5}}\n"
    _, plan = prepare(load_text(GOOD + change))
    record = play(plan, SimRuntime(), looks=(4.9, 5.0))
    evidence = Evidence(record, VENDORS).of("hq")
    shown = [evidence.screen("sh run crypto map", at) for at in (4.9, 5.0)]
    assert ["set pfs group5" in text for text in shown] == [False, True]
    assert all("set peer 203.0.113.1" in text for text in shown)


@dataclass(frozen=True)
class Diary:
    """Keeps the moments at which it could look at the first gateway."""

    folder: Path

    def looks(self, scenario, plan):
        return (2.5, plan.duration + 1)

    def keep(self, loaded, run):
        seen = [snapshot.now for snapshot in run.record.gateways[0].snapshots]
        met = [judged.met for judged in run.judgements]
        (self.folder / f"{run.plan.name}.txt").write_text(f"{seen} {met} {loaded.name}")


def test_a_keeper_has_its_looks_and_the_judged_run(tmp_path):
    run(load_text(GOOD + STUCK, "toy.yaml"), keepers=(Diary(tmp_path),))
    kept = (tmp_path / "toy.txt").read_text()
    assert kept == "[2.5, 16.0] [False, False, False, False, False, True] toy.yaml"


def test_keepers_go_along_to_other_processes(tmp_path):
    files = []
    for name in ("one", "two"):
        file = tmp_path / f"{name}.yaml"
        file.write_text((GOOD + UP).replace("toy", name), encoding="utf-8")
        files.append(str(file))
    list(run_many(files, jobs=2, keepers=(Diary(tmp_path),)))
    assert {file.name for file in tmp_path.glob("*.txt")} == {"one.txt", "two.txt"}


def test_what_cannot_be_kept_is_an_error_in_the_verdict(tmp_path):
    file = tmp_path / "toy.yaml"
    file.write_text(GOOD + UP, encoding="utf-8")
    found = run_file(str(file), keepers=(Diary(tmp_path / "none"),))
    assert found.word == "error"
    assert found.error.endswith("toy.txt: cannot be written: No such file or directory")
