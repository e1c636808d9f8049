"""Runs that the tests of the reports look at, each made once."""

from functools import cache

from gwsim.lab.expect.evidence import Evidence
from gwsim.lab.html.folder import ReportKeeper, twin_of
from gwsim.lab.html.page import page
from gwsim.lab.load import Loaded, load_text
from gwsim.lab.runner import Run, run
from gwsim.vendors.registry import VENDORS
from tests.lab.scenarios_for_tests import varied, with_fault

HEALTHY = varied()
WRONG_KEY = with_fault("psk-mismatch: {at: branch}", ("{state: ESTABLISHED}", "{state: up}"))
STUCK = with_fault(
    "psk-mismatch: {at: branch}",
    ("{state: ESTABLISHED}", "{state: MM_WAIT_MSG6}"),
    ("title: Two ASAs", "title: Two ASAs\nduration: 60s"),
)
FILTERED = with_fault(
    "esp-blocked", ("ESTABLISHED}", "ESTABLISHED, show crypto ipsec sa: {decaps: 0}}")
)
ONE_SIDED_PFS = with_fault("pfs-mismatch: {at: branch}")
REBOOT = with_fault("reboot: {at: branch, start: 4s}")
THREE = """\
name: three
title: Three sites
gateways:
  hq:    {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  north: {vendor: ios, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
  south:
    vendor: screenos
    outside: 192.168.1.2
    behind_nat: {public: 203.0.113.9, ports: one-to-one}
    inside: 10.3.0.0/24
    hosts: {a: 10.3.0.10, b: 10.3.0.11, c: 10.3.0.12, d: 10.3.0.13, e: 10.3.0.14}
tunnels:
  - {between: [hq, north], psk: one}
  - {between: [hq, south], psk: two}
internet: {south: {latency: 40ms, loss: 0.01, mtu: 1400}}
faults: [{udp-500-blocked: {from: north}}]
timeline:
  - {at: 1s, ping: {from: hq.server, to: north.pc}}
  - {at: 1s, ping: {from: south.a, to: hq.server}}
"""


@cache
def loaded(text: str) -> Loaded:
    """Give a scenario of these tests, as if it came from a file."""
    return load_text(text, "toy.yaml")


@cache
def judged(text: str) -> Run:
    """Run a scenario as a report wants it, with its looks."""
    return run(loaded(text), keepers=(_Looking(),))


@cache
def evidence(text: str) -> Evidence:
    """Give the evidence of a run."""
    return Evidence(judged(text).record, VENDORS)


def looked(text: str, seed: int | None = None) -> Run:
    """Run a scenario once more, as a report wants it."""
    return run(load_text(text, "toy.yaml"), seed, keepers=(_Looking(),))


@cache
def written(text: str) -> str:
    """Write the page of a run."""
    return page(loaded(text), judged(text), twin_of(loaded(text), judged(text)))


class _Looking(ReportKeeper):
    """Looks as a report does and keeps nothing."""

    def __init__(self):
        pass

    def keep(self, loaded, run):
        pass
