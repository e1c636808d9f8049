"""What a whole negotiation costs, both ends, beside the Diffie-Hellman that it cannot do without.

Main mode and one quick mode with PFS: each end makes two key pairs and computes two shared
secrets. `negotiation` beside `its Diffie-Hellman alone` shows how much of the total is that; the
share is printed with each group. Run with `pytest benchmarks/bench_negotiation.py -s`; nothing is
asserted about time.
"""

from random import Random
from time import perf_counter

import pytest

from gwsim.crypto import dh
from gwsim.ike.config import (
    Behaviour,
    ChildConfig,
    Connection,
    EndpointConfig,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.ike.endpoint import Endpoint
from gwsim.wire.selector import Selector

GROUPS = [2, 5, 14, 19]
A, B = "198.51.100.1", "203.0.113.1"
LAN_A, LAN_B = Selector.parse("10.1.0.0/24"), Selector.parse("10.2.0.0/24")


def config(group: int, ours: str, theirs: str, local: Selector, remote: Selector) -> EndpointConfig:
    """One end: AES-128, SHA-1, this group in both phases."""
    esp = (Phase2Transform(12, 2, 128),)
    child = ChildConfig("lan", local, remote, esp, pfs_group=group)
    phase1 = (Phase1Transform(7, 2, group, 128),)
    peer = Connection("peer", ours, theirs, b"secret", phase1, (child,))
    return EndpointConfig(ours, (peer,), Behaviour())


def negotiate(a: Endpoint, b: Endpoint) -> int:
    """Bring up phase 1 and one child; gives the number of datagrams it took."""
    ends = {A: a, B: b}
    a.initiate("peer", "lan", 0.0)
    sent = a.datagrams_to_send()
    count = 0
    while sent:
        count += 1
        datagram = sent.pop(0)
        receiver = ends[datagram.destination[0]]
        receiver.receive_datagram(datagram.data, datagram.source, datagram.destination, 0.0)
        sent += receiver.datagrams_to_send()
    return count


def whole(group: int, rng: Random) -> int:
    """One complete negotiation between two fresh endpoints."""
    a = Endpoint(config(group, A, B, LAN_A, LAN_B), rng, 0.0)
    b = Endpoint(config(group, B, A, LAN_B, LAN_A), rng, 0.0)
    return negotiate(a, b)


def bare(group: int, rng: Random) -> int:
    """The Diffie-Hellman of one negotiation: both ends, phase 1 and PFS."""
    total = 0
    for _ in range(2):
        ours, theirs = dh.generate(group, rng), dh.generate(group, rng)
        total += len(dh.shared_secret(ours, theirs.public))
        total += len(dh.shared_secret(theirs, ours.public))
    return total


@pytest.mark.benchmark(group="main mode and quick mode with PFS, both ends")
@pytest.mark.parametrize("group", GROUPS)
def test_negotiation(benchmark, group):
    rng = Random(1)
    assert benchmark(whole, group, rng) == 9
    began = perf_counter()
    for _ in range(20):
        bare(group, rng)
    share = (perf_counter() - began) / 20 / benchmark.stats.stats.median
    benchmark.extra_info["share of Diffie-Hellman"] = f"{share:.0%}"
    print(f"\ngroup {group}: {1 / benchmark.stats.stats.median:.0f}/s, {share:.0%} Diffie-Hellman")


@pytest.mark.benchmark(group="its Diffie-Hellman alone")
@pytest.mark.parametrize("group", GROUPS)
def test_diffie_hellman(benchmark, group):
    assert benchmark(bare, group, Random(1))
