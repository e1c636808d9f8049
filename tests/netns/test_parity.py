"""One scenario, one verdict: what the simulation says comes true on real sockets and routes."""

import multiprocessing
from dataclasses import dataclass

import pytest

from gwsim.lab.history import stays
from gwsim.lab.load import load_scenario
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.vendors.registry import VENDORS
from tests.netns.conftest import SCENARIOS

pytestmark = pytest.mark.needs("ip")

SPEED = 4.0
AT_ONCE = 3
STORIES = (
    "phase1/psk-mismatch.yaml",
    "nat/udp-4500-blocked.yaml",
    "phase2/pfs-only-screenos-asa-initiates.yaml",
    "phase2/proxy-id-not-mirrored.yaml",
    "healthy/asa-screenos.yaml",
    "healthy/behind-nat.yaml",
)


@dataclass(frozen=True)
class Told:
    """What came of a run, without its times."""

    passed: bool
    bites: tuple
    states: tuple
    labels: tuple
    text: str


def tell(runtime, story):
    played = run(
        load_scenario(SCENARIOS / story),
        runtime=make_runtime(runtime, None if runtime == "sim" else SPEED),
    )
    states, labels = [], []
    for gateway in played.record.gateways:
        found = stays(gateway.events, VENDORS[gateway.vendor])
        words = [(stay.phase, stay.role, stay.word or stay.state) for stay in found]
        sent = [p.label for p in played.record.departures if p.gateway == gateway.name]
        states.append((gateway.name, tuple(dict.fromkeys(words))))
        labels.append((gateway.name, tuple(dict.fromkeys(sent))))
    bites = tuple((bite.fault, bite.bit) for bite in played.verdict.bites)
    text = verdict_text(played.verdict)
    return Told(played.verdict.passed, bites, tuple(states), tuple(labels), text)


def test_a_scenario_comes_out_alike_in_the_simulation_and_in_namespaces():
    """Some run at a time, for most of their time they wait."""
    with multiprocessing.get_context("spawn").Pool(AT_ONCE) as pool:
        waiting = {story: pool.apply_async(tell, ("netns", story)) for story in STORIES}
        real = {story: result.get(timeout=300) for story, result in waiting.items()}
    for story, found in real.items():
        simulated = tell("sim", story)
        assert simulated.passed, simulated.text
        assert found.passed, found.text
        assert found.bites == simulated.bites, story
        assert found.states == simulated.states, story
        assert found.labels == simulated.labels, story
