"""The JSON Schema of the scenario language, for editors that complete and check.

It is made from the models and the catalogue of faults, and kept in the package as
`scenario.schema.json`; `python -m gwsim.lab.schema` writes it anew.
"""

import json
from pathlib import Path
from typing import Any

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import Fault
from gwsim.lab.scenario import Scenario
from gwsim.vendors.registry import VENDORS

FILE = Path(__file__).with_name("scenario.schema.json")
"""Where the schema stands in the package."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = "#/$defs/{model}"

Schema = dict[str, Any]


def scenario_schema() -> Schema:
    """Make the JSON Schema of a scenario file."""
    schema = Scenario.model_json_schema(by_alias=True, ref_template=_REFERENCE)
    definitions = schema["$defs"]
    definitions["FaultUse"] = _fault_use(definitions)
    definitions["GatewaySpec"]["properties"]["vendor"] = {
        "enum": list(VENDORS),
        "description": "What kind of device the gateway plays.",
    }
    tidy: Schema = _tidied(schema)
    _allow_empty(tidy)
    return {"$schema": _DIALECT, **tidy}


def _tidied(node: Any) -> Any:
    """Leave out what pydantic says of itself: titles made of names, null for what is not said."""
    if isinstance(node, list):
        return [_tidied(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "boolean" or node.get("const") in (True, False):
        return _truth(node)
    said = {
        key: _tidied(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and (key, value) != ("default", None)
    }
    forms = said.get("anyOf")
    if isinstance(forms, list) and len(forms) == 1:
        said = {**forms[0], **{key: value for key, value in said.items() if key != "anyOf"}}
    return said


def _truth(node: Schema) -> Schema:
    """Editors read YAML 1.2, to which yes and off are mere words; they mean the same here."""
    values = [node["const"]] if "const" in node else [True, False]
    words = {True: ["yes", "on"], False: ["no", "off"]}
    said = {key: value for key, value in node.items() if key in ("default", "description")}
    return {**said, "enum": [*values, *(word for value in values for word in words[value])]}


def _fault_use(definitions: Schema) -> Schema:
    """A fault is its name, or its name with what it is told."""
    told = {fault.name: _told(fault, definitions) for fault in CATALOGUE.values()}
    return {
        "description": "A fault of the catalogue, alone or with its parameters.",
        "anyOf": [
            {"enum": list(CATALOGUE)},
            {
                "type": "object",
                "properties": told,
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ],
    }


def _told(fault: Fault, definitions: Schema) -> Schema:
    parameters = fault.parameters.model_json_schema(by_alias=True, ref_template=_REFERENCE)
    definitions.update(parameters.pop("$defs", {}))
    forms: list[Schema] = [parameters, {"enum": [None]}]
    if fault.brief:
        forms.append({"type": ["string", "number"], "description": f"`{fault.brief}`"})
    return {"anyOf": forms, "description": fault.cause}


def _allow_empty(schema: Schema) -> None:
    """A heading may stand with nothing below it, except for those that must say something."""
    for name, value in schema["properties"].items():
        if name not in schema["required"]:
            schema["properties"][name] = {"anyOf": [value, {"type": "null"}]}


def schema_text() -> str:
    """Give the schema as the text of its file."""
    return json.dumps(scenario_schema(), indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the schema into the package."""
    FILE.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
