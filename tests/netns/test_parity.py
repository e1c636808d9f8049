"""One scenario, one verdict: what the simulation says comes true on real sockets and routes."""

import pytest

from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.wire.ip import parse_ipv4
from tests.parity import SPEED, STORIES, compared, duration, stories

pytestmark = pytest.mark.needs("ip")

AT_ONCE = 5
LONGEST = 26.0


def test_the_classic_faults_look_alike_in_the_simulation_and_in_namespaces():
    assert [one for one in compared("netns", STORIES, AT_ONCE) if one.said] == []


def test_every_short_scenario_looks_alike_in_the_simulation_and_in_namespaces():
    short = [story for story in stories() if story not in STORIES and duration(story) <= LONGEST]
    # Those of crafted messages differ in a few octets: of them every third will do.
    crafted = [story for story in short if story.startswith("crafted/")]
    short = [story for story in short if story not in crafted] + crafted[::3]
    assert len(short) > 15
    assert [one for one in compared("netns", short, AT_ONCE) if one.said] == []


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
