"""`gwsim explain` tells what a word means and where it is made."""

import json

import pytest


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("MM_WAIT_MSG4", "gwsim/vendors/asa/states.py:"),
        ("main-5", "HASH_I"),
        ("psk-mismatch", "cause"),
        ("NO-PROPOSAL-CHOSEN", "number 14"),
        ("PHASE 1 COMPLETED", "words of Cisco ASA"),
    ],
)
def test_a_word_is_told(gwsim, word, told, tmp_path):
    result = gwsim("explain", word, "--scenarios", tmp_path)
    assert result.exit_code == 0
    assert told in result.output


def test_examples_come_from_the_folder_of_scenarios(gwsim, scenario):
    (scenario.parent / "bad.yaml").write_text("rubbish", encoding="utf-8")
    result = gwsim("explain", "MM_ACTIVE", "--scenarios", scenario.parent)
    assert f"{scenario}: A tunnel (no fault)" in result.output


def test_without_a_folder_there_are_no_examples(gwsim, tmp_path):
    assert gwsim("explain", "MM_ACTIVE", "--scenarios", tmp_path / "nowhere").exit_code == 0


def test_an_unknown_word_is_2_with_the_nearest(gwsim, tmp_path):
    result = gwsim("explain", "MM_WAIT_MSG44", "--scenarios", tmp_path)
    assert result.exit_code == 2
    assert "did you mean 'MM_WAIT_MSG4'?" in result.output


def test_json(gwsim, tmp_path):
    articles = json.loads(gwsim("explain", "main-1", "--scenarios", tmp_path, "--json").output)
    assert articles[0]["kind"] == "message"
