"""However many processes compute it, the matrix is the same and in the same order."""

from dataclasses import replace

import pytest

from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix import compute as module
from gwsim.lab.matrix.cell import Cell
from gwsim.lab.matrix.compute import BROKE_OFF, cell, compute, shortened
from gwsim.lab.matrix.coordinates import Coordinates, every
from gwsim.lab.matrix.ground import USUAL


def test_two_processes_give_what_one_gives():
    cells = list(every(["psk-mismatch", "udp-4500-blocked"], ["asa"]))
    assert len(cells) > 8
    alone = list(compute(cells, brief=True))
    assert [one.at for one in alone] == cells
    assert list(compute(cells, 2, brief=True)) == alone


def test_a_brief_cell_has_the_log_proper_only():
    at = Coordinates("psk-mismatch", "", Where.RESPONDER, "main", "asa", "screenos")
    brief, whole = cell(at, brief=True), cell(at)
    assert brief == shortened(whole)
    assert not brief.initiator.screens
    assert 0 < len(brief.responder.messages) < len(whole.responder.messages)
    assert not any(message.debug for message in brief.responder.messages)


def test_what_cannot_be_staged_did_not_bite():
    at = Coordinates("sha256-96-bit", "", Where.RESPONDER, "main", "asa", "asa")
    broken = cell(at, replace(USUAL, phase2={"encryption": "no such cipher"}))
    assert not broken.bit
    assert "cannot be staged" in broken.why


def test_a_run_that_breaks_off_does_not_take_the_others_along(monkeypatch: pytest.MonkeyPatch):
    def breaks(*_: object) -> Cell:
        raise RuntimeError("time stands still")

    monkeypatch.setattr(module, "compute_cell", breaks)
    cells = list(every(["no-route"], ["asa"], ["main"]))
    broken = list(compute(cells))
    assert len(broken) == len(cells)
    assert all(one.why.startswith(BROKE_OFF) and "time stands still" in one.why for one in broken)
    assert not any(one.bit for one in broken)
