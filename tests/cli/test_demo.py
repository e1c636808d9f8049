"""`gwsim demo` tells five stories: a healthy tunnel and the four faults everybody meets first."""

from pathlib import Path

from gwsim.cli.demo import STORIES

SCENARIOS = Path(__file__).parent.parent.parent / "scenarios"


def test_each_story_has_ladder_screens_log_and_verdict(gwsim):
    result = gwsim("demo", SCENARIOS)
    assert result.exit_code == 0
    for story in STORIES:
        assert f"PASSED {SCENARIOS / story} (seed 1)" in result.output
    assert result.output.count("main-1") >= len(STORIES)
    assert result.output.count("last log lines") == 2 * len(STORIES)
    assert "hq# show crypto isakmp sa" in result.output
    assert "branch-> get ike cookies" in result.output
    assert "MM_WAIT_MSG6" in result.output
    assert "The preshared keys might not match" in result.output
    assert f"{len(STORIES)} passed; " in result.output


def test_what_a_log_repeats_is_told_once(gwsim):
    output = gwsim("demo", SCENARIOS).output
    lines = [line.split("%ASA")[1] for line in output.splitlines() if "Queuing KEY-ACQUIRE" in line]
    assert lines
    assert all(line.endswith("times)") for line in lines)


def test_elsewhere_it_is_2(gwsim, tmp_path):
    result = gwsim("demo", tmp_path)
    assert result.exit_code == 2
    assert "name the folder that comes with gwsim" in result.output


def test_a_story_that_comes_out_differently_is_1(gwsim, tmp_path):
    for story in STORIES:
        text = (SCENARIOS / story).read_text(encoding="utf-8")
        copy = tmp_path / story
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text.replace("traffic: both", "traffic: none"), encoding="utf-8")
    result = gwsim("demo", tmp_path)
    assert result.exit_code == 1
    assert "FAILED" in result.output
