"""The short way for packets about which nothing has to be thought anew.

Most of what crosses an internet is of flows that were seen before, over lines that only take time,
past rules that mean something else, through NATs that know them. The first packet of a flow passes
all stations; if none of them has a choice to make that takes the whole packet, the further ones go
from line to line with the same outcome: the same deliveries and events, at the same times, in the
same order (property tests hold it to that). Whatever is not sure to come out so, goes the long way.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from struct import Struct

from gwsim.path.accesses import Access
from gwsim.path.config import Link, Rule
from gwsim.path.events import Delivery, PathAction, PathEvent
from gwsim.path.line import Line
from gwsim.path.nat import NatDevice
from gwsim.path.passage import Aspect, Leg
from gwsim.path.rulebook import Rulebook, fits
from gwsim.path.transit import Transit, on_the_line
from gwsim.wire.ip import ICMP, TCP, UDP
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

MAX_FLOWS = 4096
"""How many flows are known at once; then all are learnt anew."""

_PLAIN_HEADER = 0x45
_FRAGMENT = 0xBF
_SMALLEST = 36  # an IPv4 header, a UDP header, and enough to tell ESP from anything else
_SMALLEST_TCP = 40
_HALVES = Struct("!10H").unpack_from
_NO_MARKER = bytes(4)
_MARKER = slice(28, 32)


@dataclass(slots=True)
class Flow:
    """What all packets of a flow have in common; `stale` as soon as any of it may be otherwise.

    `outward` and `nat` are what they cross first and last, if there is a NAT at that end.
    """

    entered: Aspect
    side_out: str
    up: Line
    down: Line
    in_udp: bool
    least: int
    outward: Leg | None = None
    nat: NatDevice | None = None
    stale: bool = False


class Glimpse:
    """A packet that was seen somewhere, as little of it as makes an event when asked for."""

    __slots__ = ("_action", "_aspect", "_at", "_data", "_entered", "_flow", "_number", "_side_out")

    def __init__(
        self,
        aspect: Aspect,
        action: PathAction,
        at: float,
        number: int,
        data: bytes,
        entered: float,
        side_out: str = "",
    ) -> None:
        self._aspect, self._action, self._at = aspect, action, at
        self._number, self._data, self._entered = number, data, entered
        self._side_out = side_out

    def event(self) -> PathEvent:
        """Give the event."""
        transit = _transit(self._aspect, self._number, self._data, self._entered)
        transit.side_out = self._side_out
        why = self._aspect.why if self._action is PathAction.TRANSLATED else ""
        return on_the_line(transit.event(self._action, self._at, why=why))


Happening = PathEvent | Glimpse


def told(happening: Happening) -> PathEvent:
    """Give an event in full."""
    return happening.event() if isinstance(happening, Glimpse) else happening


def _transit(aspect: Aspect, number: int, data: bytes, entered: float) -> Transit:
    like = aspect.like
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
    rulebook: Rulebook
    cross: Callable[[Transit, float], None]
    apply: Callable[[tuple[Rule, ...], Transit, float], None]
    arrive: Callable[[Transit, float], None]


class Express:
    """Knows flows, and sends their packets the short way."""

    def __init__(self, stations: Stations) -> None:
        self._stations = stations
        self._rules: tuple[Rule, ...] = ()
        self._flows: dict[tuple[str, int, bytes], Flow | None] = {}

    def reconfigure(self, rules: tuple[Rule, ...]) -> None:
        """Go by other rules, and learn all flows anew; packets on their way go the long one."""
        self._rules = rules
        self._forget()

    def _forget(self) -> None:
        for flow in self._flows.values():
            if flow is not None:
                flow.stale = True
        self._flows = {}

    def knows(self, packet: bytes, side: str) -> bool:
        """Say whether the flow of a packet was learnt, be it that it must go the long way."""
        return len(packet) < _SMALLEST or _key(packet, side) in self._flows

    def learn(self, first: Transit, here: Access, there: Access | None) -> None:
        """Learn a flow from its first packet, which goes from `here` to `there`.

        Without `there` its packets always go the long way.
        """
        data = first.data
        if len(data) < _SMALLEST or first.is_fragment or data[0] != _PLAIN_HEADER:
            return
        ports = first.source_port, first.destination_port
        in_udp = first.protocol == UDP and NAT_T_PORT in ports
        ours = first.protocol == UDP and (IKE_PORT in ports or (in_udp and first.label != "esp"))
        flow = None
        if there is not None and not ours:
            flow = self._flow(first, here, there, in_udp)
        if len(self._flows) >= MAX_FLOWS:
            self._forget()
        # A message of IKE shares its flow with ESP, which may come later and be sent the short way.
        if flow is not None or not in_udp or there is None:
            self._flows[_key(data, first.side_in)] = flow

    def _flow(self, first: Transit, here: Access, there: Access, in_udp: bool) -> Flow | None:
        if not (is_plain(here.side.link) and is_plain(there.side.link)):
            return None
        outward = None if here.nat is None else here.nat.leg(first, outward=True)
        if here.nat is not None and outward is None:
            return None
        translated = here.nat is not None or there.nat is not None
        least = _SMALLEST_TCP if translated and first.protocol == TCP else _SMALLEST
        lines = here.up, there.down
        return Flow(Aspect(first), there.side.name, *lines, in_udp, least, outward, there.nat)

    def _is_ruled(self, like: Transit, side_out: str) -> bool:
        """Say whether a rule may be about packets of a kind."""
        about = replace(like, side_out=side_out)
        return any(fits(rule.match, about) for rule in self._rules)

    # the way

    def take(self, packet: bytes, side: str, number: int, now: float) -> bool:
        """Send a packet the short way, if that is sure to be right."""
        size = len(packet)
        if size < _SMALLEST or packet[0] != _PLAIN_HEADER or packet[6] & _FRAGMENT or packet[7]:
            return False
        flow = self._flows.get(_key(packet, side))
        if flow is None or (packet[2] << 8 | packet[3]) != size or sum(_HALVES(packet)) % 0xFFFF:
            return False
        if (flow.in_udp and packet[_MARKER] == _NO_MARKER) or size < flow.least or packet[8] < 2:
            return False
        if self._stations.full():
            return False
        aspect, data = flow.entered, packet
        if flow.outward is not None:
            crossed = flow.outward.cross(packet, now)
            if crossed is None:
                return False
            aspect, data = crossed
        due = flow.up.unhindered(size, now)
        if due is None:
            return False
        tell = self._stations.tell
        tell(Glimpse(flow.entered, PathAction.ENTERED, now, number, packet, now))
        if aspect.why:
            tell(Glimpse(aspect, PathAction.TRANSLATED, now, number, data, now))
        self._stations.at(due, partial(self._cross, flow, aspect, number, data, now))
        return True

    def _cross(
        self, flow: Flow, aspect: Aspect, number: int, data: bytes, entered: float, now: float
    ) -> None:
        """In the middle of the internet."""
        stations = self._stations
        if flow.stale or stations.full():
            stations.cross(_transit(aspect, number, data, entered), now)
            return
        if aspect.ruled is None:
            aspect.ruled = self._is_ruled(aspect.like, flow.side_out)
        if aspect.ruled:
            transit = _transit(aspect, number, data, entered)
            transit.side_out = flow.side_out
            acting = stations.rulebook.judge(transit, now)
            if acting:
                stations.apply(acting, transit, now)
                return
        due = flow.down.unhindered(len(data), now)
        if due is None:
            transit = _transit(aspect, number, data, entered)
            transit.side_out = flow.side_out
            stations.apply((), transit, now)
        else:
            stations.at(due, partial(self._arrive, flow, aspect, number, data, entered))

    def _arrive(
        self, flow: Flow, aspect: Aspect, number: int, data: bytes, entered: float, now: float
    ) -> None:
        """At the other end, behind its NAT if it has one."""
        tell, here = self._stations.tell, flow.side_out
        crossed: tuple[Aspect, bytes] | None = aspect, data
        if flow.nat is not None and not flow.stale:
            if aspect.inward is None:
                transit = _transit(aspect, number, data, entered)
                aspect.inward = flow.nat.leg(transit, outward=False)
            crossed = None if aspect.inward is None else aspect.inward.cross(data, now)
        if flow.stale or crossed is None:
            transit = _transit(aspect, number, data, entered)
            transit.side_out = here
            self._stations.arrive(transit, now)
            return
        behind, data = crossed
        if behind is not aspect and behind.why:
            tell(Glimpse(behind, PathAction.TRANSLATED, now, number, data, entered, here))
        tell(Glimpse(behind, PathAction.FORWARDED, now, number, data, entered, here))
        self._stations.deliver(Delivery(here, data, behind.like.label))


def _key(packet: bytes, side: str) -> tuple[str, int, bytes]:
    protocol = packet[9]
    if protocol == ICMP:
        return side, protocol, packet[12:22] + packet[24:26]
    return side, protocol, packet[12 : 24 if protocol in (TCP, UDP) else 20]


def is_plain(link: Link) -> bool:
    """Say whether a line does nothing to packets but take its time and refuse long ones."""
    chances = link.jitter, link.loss, link.duplicate, link.reorder, link.corrupt
    return link.up and not any(chances)
