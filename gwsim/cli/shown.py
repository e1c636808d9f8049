"""What `gwsim show` prints of a scenario: the screen of a gateway at one of its moments."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from gwsim.cli.files import load, stop_for
from gwsim.cli.options import require
from gwsim.cli.output import stop
from gwsim.daemon.screens import screen_answer
from gwsim.lab.durations import duration
from gwsim.lab.expect.evidence import Evidence
from gwsim.lab.load import prepare
from gwsim.lab.plan import Plan
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.source import ScenarioError
from gwsim.vendors.registry import VENDORS


def shown(scenario: Path, gateway: str, command: str, at: str, seed: int | None) -> dict[str, Any]:
    """Run a scenario up to a moment and answer as a gateway there does (see `screen_answer`)."""
    loaded = load(scenario)
    try:
        plan = prepare(loaded, seed)[1]
    except ScenarioError as error:
        stop_for(error)
    vendors = {config.name: config.vendor for config in plan.gateways}
    require(gateway, vendors, "gateway", " here")
    moment = _moment(at, plan)

    def show() -> str:
        """Run it, be the moment beyond its own end."""
        record = play(replace(plan, duration=moment), SimRuntime())
        return Evidence(record, VENDORS).of(gateway).screen(command, moment)

    return screen_answer(VENDORS[vendors[gateway]], command, moment, show)


def _moment(text: str, plan: Plan) -> float:
    try:
        return duration(text) if text else plan.duration
    except ValueError as error:
        stop(f"--at: {error}")
