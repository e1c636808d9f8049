"""Which files become tests, under which markers, and what the options do."""

import pytest

from gwsim.lab.faults.fault import Theme
from gwsim.lab.runtimes.registry import RUNTIMES
from gwsim.lab.scenario import Scenario
from gwsim.pytest_plugin import plugin
from tests.pytest_plugin.conftest import SCENARIO


def test_a_scenario_file_is_a_test_and_other_yaml_is_left_alone(project):
    (project.path / "key.yaml").write_text(SCENARIO)
    (project.path / "docker-compose.yaml").write_text("services: {}\n")
    (project.path / "latin.yaml").write_bytes(b"name: \xe9\n")
    done = project.run_here("-v")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["*key.yaml::key PASSED*"])


def test_level_and_theme_are_markers_that_strict_markers_know(project):
    (project.path / "key.yaml").write_text(SCENARIO)
    project.run_here("--strict-markers", "-m", "level_advanced and theme_phase1").assert_outcomes(
        passed=1
    )
    project.run_here("-m", "level_beginner or theme_nat").assert_outcomes(deselected=1)


def test_an_expectation_that_fails_is_told_with_evidence_and_without_traceback(project):
    (project.path / "key.yaml").write_text(SCENARIO.replace("MM_WAIT_MSG6", "MM_ACTIVE"))
    done = project.run_here("--gwsim-seed", "7")
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        [
            "*key: Two keys*",
            "FAILED *key.yaml (seed 7)",
            "*expected  hq: state MM_ACTIVE",
            "*main-5*",
        ]
    )
    done.stdout.no_fnmatch_line("*Traceback*")
    done.stdout.no_fnmatch_line("*items.py*")


def test_a_fault_that_does_not_bite_fails_the_scenario(project):
    text = SCENARIO.replace("psk-mismatch: {at: branch}", "udp-4500-blocked")
    (project.path / "key.yaml").write_text(text.replace("MM_WAIT_MSG6", "MM_ACTIVE"))
    done = project.run_here()
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*udp-4500-blocked did not bite*"])


def test_a_bad_file_is_an_error_with_place_and_nearest_word(project):
    (project.path / "key.yaml").write_text(SCENARIO.replace("psk-mismatch", "psk-mismash"))
    done = project.run_here()
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*key.yaml:10:*did you mean 'psk-mismatch'?*"])


def test_patterns_of_the_ini_file_choose_the_files(project):
    (project.path / "key.yaml").write_text(SCENARIO)
    (project.path / "other.vpn").write_text(SCENARIO.replace("name: key", "name: other"))
    (project.path / "pytest.ini").write_text("[pytest]\ngwsim_files = *.vpn\n")
    done = project.run_here("-v")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["*other.vpn::other PASSED*"])


def test_scenarios_run_side_by_side(project):
    for number in range(4):
        text = SCENARIO.replace("name: key", f"name: key-{number}")
        (project.path / f"{number}.yaml").write_text(text)
    project.run_here("-n", "2").assert_outcomes(passed=4)


@pytest.mark.parametrize("speed", ["0", "-1"])
def test_a_speed_that_is_none_is_refused(project, speed):
    done = project.run_here("--gwsim-runtime", "netns", "--gwsim-speed", speed)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--gwsim-speed is a number above 0*"])


def test_a_speed_without_real_time_is_refused(project):
    done = project.run_here("--gwsim-speed", "2")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--gwsim-speed is for runtimes with real time*"])


def test_words_of_the_plugin_are_those_of_the_language():
    """The plugin imports nothing of the lab before it must, so it says these words again."""
    assert tuple(RUNTIMES) == plugin.RUNTIMES
    levels = Scenario.model_fields["level"].annotation
    assert levels.__args__ == plugin.LEVELS
    assert {theme.value.replace(" ", "").lower() for theme in Theme} < set(plugin.THEMES)
