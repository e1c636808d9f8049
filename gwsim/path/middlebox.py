"""The path between gateways, sans-IO: what enters on one side comes out on another, or does not.

A packet passes the stations of the package's drawing in order: the NAT of its own side, the line
to the internet, the router with its rules, the line to the other side, the NAT there. Every
station hands it to the next with a time; what lies in the future waits in one queue.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from gwsim.path.accesses import Access, Accesses, offspring
from gwsim.path.agenda import Agenda
from gwsim.path.bindings import Binding
from gwsim.path.config import PathConfig, Rule, RuleAction
from gwsim.path.events import Delivery, PathAction, PathEvent
from gwsim.path.express import Express, Happening, Stations, told
from gwsim.path.line import PATIENCE, Arrival, Line, Outcome, Waiting, damaged
from gwsim.path.memory import Memory
from gwsim.path.naming import Naming
from gwsim.path.rulebook import Rulebook
from gwsim.path.transit import Mishap, Transit, as_it_came, change, on_the_line, read
from gwsim.wire.errors import WireError
from gwsim.wire.hops import after_hops, has_hops, icmp_about
from gwsim.wire.ip import (
    DESTINATION_UNREACHABLE,
    FRAGMENTATION_NEEDED,
    TIME_EXCEEDED,
    build_ipv4,
    parse_ipv4,
)

MAX_IN_FLIGHT = 10_000
"""How many packets may be on their way at once; further ones are dropped."""

ETHERNET_MTU = 1500
"""What fits on either side of a NAT whose link has no MTU of its own."""

_Station = Callable[[Transit, float], None]
_Translation = Callable[[Transit, float], Transit | Mishap]


class Middlebox:
    """What lies between the gateways of a path; `config` may change while packets are on it.

    IPv4 packets go in by `receive`, deliveries are drained by `packets_to_send`, what happened by
    `events`. `next_timer` says when `handle_timer` wants to be called. The same calls with the
    same `rng` give the same packets. With `ports` events tell also of packets as they come in at
    a port of the internet and go out at one, between the NATs, as a capture there would show them.

    The internet is two hops, one where a side's line joins it and one where it leaves for another.
    `routed` says that a kernel has counted the one and will count the other; then what is sure to
    come out the same is hurried through, which `express` False forbids (see `express`).
    """

    def __init__(
        self,
        config: PathConfig,
        rng: Random,
        now: float,
        ports: bool = False,
        routed: bool = False,
        express: bool = True,
    ) -> None:
        self._ports = ports
        self._routed = routed
        self._naming = Naming()
        self._rulebook = Rulebook((), offspring(rng))
        self._damage = offspring(rng)
        self._memory = Memory()
        self._accesses = Accesses(rng)
        self._agenda = Agenda()
        self._packets = 0
        self._deliveries: list[Delivery] = []
        self._events: list[Happening] = []
        self._express = Express(self._stations())
        self._hurries = express and routed and not ports
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
        self._accesses.reconfigure(config)
        self._rulebook.reconfigure(config.rules)
        self._express.reconfigure(config.rules)

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
            self._learn(access, transit)
        self._tell(PathAction.ENTERED, transit, now)
        self._enter(access, transit, now)
        self.handle_timer(now)

    def handle_timer(self, now: float) -> None:
        """Let happen whatever was due by now, each thing at its own time."""
        self._agenda.run(now)

    def next_timer(self) -> float | None:
        """Say when something happens next, None when nothing is on its way."""
        return self._agenda.next()

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
            at=self._agenda.at,
            full=lambda: len(self._agenda) >= MAX_IN_FLIGHT,
            tell=self._events.append,
            deliver=self._deliveries.append,
            rulebook=self._rulebook,
            cross=self._cross,
            apply=self._apply,
            arrive=self._arrive,
        )

    def _learn(self, here: Access, first: Transit) -> None:
        """Say whether the packets of a flow may go the short way from now on."""
        name = self._accesses.route(first.destination)
        there = None if name in (None, first.side_in) else self._accesses.get(name or "")
        if there is not None and self._accesses.is_shared(there):
            there = None
        self._express.learn(first, here, there)

    # the stations, in the order in which a packet passes them

    def _enter(self, access: Access, transit: Transit, now: float) -> None:
        """From a gateway to whoever joins its line to the internet."""
        if self._routed:
            self._leave(access, transit, now)
        elif has_hops(transit.data):
            self._leave(access, replace(transit, data=after_hops(transit.data)), now)
        else:
            self._tell(PathAction.EXPIRED, transit, now)
            error = self._error(access.router, transit, TIME_EXCEEDED, now)
            if error is not None:
                error.side_out = access.side.name
                self._hand_over(error, now)

    def _leave(self, access: Access, transit: Transit, now: float) -> None:
        """Through the NAT of its side onto its line."""
        outward = None if access.nat is None else access.nat.outward
        for piece in self._translated(outward, access, transit, now):
            self._travel(access.up, piece, now, self._cross)

    def _cross(self, transit: Transit, now: float) -> None:
        """In the middle of the internet: route, then rules."""
        if self._ports and transit.side_in:
            self._tell(PathAction.REACHED, transit, now)
        name = self._accesses.route(transit.destination)
        meant = None if name is None else self._accesses.meant(self._accesses[name], transit, now)
        if meant is None or meant == transit.side_in:
            self._tell(PathAction.NO_ROUTE, transit, now)
            return
        transit.side_out = meant
        self._apply(self._rulebook.judge(transit, now), transit, now)

    def _apply(self, rules: tuple[Rule, ...], transit: Transit, now: float) -> None:
        """Do to a packet what rules say, one after the other, and send it on."""
        delay = hold = 0.0
        copies: list[tuple[float, Transit]] = []
        for rule in rules:
            about = [transit]
            match rule.action:
                case RuleAction.DROP:
                    self._tell(PathAction.DROPPED, transit, now, rule.name)
                    return
                case RuleAction.DELAY:
                    delay += rule.seconds
                case RuleAction.REORDER:
                    hold = rule.seconds or PATIENCE
                case RuleAction.CORRUPT:
                    transit = damaged(transit, self._damage, mend=True)
                    about = [transit]
                case RuleAction.DRIP:
                    delay += self._memory.wait(rule, now + delay)
                case RuleAction.REPLAY_FORWARD | RuleAction.REPLAY_BACKWARD:
                    about = self._memory.once_more(rule, transit)
                    copies += [(rule.seconds, again) for again in about]
                case RuleAction.DUPLICATE | RuleAction.REPLAY:
                    about = [transit.again()]
                    copies += [(rule.seconds, again) for again in about]
            for one in about:
                self._tell(_DEEDS[rule.action], one, now, rule.name)
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
        if not has_hops(transit.data):
            self._tell(PathAction.EXPIRED, transit, now)
            self._complain(access.router, transit, TIME_EXCEEDED, now)
            return
        inward = None if access.nat is None else access.nat.inward
        for piece in self._translated(inward, access, transit, now):
            counted = piece if self._routed else replace(piece, data=after_hops(piece.data))
            self._hand_over(counted, now)

    def _hand_over(self, transit: Transit, now: float) -> None:
        self._tell(PathAction.FORWARDED, transit, now)
        self._deliveries.append(Delivery(transit.side_out, transit.data, transit.label))

    # what stations have in common

    def _translated(
        self, translate: _Translation | None, access: Access, transit: Transit, now: float
    ) -> list[Transit]:
        """Tell what the NAT of a side does to a packet, if there is one; give what is to go on."""
        if translate is None:
            return [transit]
        result = translate(transit, now)
        if isinstance(result, Mishap):
            self._tell(result.action, result.transit, now, why=result.why)
            return []
        words = change(transit, result)
        if words:
            self._tell(PathAction.TRANSLATED, result, now, why=words)
        return as_it_came(result, transit, access.side.link.mtu or ETHERNET_MTU)

    def _travel(
        self, line: Line, transit: Transit, now: float, onward: _Station, hold: float = 0.0
    ) -> None:
        """Put a packet on a line, at whose other end is the station `onward`."""
        if not self._full(transit, now):
            self._follow(line.enter(transit, now, hold), line, now, onward)

    def _follow(self, outcomes: list[Outcome], line: Line, now: float, onward: _Station) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Arrival):
                self._agenda.at(outcome.at, partial(onward, outcome.transit))
            elif isinstance(outcome, Waiting):
                self._agenda.at(
                    outcome.until, partial(self._release, line, outcome.transit, onward)
                )
            else:
                self._tell(outcome.action, outcome.transit, now, why=outcome.why)
                if outcome.action is PathAction.TOO_BIG and not line.link.black_hole:
                    router, mtu = self._config.router, line.link.mtu or 0
                    self._complain(router, outcome.transit, DESTINATION_UNREACHABLE, now, mtu)

    def _release(self, line: Line, transit: Transit, onward: _Station, now: float) -> None:
        self._follow(line.release(transit, now), line, now, onward)

    def _complain(self, router: str, transit: Transit, kind: int, now: float, mtu: int = 0) -> None:
        """Tell the sender what became of a packet, unless that was a complaint itself."""
        error = self._error(router, transit, kind, now, mtu)
        if error is not None:
            self._cross(error, now)

    def _error(
        self, router: str, about: Transit, kind: int, now: float, mtu: int = 0
    ) -> Transit | None:
        """Let a router of the internet send an ICMP error; it has not gone anywhere yet."""
        code = FRAGMENTATION_NEEDED if kind == DESTINATION_UNREACHABLE else 0
        error = icmp_about(about.data, router, kind, code, mtu)
        if error is None:
            return None
        self._packets += 1
        transit = read(error, build_ipv4(error), self._packets, "", now)
        self._tell(PathAction.ENTERED, transit, now)
        return transit

    def _later(
        self, due: float, happen: Callable[[float], None], transit: Transit, now: float
    ) -> None:
        if due <= now:
            happen(now)
        elif not self._full(transit, now):
            self._agenda.at(due, happen)

    def _full(self, transit: Transit, now: float) -> bool:
        if len(self._agenda) < MAX_IN_FLIGHT:
            return False
        self._tell(PathAction.QUEUE_FULL, transit, now)
        return True

    def _tell(
        self, action: PathAction, transit: Transit, now: float, rule: str = "", why: str = ""
    ) -> None:
        event = transit.event(action, now, rule, why)
        self._events.append(on_the_line(event) if self._routed else event)


_DEEDS: dict[RuleAction, PathAction] = {
    RuleAction.DELAY: PathAction.DELAYED,
    RuleAction.REORDER: PathAction.REORDERED,
    RuleAction.CORRUPT: PathAction.CORRUPTED,
    RuleAction.DUPLICATE: PathAction.DUPLICATED,
    RuleAction.REPLAY: PathAction.REPLAYED,
    RuleAction.REPLAY_FORWARD: PathAction.REPLAYED,
    RuleAction.REPLAY_BACKWARD: PathAction.REPLAYED,
    RuleAction.DRIP: PathAction.DELAYED,
}
