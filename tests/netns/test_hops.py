"""How far packets get, and who says that they got no further, is the same on real interfaces."""

from collections import Counter

import pytest

from gwsim.capture.wanted import Wanted
from gwsim.lab.load import load_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.path.events import PathAction

pytestmark = pytest.mark.needs("ip")

SPEED = 4.0
HOPS = """
name: hops
title: Probes of a few hops, through the tunnel and past it
gateways:
  hq: {vendor: ios, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: screenos, outside: 203.0.113.1, inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}}
tunnels:
  - {between: [hq, branch], psk: x, phase1: {encryption: aes-256, hash: sha1, group: 2},
     phase2: {encryption: aes-256, integrity: sha1, pfs: off}}
timeline:
  - {at: 1s, ping: {from: hq.server, to: branch.pc, count: 1}}
  - {at: 9s, ping: {from: hq.server, to: branch.pc, count: 1}}
  - {at: 10s, ping: {from: branch.pc, to: hq.server, ttl: 1, count: 1}}
  - {at: 11s, ping: {from: branch.pc, to: hq.server, ttl: 2, count: 1}}
  - {at: 12s, ping: {from: branch.pc, to: hq.server, ttl: 3, count: 1}}
  - {at: 13s, ping: {from: hq.server, to: 203.0.113.1, ttl: 1, count: 1}}
  - {at: 14s, ping: {from: hq.server, to: 203.0.113.1, ttl: 2, count: 1}}
  - {at: 15s, ping: {from: hq.server, to: 203.0.113.1, ttl: 3, count: 1}}
  - {at: 16s, ping: {from: hq.server, to: 203.0.113.1, ttl: 4, count: 1}}
  - {at: 17s, ping: {from: hq.server, to: branch.pc, ttl: 255, count: 1}}
duration: 20s
"""


def probes(runtime):
    """What came of every echo, and with which time to live packets passed each place."""
    made = make_runtime(runtime, None if runtime == "sim" else SPEED, Wanted(packets=True))
    record = run(load_text(HOPS), runtime=made).record
    echoes = [(e.source, e.answered is not None, e.ttl, e.error) for e in record.echoes]
    outer = {(e.action, e.label, e.payload[8]) for e in record.path if e.label}
    clear = Counter(e.payload[8] for e in record.path if e.action is PathAction.LEFT if not e.label)
    assert record.capture is not None
    inside = Counter(
        (name, packet.inbound, packet.packet[8])
        for name, packets in record.capture.inside
        for packet in packets
    )
    return echoes, outer, clear, inside


def test_hops_are_counted_alike_in_the_simulation_and_in_namespaces():
    simulated = probes("sim")
    echoes, outer, *_ = simulated
    assert echoes == [
        ("hq.server", False, None, ""),  # there was no tunnel yet
        ("hq.server", True, 62, ""),
        ("hq.server", False, None, "time to live exceeded at 10.1.0.1"),
        ("hq.server", False, None, "time to live exceeded at 198.51.100.2"),
        ("hq.server", False, None, "time to live exceeded at 203.0.113.2"),
        ("hq.server", True, 61, ""),
        ("hq.server", True, 62, ""),
        ("branch.pc", False, None, "time to live exceeded at 10.2.0.1"),
        ("branch.pc", False, None, "time to live exceeded at 198.51.100.1"),
        ("branch.pc", True, 62, ""),
    ]
    places = {(action, ttl) for action, label, ttl in outer if label == "esp"}
    assert places == {("entered", 64), ("reached", 63), ("left", 63), ("forwarded", 62)}
    assert probes("netns") == simulated
