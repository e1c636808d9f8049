"""The path between gateways, sans-IO: what enters on one side comes out on another, or does not.

A packet passes the stations of the package's drawing in order: the NAT of its own side, the line
to the internet, the router with its rules, the line to the other side, the NAT there. Every
station hands it to the next with a time; what lies in the future waits in one queue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from random import Random

from gwsim.path.bindings import Binding
from gwsim.path.config import PathConfig, Rule, Side
from gwsim.path.events import Delivery, PathAction, PathEvent
from gwsim.path.express import Express, Happening, Stations, is_plain, told
from gwsim.path.line import PATIENCE, Arrival, Line, Outcome, Waiting, damaged
from gwsim.path.memory import Memory
from gwsim.path.naming import Naming
from gwsim.path.nat import NatDevice
from gwsim.path.rulebook import Rulebook
from gwsim.path.sharing import Neighbours, routes, share
from gwsim.path.transit import Mishap, Transit, as_it_came, change, read
from gwsim.path.translation import quoted_by
from gwsim.wire.errors import WireError
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    ICMP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_address,
    parse_ipv4,
    quote,
)

MAX_IN_FLIGHT = 10_000
"""How many packets may be on their way at once; further ones are dropped."""

MAX_KNOWN_ADDRESSES = 1024
"""For how many addresses the way is remembered."""

ETHERNET_MTU = 1500
"""What fits on the inside of a NAT whose link has no MTU of its own."""

_Station = Callable[[Transit, float], None]


@dataclass(slots=True)
class _Access:
    """How one side is joined to the internet: both directions of its line, and its NAT."""

    side: Side
    up: Line
    down: Line
    nat: NatDevice | None


class Middlebox:
    """What lies between the gateways of a path; `config` may change while packets are on it.

    IPv4 packets go in by `receive`, deliveries are drained by `packets_to_send`, what happened by
    `events`. `next_timer` says when `handle_timer` wants to be called. The same calls with the
    same `rng` give the same packets. With `ports` events tell also of packets as they come in at
    a port of the internet and go out at one, between the NATs, as a capture there would show them.
    `express` False sends every packet the long way (see `express`), with the same outcome.
    """

    def __init__(
        self,
        config: PathConfig,
        rng: Random,
        now: float,
        ports: bool = False,
        express: bool = True,
    ) -> None:
        self._rng = rng
        self._ports = ports
        self._naming = Naming()
        self._rulebook = Rulebook((), _offspring(rng))
        self._damage = _offspring(rng)
        self._memory = Memory()
        self._accesses: dict[str, _Access] = {}
        self._queue: list[tuple[float, int, Callable[[float], None]]] = []
        self._queued = 0
        self._packets = 0
        self._deliveries: list[Delivery] = []
        self._events: list[Happening] = []
        self._express = Express(self._stations())
        self._hurries = express and not ports
        self.reconfigure(config, now)

    @property
    def bites(self) -> dict[str, int]:
        """How many packets each rule acted on, by its name, those of former configurations too."""
        return dict(self._rulebook.bites)

    def bindings(self, side: str, now: float) -> tuple[Binding, ...]:
        """Give the table of the NAT in front of a side, empty without one; KeyError for no side."""
        nat = self._accesses[side].nat
        return () if nat is None else nat.bindings(now)

    def reconfigure(self, config: PathConfig, now: float) -> None:
        """Go by another configuration; packets on their way, bindings and counts are kept.

        A side that is gone takes its bindings with it, and packets to it lose their route.
        """
        self.handle_timer(now)
        self._config = config
        self._accesses = self._joined(config)
        self._routes = sorted(routes(config), key=lambda route: route[0].last - route[0].first)
        self._known: dict[str, str | None] = {}
        self._rulebook.reconfigure(config.rules)
        self._express.forget()

    def rebind(self, side: str, now: float) -> None:
        """Make the NAT in front of a side forget its bindings and choose other ports from now on.

        Nothing happens without a NAT, or with a one-to-one NAT. Raises KeyError for no side.
        """
        self.handle_timer(now)
        nat = self._accesses[side].nat
        if nat is not None:
            nat.rebind()

    def receive(self, packet: bytes, side: str, now: float, label: str = "") -> None:
        """Take what a side sends; `label` is the sender's own name for the message, if it has one.

        Octets that are no IPv4 packet end in an event. Raises KeyError for a side that is none.
        """
        self.handle_timer(now)
        access = self._accesses[side]
        self._packets += 1
        if self._hurries and not label and self._express.take(packet, side, self._packets, now):
            self.handle_timer(now)
            return
        try:
            parsed = parse_ipv4(packet)
        except WireError as error:
            nothing = Transit(self._packets, side, label, now, packet, "", "", 0)
            self._tell(PathAction.MALFORMED, nothing, now, why=error.reason)
            return
        transit = self._naming.recognise(parsed, packet, self._packets, side, now, label)
        if self._hurries and not label and not self._express.knows(packet, side):
            self._learn(transit)
        self._tell(PathAction.ENTERED, transit, now)
        self._leave(access, transit, now)
        self.handle_timer(now)

    def handle_timer(self, now: float) -> None:
        """Let happen whatever was due by now, each thing at its own time."""
        while self._queue and self._queue[0][0] <= now:
            due, _, happen = heappop(self._queue)
            happen(due)

    def next_timer(self) -> float | None:
        """Say when something happens next, None when nothing is on its way."""
        return self._queue[0][0] if self._queue else None

    def packets_to_send(self) -> list[Delivery]:
        """Drain the packets that have arrived, in order."""
        deliveries = self._deliveries[:]
        self._deliveries.clear()
        return deliveries

    def events(self) -> list[PathEvent]:
        """Drain what has happened, in order."""
        return [told(one) for one in self.happenings()]

    def happenings(self) -> list[Happening]:
        """Drain what has happened as `events` does, some of it not yet made into an event."""
        events = self._events[:]
        self._events.clear()
        return events

    # the short way

    def _stations(self) -> Stations:
        return Stations(
            at=self._at,
            full=lambda: len(self._queue) >= MAX_IN_FLIGHT,
            tell=self._events.append,
            deliver=self._deliveries.append,
            cross=self._cross,
            arrive=self._arrive,
        )

    def _learn(self, first: Transit) -> None:
        """Say whether the packets of a flow may go the short way from now on."""
        name = self._route(first.destination)
        lines = None
        if name is not None and name != first.side_in:
            here, there = self._accesses[first.side_in], self._accesses[name]
            if all(one.nat is None and is_plain(one.side.link) for one in (here, there)):
                lines = here.up, there.down
        self._express.learn(first, name or "", lines, self._config.rules)

    # the stations, in the order in which a packet passes them

    def _leave(self, access: _Access, transit: Transit, now: float) -> None:
        """From a gateway through its NAT onto its line."""
        if access.nat is not None:
            translated = self._translated(access.nat.outward(transit, now), transit, now)
            if translated is None:
                return
            transit = translated
        self._travel(access.up, transit, now, self._cross)

    def _cross(self, transit: Transit, now: float) -> None:
        """In the middle of the internet: route, then rules."""
        if self._ports and transit.side_in:
            self._tell(PathAction.REACHED, transit, now)
        name = self._route(transit.destination)
        if name is None or name == transit.side_in:
            self._tell(PathAction.NO_ROUTE, transit, now)
            return
        access = self._accesses[name]
        transit.side_out = self._neighbours.meant(access.side, access.nat, transit, now)
        self._apply(self._rulebook.judge(transit, now), transit, now)

    def _apply(self, rules: tuple[Rule, ...], transit: Transit, now: float) -> None:
        """Do to a packet what rules say, one after the other, and send it on."""
        delay = hold = 0.0
        copies: list[tuple[float, Transit]] = []
        for rule in rules:
            about = transit
            match rule.action:
                case "drop":
                    self._tell(PathAction.DROPPED, transit, now, rule.name)
                    return
                case "delay":
                    delay += rule.seconds
                case "reorder":
                    hold = rule.seconds or PATIENCE
                case "corrupt":
                    about = transit = damaged(transit, self._damage, mend=True)
                case "drip":
                    delay += self._memory.wait(rule, now + delay)
                case "replay-forward" | "replay-backward":
                    for again in self._memory.once_more(rule, transit):
                        copies.append((rule.seconds, again))
                        self._tell(PathAction.REPLAYED, again, now, rule.name)
                    continue
                case _:
                    about = transit.again()
                    copies.append((rule.seconds, about))
            self._tell(_DEEDS[rule.action], about, now, rule.name)
        self._later(now + delay, partial(self._descend, transit, hold), transit, now)
        for seconds, copy in copies:
            self._later(now + delay + seconds, partial(self._descend, copy, 0.0), copy, now)

    def _descend(self, transit: Transit, hold: float, now: float) -> None:
        """From the middle onto the line of the other side."""
        access = self._accesses.get(transit.side_out)
        if access is None:
            self._tell(PathAction.NO_ROUTE, transit, now)
            return
        if self._ports:
            for piece in access.down.cut(transit):
                self._tell(PathAction.LEFT, piece, now)
        self._travel(access.down, transit, now, self._arrive, hold)

    def _arrive(self, transit: Transit, now: float) -> None:
        """From the line through the NAT to the gateway."""
        access = self._accesses.get(transit.side_out)
        if access is None:
            self._tell(PathAction.NO_ROUTE, transit, now)
            return
        arrived = [transit]
        if access.nat is not None:
            translated = self._translated(access.nat.inward(transit, now), transit, now)
            if translated is None:
                return
            arrived = as_it_came(translated, transit, access.side.link.mtu or ETHERNET_MTU)
        for piece in arrived:
            self._tell(PathAction.FORWARDED, piece, now)
            self._deliveries.append(Delivery(access.side.name, piece.data, piece.label))

    # what stations have in common

    def _translated(self, result: Transit | Mishap, before: Transit, now: float) -> Transit | None:
        """Tell what a NAT did to a packet, and give the packet if it is to go on."""
        if isinstance(result, Mishap):
            self._tell(result.action, result.transit, now, why=result.why)
            return None
        words = change(before, result)
        if words:
            self._tell(PathAction.TRANSLATED, result, now, why=words)
        return result

    def _travel(
        self, line: Line, transit: Transit, now: float, onward: _Station, hold: float = 0.0
    ) -> None:
        """Put a packet on a line, at whose other end is the station `onward`."""
        if not self._full(transit, now):
            self._follow(line.enter(transit, now, hold), line, now, onward)

    def _follow(self, outcomes: list[Outcome], line: Line, now: float, onward: _Station) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Arrival):
                self._at(outcome.at, partial(onward, outcome.transit))
            elif isinstance(outcome, Waiting):
                self._at(outcome.until, partial(self._release, line, outcome.transit, onward))
            else:
                self._tell(outcome.action, outcome.transit, now, why=outcome.why)
                if outcome.action is PathAction.TOO_BIG and not line.link.black_hole:
                    self._complain(outcome.transit, line.link.mtu or 0, now)

    def _release(self, line: Line, transit: Transit, onward: _Station, now: float) -> None:
        self._follow(line.release(transit, now), line, now, onward)

    def _complain(self, transit: Transit, mtu: int, now: float) -> None:
        """Tell the sender what would have fitted, unless it complained itself (RFC 1122 3.2.2)."""
        packet = parse_ipv4(transit.data)
        if packet.fragment_offset or quoted_by(packet) is not None:
            return
        error = IcmpError(
            DESTINATION_UNREACHABLE, FRAGMENTATION_NEEDED, mtu, original=quote(packet)
        )
        complaint = Ipv4Packet(self._config.router, packet.source, ICMP, build_icmp(error))
        self._packets += 1
        transit = read(complaint, build_ipv4(complaint), self._packets, "", now)
        self._tell(PathAction.ENTERED, transit, now)
        self._cross(transit, now)

    def _later(
        self, due: float, happen: Callable[[float], None], transit: Transit, now: float
    ) -> None:
        if due <= now:
            happen(now)
        elif not self._full(transit, now):
            self._at(due, happen)

    def _at(self, due: float, happen: Callable[[float], None]) -> None:
        self._queued += 1
        heappush(self._queue, (due, self._queued, happen))

    def _full(self, transit: Transit, now: float) -> bool:
        if len(self._queue) < MAX_IN_FLIGHT:
            return False
        self._tell(PathAction.QUEUE_FULL, transit, now)
        return True

    def _tell(
        self, action: PathAction, transit: Transit, now: float, rule: str = "", why: str = ""
    ) -> None:
        self._events.append(transit.event(action, now, rule, why))

    def _route(self, address: str) -> str | None:
        """Say which side has an address; addresses that were asked for are remembered."""
        if address in self._known:
            return self._known[address]
        number = parse_address(address)
        names = (name for selector, name in self._routes if selector.contains(number))
        if len(self._known) >= MAX_KNOWN_ADDRESSES:
            self._known.clear()
        name = self._known[address] = next(names, None)
        return name

    def _joined(self, config: PathConfig) -> dict[str, _Access]:
        """Join all sides by what they had before, with other settings, or anew."""
        joined: dict[str, _Access] = {}
        for side in config.sides:
            access = self._accesses.get(side.name)
            if access is None:
                up, down = (Line(side.link, _offspring(self._rng)) for _ in range(2))
                access = _Access(side, up, down, None)
            access.side, access.up.link, access.down.link = side, side.link, side.link
            access.nat = self._nat(side, access.nat, list(joined.values()))
            joined[side.name] = access
        self._neighbours = Neighbours((one.side, one.nat) for one in joined.values())
        return joined

    def _nat(self, side: Side, old: NatDevice | None, others: list[_Access]) -> NatDevice | None:
        """Give the NAT of a side: a neighbour's, its own as before, or a new one."""
        if side.nat is None:
            return None
        if mates := [other.nat for other in others if share(other.side, side)]:
            return mates[0]
        if old is None or any(other.nat is old for other in others):
            return NatDevice(side.nat, side.inside_address, _offspring(self._rng))
        old.reconfigure(side.nat, side.inside_address)
        return old


_DEEDS: dict[str, PathAction] = {
    "delay": PathAction.DELAYED,
    "reorder": PathAction.REORDERED,
    "corrupt": PathAction.CORRUPTED,
    "duplicate": PathAction.DUPLICATED,
    "replay": PathAction.REPLAYED,
    "drip": PathAction.DELAYED,
}


def _offspring(rng: Random) -> Random:
    """Make a generator of its own, so that what one station draws shifts no other's draws."""
    return Random(rng.getrandbits(64))
