"""A scenario file to a checked scenario; every complaint has file, line, word and nearest word.

All that is wrong is told at once. What is odd but possible becomes a warning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from gwsim.lab.base import Model
from gwsim.lab.compile import compile_scenario
from gwsim.lab.complaints import complaints
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import At, Fault
from gwsim.lab.names import Names
from gwsim.lab.nearest import nearest
from gwsim.lab.networks import check_networks
from gwsim.lab.plan import Plan
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import Loc, Problem, ScenarioError, Source, parse_source, read_source
from gwsim.lab.walk import check_words
from gwsim.vendors.registry import VENDORS

__all__ = [
    "Loaded",
    "Problem",
    "ScenarioError",
    "load_scenario",
    "load_source",
    "load_text",
    "prepare",
]

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scenario, the file it came from, and what is odd about it."""

    scenario: Scenario
    source: Source
    warnings: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """The file, as it was named."""
        return self.source.name

    def line(self, loc: Loc) -> int:
        """Give the line of a place: the keys and indices that lead to it."""
        return self.source.line(loc)

    def place(self, loc: Loc) -> str:
        """Give `file:line` of a place."""
        return self.source.place(loc)

    def source_line(self, loc: Loc) -> str:
        """Give the text of the line of a place."""
        return self.source.source_line(loc)


def load_scenario(path: str | Path) -> Loaded:
    """Read a scenario file. Raises ScenarioError with all that is wrong with it."""
    return load_source(read_source(path))


def load_text(text: str, name: str = "<text>") -> Loaded:
    """Read a scenario from text; `name` is how complaints call it. Raises ScenarioError."""
    return load_source(parse_source(text, name))


def load_source(source: Source) -> Loaded:
    """Check what a source holds. Raises ScenarioError with all that is wrong with it."""
    names = Names(source.data, VENDORS)
    report = _Report(source)
    report.words(Scenario, source.data, (), names)
    _check_faults(source.data.get("faults"), report, names)
    scenario = report.model(Scenario, source.data, ())
    if report.problems or scenario is None:
        raise ScenarioError(tuple(sorted(set(report.problems))))
    wrong, odd = check_networks(scenario)
    if wrong:
        found = (source.problem(loc, message, hint) for loc, message, hint in wrong)
        raise ScenarioError(tuple(sorted(set(found))))
    warnings = tuple(source.problem(loc, message, hint) for loc, message, hint in odd)
    return Loaded(scenario, source, warnings)


def prepare(loaded: Loaded, seed: int | None = None) -> tuple[Scenario, Plan]:
    """Compile a loaded scenario, with another seed if one is given. Raises ScenarioError."""
    scenario = loaded.scenario
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    try:
        return scenario, compile_scenario(scenario)
    except ValueError as error:
        raise ScenarioError((Problem(loaded.name, 0, 0, str(error)),)) from None


class _Report:
    """Collects complaints; what a model says about an unknown word is left out as said already."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self._said: list[Loc] = []
        self._meant: set[tuple[Loc, str]] = set()

    def say(self, loc: Loc, message: str, hint: str = "", key: bool = False) -> None:
        """Note a complaint about a place, or about the key that stands there."""
        self._said.append(loc)
        if key and hint:
            self._meant.add((loc[:-1], hint))
        self.problems.append(self.source.problem(loc, message, hint, key))

    def words(self, model: type[Model], data: Mapping[str, Any], loc: Loc, names: Names) -> None:
        """Note every unknown key and dangling reference of a block."""
        for place, complaint, is_key in check_words(model, data, loc, names):
            self.say(place, complaint.message, complaint.hint, is_key)

    def model(self, model: type[M], data: Any, loc: Loc) -> M | None:
        """Validate a block, note what its model says; None when it does not fit."""
        try:
            return model.model_validate(data)
        except ValidationError as error:
            for place, message, hint in complaints(error, data, loc):
                told = any(place[: len(said)] == said for said in self._said)
                if not told and not self._misspelt(place, message):
                    self.problems.append(self.source.problem(place, message, hint))
        return None

    def done(self, loc: Loc) -> None:
        """Take what was said about a block for all there is to say."""
        self._said.append(loc)

    def _misspelt(self, place: Loc, message: str) -> bool:
        """Say whether a key is called missing that is there in another spelling."""
        keys = (hint for block, hint in self._meant if block == place)
        return any(message.startswith(f"{key!r} is missing") for key in keys)


def _means_at(fault: Fault, gateway: str) -> bool:
    """Say whether a bare word names a gateway where the fault takes it for something else."""
    try:
        fault.parameters.model_validate({fault.brief: gateway})
    except ValidationError:
        return issubclass(fault.parameters, At)
    return False


def _check_faults(faults: object, report: _Report, names: Names) -> None:
    """Look each fault up in the catalogue and check what it is told against its parameters."""
    for index, given in enumerate(faults if isinstance(faults, list) else ()):
        entries = {given: None} if isinstance(given, str) else given
        if not isinstance(entries, dict) or len(entries) != 1:
            continue
        [(name, told)] = entries.items()
        loc: Loc = ("faults", index) if isinstance(given, str) else ("faults", index, name)
        fault = CATALOGUE.get(name)
        if fault is None:
            report.say(loc, f"there is no fault {name!r}", nearest(name, CATALOGUE), key=True)
        elif isinstance(told, str | int | float) and not fault.brief:
            report.say(loc, f"{name} has nothing that a bare word could mean")
        elif isinstance(told, str) and told in names.gateways and _means_at(fault, told):
            words = f"a bare word behind {name} is its {fault.brief!r}; write {{at: {told}}}"
            report.say(loc, words)
        elif not isinstance(told, list):
            data = told if isinstance(told, dict) else {}
            if told is not None and not isinstance(told, dict):
                data = {fault.brief: told}
            report.words(fault.parameters, data, loc, names)
            if report.model(fault.parameters, data, loc) is None:
                report.done(("faults", index))
