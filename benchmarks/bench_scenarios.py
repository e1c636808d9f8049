"""What a whole scenario run costs: load, compile, two gateways, the judgement.

Run with `pytest benchmarks/bench_scenarios.py`; the number of operations a second is the number
of scenario runs a second on one core. Nothing is asserted about time.
"""

import pytest

from gwsim.lab.load import Loaded, load_text
from gwsim.lab.runner import run

TEXT = """
name: bench
title: A tunnel
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - between: [hq, branch]
    psk: secret
    phase1: {encryption: aes-256, hash: sha1, group: 2}
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc}}
"""
UP = """
expect: [{at: 9s, hq: {state: MM_ACTIVE, show crypto ipsec sa: {encaps: 3}}, traffic: both}]
"""
WRONG_KEY = """
faults: [{psk-mismatch: {at: branch}}]
expect: [{at: 90s, hq: {passed: [MM_WAIT_MSG2, MM_WAIT_MSG6], never: MM_ACTIVE}, traffic: none}]
"""
AN_HOUR = """
duration: 1h
faults: [udp-500-blocked]
timeline: [{at: 1s, ping: {from: hq.server, to: branch.pc, count: 3600}}]
"""


def once(loaded: Loaded) -> None:
    assert run(loaded).verdict.passed


@pytest.mark.benchmark(group="scenario runs")
@pytest.mark.parametrize(
    "text", [TEXT + UP, TEXT + WRONG_KEY], ids=["healthy tunnel", "psk mismatch, 91 s"]
)
def test_run(benchmark, text):
    benchmark(once, load_text(text))


@pytest.mark.benchmark(group="scenario runs")
def test_an_hour_of_retransmission(benchmark):
    text = TEXT[: TEXT.index("timeline:")] + AN_HOUR
    benchmark(once, load_text(text))


@pytest.mark.benchmark(group="scenario files")
def test_load(benchmark):
    benchmark(load_text, TEXT + UP)
