"""Who speaks for a lab of containers: the internet's container answers for all at one door.

It answers what the keeper of a lab of namespaces answers (`gwsim.lab.live.keeper`), so that the
same commands work on both; what is asked of a host or a gateway it asks them in turn. Nodes keep
what they are configured to be in the lab's directory and find it there when they come back.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from gwsim.daemon.clock import Clock
from gwsim.daemon.door import Door, DoorError, Silent
from gwsim.daemon.nodefile import gateway_config_from_json, path_config_from_json
from gwsim.lab.host import Host
from gwsim.lab.live.pace import effort
from gwsim.lab.live.places import Place
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.remembered import is_held, life, wires_of
from gwsim.lab.live.silent import silence

_PATIENCE = 5.0


class Steward:
    """Answers for the lab in `place`.

    `begin` and `stop` are done when somebody asks for it; `keep` is given a node and what it is
    configured to be, for when it comes back; `follow` is given the text of a changed scenario.
    `played` says whether the lab does what the timeline says.
    """

    def __init__(
        self,
        place: Place,
        hosts: tuple[Host, ...],
        clock: Clock,
        begin: Callable[[float], None],
        stop: Callable[[], None],
        keep: Callable[[str, str], None],
        follow: Callable[[str], None],
        played: bool,
    ) -> None:
        self._place = place
        self._hosts = {host.address: host.name for host in hosts}
        self._clock = clock
        self._begin = begin
        self._stop = stop
        self._keep = keep
        self._follow = follow
        self._played = played

    def handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        """Give what the door answers."""
        return {
            "status": self._status,
            "begin": lambda question: self._begin(float(question["speed"])),
            "ping": lambda question: self.send("ping", question),
            "stream": lambda question: self.send("stream", question),
            "effort": lambda _: effort(),
            "configure": self._take_configuration,
            "follow": lambda question: self._follow(str(question["text"])),
            "traffic": self._traffic,
            "stop": lambda _: self._stop(),
        }

    def send(self, name: str, fields: Mapping[str, Any]) -> None:
        """Let a host ping or stream, as asked at the lab's door."""
        said = {key: value for key, value in fields.items() if key != "ask"}
        target = self._hosts.get(str(said["destination"]))
        if name == "stream" and target is not None:
            with self._host(target) as receiver:
                receiver.ask("listen", port=said["port"])
        with self._host(self._hosts[str(said["source"])]) as sender:
            sender.ask(name, **said)

    def configure(self, node: str, config: str) -> None:
        """Give a node another configuration, in its JSON form, for all its lives."""
        self._keep(node, config)
        try:
            with Door(self._place.door(node), _PATIENCE) as door:
                door.ask("reconfigure", config=config)
        except Silent as silent:
            words = silence(self._place, self._place.state(), node, silent.reached)
            raise DoorError(f"{node} does not answer: {words}") from None

    def _take_configuration(self, question: Mapping[str, Any]) -> None:
        node, text = str(question["node"]), str(question["config"])
        read = path_config_from_json if node == INTERNET else gateway_config_from_json
        read(text)
        self.configure(node, text)

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
            "late": self._clock.late,
            "epoch": self._clock.epoch,
            "speed": self._clock.speed,
            "played": self._played,
            "clock": time.monotonic(),
            "nodes": {name: self._node(name) for name in self._place.state().vendors},
            "wires": {name: self._wires(name) for name in self._place.state().ports},
        }

    def _wires(self, name: str) -> str | None:
        """Give what a node says of its wires: nothing bad, or that it does not know yet."""
        with suppress(FileNotFoundError):
            return wires_of(self._place, name).read_text(encoding="utf-8")
        return None

    def _node(self, name: str) -> dict[str, Any]:
        found = life(self._place, name)
        pid = found.pid if is_held(self._place, name) else 0
        return {"pid": pid, "lives": found.number, "ended": found.ended, "at": found.at}

    def _host(self, name: str) -> Door:
        return Door(self._place.door(name))
