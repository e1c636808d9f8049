"""What is left of a run: everything that happened, frozen, in the engine's own terms.

Expectations, witnesses, ladders and reports are functions of a `Record`. Nothing here is text of
a vendor; whoever wants a gateway's words for something asks that vendor for them.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from gwsim.capture.wanted import InsidePacket
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import TrafficPassed
from gwsim.gateway.keys import ExportedKeys
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event
from gwsim.lab.lateness import Lateness
from gwsim.lab.plan import PlannedAct, Reconfigure
from gwsim.lab.runtimes.hosts import Echo, Flow
from gwsim.path.events import PathEvent
from gwsim.wire.errors import WireError
from gwsim.wire.ip import parse_address, parse_ipv4
from gwsim.wire.selector import Selector

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Departure:
    """A packet as it left a gateway for the outside, before the path did anything to it.

    `label` is "" for clear text, `length` counts octets of the whole IPv4 `packet`.
    """

    at: float
    gateway: str
    label: str
    packet: bytes

    @property
    def length(self) -> int:
        """Octets of the IPv4 packet."""
        return len(self.packet)


@dataclass(frozen=True, slots=True)
class GatewayRecord:
    """One gateway's part: who it is, its events in order, and its snapshots in order of time.

    `addresses` are those under which peers know it: its own outside one, and its NAT's. `config`
    is what it was told at the start.
    """

    name: str
    vendor: str
    addresses: tuple[str, ...]
    inside: tuple[str, ...]
    events: tuple[Event, ...]
    snapshots: tuple[Snapshot, ...]
    config: GatewayConfig | None = None

    def snapshot(self, at: float) -> Snapshot:
        """Give the last snapshot taken at `at` or before; raises LookupError when there is none."""
        count = bisect_right(self.snapshots, at, key=lambda snapshot: snapshot.now)
        if not count:
            raise LookupError(f"no snapshot of {self.name} was taken up to {at:g} s")
        return self.snapshots[count - 1]

    def until(self, at: float) -> tuple[Event, ...]:
        """Give the events up to and including a moment."""
        return self.events[: bisect_right(self.events, at, key=lambda event: event.at)]

    def of(self, kind: type[E]) -> Iterator[E]:
        """Walk through the events of one class."""
        return (event for event in self.events if isinstance(event, kind))

    def owns(self, address: str) -> bool:
        """Say whether an address is in one of the networks behind this gateway."""
        number = parse_address(address)
        return any(Selector.parse(network).contains(number) for network in self.inside)


@dataclass(frozen=True, slots=True)
class Capture:
    """What a run has kept for captures, beside what the path tells.

    `inside` are the packets between each gateway and its hosts, `keys` those of all SAs there
    were (None: nobody asked). `lost` counts packets that a node has forgotten before they were
    fetched.
    """

    inside: tuple[tuple[str, tuple[InsidePacket, ...]], ...]
    keys: ExportedKeys | None = field(default=None, repr=False)
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Record:
    """A whole run: `seed` repeats it, `duration` is how long it lasted in seconds.

    `departures` are all packets that left a gateway outward, `path` is what the path did to
    them. `bites` counts for each path rule the packets it touched. `capture` is there when the
    run was told to keep more than that. `lateness` is None where no real time passes.
    """

    seed: int
    duration: float
    epoch: datetime
    gateways: tuple[GatewayRecord, ...]
    departures: tuple[Departure, ...]
    path: tuple[PathEvent, ...]
    echoes: tuple[Echo, ...]
    flows: tuple[Flow, ...]
    acts: tuple[PlannedAct, ...]
    bites: tuple[tuple[str, int], ...]
    capture: Capture | None = None
    lateness: Lateness | None = None

    def gateway(self, name: str) -> GatewayRecord:
        """Give one gateway's part; raises KeyError for a name that is not in the run."""
        for gateway in self.gateways:
            if gateway.name == name:
                return gateway
        raise KeyError(name)

    def config(self, name: str, at: float) -> GatewayConfig | None:
        """Give what a gateway was told last, up to and including a moment."""
        told = [
            planned.act.config
            for planned in self.acts
            if isinstance(planned.act, Reconfigure)
            and planned.act.gateway == name
            and planned.at <= at
        ]
        return told[-1] if told else self.gateway(name).config

    def bitten(self, rule: str) -> int:
        """How many packets a path rule touched."""
        return dict(self.bites).get(rule, 0)

    def protected(
        self, source: str, destination: str, since: float = 0.0, until: float = math.inf
    ) -> int:
        """Count packets from behind one gateway that came out of a tunnel at another."""
        sender, receiver = self.gateway(source), self.gateway(destination)
        return sum(
            event.packets
            for event in receiver.of(TrafficPassed)
            if event.inbound
            and event.protected
            and since <= event.at <= until
            and sender.owns(event.source)
            and receiver.owns(event.destination)
        )

    def clear_text(self) -> tuple[Departure, ...]:
        """List the packets that went from network to network outside without protection."""
        return tuple(packet for packet in self.departures if self._is_clear(packet))

    def _is_clear(self, departure: Departure) -> bool:
        """A packet is clear text when its outer addresses are those of two networks inside.

        What has a label is IKE or ESP; in transport mode it bears the addresses of hosts too.
        """
        if departure.label:
            return False
        try:
            packet = parse_ipv4(departure.packet)
        except WireError:
            return False
        sender = self.gateway(departure.gateway)
        hidden = self._translated(departure) and packet.source in sender.addresses
        return (hidden or sender.owns(packet.source)) and any(
            gateway.owns(packet.destination) for gateway in self.gateways if gateway is not sender
        )

    def _translated(self, departure: Departure) -> bool:
        """Say whether a gateway hid its hosts behind its own address when a packet left."""
        config = self.config(departure.gateway, departure.at)
        return config is not None and config.translates
