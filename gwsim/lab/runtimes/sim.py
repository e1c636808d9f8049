"""The runtime in one process: real engines, real bytes, a clock that jumps.

The loop knows three kinds of thing with a timer (gateways, the middlebox, hosts). It jumps to the
earliest timer, lets its owner act and then carries packets about until nobody has anything to
send. Nothing takes time but what the middlebox delays. Every random number comes from generators
seeded with the plan's seed and the name of who uses it, so the same plan gives the same bytes,
and one gateway's thirst for random numbers does not change what another draws.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from gwsim.capture.wanted import NOTHING, InsidePacket, Wanted
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.keys import KeyBook
from gwsim.gateway.outputs import InsideOut
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event
from gwsim.lab.plan import (
    Act,
    ChangePath,
    Plan,
    RebindNat,
    Reconfigure,
    SendClear,
    SendPing,
    SendStream,
    Tell,
)
from gwsim.lab.record import Capture, Departure, GatewayRecord, Record
from gwsim.lab.runtimes.hosts import HostStack, forged
from gwsim.lab.runtimes.inner import Inside
from gwsim.lab.runtimes.outer import Outside
from gwsim.lab.runtimes.runtime import Watch
from gwsim.path.events import PathEvent
from gwsim.path.middlebox import Middlebox
from gwsim.wire.ip import parse_ipv4

MAX_STEPS = 20_000
"""How many steps may happen at one instant before the loop is taken for a livelock."""

MAX_SNAPSHOTS = 2_000
"""How many snapshots one watch may take; beyond, they keep a distance."""


class LivelockError(RuntimeError):
    """The clock stands still because somebody keeps acting at one instant: a bug in gwsim."""


@dataclass(slots=True)
class _Node:
    """One gateway, its interfaces, and what has been seen of it and inside of it.

    `stirred` says that somebody has made it do something since it was last emptied; until then
    it has nothing to say, and its next timer is still the one at `due`.
    """

    gateway: Gateway
    outside: Outside
    inside: Inside
    watches: tuple[Watch, ...]
    events: list[Event] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    seen: list[InsidePacket] = field(default_factory=list)
    touched: bool = True
    stirred: bool = True
    due: float | None = None

    def stir(self) -> None:
        """Note that somebody makes it do something."""
        self.touched = self.stirred = True

    def next_timer(self) -> float | None:
        """Tell when the gateway wants to act next, None for never."""
        return self.gateway.next_timer() if self.stirred else self.due

    def watched(self, now: float) -> bool:
        """Say whether a snapshot is due: inside a watch, and far enough from the last one."""
        last = self.snapshots[-1].now if self.snapshots else -1.0
        return any(
            watch.since <= now <= watch.until
            and now - last >= (watch.until - watch.since) / MAX_SNAPSHOTS
            for watch in self.watches
        )


class SimRuntime:
    """Gateways, internet and hosts in one process on a virtual clock (interface: `Runtime`)."""

    def __init__(self, capture: Wanted = NOTHING) -> None:
        self._wanted = capture

    def start(self, plan: Plan, watches: tuple[Watch, ...] = ()) -> None:
        """Boot everything at time 0; nothing has happened yet."""
        self._plan = plan
        self._now = 0.0
        self._steps: Counter[str] = Counter()
        self._departures: list[Departure] = []
        self._path: list[PathEvent] = []
        self._hosts = {host.address: HostStack(host.name, host.address) for host in plan.hosts}
        self._homes = {host.address: host.gateway for host in plan.hosts}
        self._middlebox = Middlebox(plan.path, self._rng("path"), 0.0, self._wanted.packets)
        self._keys = KeyBook()
        self._nodes: dict[str, _Node] = {}
        for config in plan.gateways:
            gateway = Gateway(config, self._rng(config.name), 0.0)
            own = tuple(watch for watch in watches if watch.gateway == config.name)
            inside = Inside(gateway, self._hosts)
            self._nodes[config.name] = _Node(gateway, Outside(gateway), inside, own)
        self._addresses = addresses_of(plan)
        self._settle()

    def now(self) -> float:
        """Give the virtual time."""
        return self._now

    def catch_up(self) -> None:
        """Do nothing: between two steps no time passes."""

    def advance(self, seconds: float) -> None:
        """Jump from timer to timer until so many seconds have passed."""
        end = self._now + seconds
        while (due := self._next_timer()) is not None and due <= end:
            if due > self._now:
                self._now = due
                self._steps.clear()
            self._handle_timers()
            self._settle()
        if end > self._now:
            self._now = end
            self._steps.clear()

    def act(self, act: Act) -> None:
        """Do one thing of the timeline, and carry about what follows at once."""
        match act:
            case SendPing():
                self._ping(act)
            case SendStream():
                self._stream(act)
            case SendClear():
                self._send_clear(act)
            case Tell(gateway, command):
                # What a fault has unconfigured cannot be commanded; the operator gets an error.
                with suppress(ValueError):
                    self._node(gateway).gateway.command(command, self._now)
            case Reconfigure(gateway, config):
                known = (*self._addresses[gateway], config.endpoint.address)
                self._addresses[gateway] = tuple(dict.fromkeys(known))
                self._node(gateway).gateway.reconfigure(config, self._now)
            case ChangePath(config):
                self._middlebox.reconfigure(config, self._now)
            case RebindNat(gateway):
                self._middlebox.rebind(gateway, self._now)
        self._handle_timers()
        self._settle()

    def snapshot(self, gateway: str) -> Snapshot:
        """Take a snapshot now and keep it; a second one at the same instant replaces the first."""
        return self._take(self._nodes[gateway])

    def stop(self) -> Record:
        """Give the record; there is nothing to end."""
        return self.record()

    def record(self) -> Record:
        """Give what happened so far; every gateway's last snapshot is of this moment."""
        for node in self._nodes.values():
            self._take(node)
        hosts = self._hosts.values()
        return Record(
            seed=self._plan.seed,
            duration=self._now,
            epoch=self._plan.epoch,
            gateways=tuple(self._gateway_record(node) for node in self._nodes.values()),
            departures=tuple(self._departures),
            path=tuple(self._path),
            echoes=tuple(echo for host in hosts for echo in host.echoes()),
            flows=tuple(flow for host in hosts for flow in host.flows(self._hosts)),
            acts=self._plan.acts,
            bites=tuple(sorted(self._middlebox.bites.items())),
            capture=self._capture(),
        )

    def abandon(self) -> None:
        """Do nothing: what has no process and no file leaves nothing behind."""

    def _rng(self, name: str) -> Random:
        return Random(f"{self._plan.seed}/{name}")

    def _node(self, name: str) -> _Node:
        node = self._nodes[name]
        node.stir()
        return node

    # the clock

    def _next_timer(self) -> float | None:
        timers = [node.next_timer() for node in self._nodes.values()]
        timers.append(self._middlebox.next_timer())
        timers.extend(host.next_timer() for host in self._hosts.values())
        return min((timer for timer in timers if timer is not None), default=None)

    def _handle_timers(self) -> None:
        """Let everybody act whose time has come."""
        for name, node in self._nodes.items():
            if self._due(name, node.next_timer()):
                node.stir()
                node.gateway.handle_timer(self._now)
        if self._due("the internet", self._middlebox.next_timer()):
            self._middlebox.handle_timer(self._now)
        for host in self._hosts.values():
            if self._due(host.name, host.next_timer()):
                host.handle_timer(self._now)

    def _due(self, name: str, timer: float | None) -> bool:
        if timer is None or timer > self._now:
            return False
        self._step(name)
        return True

    def _step(self, name: str) -> None:
        """Count a step of somebody at this instant, and give up when there is no end to them."""
        self._steps[name] += 1
        if self._steps.total() > MAX_STEPS:
            busiest = ", ".join(f"{who} ({n} steps)" for who, n in self._steps.most_common(3))
            raise LivelockError(f"time stands still at {self._now:g} s: {busiest}")

    # carrying packets about

    def _settle(self) -> None:
        """Carry packets about until nobody has anything left to send at this instant."""
        moving = True
        while moving:
            moving = self._empty_hosts()
            for name, node in self._nodes.items():
                if node.stirred:
                    moving |= self._empty_gateway(name, node)
            moving |= self._empty_middlebox()
        for node in self._nodes.values():
            if node.touched and node.watched(self._now):
                self._take(node)
            node.touched = False

    def _empty_hosts(self) -> bool:
        moved = False
        for address, host in self._hosts.items():
            for packet in host.packets_to_send():
                self._step(host.name)
                home = self._homes[address]
                node = self._node(home)
                if self._wanted.packets:
                    node.seen.append(InsidePacket(self._now, True, packet))
                answer = node.inside.receive(packet, self._now)
                if answer is not None:
                    self._to_host(home, node, answer)
                moved = True
        return moved

    def _empty_gateway(self, name: str, node: _Node) -> bool:
        node.due, node.stirred = node.gateway.next_timer(), False
        events = node.gateway.events()
        node.events.extend(events)
        if events and self._wanted.keys:
            self._keys.add(node.gateway.exported_keys())
        outputs = node.gateway.outputs()
        for output in outputs:
            self._step(name)
            if isinstance(output, InsideOut):
                packet, error = node.inside.deliver(output.packet)
                if packet is not None:
                    self._to_host(name, node, packet)
                if error is not None:
                    self._depart(name, error, "")
            else:
                self._depart(name, *node.outside.wrap(output))
        return bool(outputs)

    def _depart(self, name: str, packet: bytes, label: str) -> None:
        self._departures.append(Departure(self._now, name, label, packet))
        self._middlebox.receive(packet, name, self._now, label)

    def _to_host(self, gateway: str, node: _Node, packet: bytes) -> None:
        """Give a packet to the host it is for, if that host stands behind this gateway."""
        if self._wanted.packets:
            node.seen.append(InsidePacket(self._now, False, packet))
        address = parse_ipv4(packet).destination
        host = self._hosts.get(address)
        if host is not None and self._homes[address] == gateway:
            host.receive(packet, self._now)

    def _empty_middlebox(self) -> bool:
        self._path.extend(self._middlebox.events())
        deliveries = self._middlebox.packets_to_send()
        for delivery in deliveries:
            self._step("the internet")
            self._node(delivery.side).outside.receive(delivery.packet, self._now)
        return bool(deliveries)

    # acts and results

    def _ping(self, act: SendPing) -> None:
        self._hosts[act.source.address].ping(
            self._name_of(act.destination),
            act.destination,
            self._now,
            act.count,
            act.every,
            act.size,
            act.dont_fragment,
            act.ttl,
        )

    def _stream(self, act: SendStream) -> None:
        self._hosts[act.source.address].stream(
            self._name_of(act.destination),
            act.destination,
            self._now,
            act.packets,
            act.every,
            act.size,
            act.port,
            act.dont_fragment,
        )

    def _name_of(self, address: str) -> str:
        host = self._hosts.get(address)
        return address if host is None else host.name

    def _send_clear(self, act: SendClear) -> None:
        """Put forged packets on a gateway's line; they are not departures, no gateway sent them."""
        source, destination = act.source.address, act.destination
        for _ in range(act.count):
            packet = forged(source, destination, act.size)
            self._middlebox.receive(packet, act.source.gateway, self._now, "")

    def _take(self, node: _Node) -> Snapshot:
        snapshot = node.gateway.snapshot(self._now)
        if node.snapshots and node.snapshots[-1].now == self._now:
            node.snapshots.pop()
        node.snapshots.append(snapshot)
        return snapshot

    def _capture(self) -> Capture | None:
        """Give what a capture needs besides, if somebody wants one."""
        if not self._wanted.packets:
            return None
        inside = tuple((name, tuple(node.seen)) for name, node in self._nodes.items())
        return Capture(inside, self._keys.keys() if self._wanted.keys else None)

    def _gateway_record(self, node: _Node) -> GatewayRecord:
        config = node.gateway.config
        return GatewayRecord(
            name=config.name,
            vendor=config.vendor,
            addresses=self._addresses[config.name],
            inside=config.inside,
            events=tuple(node.events),
            snapshots=tuple(node.snapshots),
        )


def addresses_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Tell under which outside addresses gateways are known: their own, and their NAT's."""
    nats = {side.name: side.nat.public for side in plan.path.sides if side.nat is not None}
    return {
        config.name: (config.endpoint.address, *(nats[n] for n in (config.name,) if n in nats))
        for config in plan.gateways
    }
