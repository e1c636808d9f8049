"""`gwsim run` judges scenarios; what it writes can be read by people, programs and CI."""

import json
from xml.etree import ElementTree

import pytest

from gwsim.cli import output


def test_a_scenario_that_passes_is_0_and_one_line(gwsim, scenario):
    result = gwsim("run", scenario)
    assert result.exit_code == 0
    head, line, _, end = result.output.splitlines()
    assert head.split() == ["scenario", "verdict", "tunnel", "simulated", "seed"]
    assert line.split() == [str(scenario), "passed", "up", "11", "s", "1"]
    assert end.startswith("1 passed; 11 s simulated in ")


def test_an_expectation_that_fails_is_1_and_told_in_full(gwsim, failing):
    result = gwsim("run", failing)
    assert result.exit_code == 1
    assert f"{failing}:14: hq: {{state: MM_WAIT_MSG2}}" in result.output
    assert "expected  hq: state MM_WAIT_MSG2" in result.output
    assert "seen      MM_ACTIVE (initiator)" in result.output
    assert "quick-3" in result.output
    assert "1 failed; 11 s simulated" in result.output


def test_a_folder_stands_for_all_scenarios_below_it(gwsim, scenario, failing, tmp_path):
    below = tmp_path / "deeper"
    below.mkdir()
    (below / "more.yml").write_text(scenario.read_text(encoding="utf-8"), encoding="utf-8")
    (below / "notes.txt").write_text("not a scenario", encoding="utf-8")
    result = gwsim("run", tmp_path)
    assert result.exit_code == 1
    assert "2 passed, 1 failed" in result.output


def test_a_file_named_twice_runs_once(gwsim, scenario, tmp_path):
    assert "1 passed" in gwsim("run", scenario, tmp_path).output


def test_one_bad_file_stops_everything_before_it_begins(gwsim, scenario, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("hahs: 1\n", encoding="utf-8")
    result = gwsim("run", scenario, bad)
    assert result.exit_code == 2
    assert "unknown key 'hahs'" in result.output
    assert "passed" not in result.output


def test_the_seed_can_be_replaced_and_is_told(gwsim, scenario):
    assert gwsim("run", scenario, "--seed", 4711).output.splitlines()[1].endswith(" 4711")


def test_json_and_junit_files(gwsim, scenario, failing, tmp_path):
    report, junit = tmp_path / "out.json", tmp_path / "out.xml"
    result = gwsim("run", scenario, failing, "--json", report, "--junit", junit)
    assert result.exit_code == 1
    document = json.loads(report.read_text(encoding="utf-8"))
    assert [entry["verdict"] for entry in document["scenarios"]] == ["passed", "failed"]
    suite = ElementTree.parse(junit).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")


def test_json_on_standard_output_stands_alone(gwsim, scenario):
    assert json.loads(gwsim("run", scenario, "--json", "-").output)["passed"] is True


@pytest.mark.parametrize("option", ["--junit", "--json"])
def test_a_folder_that_is_not_there_is_told_before_anything_runs(gwsim, scenario, tmp_path, option):
    result = gwsim("run", scenario, option, tmp_path / "no" / "x")
    assert result.exit_code == 2
    assert result.output == f"{tmp_path / 'no' / 'x'}: there is no folder {tmp_path / 'no'}\n"


def test_a_report_that_cannot_be_written_is_2(gwsim, scenario, tmp_path):
    result = gwsim("run", scenario, "--json", tmp_path)
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_a_report_is_a_page_per_scenario_and_an_index(gwsim, scenario, failing, tmp_path):
    result = gwsim("run", scenario, failing, "--report", tmp_path / "out", "--jobs", 2)
    assert result.exit_code == 1
    assert f"the report begins in {tmp_path}/out/index.html" in result.output
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert index.index("failing.html") < index.index("toy.html")
    page = (tmp_path / "out" / "failing.html").read_text(encoding="utf-8")
    assert "state MM_WAIT_MSG2" in page


def test_a_folder_for_reports_that_cannot_be_made_is_2(gwsim, scenario):
    result = gwsim("run", scenario, "--report", scenario / "below")
    assert result.exit_code == 2
    assert "no folder for reports: Not a directory" in result.output


def test_with_json_on_standard_output_a_report_says_nothing(gwsim, scenario, tmp_path):
    result = gwsim("run", scenario, "--report", tmp_path / "out", "--json", "-")
    assert json.loads(result.output)["passed"] is True
    assert (tmp_path / "out" / "toy.html").is_file()


def test_an_index_that_cannot_be_written_is_2(gwsim, scenario, tmp_path):
    (tmp_path / "out" / "index.html").mkdir(parents=True)
    result = gwsim("run", scenario, "--report", tmp_path / "out")
    assert result.exit_code == 2
    assert "index.html: cannot be written" in result.output


def test_several_jobs_give_the_same_table(gwsim, scenario, failing):
    one = gwsim("run", scenario, failing).output
    two = gwsim("run", scenario, failing, "--jobs", 2).output
    assert one.splitlines()[:3] == two.splitlines()[:3]


@pytest.mark.parametrize("answer", [True, False])
def test_a_table_says_the_same_on_a_terminal(capsys, monkeypatch, answer):
    monkeypatch.setattr(output, "interactive", lambda: answer)
    output.table(("scenario", "n"), [("a", "1"), ("long name", "22")], right=(1,))
    printed = capsys.readouterr().out
    assert [line.split() for line in printed.splitlines()] == [
        ["scenario", "n"],
        ["a", "1"],
        ["long", "name", "22"],
    ]


def test_captures_and_keys_go_where_they_should(gwsim, scenario, tmp_path):
    result = gwsim("run", scenario, "--capture", tmp_path / "seen", "--keys")
    assert result.exit_code == 0
    assert f"captures are below {tmp_path / 'seen'}" in result.output.replace("\n", "")
    assert (tmp_path / "seen/toy/hq-outside.pcapng").is_file()
    assert (tmp_path / "seen/toy/wireshark/esp_sa").is_file()


def test_keys_are_exported_only_when_asked_for(gwsim, scenario, tmp_path):
    gwsim("run", scenario, "--capture", tmp_path / "seen")
    assert not (tmp_path / "seen/toy/wireshark").exists()
    result = gwsim("run", scenario, "--keys")
    assert result.exit_code == 2
    assert "--capture FOLDER" in result.output


def test_captures_of_several_jobs_are_all_there(gwsim, scenario, failing, tmp_path):
    gwsim("run", scenario, failing, "--jobs", 2, "--capture", tmp_path / "seen")
    assert {path.name for path in (tmp_path / "seen").iterdir()} == {"toy", "failing"}


def test_a_folder_for_captures_that_cannot_be_made_is_2(gwsim, scenario):
    result = gwsim("run", scenario, "--capture", scenario / "below")
    assert result.exit_code == 2
    assert "no folder for captures" in result.output


def test_a_capture_that_cannot_be_written_is_an_error_in_words(gwsim, scenario, tmp_path):
    (tmp_path / "seen/toy/hq-inside.pcapng").mkdir(parents=True)
    result = gwsim("run", scenario, "--capture", tmp_path / "seen")
    assert result.exit_code == 1
    assert "cannot be written: Is a directory" in result.output
