"""The JSON Schema in the package is the one of the models, and names everything they know."""

import json
from pathlib import Path

import pytest

from gwsim.lab import schema
from gwsim.lab.acts import ACTS
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.scenario import GatewaySpec
from gwsim.lab.schema import FILE, scenario_schema, schema_text
from gwsim.lab.walk import keys_of
from gwsim.vendors.registry import VENDORS

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))


def test_the_file_in_the_package_is_current() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(), "run python -m gwsim.lab.schema"


def test_writing_it_anew_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "FILE", tmp_path / "schema.json")
    schema.main()
    assert (tmp_path / "schema.json").read_text(encoding="utf-8") == schema_text()


def test_every_reference_leads_somewhere() -> None:
    text, whole = schema_text(), scenario_schema()
    references = {piece.split('"')[0] for piece in text.split('"#/$defs/')[1:]}
    assert references
    assert references <= set(whole["$defs"])


def test_vendors_faults_and_acts_are_offered() -> None:
    definitions = scenario_schema()["$defs"]
    assert definitions["GatewaySpec"]["properties"]["vendor"]["enum"] == list(VENDORS)
    names, told = definitions["FaultUse"]["anyOf"]
    assert names["enum"] == list(CATALOGUE) == list(told["properties"])
    assert set(ACTS) <= set(definitions["TimelineEntry"]["properties"])
    assert set(definitions["GatewaySpec"]["properties"]) == set(keys_of(GatewaySpec))


def test_one_proposal_may_stand_for_a_list_in_an_editor_too() -> None:
    phase1 = scenario_schema()["$defs"]["SideOptions"]["properties"]["phase1"]
    assert phase1["anyOf"][0] == {"$ref": "#/$defs/Phase1"}
    assert phase1["anyOf"][1]["type"] == "array"


def test_truth_values_may_be_the_words_of_yaml() -> None:
    esn = scenario_schema()["$defs"]["SideOptions"]["properties"]["esn"]
    assert esn == {"enum": [True, False, "yes", "on", "no", "off"]}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenario_names_the_schema_by_the_right_way_to_it(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# yaml-language-server: $schema=")
    target = (path.parent / first.partition("$schema=")[2]).resolve()
    assert json.loads(target.read_text(encoding="utf-8"))["$schema"]
    assert target == FILE.resolve()
