"""A host in a container of its own: what it does of itself, asked for at its door.

status                    who it is
ping, stream              it sends (fields as in `HostStack`)
listen                    it takes datagrams that come to a `port`
arrivals                  how many came from a `source` and its `port`
traffic                   what all its pings and streams came to
stop                      it ends
"""

import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, cast

from gwsim.daemon.clock import Clock
from gwsim.daemon.door import Door
from gwsim.gateway.jsonform import encode
from gwsim.lab.host import Host
from gwsim.lab.live.desk import Desk
from gwsim.lab.live.hosts import RealHost
from gwsim.lab.live.places import Place
from gwsim.lab.runtimes.hosts import PING_FIELDS, STREAM_FIELDS, HostStack


class HostDesk:
    """Serves one host; `hosts` are all of the lab, and `place` is where their doors are."""

    def __init__(
        self, host: Host, hosts: tuple[Host, ...], place: Place, selector: selectors.BaseSelector
    ) -> None:
        self._host = host
        self._names = {one.address: one.name for one in hosts}
        self._place = place
        self._real = RealHost(host, None)
        self._selector = selector
        self._heard: set[socket.socket] = set()
        self._clock: Clock | None = None

    def open(self, clock: Clock, stop: Callable[[], None]) -> None:
        """Take questions, and hear what comes to the host; `stop` is what ends it."""
        self._clock, self._stop = clock, stop
        self._desk = Desk(self._place.door(self._host.name), self._selector, self._handlers())
        self._listen()

    def close(self) -> None:
        """Take no more questions."""
        self._desk.close()

    def patience(self) -> float | None:
        """How long nothing is due, in real seconds; None for ever."""
        due = self._real.stack.next_timer()
        if due is None or self._clock is None:
            return None
        return max(0.0, self._clock.real(due) - time.monotonic())

    def handle_timer(self) -> None:
        """Send what is due."""
        self._real.handle_timer(self._now())

    def _now(self) -> float:
        return self._clock.now() if self._clock is not None else 0.0

    def _listen(self) -> None:
        for sock, read in self._real.readers():
            if sock not in self._heard:
                self._heard.add(sock)
                self._selector.register(sock, selectors.EVENT_READ, partial(self._hear, read))

    def _hear(self, read: Callable[[float], None]) -> None:
        read(self._now())

    def _handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        return {
            "status": self._status,
            "ping": self._ping,
            "stream": self._stream,
            "listen": self._listen_at,
            "arrivals": self._arrivals,
            "traffic": self._traffic,
            "stop": lambda _: self._stop(),
        }

    def _status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {"kind": "host", "name": self._host.name, "pid": os.getpid(), "now": self._now()}

    def _ping(self, question: Mapping[str, Any]) -> None:
        said = {key: question[key] for key in PING_FIELDS}
        target = str(question["destination"])
        self._real.stack.ping(self._names.get(target, target), target, self._now(), **said)

    def _stream(self, question: Mapping[str, Any]) -> None:
        said = {key: question[key] for key in STREAM_FIELDS}
        target = str(question["destination"])
        self._real.stack.stream(self._names.get(target, target), target, self._now(), **said)

    def _listen_at(self, question: Mapping[str, Any]) -> None:
        self._real.listen(int(question["port"]))
        self._listen()

    def _arrivals(self, question: Mapping[str, Any]) -> int:
        return self._real.stack.arrivals(str(question["source"]), int(question["port"]))

    def _traffic(self, _: Mapping[str, Any]) -> dict[str, Any]:
        stacks = cast(Mapping[str, HostStack], _Others(self._place, self._names))
        stack = self._real.stack
        return {"echoes": encode(stack.echoes()), "flows": encode(stack.flows(stacks))}


class _Others(Mapping[str, "_Other"]):
    """All hosts by address, as far as their answers go."""

    def __init__(self, place: Place, names: Mapping[str, str]) -> None:
        self._place = place
        self._names = names

    def __getitem__(self, address: str) -> "_Other":
        return _Other(self._place, self._names[address])

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class _Other:
    """Another host, asked what arrived there."""

    def __init__(self, place: Place, name: str) -> None:
        self._place = place
        self._name = name

    def arrivals(self, source: str, source_port: int) -> int:
        """Ask how many datagrams of a stream arrived."""
        with Door(self._place.door(self._name)) as door:
            return int(door.ask("arrivals", source=source, port=source_port))
