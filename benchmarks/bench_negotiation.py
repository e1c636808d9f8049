"""Complete negotiations a second, both ends on one core, beside the Diffie-Hellman they contain.

Main mode, then quick mode with PFS in the same group: four key generations and four exchanges.
`test_negotiation` is the whole, `test_diffie_hellman` what the arithmetic of the groups alone
costs; their ratio is the share of it. Run with `pytest benchmarks/bench_negotiation.py`.
"""

from random import Random

import pytest

from gwsim.crypto import dh
from gwsim.ike.config import (
    ChildConfig,
    Connection,
    EndpointConfig,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.ike.endpoint import Endpoint
from gwsim.wire.numbers import Encryption, EspAuthentication, EspTransform, HashAlgorithm
from gwsim.wire.selector import Selector

GROUPS = [2, 5, 14, 19]
HQ, BRANCH = "198.51.100.1", "203.0.113.1"
NETWORK = {HQ: Selector.parse("10.1.0.0/24"), BRANCH: Selector.parse("10.2.0.0/24")}


def endpoint(address: str, peer: str, group: int) -> Endpoint:
    child = ChildConfig(
        "net",
        NETWORK[address],
        NETWORK[peer],
        (Phase2Transform(EspTransform.AES_CBC, EspAuthentication.HMAC_SHA1, 256),),
        pfs_group=group,
    )
    phase1 = Phase1Transform(Encryption.AES_CBC, HashAlgorithm.SHA1, group, 256)
    connection = Connection("peer", address, peer, b"secret", (phase1,), (child,))
    return Endpoint(EndpointConfig(address, (connection,)), Random(address), 0.0)


def negotiate(group: int) -> None:
    ends = {HQ: endpoint(HQ, BRANCH, group), BRANCH: endpoint(BRANCH, HQ, group)}
    ends[HQ].initiate("peer", "net", 0.0)
    moving = True
    while moving:
        moving = False
        for end in ends.values():
            for d in end.datagrams_to_send():
                ends[d.destination[0]].receive_datagram(d.data, d.source, d.destination, 0.0)
                moving = True
    assert len(ends[BRANCH].snapshot(0.0).children) == 1


def arithmetic(group: int, rng: Random) -> None:
    for _ in range(2):
        ours, theirs = dh.generate(group, rng), dh.generate(group, rng)
        assert dh.shared_secret(ours, theirs.public) == dh.shared_secret(theirs, ours.public)


@pytest.mark.parametrize("group", GROUPS)
def test_negotiation(benchmark, group):
    benchmark.group = f"group {group}: main and quick mode with PFS, both ends"
    benchmark(negotiate, group)


@pytest.mark.parametrize("group", GROUPS)
def test_diffie_hellman(benchmark, group):
    benchmark.group = f"group {group}: main and quick mode with PFS, both ends"
    benchmark(arithmetic, group, Random(1))
