"""What answers are worth."""

import pytest

from gwsim.lab.exam.mark import Progress, mark
from gwsim.lab.exam.paper import Answer

KEY = Answer("psk-mismatch", "")
NO_KEY = Answer("missing-psk", "branch")


@pytest.mark.parametrize(
    ("said", "repaired", "points"),
    [
        ([], [], 0),
        ([Answer("missing-psk", "branch")], ["missing-psk"], 100),
        ([Answer("missing-psk", "branch")], [], 60),
        ([Answer("missing-psk", "hq")], [], 40),
        ([Answer("missing-psk", "hq"), Answer("missing-psk", "branch")], [], 60),
        ([Answer("psk-mismatch", "branch")], [], 10),
        ([Answer("esp-blocked", "")], [], 0),
    ],
)
def test_a_fault_has_points_for_its_name_its_end_and_its_repair(said, repaired, points):
    progress = Progress(diagnoses=said, repaired=repaired, works=True)
    assert mark([NO_KEY], progress).points == points


def test_where_there_is_no_guilty_end_none_is_asked_for():
    assert mark([KEY], Progress(diagnoses=[Answer("psk-mismatch", "hq")])).points == 60
    assert mark([KEY], Progress(diagnoses=[KEY])).points == 60


def test_several_faults_share_the_points():
    progress = Progress(diagnoses=[KEY], repaired=["psk-mismatch"])
    assert mark([KEY, NO_KEY], progress).points == 50


@pytest.mark.parametrize(
    ("given", "points"),
    [
        ({"wrong": 2}, 80),
        ({"hints": 1}, 85),
        ({"seconds": 20 * 60.0}, 100),
        ({"seconds": 25 * 60.0}, 95),
        ({"seconds": 9000 * 60.0}, 80),
        ({"wrong": 30}, 0),
    ],
)
def test_guesses_hints_and_time_cost_points(given, points):
    progress = Progress(diagnoses=[KEY], repaired=["psk-mismatch"], works=True, **given)
    assert mark([KEY], progress).points == points


def test_who_leaves_a_tunnel_that_does_not_work_has_not_passed():
    done = {"diagnoses": [KEY], "repaired": ["psk-mismatch"]}
    assert mark([KEY], Progress(**done, works=True)).passed
    assert not mark([KEY], Progress(**done, works=False)).passed
    assert not mark([KEY], Progress(works=True)).passed
