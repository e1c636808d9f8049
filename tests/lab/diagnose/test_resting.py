"""Faults that end in a state come from cells that have been computed and kept."""

from pathlib import Path

import pytest

from gwsim.ike.states import Role, State
from gwsim.lab.diagnose import knowledge as module
from gwsim.lab.diagnose.knowledge import kept_pairs, knowledge
from gwsim.lab.diagnose.resting import faults_ending_in
from tests.lab.diagnose.known import few


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "computed", lambda pair, jobs, watch: few())
    knowledge([("asa", "screenos")], folder=tmp_path)
    return tmp_path


def test_a_state_lists_the_faults_that_rest_there(folder: Path):
    assert kept_pairs(folder) == (("asa", "screenos"),)
    lines = faults_ending_in(State.MAIN_WAIT_6, Role.INITIATOR, folder)
    assert "psk-mismatch: asa-screenos" in lines
    assert "udp-4500-blocked: asa-screenos" in lines
    assert not any(line.startswith(("healthy", "esp-blocked")) for line in lines)


def test_the_role_matters(folder: Path):
    waiting = faults_ending_in(State.MAIN_WAIT_2, Role.INITIATOR, folder)
    assert any(line.startswith("udp-500-blocked") for line in waiting)
    assert faults_ending_in(State.MAIN_WAIT_2, Role.RESPONDER, folder) == ()


def test_without_cells_there_is_nothing_to_tell(tmp_path: Path):
    assert kept_pairs(tmp_path) == ()
    assert faults_ending_in(State.MAIN_WAIT_6, Role.INITIATOR, tmp_path) == ()
