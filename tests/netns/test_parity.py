"""One scenario, one verdict: what the simulation says comes true on real sockets and routes."""

import multiprocessing
from dataclasses import dataclass

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.history import stays
from gwsim.lab.load import load_scenario
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.vendors.registry import VENDORS
from tests.netns.conftest import SCENARIOS

pytestmark = pytest.mark.needs("ip")

SPEED = 4.0
AT_ONCE = 5
LONGEST = 26.0
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


def in_namespaces(stories):
    """Play stories in namespaces, some at a time: most of their time they wait."""
    with multiprocessing.get_context("spawn").Pool(AT_ONCE) as pool:
        waiting = {story: pool.apply_async(tell, ("netns", story)) for story in stories}
        return {story: result.get(timeout=300) for story, result in waiting.items()}


def test_the_classic_faults_look_alike_in_the_simulation_and_in_namespaces():
    for story, found in in_namespaces(STORIES).items():
        simulated = tell("sim", story)
        assert simulated.passed, simulated.text
        assert found.passed, found.text
        assert found.bites == simulated.bites, story
        assert found.states == simulated.states, story
        assert found.labels == simulated.labels, story


def test_every_short_scenario_has_the_same_verdict_in_namespaces():
    files = (str(path.relative_to(SCENARIOS)) for path in SCENARIOS.rglob("*.yaml"))
    short = [f for f in sorted(files) if f not in STORIES and _duration(f) <= LONGEST]
    # Those of crafted messages differ in a few octets: of them every third will do.
    crafted = [f for f in short if f.startswith("crafted/")]
    short = [f for f in short if f not in crafted] + crafted[::3]
    assert len(short) > 15
    for story, found in in_namespaces(short).items():
        assert found.passed, found.text
        assert found.bites == tell("sim", story).bites, story


def _duration(story):
    return compile_scenario(load_scenario(SCENARIOS / story).scenario).duration
