"""A packet on its way, with what the stations of the path need to know of it.

Everything but the octets is read once, when the packet enters. A fragment keeps the ports of the
packet it was cut from, so that whoever filters by port treats all fragments alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from gwsim.path.events import PathAction, PathEvent
from gwsim.wire.fragments import fragment
from gwsim.wire.hops import after_hops
from gwsim.wire.ip import Ipv4Packet, build_ipv4, flow_of, parse_ipv4


@dataclass(slots=True)
class Transit:
    """One packet between two stations; `data` are its octets, exactly as long as it is.

    It is in one place at a time, which may set `side_out`; who changes the packet makes another
    one with `replace`.

    `number`, `copy`, `side_in`, `side_out` and `label` are those of its events, `entered` is
    when it came. `is_fragment` is true for a piece of a packet. All that becomes of one packet
    shares `copies`, which numbers its copies.
    """

    number: int
    side_in: str
    label: str
    entered: float
    data: bytes
    source: str
    destination: str
    protocol: int
    source_port: int = 0
    destination_port: int = 0
    dont_fragment: bool = False
    is_fragment: bool = False
    side_out: str = ""
    copy: int = 0
    copies: Iterator[int] = field(default_factory=lambda: count(1), repr=False, compare=False)

    def again(self) -> "Transit":
        """Make a copy of this packet, with the next number of its copies."""
        return replace(self, copy=next(self.copies))

    def event(self, action: PathAction, at: float, rule: str = "", why: str = "") -> PathEvent:
        """Tell what was done to this packet."""
        return PathEvent(
            at=at,
            side_in=self.side_in,
            side_out=self.side_out,
            label=self.label,
            source=self.source,
            destination=self.destination,
            protocol=self.protocol,
            length=len(self.data),
            action=action,
            rule=rule,
            delay=at - self.entered,
            payload=self.data,
            why=why,
            source_port=self.source_port,
            destination_port=self.destination_port,
            packet=self.number,
            copy=self.copy,
        )


@dataclass(frozen=True, slots=True)
class Mishap:
    """Something worth an event was done to a packet, or ended its way; `why` is in a few words."""

    action: PathAction
    transit: Transit
    why: str = ""


def on_the_line(event: PathEvent) -> PathEvent:
    """Give an event between two kernels that route as it was on the lines before and behind them.

    The one has taken a hop from what enters before it is here, the other will of what leaves.
    """
    if event.action is PathAction.ENTERED and event.side_in:
        return replace(event, payload=after_hops(event.payload, -1))
    if event.action is PathAction.FORWARDED:
        return replace(event, payload=after_hops(event.payload))
    return event


def read(
    packet: Ipv4Packet, data: bytes, number: int, side: str, now: float, label: str = ""
) -> Transit:
    """Make a transit of a packet that enters, with its octets.

    What a link appended to it is cut off.
    """
    total = int.from_bytes(data[2:4], "big")
    _, source_port, destination_port = flow_of(packet)
    return Transit(
        number=number,
        side_in=side,
        label=label,
        entered=now,
        data=data if len(data) == total else data[:total],
        source=packet.source,
        destination=packet.destination,
        protocol=packet.protocol,
        source_port=source_port,
        destination_port=destination_port,
        dont_fragment=packet.dont_fragment,
        is_fragment=packet.is_fragment,
    )


def carry(packet: Ipv4Packet, like: Transit) -> Transit:
    """Put other octets of the same packet, a fragment or the whole, in place of `like`'s."""
    return replace(like, data=build_ipv4(packet), is_fragment=packet.is_fragment)


def pieces(transit: Transit, mtu: int) -> list[Transit]:
    """Cut a packet that may be cut into fragments of at most `mtu` octets (RFC 791 2.3)."""
    return [carry(piece, transit) for piece in fragment(parse_ipv4(transit.data), mtu)]


def change(before: Transit, after: Transit) -> str:
    """Say in a few words what a NAT changed, "" when it left everything alone."""
    changes = []
    for old, new in (
        ((before.source, before.source_port), (after.source, after.source_port)),
        (
            (before.destination, before.destination_port),
            (after.destination, after.destination_port),
        ),
    ):
        if old != new:
            changes.append(f"{_endpoint(*old)} -> {_endpoint(*new)}")
    return ", ".join(changes)


def _endpoint(address: str, port: int) -> str:
    return f"{address}:{port}" if port else address


def as_it_came(whole: Transit, came: Transit, mtu: int) -> list[Transit]:
    """Cut a packet again that a NAT joined from fragments, if a line has no room for it.

    It came in pieces although it must not be cut further, so that is how it goes on.
    """
    if not came.is_fragment or len(whole.data) <= mtu:
        return [whole]
    packet = parse_ipv4(whole.data)
    cut = fragment(replace(packet, dont_fragment=False), mtu)
    return [carry(replace(one, dont_fragment=packet.dont_fragment), whole) for one in cut]
