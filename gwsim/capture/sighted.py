"""What taps would have seen: at a gateway inside and outside, and at a port of the internet.

Each tap makes a capture of its own, as tcpdump there would. One file with all of them would show
every message four times, and a dissector that follows the IVs of phase 1 takes the second sight of
a message for another message.

    hq-inside         clear text, between the hosts and their gateway
    hq-outside        as the gateway sends and gets it: private addresses if a NAT is before it
    internet-to-hq    as the internet gets and sends it, behind the NAT and the line of that side

What was lost on a line shows on one side of it only; what a rule of the internet dropped came in
at one port and goes out at no other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gwsim.capture.pcapng import CapturedPacket, Interface
from gwsim.capture.trace import TraceEntry
from gwsim.capture.wanted import InsidePacket
from gwsim.path.events import PathAction, PathEvent


class Place(StrEnum):
    """Where a tap is."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    INTERNET = "internet"


@dataclass(frozen=True, slots=True)
class Tap:
    """A tap at a gateway, or at the internet's port to it."""

    gateway: str
    place: Place

    @property
    def name(self) -> str:
        """What the tap is called, fit for a file: `hq-inside`, `internet-to-hq`."""
        if self.place is Place.INTERNET:
            return f"{self.place}-to-{self.gateway}"
        return f"{self.gateway}-{self.place}"

    @property
    def interface(self) -> Interface:
        """The interface that a capture of this tap has."""
        return Interface(self.name, _DESCRIPTIONS[self.place].format(self.gateway))


_DESCRIPTIONS: dict[Place, str] = {
    Place.INSIDE: "inside of {}, where its hosts are",
    Place.OUTSIDE: "outside of {}",
    Place.INTERNET: "the internet's port to {}, behind its line and NAT",
}


def taps(gateways: Sequence[str]) -> tuple[Tap, ...]:
    """List all taps there are, in the order in which a packet passes them on its way out."""
    return tuple(Tap(gateway, place) for gateway in gateways for place in Place)


def sighted(
    tap: Tap, path: Iterable[PathEvent], comments: Mapping[tuple[int, int], str]
) -> tuple[CapturedPacket, ...]:
    """Give the packets that a tap outside or at the internet saw, with their comments.

    The internet's ports tell of packets only in a path that was asked to (`Middlebox.ports`).
    """
    out, back = _SIGHTS[tap.place]
    inbound = tap.place is Place.INTERNET
    seen = []
    for event in path:
        leaving = event.action is out and event.side_in == tap.gateway
        if leaving or (event.action is back and event.side_out == tap.gateway):
            comment = comments.get((event.packet, event.copy), event.label)
            direction = inbound if leaving else not inbound
            seen.append(CapturedPacket(event.at, 0, event.payload, comment, direction))
    return tuple(seen)


_SIGHTS: dict[Place, tuple[PathAction, PathAction]] = {
    Place.OUTSIDE: (PathAction.ENTERED, PathAction.FORWARDED),
    Place.INTERNET: (PathAction.REACHED, PathAction.LEFT),
}
"""The events of a packet that its gateway sent, and of one that its gateway gets."""


def seen_inside(packets: Iterable[InsidePacket]) -> tuple[CapturedPacket, ...]:
    """Give the packets that a tap inside saw."""
    return tuple(CapturedPacket(p.at, 0, p.packet, inbound=p.inbound) for p in packets)


def comments_of(trace: Iterable[TraceEntry]) -> dict[tuple[int, int], str]:
    """Say of each packet, by its number and that of its copy, what it is and what became of it.

    `main-5, again 1, * ID HASH, dropped: no-4500`; the same words stand at every tap.
    """
    return {(entry.packet, entry.copy): _comment(entry) for entry in trace if entry.packet}


def _comment(entry: TraceEntry) -> str:
    parts = [entry.label or f"clear {entry.protocol}"]
    if entry.attempt:
        parts.append(f"again {entry.attempt}")
    if entry.copy:
        parts.append(f"copy {entry.copy}")
    if entry.label != "esp":
        parts.append(entry.payloads)
    parts += entry.notes
    parts += [f"NAT: {mapping}" for mapping in entry.mappings]
    if not entry.delivered:
        parts.append(entry.fate)
    return ", ".join(part for part in parts if part)
