"""`gwsim new` writes a scenario that loads, runs and passes."""

import json
from pathlib import Path

import pytest

from tests.lab.standalone.texts import ASA, SCREENOS


def test_what_is_written_passes(gwsim, tmp_path):
    file = tmp_path / "My First Tunnel.yaml"
    written = gwsim("new", file, "--second", "asa")
    assert written.exit_code == 0
    assert "name: my-first-tunnel" in file.read_text(encoding="utf-8")
    ran = gwsim("run", file)
    assert ran.exit_code == 0, ran.output


def test_without_a_file_it_goes_to_standard_output(gwsim):
    result = gwsim("new", "--second", "asa")
    assert "# yaml-language-server: $schema=" in result.output
    assert "name: " in result.output


def test_a_file_that_is_there_is_not_replaced(gwsim, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("precious", encoding="utf-8")
    result = gwsim("new", file, "--second", "asa")
    assert result.exit_code == 2
    assert file.read_text(encoding="utf-8") == "precious"
    assert gwsim("new", file, "--second", "asa", "--force").exit_code == 0
    assert file.read_text(encoding="utf-8") != "precious"


def test_a_folder_that_is_not_there_is_2(gwsim, tmp_path):
    assert gwsim("new", tmp_path / "no" / "x.yaml", "--second", "asa").exit_code == 2


@pytest.mark.parametrize("option", ["--first", "--second"])
def test_an_unknown_vendor_is_2_with_the_nearest(gwsim, option):
    result = gwsim("new", option, "asaa")
    assert result.exit_code == 2
    assert "did you mean 'asa'?" in result.output


def test_two_devices_make_a_scenario(gwsim, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("asa.txt").write_text(ASA)
    Path("ns.txt").write_text(SCREENOS.replace("no-pfs", "group2"))
    done = gwsim("new", "case.yaml", "--from", "asa.txt", "--from", "ns.txt")
    assert done.exit_code == 0
    assert "note: asa.txt:18: crypto map outside_map 1 set reverse-route" in done.stderr
    assert Path("case.yaml").stat().st_mode & 0o777 == 0o600
    run = gwsim("run", "case.yaml")
    assert run.exit_code == 1
    assert "branch refuses quick-1: PFS group not acceptable" in run.output


def test_one_device_is_not_enough(gwsim, tmp_path):
    done = gwsim("new", tmp_path / "x.yaml", "--from", tmp_path / "asa.txt")
    assert done.exit_code == 2
    assert "--from is given twice" in done.output


def test_a_schema_beside_or_above_the_file_is_the_one_it_names(gwsim, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    schema = gwsim("schema").output
    assert "gateways" in json.loads(schema)["properties"]
    Path("scenario.schema.json").write_text(schema)
    Path("scenarios").mkdir()
    gwsim("new", "scenarios/mine.yaml")
    line = Path("scenarios/mine.yaml").read_text().splitlines()[0]
    assert line == "# yaml-language-server: $schema=../scenario.schema.json"
