"""The runtime in namespaces: real sockets, TUN devices, routes and hosts, and real time.

The clock of the run is the one that the nodes share. `advance` sleeps; `now` is the moment in the
plan that was reached, so that what is done at a moment of the plan is recorded under it although
a little more has passed by then. `speed` seconds of the plan pass in each real one.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TypeVar

from gwsim.capture.wanted import NOTHING, InsidePacket, Wanted
from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.node_doors import GatewayDoor
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.jsonform import decode
from gwsim.gateway.keys import KeyBook
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event
from gwsim.lab.lateness import Lateness
from gwsim.lab.live.acts import Reach, perform
from gwsim.lab.live.client import Lab, configure
from gwsim.lab.live.launch import Order, launch
from gwsim.lab.live.places import PASSING
from gwsim.lab.plan import Act, Plan
from gwsim.lab.record import Capture, Departure, GatewayRecord, Record
from gwsim.lab.runtimes.hosts import Echo, Flow
from gwsim.lab.runtimes.runtime import Watch
from gwsim.lab.runtimes.sim import addresses_of
from gwsim.path.events import PathAction, PathEvent

POLL_EVERY = 0.05
"""Real seconds between two looks at a gateway that is watched."""

COLLECT_EVERY = 2.0
"""Real seconds after which events are collected, long before a node forgets them."""

_numbers = count(1)

_Happened = TypeVar("_Happened", Event, PathEvent, Departure, InsidePacket)


@dataclass(slots=True)
class _Node:
    """What has been learnt of a gateway; `pid` tells its lives apart, cursors are of this one."""

    config: GatewayConfig
    door: GatewayDoor
    watches: tuple[Watch, ...]
    pid: int = 0
    cursor: int = 0
    cursor_inside: int = 0
    events: list[Event] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    inside: list[InsidePacket] = field(default_factory=list)


class NetnsRuntime:
    """A lab of namespaces that ends with the run (interface: `Runtime`)."""

    def __init__(self, speed: float | None = None, capture: Wanted = NOTHING) -> None:
        self._speed = speed or 1.0
        self._wanted = capture
        self._keys = KeyBook()
        self._lost = 0
        self._late = 0.0
        self._lab: Lab | None = None

    def start(self, plan: Plan, watches: tuple[Watch, ...] = ()) -> None:
        """Start all nodes and wait for second 0; raises NamespaceError and the like, in words."""
        self._plan = plan
        self._now = self._acted = 0.0
        self._path: list[PathEvent] = []
        self._path_cursor = 0
        self._forged: list[bytes] = []
        name = f"{PASSING}{os.getpid()}-{next(_numbers)}"
        self._lab = self._launch(plan, name)
        self._keeper = self._lab.keeper()
        self._internet = self._lab.internet()
        self._nodes = {
            config.name: _Node(
                config,
                self._lab.gateway(config.name),
                tuple(watch for watch in watches if watch.gateway == config.name),
            )
            for config in plan.gateways
        }
        self._reach = Reach(
            lambda name, fields: self._keeper.ask(name, **fields),
            lambda name, config: configure(self._keeper, name, config),
            lambda name: nullcontext(self._nodes[name].door),
            lambda: nullcontext(self._internet),
        )
        self._epoch = self._second_zero()
        self._collected = self._epoch
        self.advance(0.0)

    def _launch(self, plan: Plan, name: str) -> Lab:
        """Start a lab of this kind and give it when all its nodes answer."""
        return launch(plan, Order(name, self._speed, attached=True, capture=self._wanted))

    def _second_zero(self) -> float:
        """Learn how fast time passes; give the moment on the monotonic clock of second 0."""
        status = self._keeper.status()
        self._speed = float(status["speed"])
        return float(status["epoch"])

    def now(self) -> float:
        """Give the moment of the plan that was reached."""
        return self._now

    def catch_up(self) -> None:
        """Let `now` be the moment that really is."""
        self._now = max(self._now, self._moment())

    def _moment(self) -> float:
        return (time.monotonic() - self._epoch) * self._speed

    def advance(self, seconds: float) -> None:
        """Sleep until so many seconds have passed, with an eye on what is watched."""
        end = self._now + seconds
        until = self._epoch + end / self._speed
        while (left := until - time.monotonic()) > 0:
            watched = self._look()
            time.sleep(min(left, POLL_EVERY if watched else COLLECT_EVERY))
            if time.monotonic() - self._collected > COLLECT_EVERY:
                self._collect()
        self._now = end

    def act(self, act: Act) -> None:
        """Do one thing of the timeline, now; its first effects belong to this moment too."""
        self._forged += perform(act, self._reach)
        self._acted = self._moment()

    def snapshot(self, gateway: str) -> Snapshot:
        """Take a snapshot now and keep it under the moment that was reached."""
        node = self._nodes[gateway]
        snapshot = replace(node.door.snapshot(), now=self._now)
        while node.snapshots and node.snapshots[-1].now >= self._now:
            node.snapshots.pop()
        node.snapshots.append(snapshot)
        return snapshot

    def stop(self) -> Record:
        """Give the record and end the lab."""
        record = self.record()
        self.abandon()
        return record

    def record(self) -> Record:
        """Collect what is new and give what happened up to now, not what happens meanwhile."""
        end = max(self._now, self._acted)
        for name in self._nodes:
            self.snapshot(name)
        self._collect()
        traffic = self._keeper.ask("traffic")
        bites = self._internet.bites()
        return Record(
            seed=self._plan.seed,
            duration=self._now,
            epoch=self._plan.epoch,
            gateways=tuple(self._gateway_record(node, end) for node in self._nodes.values()),
            departures=_until(end, self._departures()),
            path=_until(end, self._path),
            echoes=decode(tuple[Echo, ...], traffic["echoes"], "echoes"),
            flows=decode(tuple[Flow, ...], traffic["flows"], "flows"),
            acts=self._plan.acts,
            bites=tuple(sorted(bites.items())),
            capture=self._capture(end),
            lateness=Lateness(self._late, self._speed),
        )

    def abandon(self) -> None:
        """End the lab, if it still runs, without asking what became of anything."""
        if self._lab is not None:
            for door in self._doors():
                door.close()
            self._lab.down()
            self._lab = None

    def _doors(self) -> Iterator[Door]:
        for name in ("_keeper", "_internet"):
            if hasattr(self, name):
                yield getattr(self, name)
        for node in getattr(self, "_nodes", {}).values():
            yield node.door

    # what is learnt

    def _look(self) -> bool:
        """Take snapshots of gateways that are watched now; tells whether there are any."""
        now = self._moment()
        watched = False
        for node in self._nodes.values():
            if any(watch.since <= now <= watch.until for watch in node.watches):
                watched = True
                node.snapshots.append(node.door.snapshot())
        return watched

    def _collect(self) -> None:
        """Fetch all events that are new."""
        for node in self._nodes.values():
            self._collect_from(node)
        while (page := self._internet.events(self._path_cursor)).items:
            self._path += page.items
            self._path_cursor = page.cursor
            self._lost += page.lost
        for door in (self._internet, self._keeper):
            self._late = max(self._late, float(door.status()["late"]))
        self._collected = time.monotonic()

    def _collect_from(self, node: _Node) -> None:
        try:
            status = node.door.status()
        except DoorError:
            # Killed, or gone: the keeper brings it back, with a new door.
            self._reopen(node)
            return
        pid = int(status["pid"])
        self._late = max(self._late, float(status["late"]))
        if pid != node.pid:
            node.pid, node.cursor, node.cursor_inside = pid, 0, 0
        while (page := node.door.events(node.cursor)).items:
            node.events += page.items
            node.cursor = page.cursor
        if self._wanted.packets:
            self._collect_inside(node)
        if self._wanted.keys:
            self._keys.add(node.door.keys())

    def _collect_inside(self, node: _Node) -> None:
        while (page := node.door.inside(node.cursor_inside)).items:
            node.inside += page.items
            node.cursor_inside = page.cursor
            self._lost += page.lost

    def _capture(self, end: float) -> Capture | None:
        """Give what a capture needs besides, if somebody wants one."""
        if not self._wanted.packets:
            return None
        inside = tuple((name, _until(end, node.inside)) for name, node in self._nodes.items())
        return Capture(inside, self._keys.keys() if self._wanted.keys else None, self._lost)

    def _reopen(self, node: _Node) -> None:
        node.door.close()
        if self._lab is not None:
            with suppress(DoorError):
                node.door = self._lab.gateway(node.config.name)

    def _departures(self) -> Iterator[Departure]:
        """Give what gateways sent, as the internet saw it come in; forgeries are not theirs."""
        for event in self._path:
            if event.action is PathAction.ENTERED and event.side_in:
                if event.payload in self._forged:
                    continue
                yield Departure(event.at, event.side_in, event.label, event.payload)

    def _gateway_record(self, node: _Node, end: float) -> GatewayRecord:
        name = node.config.name
        return GatewayRecord(
            name=name,
            vendor=node.config.vendor,
            addresses=addresses_of(self._plan)[name],
            inside=node.config.inside,
            events=_until(end, node.events),
            snapshots=tuple(node.snapshots),
        )


def _until(end: float, happened: Iterable[_Happened]) -> tuple[_Happened, ...]:
    return tuple(one for one in happened if one.at <= end)
