"""Who speaks for a lab of containers: the internet's container answers for all at one door.

It answers what the keeper of a lab of namespaces answers (`gwsim.lab.live.keeper`), so that the
same commands work on both; what is asked of a host or a gateway it asks them in turn. Nodes keep
what they are configured to be in the lab's directory and find it there when they come back.
"""

import json
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gwsim.daemon.clock import Clock
from gwsim.daemon.door import Door, DoorError, GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import (
    gateway_config_from_json,
    gateway_config_to_json,
    path_config_from_json,
    path_config_to_json,
)
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.live.acts import Reach, perform
from gwsim.lab.live.places import Place
from gwsim.lab.live.topology import INTERNET
from gwsim.lab.plan import Host, PlannedAct
from gwsim.path.config import PathConfig


class Steward:
    """Answers for the lab in `place`; `begin` and `stop` are done when somebody asks for it."""

    def __init__(
        self,
        place: Place,
        hosts: tuple[Host, ...],
        clock: Clock,
        begin: Callable[[], None],
        stop: Callable[[], None],
    ) -> None:
        self._place = place
        self._hosts = {host.address: host.name for host in hosts}
        self._clock = clock
        self._begin = begin
        self._stop = stop
        self._acts: deque[PlannedAct] = deque()

    def play(self, acts: Iterable[PlannedAct]) -> None:
        """Do these when their time comes."""
        self._acts = deque(acts)

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        """Give what the door answers."""
        return {
            "status": self._status,
            "begin": lambda _: self._begin(),
            "ping": lambda question: self._send("ping", question),
            "stream": lambda question: self._send("stream", question),
            "configure": self._take_configuration,
            "traffic": self._traffic,
            "stop": lambda _: self._stop(),
        }

    def patience(self) -> float | None:
        """How long nothing is due, in real seconds; None for ever."""
        if not self._acts:
            return None
        return max(0.0, self._clock.real(self._acts[0].at) - time.monotonic())

    def act(self) -> None:
        """Do what the timeline says; what cannot be done to a node that is down is lost."""
        while self._acts and self._acts[0].at <= self._clock.now():
            planned = self._acts.popleft()
            reach = Reach(self._send, self._configure, self._gateway, self._internet)
            try:
                perform(planned.act, reach)
            except DoorError as error:
                sys.stderr.write(f"{planned.text}: not done, {error}\n")

    def _send(self, name: str, fields: Mapping[str, Any]) -> None:
        said = {key: value for key, value in fields.items() if key != "ask"}
        target = self._hosts.get(str(said["destination"]))
        if name == "stream" and target is not None:
            with self._host(target) as receiver:
                receiver.ask("listen", port=said["port"])
        with self._host(self._hosts[str(said["source"])]) as sender:
            sender.ask(name, **said)

    def _configure(self, node: str, config: GatewayConfig | PathConfig) -> None:
        """Give a node another configuration, and leave it where the node looks when it is back."""
        if isinstance(config, GatewayConfig):
            remember(self._place, node, gateway_config_to_json(config))
            with self._gateway(node) as gateway:
                gateway.reconfigure(config)
        else:
            remember(self._place, node, path_config_to_json(config))
            with self._internet() as internet:
                internet.reconfigure(config)

    def _take_configuration(self, question: Mapping[str, Any]) -> None:
        node, text = str(question["node"]), str(question["config"])
        read = path_config_from_json if node == INTERNET else gateway_config_from_json
        self._configure(node, read(text))

    def _traffic(self, _: Mapping[str, Any]) -> dict[str, Any]:
        told = []
        for name in self._hosts.values():
            with self._host(name) as host:
                told.append(host.ask("traffic"))
        echoes = sorted((e for one in told for e in one["echoes"]), key=lambda echo: echo["at"])
        return {"echoes": echoes, "flows": [flow for one in told for flow in one["flows"]]}

    def _status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "kind": "keeper",
            "name": self._place.name,
            "pid": os.getpid(),
            "now": self._clock.now(),
            "epoch": self._clock.epoch,
            "clock": time.monotonic(),
            "nodes": {name: self._node(name) for name in self._place.state().vendors},
            "wires": {name: self._wires(name) for name in self._place.state().kinds},
        }

    def _wires(self, name: str) -> str | None:
        """Give what a node says of its wires: nothing bad, or that it does not know yet."""
        if name == INTERNET:
            return ""
        with suppress(FileNotFoundError):
            return wires_of(self._place, name).read_text(encoding="utf-8")
        return None

    def _node(self, name: str) -> dict[str, Any]:
        said = {"pid": 0, "lives": lives(self._place, name), "ended": "it does not answer"}
        with suppress(DoorError), Door(self._place.door(name)) as door:
            said |= {"pid": int(door.status()["pid"]), "ended": "its end"}
        return said

    def _host(self, name: str) -> Door:
        return Door(self._place.door(name))

    def _gateway(self, name: str) -> GatewayDoor:
        return GatewayDoor(self._place.door(name))

    def _internet(self) -> InternetDoor:
        return InternetDoor(self._place.door(INTERNET))


def wires_of(place: Place, node: str) -> Path:
    """Give the file in which a node says what is wrong with its wires, nothing if they are well."""
    return place.path / f"{node}.wires"


def remember(place: Place, node: str, config: str) -> None:
    """Keep the configuration of a node for when it comes back; there are keys in it."""
    fresh = place.path / f".{node}.config"
    fresh.touch(mode=0o600)
    fresh.write_text(config, encoding="utf-8")
    fresh.replace(place.path / f"{node}.config")


def remembered(place: Place, node: str) -> str:
    """Give the configuration that a node was told last, "" if it is as it was at the start."""
    with suppress(FileNotFoundError):
        return (place.path / f"{node}.config").read_text(encoding="utf-8")
    return ""


def lives(place: Place, node: str) -> int:
    """Tell how often a node was started."""
    with suppress(FileNotFoundError, ValueError):
        return int(json.loads((place.path / f"{node}.lives").read_text(encoding="ascii")))
    return 0


def begin_life(place: Place, node: str) -> int:
    """Count a start of a node and tell which one it is."""
    count = lives(place, node) + 1
    (place.path / f"{node}.lives").write_text(str(count), encoding="ascii")
    return count
