"""Which container an order asks for."""

from importlib import import_module
from typing import cast

from gwsim.lab.live.container.container import Container
from gwsim.lab.live.order import ContainerOrder
from gwsim.lab.live.ports import INTERNET

KINDS: dict[str, str] = {
    "host": "gwsim.lab.live.container.host:HostContainer",
    "gateway": "gwsim.lab.live.container.gateway:GatewayContainer",
    "endpoint": "gwsim.lab.live.container.endpoint:EndpointContainer",
    "internet": "gwsim.lab.live.container.internet:InternetContainer",
}
"""Where the class of each kind is; imported on demand, for a container is of one kind only."""


def container_of(order: ContainerOrder) -> Container:
    """Give the container that lives as an order says."""
    module, _, name = KINDS[_kind(order)].partition(":")
    return cast(Container, getattr(import_module(module), name)(order))


def _kind(order: ContainerOrder) -> str:
    if order.node == INTERNET:
        return "internet"
    if not order.file:
        return "host"
    return "endpoint" if order.itself else "gateway"
