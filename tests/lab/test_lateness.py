"""A machine that is too slow for a run is named where it may be to blame, and nowhere else."""

from dataclasses import replace

import pytest

from gwsim.lab.lateness import MATTERS, Lateness, late_words
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.sim import SimRuntime

PINGED = """
name: pinged
title: A tunnel that is pinged
gateways:
  hq: {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: screenos, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels: [{between: [hq, branch], psk: x}]
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc}}
duration: 4s
expect: [{at: 3s, hq: {sas: {ike: %d}}}]
"""


class Late(SimRuntime):
    """A simulation that says it was on a machine that was late."""

    def stop(self):
        return replace(super().stop(), lateness=Lateness(0.61, 4.0))


def test_a_run_that_was_late_says_so_with_the_remedy():
    (words,) = late_words(Lateness(0.61, 4.0))
    assert "late by up to 0.61 s" in words
    assert "--speed 2" in words


@pytest.mark.parametrize("lateness", [None, Lateness(MATTERS / 2, 4.0)])
def test_a_run_without_real_time_or_in_time_says_nothing(lateness):
    assert late_words(lateness) == ()


@pytest.mark.parametrize(("expected", "warned"), [(1, False), (2, True)])
def test_only_a_run_that_failed_asks_whether_the_machine_is_to_blame(expected, warned):
    verdict = run(load_text(PINGED % expected), runtime=Late()).verdict
    assert verdict.passed is not warned
    assert any("this machine was late" in warning for warning in verdict.warnings) is warned
