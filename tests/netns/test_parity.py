"""One scenario, one verdict: what the simulation says comes true on real sockets and routes."""

import multiprocessing
from dataclasses import dataclass

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.history import stays
from gwsim.lab.load import load_scenario, load_text
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.vendors.registry import VENDORS
from gwsim.wire.ip import parse_ipv4
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


def tell(runtime, story, speed=SPEED):
    """Play a story and tell what came of it.

    Where several negotiations go on at a time, at a gateway with several peers, the order in which
    they take their steps is chance.
    """
    played = run(
        load_scenario(SCENARIOS / story),
        runtime=make_runtime(runtime, None if runtime == "sim" else speed),
    )
    several = len(played.record.gateways) > 2
    states, labels = [], []
    for gateway in played.record.gateways:
        found = stays(gateway.events, VENDORS[gateway.vendor])
        words = [(stay.phase, stay.role, stay.word or stay.state) for stay in found]
        sent = [p.label for p in played.record.departures if p.gateway == gateway.name]
        for told, steps in ((states, words), (labels, sent)):
            seen = dict.fromkeys(steps)
            told.append((gateway.name, tuple(sorted(seen, key=str) if several else seen)))
    bites = tuple((bite.fault, bite.bit) for bite in played.verdict.bites)
    text = verdict_text(played.verdict)
    return Told(played.verdict.passed, bites, tuple(states), tuple(labels), text)


def differences(found, simulated):
    """Say in words what is not as in the simulation."""
    said = [] if found.passed else [found.text]
    for what in ("bites", "states", "labels"):
        one, other = getattr(found, what), getattr(simulated, what)
        if one != other:
            said.append(f"{what}: {one}\n  in the simulation: {other}")
    return said


def in_namespaces(stories):
    """Play stories in namespaces, some at a time: most of their time they wait."""
    return side_by_side("netns", stories, AT_ONCE)


def side_by_side(runtime, stories, at_once):
    """Play stories on a runtime, so many at a time, and give what came of each.

    A lab that could not begin beside others begins once more alone: what is compared is how labs
    come out, not how many this machine can start at a time.
    """
    with multiprocessing.get_context("spawn").Pool(at_once) as pool:
        waiting = {story: pool.apply_async(tell, (runtime, story)) for story in stories}
        found, late = {}, []
        for story, result in waiting.items():
            try:
                found[story] = result.get(timeout=300)
            except RuntimeFailure:
                late.append(story)
        return found | {story: pool.apply(tell, (runtime, story)) for story in late}


def test_the_classic_faults_look_alike_in_the_simulation_and_in_namespaces():
    for story, found in in_namespaces(STORIES).items():
        simulated = tell("sim", story)
        assert simulated.passed, simulated.text
        assert differences(found, simulated) == [], story


def test_every_short_scenario_has_the_same_verdict_in_namespaces():
    files = (str(path.relative_to(SCENARIOS)) for path in SCENARIOS.rglob("*.yaml"))
    short = [f for f in sorted(files) if f not in STORIES and duration(f) <= LONGEST]
    # Those of crafted messages differ in a few octets: of them every third will do.
    crafted = [f for f in short if f.startswith("crafted/")]
    short = [f for f in short if f not in crafted] + crafted[::3]
    assert len(short) > 15
    for story, found in in_namespaces(short).items():
        assert found.passed, found.text
        assert found.bites == tell("sim", story).bites, story


SIZES = """
name: sizes
title: Packets of all sizes
gateways:
  hq: {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: screenos, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - {between: [hq, branch], psk: x, hq: {phase2: {encryption: aes-256, integrity: sha1}},
     branch: {phase2: {encryption: aes-256, integrity: sha1}}}
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc, count: 2}}
  - {at: 4s, ping: {from: hq.server, to: branch.pc, size: 1400, count: 1, df: yes}}
  - {at: 5s, ping: {from: hq.server, to: branch.pc, size: 1472, count: 1, df: yes}}
  - {at: 6s, ping: {from: branch.pc, to: hq.server, size: 1472, count: 1}}
  - {at: 7s, ping: {from: branch.pc, to: hq.server, size: 3000, count: 1}}
duration: 10s
"""


def esp_packets(runtime):
    """What leaves gateways as ESP: whose, how long, whether it may be cut, which piece it is."""
    made = make_runtime(runtime, None if runtime == "sim" else SPEED)
    departures = run(load_text(SIZES), runtime=made).record.departures
    packets = [(p.gateway, parse_ipv4(p.packet)) for p in departures if p.label == "esp"]
    return sorted(
        (gateway, len(p.payload), p.dont_fragment, p.tos, p.more_fragments, p.fragment_offset)
        for gateway, p in packets
    )


def test_packets_of_all_sizes_leave_alike_in_the_simulation_and_in_namespaces():
    simulated = esp_packets("sim")
    assert {may_be_cut for _, _, may_be_cut, *_ in simulated} == {True, False}
    assert esp_packets("netns") == simulated


def duration(story):
    """Give how many seconds of its own clock a story takes."""
    return compile_scenario(load_scenario(SCENARIOS / story).scenario).duration
