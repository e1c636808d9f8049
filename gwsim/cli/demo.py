"""`gwsim demo`: a healthy tunnel and the four faults everybody meets first, each a short story."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from textwrap import fill
from typing import Annotated

import typer

from gwsim.capture.ladder import Ladder, ladder_text
from gwsim.cli.files import COLLECTION, load, located
from gwsim.cli.output import FAILED, heading, stop, write
from gwsim.lab.expect.evidence import Evidence, Witness
from gwsim.lab.load import Loaded
from gwsim.lab.messages import ladder_of
from gwsim.lab.report import totals, verdict_text
from gwsim.lab.runner import Run, play, run
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.scenario import Scenario
from gwsim.lab.verdict import Verdict
from gwsim.vendors.registry import VENDORS

STORIES = (
    "healthy/asa-screenos.yaml",
    "phase1/psk-mismatch.yaml",
    "nat/udp-4500-blocked.yaml",
    "phase2/pfs-only-screenos-asa-initiates.yaml",
    "phase2/proxy-id-not-mirrored.yaml",
)
"""The scenarios of the demonstration, below the folder of scenarios."""

_ARROWS = 12
_LINES = 6


def demo(
    scenarios: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the scenarios are.")
    ] = Path(COLLECTION),
) -> None:
    """Tell a healthy tunnel and four classic faults.

    Of each: its story, its ladder, what the gateways show, and the verdict.
    """
    scenarios = located(scenarios)
    missing = [story for story in STORIES if not (scenarios / story).is_file()]
    if missing:
        stop(f"{scenarios}: {missing[0]} is not there; name the folder that comes with gwsim")
    verdicts = [_tell(load(scenarios / story)) for story in STORIES]
    write(f"\n{totals(verdicts)}")
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(FAILED)


def _tell(loaded: Loaded) -> Verdict:
    """Run a scenario and tell it: story, ladder, what each gateway shows, verdict."""
    scenario = loaded.scenario
    told = run(loaded)
    heading(f"\n{'=' * 100}\n{scenario.title}\n{'=' * 100}")
    write(f"{fill(' '.join(scenario.story.split()), 100)}\n\n{_ladder(told)}")
    # The same seed gives the same run, so that looking at its middle means stopping there.
    at = _moment(scenario, told.plan.duration)
    evidence = Evidence(play(replace(told.plan, duration=at), SimRuntime()), VENDORS)
    for name in scenario.gateways:
        _show(evidence.of(name), scenario, at)
    heading(f"\n{verdict_text(told.verdict)}")
    return told.verdict


def _ladder(told: Run) -> str:
    drawn = ladder_of(told.record)
    text = ladder_text(Ladder(drawn.poles, drawn.captions, drawn.rows[:_ARROWS]))
    left = len(drawn.rows) - _ARROWS
    return text + (f"{'...':>10}  and {left} more (gwsim trace shows all)\n" if left > 0 else "")


def _moment(scenario: Scenario, end: float) -> float:
    """Give the first moment at which the scenario looks, for that is when there is most to see."""
    return min((block.at for block in scenario.expect if block.at is not None), default=end)


def _show(witness: Witness, scenario: Scenario, at: float) -> None:
    """Print what a gateway answers at a moment, and the last lines of its log."""
    prompt = witness.vendor.prompt(witness.gateway.snapshot(at))
    heading(f"\n{witness.gateway.name}, {witness.vendor.title}, after {at:g} s")
    for command in _commands(witness, scenario):
        write(f"{prompt}{command}\n{witness.screen(command, at)}")
    write("\n".join(["last log lines", *(f"  {line}" for line in _log(witness)[-_LINES:])]))


def _log(witness: Witness) -> list[str]:
    """Give the log without debug lines, what was said again and again only once, at its last."""
    said = [line for line in witness.lines if not line.debug]
    times = Counter(line.text for line in said)
    last = {line.text: line for line in said}
    return [
        witness.written(line) + (f"  ({times[line.text]} times)" if times[line.text] > 1 else "")
        for line in sorted(last.values(), key=lambda line: line.at)
    ]


def _commands(witness: Witness, scenario: Scenario) -> list[str]:
    """Choose what to type: the device's first command, and those the scenario expects of it."""
    commands = [next(iter(witness.vendor.commands))]
    for block in scenario.expect:
        wanted = block.gateways.get(witness.gateway.name)
        commands += wanted.named if wanted is not None else ()
    return list(dict.fromkeys(commands))
