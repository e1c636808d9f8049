"""What a device's configuration says of the networks at its sides, and ours leaves open.

It is the same for every vendor: the device has the first address of the first network behind it,
and the networks further inside lie behind a router that has the last one.
"""

from collections.abc import Iterator

from gwsim.gateway.config import GatewayConfig
from gwsim.wire.ip import format_address
from gwsim.wire.selector import Selector

OUTSIDE_MASK = "255.255.255.0"
"""Our configuration knows no mask for the outside address; it matters to nobody here."""


def inside_network(config: GatewayConfig) -> Selector | None:
    """Give the network in which the inside interface is; None for a gateway without any."""
    return Selector.parse(config.inside[0]) if config.inside else None


def inside_address(network: Selector) -> str:
    """Give the address of the inside interface in its network."""
    return format_address(min(network.first + 1, network.last))


def routed_inside(config: GatewayConfig) -> Iterator[tuple[Selector, str]]:
    """List the networks further inside, each with the address of the router before it."""
    nearest = inside_network(config)
    if nearest is not None:
        router = format_address(max(nearest.last - 1, nearest.first))
        for network in config.inside[1:]:
            yield Selector.parse(network), router
