"""A pytest within pytest, in which the plugin is loaded exactly once.

What is imported here stays: the inner pytest forgets only modules that it was the first to import,
and some with parts in C cannot be imported twice.
"""

from importlib.metadata import entry_points

import pytest

from gwsim.pytest_plugin import items, labs

KEPT = (items, labs)
PLUGIN = "gwsim.pytest_plugin.plugin"

SCENARIO = """\
name: key
title: Two keys
level: advanced
gateways:
  hq:     {vendor: asa,      outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: screenos, outside: 203.0.113.1,  inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - {between: [hq, branch], psk: secret}
faults:
  - psk-mismatch: {at: branch}
expect:
  - {at: 9s, hq: {state: MM_WAIT_MSG6}}
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """An empty project; `project(*arguments)` runs its tests with the plugin."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:cacheprovider")
    installed = any(entry.value == PLUGIN for entry in entry_points(group="pytest11"))
    own = () if installed else ("-p", PLUGIN)
    pytester.run_here = lambda *arguments: pytester.runpytest_inprocess(*own, *arguments)
    return pytester
