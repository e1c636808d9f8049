"""`gwsim validate` finds everything that is wrong with a file, without running it."""

import json


def test_a_good_file_is_ok(gwsim, scenario):
    result = gwsim("validate", scenario)
    assert (result.exit_code, result.output) == (0, f"{scenario}: ok\n")


def test_an_expectation_that_would_fail_is_no_matter_here(gwsim, failing):
    assert gwsim("validate", failing).exit_code == 0


def broken(scenario):
    text = scenario.read_text(encoding="utf-8")
    scenario.write_text(
        text.replace("psk:", "pks:").replace("MM_ACTIVE", "MM_ACTIV"), encoding="utf-8"
    )
    return scenario


def test_every_complaint_has_its_line_and_the_nearest_word(gwsim, scenario):
    result = gwsim("validate", broken(scenario))
    assert result.exit_code == 2
    assert f"{scenario}:9:5: " in result.output
    assert "did you mean 'psk'?" in result.output
    assert "did you mean 'MM_ACTIVE'?" in result.output


def test_good_files_are_told_beside_bad_ones(gwsim, scenario, failing):
    result = gwsim("validate", broken(scenario), failing)
    assert result.exit_code == 2
    assert f"{failing}: ok" in result.output


def test_json(gwsim, scenario, failing):
    result = gwsim("validate", broken(scenario), failing, "--json")
    assert result.exit_code == 2
    bad, good = json.loads(result.output)
    assert (bad["ok"], good["ok"], good["problems"]) == (False, True, [])
    assert bad["problems"][0]["line"] == 9
    assert bad["problems"][0]["hint"] == "psk"
