"""From coordinates to a scenario: a fault put on its stage, on some ground."""

from collections.abc import Mapping
from typing import Any

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates
from gwsim.lab.matrix.ground import USUAL, Ground, Place
from gwsim.lab.matrix.setting import SETTINGS
from gwsim.lab.scenario import Scenario


def staged(cell: Coordinates, ground: Ground = USUAL) -> Scenario:
    """Give the scenario of a cell. Raises ValueError for options that contradict each other."""
    first, second = ground.initiator.name, ground.responder.name
    setting, stage = SETTINGS[cell.setting], cell.stage
    names = _names(cell.where, first, second)
    base = {"psk": ground.psk, "phase1": dict(ground.phase1), "phase2": dict(ground.phase2)}
    # Said aloud, because vendors differ in what they do where nothing is said.
    base["pfs"] = "none"
    options = _laid_over(_laid_over(base, setting.options), stage.options)
    data = {
        "name": "cell",
        "title": cell.cause,
        "seed": ground.seed,
        "duration": stage.duration,
        "gateways": {
            first: _gateway(cell.initiator, ground.initiator, setting.nat),
            second: _gateway(cell.responder, ground.responder, False),
        },
        "tunnels": [{"between": [first, second], **options}],
        "faults": _faults(cell, names),
        "timeline": _named(stage.timeline, names),
        "expect": [{"clear_text": "allowed"}],
    }
    return Scenario.model_validate(data)


def _gateway(vendor: str, place: Place, nat: bool) -> dict[str, Any]:
    data: dict[str, Any] = {
        "vendor": vendor,
        "outside": place.outside,
        "inside": place.inside,
        "hosts": {"host": place.host},
    }
    if nat:
        data |= {"outside": place.private, "behind_nat": {"public": place.outside}}
    return data


def _names(where: Where, first: str, second: str) -> dict[str, str]:
    """Give what the words of a stage stand for; `here` is the second end unless it is the first."""
    here, there = (first, second) if where is Where.INITIATOR else (second, first)
    return {"initiator": first, "responder": second, "here": here, "there": there}


def _faults(cell: Coordinates, names: Mapping[str, str]) -> list[dict[str, Any]]:
    if cell.fault == HEALTHY:
        return []
    fields = CATALOGUE[cell.fault].parameters.model_fields
    told = _named(dict(cell.stage.parameters), names)
    if cell.where is not Where.BOTH:
        if "at" in fields:
            told["at"] = names["here"]
        elif "source" in fields:
            told["from"] = names["here"]
    return [{cell.fault: told}]


def _named(value: Any, names: Mapping[str, str]) -> Any:
    """Put the gateways' names where a stage says who is meant."""
    if isinstance(value, Mapping):
        return {key: _named(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_named(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay options over options, block by block."""
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            merged[key] = _laid_over(under, value)
        else:
            merged[key] = value
    return merged
