"""What a path on the command line stands for."""

from pathlib import Path

import pytest

from gwsim.cli.files import located
from gwsim.lab.library import shipped


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Work in a folder without scenarios, as whoever has installed gwsim does."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "word", ["psk-mismatch", "phase1/psk-mismatch", "scenarios/phase1/psk-mismatch.yaml"]
)
def test_a_scenario_that_comes_along_is_found_by_its_name(word):
    assert located(Path(word)) == shipped() / "phase1" / "psk-mismatch.yaml"


def test_so_are_its_folders():
    assert located(Path("scenarios")) == shipped()
    assert located(Path("scenarios/nat")) == shipped() / "nat"


def test_what_is_there_is_meant():
    Path("psk-mismatch").write_text("mine")
    Path("scenarios").mkdir()
    assert located(Path("psk-mismatch")) == Path("psk-mismatch")
    assert located(Path("scenarios")) == Path("scenarios")


def test_a_file_that_is_not_there_is_not_replaced_by_one_of_the_same_name(gwsim):
    done = gwsim("run", "psk-mismatch.yaml")
    assert done.exit_code == 2
    assert done.output == "psk-mismatch.yaml: there is no such file\n"


def test_a_name_that_is_none_is_2_with_the_nearest(gwsim):
    done = gwsim("trace", "psk-mismtch")
    assert done.exit_code == 2
    assert "there is no such file" in done.output
    assert "did you mean 'psk-mismatch'?" in done.output


def test_it_runs(gwsim):
    done = gwsim("run", "scenarios/phase1/psk-mismatch.yaml")
    assert done.exit_code == 0
    assert "never up" in done.output
