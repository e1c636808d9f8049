"""Networks of an engine, also when it has no subnet left to give them."""

from collections.abc import Iterator
from contextlib import suppress
from random import Random
from typing import Any

from docker.errors import APIError
from docker.types import IPAMConfig, IPAMPool

_FULL = ("pools have been fully subnetted", "non-overlapping IPv4 address pool")
SPARE = 64
"""How many subnets of our own choice are tried."""


def make_network(client: Any, name: str, **told: Any) -> None:
    """Make a network, on a subnet of our own choice when the engine has none left.

    Nothing uses these addresses and the engine's machine has no route to them; without a subnet
    it just makes no network.
    """
    try:
        client.networks.create(name, driver="bridge", **told)
    except APIError as error:
        if not any(words in str(error) for words in _FULL):
            raise
        for subnet in _spare_subnets(name):
            ipam = IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)])
            with suppress(APIError):
                client.networks.create(name, driver="bridge", ipam=ipam, **told)
                return
        raise


def _spare_subnets(name: str) -> Iterator[str]:
    """Draw subnets of 62 addresses out of 10.192.0.0/10, others for each name."""
    rng = Random(name)
    for _ in range(SPARE):
        number = rng.randrange(1 << 16)
        yield f"10.{192 + (number >> 10)}.{number >> 2 & 255}.{(number & 3) * 64}/26"
