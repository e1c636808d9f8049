"""The fixture `lab`: scenarios under way, with a console at each gateway."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import Any

import pytest

from gwsim.lab.library import NoScenario, find_scenario, shipped
from gwsim.lab.load import Loaded, load_scenario, load_text
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.lab.session import Console, Session


class Lab(Session):
    """A session whose gateways are attributes: `lab.hq.show("show crypto isakmp sa")`."""

    def __getattr__(self, name: str) -> Console:
        if not name.startswith("_") and name in self.gateways:
            return self.console(name)
        raise AttributeError(f"there is no gateway {name!r} in this lab, nor anything else")


class Labs:
    """Starts labs, ends them with the test, and speaks for the one that was started last."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._stack = ExitStack()
        self._last: Lab | None = None

    def __enter__(self) -> "Labs":
        return self

    def __exit__(self, *unused: object) -> None:
        self._stack.close()

    def __call__(
        self,
        scenario: str | PathLike[str] | Mapping[str, Any],
        *,
        runtime: str | None = None,
        speed: float | None = None,
        seed: int | None = None,
        play: bool = True,
    ) -> Lab:
        """Start a lab: by a scenario's name or file, by its text, or by its data.

        What is not said comes from the command line. Raises ScenarioError for a bad scenario,
        NoScenario for a name that is none, RuntimeFailure where the runtime cannot be had.
        """
        option = self._config.getoption
        place = make_runtime(runtime or option("gwsim_runtime"), speed or option("gwsim_speed"))
        seed = option("gwsim_seed") if seed is None else seed
        self._last = Lab(self._load(scenario), place, seed, play)
        self._stack.enter_context(self._last)
        return self._last

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or self._last is None:
            raise AttributeError(f'no lab runs yet: say lab("psk-mismatch") before lab.{name}')
        return getattr(self._last, name)

    def _load(self, scenario: str | PathLike[str] | Mapping[str, Any]) -> Loaded:
        if isinstance(scenario, Mapping):
            return load_text(json.dumps(scenario))
        if isinstance(scenario, str) and "\n" in scenario:
            return load_text(scenario)
        for base in (self._config.invocation_params.dir, self._config.rootpath):
            if (base / scenario).is_file():
                return load_scenario(base / scenario)
        own = self._config.rootpath / self._config.getini("gwsim_scenarios")
        return _by_name(str(scenario), own)


def _by_name(name: str, own: Path) -> Loaded:
    """Find a scenario of the project, or else of those that come with gwsim."""
    if own.is_dir() and own.resolve() != shipped().resolve():
        try:
            return find_scenario(name, own)
        except NoScenario as error:
            if "could be" in str(error):
                raise
    return find_scenario(name)
