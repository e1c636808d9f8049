"""A scenario file as a test: run, judged by its own expectations, reported with evidence."""

from collections.abc import Iterator
from os import PathLike
from typing import Any

import pytest

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.load import Loaded, load_scenario
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import ScenarioError
from gwsim.lab.verdict import Verdict

HEALTHY = "healthy"


class ScenarioFailed(AssertionError):
    """A scenario did not come out as it says; `verdict` knows all about it."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.name)
        self.verdict = verdict


class ScenarioFile(pytest.File):
    """A file that holds one scenario."""

    def collect(self) -> Iterator["ScenarioItem"]:
        """Load the scenario; a bad file is an error with all complaints about it."""
        try:
            loaded = load_scenario(self.path)
        except ScenarioError as error:
            raise self.CollectError(str(error)) from None
        yield ScenarioItem.from_parent(self, name=loaded.scenario.name, loaded=loaded)


class ScenarioItem(pytest.Item):
    """One scenario, marked with its level and the themes of its faults."""

    def __init__(self, *, loaded: Loaded, **given: Any) -> None:
        super().__init__(**given)
        self._loaded = loaded
        self.add_marker(f"level_{loaded.scenario.level}")
        for theme in themes(loaded.scenario):
            self.add_marker(f"theme_{theme}")

    def runtest(self) -> None:
        """Run the scenario where and how the options say; raises ScenarioFailed."""
        option = self.config.getoption
        runtime = make_runtime(option("gwsim_runtime"), option("gwsim_speed"))
        verdict = run(self._loaded, option("gwsim_seed"), runtime).verdict
        self.user_properties += [("seed", verdict.seed), ("simulated", verdict.simulated)]
        if not verdict.passed:
            raise ScenarioFailed(verdict)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell a verdict with its evidence, a refusal in words, anything else as pytest does."""
        match excinfo.value:
            case ScenarioFailed(verdict=verdict):
                return verdict_text(verdict)
            case ScenarioError() | RuntimeFailure():
                return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[PathLike[str], int, str]:
        """Say where the scenario stands and what it is about."""
        return self.path, 0, f"{self.name}: {self._loaded.scenario.title}"


def themes(scenario: Scenario) -> tuple[str, ...]:
    """Give the themes of a scenario's faults as one word each, `healthy` where there is none."""
    found = dict.fromkeys(
        CATALOGUE[use.name].theme.value.replace(" ", "").lower() for use in scenario.faults
    )
    return tuple(found) or (HEALTHY,)
