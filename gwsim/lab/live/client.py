"""A running lab as seen from outside: its doors, its namespaces and its end."""

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import gateway_config_to_json, path_config_to_json
from gwsim.gateway.config import GatewayConfig
from gwsim.ike.events import Event
from gwsim.lab.live.linux import NamespaceError, enter
from gwsim.lab.live.places import DOCKER, ENDING, KEEPER, Place, PlaceError, State, sweep
from gwsim.lab.live.ports import INTERNET
from gwsim.path.config import PathConfig

OWN_NODE = "GWSIM_NODE"
"""The variable in which a container finds which node it is."""

_PATIENCE = 15.0
_PAUSE = 0.01


class Lab:
    """One lab; `hand` holds the lifeline of a lab that is to end with this process.

    Doors raise DoorError when a node does not answer.
    """

    def __init__(self, place: Place, hand: int | None = None, child: int = 0) -> None:
        self.place = place
        self._hand = hand
        self._child = child

    @property
    def state(self) -> State:
        """What is written down about the lab; raises PlaceError while it is coming or going."""
        return self.place.state()

    def keeper(self) -> Door:
        """The door of the process that holds the lab."""
        return Door(self.place.door(KEEPER))

    def gateway(self, name: str) -> GatewayDoor:
        """The door of a gateway."""
        return GatewayDoor(self.place.door(name))

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

    def enter(self, node: str) -> None:
        """Go into a node's network namespace, for good; raises RuntimeFailure, in words."""
        state = self.state
        if state.runtime == DOCKER:
            _require_here(node)
        elif state.keeper:
            enter(state.keeper, f"fd/{state.networks[node]}")
        else:
            with Door(self.place.door(node)) as door:
                process = int(door.status()["pid"])
            enter(process, "ns/net")

    def down(self) -> None:
        """End the lab and wait until nothing of it is left.

        Raises NamespaceError in a container of the lab, where nobody can end the others.
        """
        if self._hand is not None:
            os.close(self._hand)
            self._hand = None
            with suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            sweep()
            return
        with suppress(PlaceError):
            state = self.state
            if state.runtime == DOCKER:
                raise NamespaceError(
                    "the containers of a lab are ended from outside of them:"
                    f" `docker compose down -v`, or `gwsim down {state.name}` if that started it"
                )
            self._end_each(state)
        with suppress(DoorError), self.keeper() as door:
            door.stop()
        patience = time.monotonic() + _PATIENCE
        while self.place.path.exists() and time.monotonic() < patience:
            time.sleep(_PAUSE)
        sweep()

    def _end_each(self, state: State) -> None:
        """End the nodes of a lab that nobody holds: each is a process that somebody started."""
        if state.keeper:
            return
        (self.place.path / ENDING).touch()
        for node in sorted(state.kinds, key=lambda node: state.kinds[node] == INTERNET):
            with suppress(DoorError), Door(self.place.door(node)) as door:
                door.stop()


def _require_here(node: str) -> None:
    """Raise NamespaceError unless this process is in the container of a node."""
    if os.environ.get(OWN_NODE) != node:
        service = node.replace(".", "-")
        raise NamespaceError(
            f"{node} is a container of its own; outside of it: `docker compose exec {service} ...`"
        )


def configure(door: Door, node: str, config: GatewayConfig | PathConfig) -> None:
    """Ask a keeper to give a node another configuration."""
    if isinstance(config, GatewayConfig):
        door.ask("configure", node=node, config=gateway_config_to_json(config))
    else:
        door.ask("configure", node=node, config=path_config_to_json(config))
