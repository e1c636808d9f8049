"""`gwsim faults` lists the catalogue and tells one fault in full."""

import json

import pytest

from gwsim.lab.faults.catalogue import CATALOGUE


def test_every_fault_is_listed(gwsim):
    result = gwsim("faults")
    assert result.exit_code == 0
    for name, fault in CATALOGUE.items():
        assert f"  {name} " in result.output
        assert fault.title in result.output


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_fault_is_told_with_its_parameters(gwsim, name):
    result = gwsim("faults", name)
    assert result.exit_code == 0
    assert CATALOGUE[name].cause in result.output
    assert "    start " in result.output


def test_an_unknown_fault_is_2_with_the_nearest(gwsim):
    result = gwsim("faults", "psk-missmatch")
    assert result.exit_code == 2
    assert "did you mean 'psk-mismatch'?" in result.output


def test_json(gwsim):
    entries = json.loads(gwsim("faults", "--json").output)
    assert [entry["name"] for entry in entries] == list(CATALOGUE)
    assert "at" in entries[0]["parameters"]
    words = {"name", "title", "theme", "kind", "cause", "signs", "repair", "parameters"}
    assert all(entry.keys() == words for entry in entries)
