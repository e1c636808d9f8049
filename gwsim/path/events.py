"""What happens to packets on their way, as values, and what a path hands out.

`at` is in seconds. Every packet enters once and gets a number. What becomes of it, of its
fragments and of its copies is told in events of that number, the last of which is one of `FATES`.
"""

from dataclasses import dataclass
from enum import StrEnum


class PathAction(StrEnum):
    """What was done to a packet; the members of `FATES` are its end."""

    ENTERED = "entered"
    REACHED = "reached"
    LEFT = "left"
    TRANSLATED = "translated"
    FRAGMENTED = "fragmented"
    DELAYED = "delayed"
    DUPLICATED = "duplicated"
    REORDERED = "reordered"
    CORRUPTED = "corrupted"
    REPLAYED = "replayed"
    JOINED = "joined"
    FORWARDED = "forwarded"
    DROPPED = "dropped"
    LOST = "lost"
    TOO_BIG = "too-big"
    EXPIRED = "expired"
    NO_ROUTE = "no-route"
    LINK_DOWN = "link-down"
    NAT_REFUSED = "nat-refused"
    QUEUE_FULL = "queue-full"
    MALFORMED = "malformed"


FATES: frozenset[PathAction] = frozenset(
    {
        PathAction.JOINED,
        PathAction.FORWARDED,
        PathAction.DROPPED,
        PathAction.LOST,
        PathAction.TOO_BIG,
        PathAction.EXPIRED,
        PathAction.NO_ROUTE,
        PathAction.LINK_DOWN,
        PathAction.NAT_REFUSED,
        PathAction.QUEUE_FULL,
        PathAction.MALFORMED,
    }
)
"""The actions after which a packet is no longer on its way."""


PORTS: frozenset[PathAction] = frozenset({PathAction.REACHED, PathAction.LEFT})
"""A packet comes in at a port of the internet, or goes out at one: told to captures only."""


@dataclass(frozen=True, slots=True)
class PathEvent:
    """One thing that was done to a packet.

    `side_in` is where it entered, "" for ICMP errors of the internet itself; `side_out` is where
    it goes, "" while nobody knows. `label` is "" for what is no message between gateways.
    Addresses and ports are as the packet bore them at that moment (ports 0 where it has none),
    `payload` is the whole IPv4 packet and `length` its octets. `rule` names the rule that acted,
    `why` says in a few words what no rule explains. `delay` is the time since it entered.
    `packet` is its number, `copy` 0 for the original and n for the n-th copy made of it; what
    was cut into fragments is `forwarded` once per fragment.
    """

    at: float
    side_in: str
    side_out: str
    label: str
    source: str
    destination: str
    protocol: int
    length: int
    action: PathAction
    rule: str = ""
    delay: float = 0.0
    payload: bytes = b""
    why: str = ""
    source_port: int = 0
    destination_port: int = 0
    packet: int = 0
    copy: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A packet that has arrived: the side to hand it to, the packet, the label it had."""

    side: str
    packet: bytes
    label: str
