"""The short way for packets about which nothing has to be thought anew.

Most of what crosses an internet is of flows that were seen before, over lines that only take time,
past rules that mean something else. The first packet of a flow passes all stations; if none of
them has a choice to make, the further ones go from line to line with the same outcome: the same
deliveries and events, at the same times, in the same order (property tests hold it to that).
Whatever is not sure to come out so, goes the long way.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from struct import Struct

from gwsim.path.config import Link, Rule
from gwsim.path.events import Delivery, PathAction, PathEvent
from gwsim.path.line import Line
from gwsim.path.rulebook import fits
from gwsim.path.transit import Transit
from gwsim.wire.ip import TCP, UDP
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

MAX_FLOWS = 4096
"""How many flows are known at once; then all are learnt anew."""

_PLAIN_HEADER = 0x45
_FRAGMENT = 0xBF
_SMALLEST = 36  # an IPv4 header, a UDP header, and enough to tell ESP from anything else
_HALVES = Struct("!10H").unpack_from
_NO_MARKER = bytes(4)
_MARKER = slice(28, 32)


@dataclass(slots=True)
class Flow:
    """What all packets of a flow have in common; `stale` as soon as any of it may be otherwise."""

    like: Transit
    side_out: str
    up: Line
    down: Line
    in_udp: bool
    stale: bool = False


class Glimpse:
    """A packet that entered or was forwarded, as little of it as makes an event when asked for."""

    __slots__ = ("_action", "_at", "_data", "_entered", "_flow", "_number")

    def __init__(
        self, flow: Flow, action: PathAction, at: float, number: int, data: bytes, entered: float
    ) -> None:
        self._flow, self._action, self._at = flow, action, at
        self._number, self._data, self._entered = number, data, entered

    def event(self) -> PathEvent:
        """Give the event."""
        transit = _transit(self._flow, self._number, self._data, self._entered)
        if self._action is PathAction.FORWARDED:
            transit.side_out = self._flow.side_out
        return transit.event(self._action, self._at)


Happening = PathEvent | Glimpse


def told(happening: Happening) -> PathEvent:
    """Give an event in full."""
    return happening.event() if isinstance(happening, Glimpse) else happening


def _transit(flow: Flow, number: int, data: bytes, entered: float) -> Transit:
    like = flow.like
    return Transit(
        number=number,
        side_in=like.side_in,
        label=like.label,
        entered=entered,
        data=data,
        source=like.source,
        destination=like.destination,
        protocol=like.protocol,
        source_port=like.source_port,
        destination_port=like.destination_port,
        dont_fragment=bool(data[6] & 0x40),
    )


@dataclass(frozen=True, slots=True)
class Stations:
    """What the long way lends: its queue, what it tells, and its stations for whoever returns."""

    at: Callable[[float, Callable[[float], None]], None]
    full: Callable[[], bool]
    tell: Callable[[Happening], None]
    deliver: Callable[[Delivery], None]
    cross: Callable[[Transit, float], None]
    arrive: Callable[[Transit, float], None]


class Express:
    """Knows flows, and sends their packets the short way."""

    def __init__(self, stations: Stations) -> None:
        self._stations = stations
        self._flows: dict[tuple[str, int, bytes], Flow | None] = {}

    def forget(self) -> None:
        """Learn all flows anew; packets on their way go on by the long one."""
        for flow in self._flows.values():
            if flow is not None:
                flow.stale = True
        self._flows = {}

    def knows(self, packet: bytes, side: str) -> bool:
        """Say whether the flow of a packet was learnt, be it that it must go the long way."""
        return len(packet) < _SMALLEST or _key(packet, side) in self._flows

    def learn(
        self, first: Transit, side_out: str, lines: tuple[Line, Line] | None, rules: Iterable[Rule]
    ) -> None:
        """Learn a flow from its first packet; without `lines` it always goes the long way."""
        if len(first.data) < _SMALLEST or first.is_fragment:
            return
        flow = None
        about = replace(first, side_out=side_out)
        ports = first.source_port, first.destination_port
        in_udp = first.protocol == UDP and NAT_T_PORT in ports
        ours = first.protocol == UDP and (IKE_PORT in ports or (in_udp and first.label != "esp"))
        if lines is not None and not ours and not any(fits(rule.match, about) for rule in rules):
            flow = Flow(first, side_out, *lines, in_udp)
        if len(self._flows) >= MAX_FLOWS:
            self.forget()
        # A message of IKE shares its flow with ESP, which may come later and be sent the short way.
        if flow is not None or not in_udp or lines is None:
            self._flows[_key(first.data, first.side_in)] = flow

    def take(self, packet: bytes, side: str, number: int, now: float) -> bool:
        """Send a packet the short way, if that is sure to be right."""
        size = len(packet)
        if size < _SMALLEST or packet[0] != _PLAIN_HEADER or packet[6] & _FRAGMENT or packet[7]:
            return False
        flow = self._flows.get(_key(packet, side))
        if flow is None or (packet[2] << 8 | packet[3]) != size or sum(_HALVES(packet)) % 0xFFFF:
            return False
        if (flow.in_udp and packet[_MARKER] == _NO_MARKER) or self._stations.full():
            return False
        due = flow.up.unhindered(size, now)
        if due is None:
            return False
        self._stations.tell(Glimpse(flow, PathAction.ENTERED, now, number, packet, now))
        self._stations.at(due, partial(self._cross, flow, number, packet, now))
        return True

    def _cross(self, flow: Flow, number: int, data: bytes, entered: float, now: float) -> None:
        """In the middle of the internet."""
        due = None
        if not flow.stale and not self._stations.full():
            due = flow.down.unhindered(len(data), now)
        if due is None:
            self._stations.cross(_transit(flow, number, data, entered), now)
        else:
            self._stations.at(due, partial(self._arrive, flow, number, data, entered))

    def _arrive(self, flow: Flow, number: int, data: bytes, entered: float, now: float) -> None:
        """At the other end."""
        if flow.stale:
            transit = _transit(flow, number, data, entered)
            transit.side_out = flow.side_out
            self._stations.arrive(transit, now)
            return
        self._stations.tell(Glimpse(flow, PathAction.FORWARDED, now, number, data, entered))
        self._stations.deliver(Delivery(flow.side_out, data, flow.like.label))


def _key(packet: bytes, side: str) -> tuple[str, int, bytes]:
    protocol = packet[9]
    return side, protocol, packet[12 : 24 if protocol in (TCP, UDP) else 20]


def is_plain(link: Link) -> bool:
    """Say whether a line does nothing to packets but take its time and refuse long ones."""
    chances = link.jitter, link.loss, link.duplicate, link.reorder, link.corrupt
    return link.up and not any(chances)
