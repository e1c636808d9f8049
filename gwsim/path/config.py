"""What a path is told: its sides with their links and NATs, and the rules in the middle.

Times are seconds, probabilities 0 to 1, sizes octets. Values check themselves when they are made
and raise ValueError, naming what is wrong.
"""

import math
from dataclasses import dataclass, field
from enum import StrEnum

from gwsim.wire.ip import TCP, UDP, parse_address
from gwsim.wire.labels import FAMILIES, LABELS
from gwsim.wire.selector import Selector

_PORTED = (TCP, UDP)

SMALLEST_MTU = 68
"""What every link must carry in one piece (RFC 791 3.2)."""


def _require_probability(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is a probability from 0 to 1, not {value}")


def _require_seconds(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} is a time in seconds, 0 or more, not {value}")


@dataclass(frozen=True, slots=True)
class Link:
    """The line between one side and the internet, the same in both directions.

    `latency` is one way; `jitter` varies it up and down, but packets stay in order. `loss`,
    `duplicate`, `reorder` and `corrupt` are probabilities per packet. A reordered packet is held
    back until the next one has overtaken it. A corrupted one has one bit flipped behind its
    transport header and no checksum mended, as by a bad memory chip: UDP notices, ESP must. A
    packet above `mtu` (None: no limit) is cut, or, where its DF bit forbids that, answered with
    "fragmentation needed", or with nothing when the line is a `black_hole`.
    """

    latency: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    corrupt: float = 0.0
    mtu: int | None = None
    black_hole: bool = False
    up: bool = True

    def __post_init__(self) -> None:
        _require_seconds("latency", self.latency)
        _require_seconds("jitter", self.jitter)
        for name in ("loss", "duplicate", "reorder", "corrupt"):
            _require_probability(name, getattr(self, name))
        if self.mtu is not None and self.mtu < SMALLEST_MTU:
            raise ValueError(f"an MTU is {SMALLEST_MTU} octets or more, not {self.mtu}")


@dataclass(frozen=True, slots=True)
class Nat:
    """A NAT in front of a side: `public` is its address on the internet.

    With `translate_ports` many inside endpoints share the address, each with a port of its own,
    which is the one it uses itself when that is free and `random_ports` does not forbid it. What
    comes in unasked is dropped: only an endpoint that was sent to within `udp_timeout` seconds
    may answer. Outgoing packets keep a binding alive, incoming ones when `inbound_refreshes`.
    `forward` lists (protocol, port) that reach the inside unasked and keep their port, 0 for
    protocols without ports. Protocol 50 has no ports: it needs `esp_helper`, which remembers who
    sent to which peer last and then goes by SPI, or a forward of (50, 0).

    Without `translate_ports` the NAT is one-to-one: every packet passes both ways, with the one
    address in place of the other.

    `inside` is the private address of a one-to-one mapping and of forwards; "" stands for the
    first single address of the side.
    """

    public: str
    translate_ports: bool = True
    udp_timeout: float = 120.0
    esp_helper: bool = False
    random_ports: bool = False
    inbound_refreshes: bool = True
    forward: tuple[tuple[int, int], ...] = ()
    inside: str = ""

    def __post_init__(self) -> None:
        parse_address(self.public)
        if self.inside:
            parse_address(self.inside)
        _require_seconds("a NAT's timeout", self.udp_timeout)
        for protocol, port in self.forward:
            if not (0 < protocol < 256 and 0 <= port < 65536) or (port > 0) != (
                protocol in _PORTED
            ):
                raise ValueError(f"a NAT cannot forward port {port} of protocol {protocol}")


@dataclass(frozen=True, slots=True)
class Side:
    """What is reached through one link: `name` is the gateway's.

    `addresses` are single addresses and networks. Behind a `nat` they are private, and the
    internet reaches the side by the public address alone. `router` is the internet's own address
    on the link, which answers what may go no further there; "" stands for that of the path.
    """

    name: str
    addresses: tuple[str, ...]
    link: Link = field(default_factory=Link)
    nat: Nat | None = None
    router: str = ""

    def __post_init__(self) -> None:
        if self.router:
            parse_address(self.router)
        for address in self.addresses:
            Selector.parse(address)
        if self.nat is not None and not self.inside_address:
            raise ValueError(f"the NAT of {self.name} has no single address behind it")

    @property
    def inside_address(self) -> str:
        """The one private address a NAT maps one-to-one and forwards to; "" when there is none."""
        if self.nat is not None and self.nat.inside:
            return self.nat.inside
        for text in self.addresses:
            selector = Selector.parse(text)
            if selector.first == selector.last:
                return selector.address
        return ""


@dataclass(frozen=True, slots=True)
class Match:
    """Which packets a rule is about; what is left at its default fits every packet.

    `port` is either port. `label` is a message label, a family (`main`, `info`) or `any`, which
    fits whatever has a label. `occurrences` picks the packets that fit all else by their number,
    counted from 1; `start` and `end` bound them in time, `end` excluded. Fragments count as the
    packet they are of.
    """

    protocol: int | None = None
    port: int | None = None
    label: str = ""
    from_side: str = ""
    to_side: str = ""
    occurrences: frozenset[int] | None = None
    start: float = 0.0
    end: float = math.inf
    probability: float = 1.0

    def __post_init__(self) -> None:
        if self.label and self.label not in LABELS and self.label not in FAMILIES:
            raise ValueError(f"{self.label!r} is no message label")
        if self.occurrences is not None and min(self.occurrences, default=0) < 1:
            raise ValueError("occurrences are counted from 1")
        _require_probability("a match's probability", self.probability)


class RuleAction(StrEnum):
    """What a rule can do to a packet (see `Rule`)."""

    DROP = "drop"
    DELAY = "delay"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    CORRUPT = "corrupt"
    REPLAY = "replay"
    REPLAY_FORWARD = "replay-forward"
    REPLAY_BACKWARD = "replay-backward"
    DRIP = "drip"


@dataclass(frozen=True, slots=True)
class Rule:
    """Something on the internet that does `action` to the packets of its `match`.

    `seconds` is how long `delay` holds a packet back while others pass, after how long
    `duplicate` and `replay` send the packet once more (`replay` behind everything else that came
    meanwhile), and how long `reorder` waits for another packet to overtake, 0 for its default.
    `corrupt` flips one bit behind the transport header and mends the transport checksum, as a
    broken application gateway does, so that the damage reaches the gateway. `replay-forward` and
    `replay-backward` send, behind each packet, all earlier ones of the rule from the same side
    once more, the oldest or the youngest first. `drip` lets one packet through every `seconds`
    and holds the others back in their order.
    """

    name: str
    action: RuleAction
    match: Match = field(default_factory=Match)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        _require_seconds(f"the time of rule {self.name}", self.seconds)


@dataclass(frozen=True, slots=True)
class PathConfig:
    """A whole path: the sides it joins, the rules that hold on it, and its `router`.

    The router's address is the source of the ICMP errors the internet sends.
    """

    sides: tuple[Side, ...]
    rules: tuple[Rule, ...] = ()
    router: str = "198.51.100.254"

    def __post_init__(self) -> None:
        parse_address(self.router)
        _require_unique("side", [side.name for side in self.sides])
        _require_unique("rule", [rule.name for rule in self.rules])


def _require_unique(what: str, names: list[str]) -> None:
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError(f"more than one {what} is called {', '.join(sorted(twice))}")
