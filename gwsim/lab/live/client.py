"""A running lab and all its doors: what its nodes are asked, and told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from gwsim.daemon.door import Door
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import gateway_config_to_json, path_config_to_json
from gwsim.gateway.config import GatewayConfig
from gwsim.ike.events import Event
from gwsim.lab.live.outside import RunningLab
from gwsim.lab.live.places import KEEPER
from gwsim.lab.live.ports import INTERNET
from gwsim.path.config import PathConfig


class Lab(RunningLab):
    """A lab that can be spoken with in values; doors raise DoorError when there is no answer."""

    def gateway(self, name: str) -> GatewayDoor:
        """The door of a gateway."""
        return GatewayDoor(self.place.door(name))

    @contextmanager
    def asked_gateway(self, name: str) -> Iterator[GatewayDoor]:
        """Open the door of a gateway; one that does not answer is spoken of in words."""
        with self.in_words(name), self.gateway(name) as door:
            yield door

    @contextmanager
    def asked_internet(self) -> Iterator[InternetDoor]:
        """Open the door of the internet; where it does not answer it is spoken of in words."""
        with self.in_words(INTERNET), self.internet() as door:
            yield door

    def internet(self) -> InternetDoor:
        """The door of the internet."""
        return InternetDoor(self.place.door(INTERNET))

    def events(self, name: str) -> tuple[Event, ...]:
        """Fetch everything a gateway remembers of what happened to it."""
        found: list[Event] = []
        with self.gateway(name) as door:
            cursor = 0
            while (page := door.events(cursor)).items:
                found += page.items
                cursor = page.cursor
        return tuple(found)

    def tell_hosts(self, name: str, fields: Mapping[str, Any]) -> None:
        """Let a host ping or stream (see `keeper`)."""
        with self.keeper() as keeper:
            keeper.ask(name, **fields)

    def configure(self, node: str, config: GatewayConfig | PathConfig) -> None:
        """Give a gateway or the internet another configuration, for all its lives."""
        if self.place.door(KEEPER).exists():
            with self.keeper() as keeper:
                configure(keeper, node, config)
        elif isinstance(config, GatewayConfig):
            with self.gateway(node) as gateway:
                gateway.reconfigure(config)
        else:
            with self.internet() as internet:
                internet.reconfigure(config)

    def follow(self, text: str) -> None:
        """Let what is still to come in the lab be as a changed scenario says."""
        with self.keeper() as keeper:
            keeper.ask("follow", text=text)


def configure(door: Door, node: str, config: GatewayConfig | PathConfig) -> None:
    """Ask a keeper to give a node another configuration."""
    if isinstance(config, GatewayConfig):
        door.ask("configure", node=node, config=gateway_config_to_json(config))
    else:
        door.ask("configure", node=node, config=path_config_to_json(config))
