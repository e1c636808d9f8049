"""`gwsim exam` from the first line to the mark."""

import json

import pytest
from typer.testing import CliRunner

from gwsim.cli.main import app
from tests.lab.exam.conftest import among_usual


@pytest.fixture(autouse=True)
def usual(monkeypatch):
    """A seed draws among the vendors and faults there are; the papers here are known by theirs."""
    among_usual(monkeypatch)


def sit(*arguments, lines="done\n"):
    return CliRunner().invoke(app, ["exam", *arguments], input=lines)


def test_an_exam_is_sat_line_by_line_and_reported(tmp_path):
    answers, report = tmp_path / "answers", tmp_path / "report.json"
    answers.write_text("log leeds\ndiagnose psk-mismatch\nrepair psk-mismatch\ndone\n")
    done = sit("--seed", "6", "--answers", str(answers), "--report", str(report))
    assert done.exit_code == 0
    assert "exam> diagnose psk-mismatch\nthat is right" in done.output
    assert "100 of 100 points, and the tunnel works: passed" in done.output
    said = json.loads(report.read_text())
    assert (said["points"], said["passed"], said["seed"]) == (100, True, 6)
    assert said["answers"] == [{"fault": "psk-mismatch", "at": ""}]


def test_who_gives_up_is_told_what_it_was_and_fails():
    done = sit("--seed", "6", lines="diagnos x\n\ndone\n")
    assert done.exit_code == 1
    assert "did you mean 'diagnose'" in done.output
    assert "psk-mismatch: The pre-shared key of one end is not that of the other." in done.output
    assert "the tunnel does not work: not passed" in done.output


def test_an_end_of_the_lines_is_the_end_of_the_exam():
    assert sit("--seed", "6", lines="").exit_code == 1


@pytest.mark.parametrize("going", [KeyboardInterrupt, EOFError])
def test_who_leaves_is_told_nothing_but_how_to_come_back(monkeypatch, going):
    def typed(_answers):
        yield "diagnose ike-disabled leeds"
        raise going

    monkeypatch.setattr("gwsim.cli.exam._lines", typed)
    done = sit("--seed", "6", "--faults", "1")
    assert done.exit_code == 1
    assert "The same exam from its start: gwsim exam --level beginner --seed 6" in done.output
    assert "psk-mismatch" not in done.output
    assert "points" not in done.output


def test_done_with_something_behind_it_is_misunderstood_and_ends_nothing():
    done = sit("--seed", "6", lines="done it\nhint\ndone\n")
    assert done.output.count("it is `done`") == 1
    assert "1 hint: -15" in done.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--level", "begginer"], "did you mean 'beginner'"),
        (["--runtime", "dokcer"], "did you mean 'docker'"),
        (["--seed", "6", "--answers", "nowhere.txt"], "nowhere.txt: No such file"),
    ],
)
def test_bad_usage_is_one_line(arguments, words):
    done = sit(*arguments)
    assert done.exit_code == 2
    assert words in done.output
