"""Two endpoints, a wire between them on which things can happen, and a clock that jumps.

A `Pair` asserts nothing by itself, except in `expect`: it is told what to do, keeps whatever was
said and whatever happened, and a test looks. Messages are spoken of as "A main-1" (who sends,
which label); a rule may leave out the sender. A test reads like a conversation::

    pair = facing(pfs_group=2)
    pair.drop("main-3")
    pair.initiate()
    pair.expect("A main-1", "B main-2", "A main-3")
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import unified_diff
from random import Random
from typing import Any, TypeVar

from gwsim.ike.config import EndpointConfig
from gwsim.ike.endpoint import Endpoint
from gwsim.ike.events import ChildKeys, Event
from gwsim.ike.snapshot import ChildSnapshot, EndpointSnapshot, IkeSaSnapshot
from gwsim.ike.turn import Datagram
from tests.ike.configs import ADDRESS, endpoint, other
from tests.ike.plane import Plane

Address = tuple[str, int]
E = TypeVar("E", bound=Event)
LATENCY = 0.05


@dataclass
class Said:
    """A datagram that an end has sent: when, who, its label, itself."""

    at: float
    side: str
    label: str
    datagram: Datagram

    def __str__(self) -> str:
        return f"{self.side} {self.label}"


@dataclass
class Rule:
    """What happens on the wire to the n-th datagram of a kind; `what` gives the copies to deliver.

    Each copy is (extra delay, octets).
    """

    words: str
    occurrence: int | None
    what: Callable[[bytes], list[tuple[float, bytes]]]
    seen: int = 0

    def bites(self, said: Said) -> bool:
        """Count a datagram that fits and say whether it is the one meant."""
        if self.words not in (str(said), said.label, said.side, ""):
            return False
        self.seen += 1
        return self.occurrence in (None, self.seen)


@dataclass
class Nat:
    """A translator before one end: private ports to public ones behind one public address."""

    side: str
    public: str
    ports: dict[int, int] = field(default_factory=dict)

    def outward(self, source: Address) -> Address:
        """Rewrite the source of a datagram that leaves."""
        return self.public, self.ports.get(source[1], source[1])

    def inward(self, destination: Address) -> Address | None:
        """Rewrite the destination of a datagram that comes in; None when nothing is mapped."""
        back = {public: private for private, public in self.ports.items()}
        if destination[1] in back:
            return ADDRESS[self.side], back[destination[1]]
        if destination[1] in self.ports:
            return None
        return ADDRESS[self.side], destination[1]


class Pair:
    """Endpoints A and B, what they said and what happened to them.

    `said` lists every datagram in order of sending, `events` what each end reported, `planes`
    a model of each end's data plane. `latency` in seconds, one way.
    """

    def __init__(
        self, a: EndpointConfig, b: EndpointConfig, seed: int = 1, latency: float = LATENCY
    ) -> None:
        rng = Random(seed)
        self.now = 0.0
        self.latency = latency
        self.ends = {
            "A": Endpoint(a, Random(rng.getrandbits(64)), self.now),
            "B": Endpoint(b, Random(rng.getrandbits(64)), self.now),
        }
        self.said: list[Said] = []
        self.events: dict[str, list[Event]] = {"A": [], "B": []}
        self.planes = {"A": Plane(), "B": Plane()}
        self.lost: list[str] = []
        self.rules: list[Rule] = []
        self.nats: list[Nat] = []
        self.probing = False
        self._flying: list[tuple[float, int, str, Any]] = []
        self._count = 0
        self._expected = 0
        self._seed = seed

    # acts

    def initiate(self, side: str = "A", child: str = "lan", trigger: str = "traffic") -> bool:
        """Let an end want an SA, and deliver what follows until the wire is silent."""
        wanted = self.act(side, lambda end: end.initiate("peer", child, self.now, trigger))
        self.settle()
        return bool(wanted)

    def act(self, side: str, what: Callable[[Endpoint], Any]) -> Any:
        """Do something with an endpoint and carry away what it says, delivering nothing yet."""
        result = what(self.ends[side])
        self._collect(side)
        return result

    def restart(self, side: str, config: EndpointConfig | None = None) -> None:
        """Replace an endpoint by a fresh one that knows nothing, as a reboot does."""
        self._seed += 1000
        config = config or self.ends[side].config
        self.ends[side] = Endpoint(config, Random(self._seed), self.now)
        self.planes[side] = Plane()
        self._collect(side)

    def hand(
        self, side: str, data: bytes, source: Address | None = None, port: int | None = None
    ) -> None:
        """Put octets into an endpoint as if the other had sent them just now."""
        sas = self.snapshot(side).sas
        usual = sas[-1].local_port if sas else 500
        port = port or usual
        source = source or (ADDRESS[other(side)], port)
        self.act(
            side,
            lambda end: end.receive_datagram(data, source, (ADDRESS[side], port), self.now),
        )

    # rules of the wire

    def _rule(
        self, words: str, occurrence: int | None, what: Callable[[bytes], list[tuple[float, bytes]]]
    ) -> Rule:
        rule = Rule(words, occurrence, what)
        self.rules.append(rule)
        return rule

    def drop(self, words: str, occurrence: int | None = 1) -> Rule:
        """Lose the n-th such datagram, or with None all of them."""
        return self._rule(words, occurrence, lambda data: [])

    def delay(self, words: str, seconds: float, occurrence: int | None = 1) -> Rule:
        """Hold the n-th such datagram back."""
        return self._rule(words, occurrence, lambda data: [(seconds, data)])

    def duplicate(self, words: str, occurrence: int | None = 1, after: float = 0.0) -> Rule:
        """Deliver the n-th such datagram twice."""
        return self._rule(words, occurrence, lambda data: [(0.0, data), (after, data)])

    def alter(
        self, words: str, change: Callable[[bytes], bytes], occurrence: int | None = 1
    ) -> Rule:
        """Change the octets of the n-th such datagram."""
        return self._rule(words, occurrence, lambda data: [(0.0, change(data))])

    def nat(self, side: str, public: str, ports: dict[int, int] | None = None) -> Nat:
        """Put a translator before an end."""
        found = Nat(side, public, ports or {})
        self.nats.append(found)
        return found

    # time

    def settle(self) -> None:
        """Deliver what is on the wire, and what is said in answer, without waiting for timers."""
        while self._flying:
            self._deliver_next()

    def run(self, seconds: float) -> None:
        """Let time pass: timers and deliveries in their order."""
        self.run_until(self.now + seconds)

    def run_until(self, end: float) -> None:
        """Let time pass up to a moment."""
        while True:
            timer = self.next_timer()
            flight = self._flying[0][0] if self._flying else None
            due = min((t for t in (timer, flight) if t is not None), default=None)
            if due is None or due > end:
                self.now = end
                return
            if flight is not None and flight <= due:
                self._deliver_next()
            else:
                self.now = max(self.now, due)
                for side in self.ends:
                    self.act(side, lambda e: e.handle_timer(self.now))

    def next_timer(self) -> float | None:
        """Tell when the earlier of the two ends wants to be woken."""
        due = [t for e in self.ends.values() if (t := e.next_timer()) is not None]
        return min(due, default=None)

    # what was said

    def expect(self, *words: str) -> None:
        """Compare what was said since the last call with a script; shows the difference."""
        said = [str(s) for s in self.said[self._expected :]]
        self._expected = len(self.said)
        if said != list(words):
            lines = unified_diff(list(words), said, "expected", "said", lineterm="", n=99)
            raise AssertionError("the conversation went another way\n" + "\n".join(lines))

    def labels(self) -> list[str]:
        """List everything said so far."""
        return [str(s) for s in self.said]

    def last(self, words: str) -> Datagram:
        """Give the latest datagram of a kind."""
        for s in reversed(self.said):
            if words in (str(s), s.label):
                return s.datagram
        raise LookupError(f"nobody said {words}")

    def times(self, words: str) -> list[float]:
        """Tell when something was said, in seconds, rounded to the millisecond."""
        return [round(s.at, 3) for s in self.said if words in (str(s), s.label)]

    # what is

    def snapshot(self, side: str) -> EndpointSnapshot:
        """Freeze an end."""
        return self.ends[side].snapshot()

    def states(self, side: str) -> list[str]:
        """List the states of an end's phase 1 negotiations and SAs."""
        return [sa.state for sa in self.snapshot(side).sas]

    def sa(self, side: str) -> IkeSaSnapshot:
        """Give the newest ISAKMP SA or phase 1 of an end."""
        return self.snapshot(side).sas[-1]

    def children(self, side: str, retired: bool = False) -> list[ChildSnapshot]:
        """List the pairs of IPsec SAs of an end that are not being replaced."""
        return [c for c in self.snapshot(side).children if c.retired is retired]

    def found(self, side: str, kind: type[E]) -> list[E]:
        """List the events of a class that an end has reported."""
        return [e for e in self.events[side] if isinstance(e, kind)]

    def forget(self) -> None:
        """Begin to count events and messages anew."""
        self.said.clear()
        self._expected = 0
        for events in self.events.values():
            events.clear()

    def up(self) -> bool:
        """Whether both ends have an ISAKMP SA and the same pairs of IPsec SAs with equal keys."""
        pairs = [{(c.inbound_spi, c.outbound_spi) for c in self.children(s)} for s in self.ends]
        mirrored = {(o, i) for i, o in pairs[1]}
        established = all("ESTABLISHED" in self.states(s) for s in self.ends)
        return established and bool(pairs[0]) and pairs[0] == mirrored and self.keys_agree()

    def keys_agree(self) -> bool:
        """Whether what one end sends with is what the other receives with, for every SA."""
        ends = [{k.inbound_spi: k for k in self.found(s, ChildKeys)} for s in self.ends]
        return all(
            (mine.keymat_in, mine.keymat_out) == (theirs.keymat_out, theirs.keymat_in)
            for mine in ends[0].values()
            if (theirs := ends[1].get(mine.outbound_spi)) is not None
        )

    # the wire

    def _collect(self, side: str) -> None:
        end = self.ends[side]
        for datagram in end.datagrams_to_send():
            said = Said(self.now, side, datagram.label, datagram)
            self.said.append(said)
            self._post(said)
        while (event := end.next_event()) is not None:
            self.events[side].append(event)
            self.planes[side].obey(event)
        if self.probing:
            self.probe(side)

    def _post(self, said: Said) -> None:
        copies = [(0.0, said.datagram.data)]
        bitten = [rule for rule in self.rules if rule.bites(said)]
        if bitten:
            copies = bitten[0].what(said.datagram.data)
        for wait, data in copies:
            self._fly(wait, said.side, (data, said.datagram.source, said.datagram.destination))

    def _fly(self, wait: float, side: str, what: Any) -> None:
        self._count += 1
        heapq.heappush(self._flying, (self.now + self.latency + wait, self._count, side, what))

    def _deliver_next(self) -> None:
        at, _, sender, what = heapq.heappop(self._flying)
        self.now = max(self.now, at)
        receiver = other(sender)
        if isinstance(what, int):
            self._receive_probe(receiver, what)
            return
        data, source, destination = what
        for nat in self.nats:
            if nat.side == sender:
                source = nat.outward(source)
            else:
                destination = nat.inward(destination)
        if data == b"\xff" or destination is None or destination[0] != ADDRESS[receiver]:
            return
        self.act(receiver, lambda e: e.receive_datagram(data, source, destination, self.now))

    # packets on the SAs

    def probe(self, side: str) -> None:
        """Send one packet on every pair of SAs that an end would use now."""
        for spi in self.planes[side].sending():
            self._fly(0.0, side, spi)

    def _receive_probe(self, side: str, spi: int) -> None:
        if spi not in self.planes[side].receiving():
            self.lost.append(f"{self.now:.3f}: {side} has no SA with SPI {spi:08x}")

    def census(self) -> Counter[str]:
        """Count what was said."""
        return Counter(self.labels())


def facing(
    a: dict[str, Any] | None = None,
    b: dict[str, Any] | None = None,
    seed: int = 1,
    latency: float = LATENCY,
    **both: Any,
) -> Pair:
    """Set two endpoints face to face; `a` and `b` change one end, the rest both."""
    return Pair(
        endpoint("A", **{**both, **(a or {})}),
        endpoint("B", **{**both, **(b or {})}),
        seed,
        latency,
    )


def connected(**changes: Any) -> Pair:
    """Set two endpoints face to face with one child up, and forget how it came about."""
    pair = facing(**changes)
    pair.initiate()
    assert pair.up(), pair.labels()
    pair.forget()
    return pair
