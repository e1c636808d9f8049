"""What a tap would have seen: the packets of a path as they left a gateway, or came to it.

A capture of one gateway's line shows each packet once, as tcpdump on that gateway would: lost
ones only where they were sent, translated ones with the addresses of their side of the NAT. One
of several gateways has an interface for each, on which a packet that crossed shows twice.
"""

from collections.abc import Iterable, Sequence

from gwsim.capture.pcapng import CapturedPacket, Interface
from gwsim.capture.trace import in_words
from gwsim.path.events import FATES, PathAction, PathEvent

_HARMLESS = {PathAction.FORWARDED, PathAction.JOINED}


def taps(gateways: Sequence[str]) -> tuple[Interface, ...]:
    """Give the interfaces of a capture at these gateways, in their order."""
    return tuple(Interface(name, f"outside of {name}") for name in gateways)


def sighted(path: Iterable[PathEvent], gateways: Sequence[str]) -> tuple[CapturedPacket, ...]:
    """Give the packets seen at these gateways; interfaces are numbered in their order.

    A comment gives the label, and of what did not arrive the fate.
    """
    events = list(path)
    misfortunes = {
        event.packet: in_words(event)
        for event in reversed(events)
        if event.copy == 0 and event.action in FATES - _HARMLESS
    }
    seen = []
    for event in events:
        if event.action is PathAction.ENTERED and event.side_in in gateways:
            parts = (event.label, misfortunes.get(event.packet, ""))
            comment = ", ".join(part for part in parts if part)
            place = gateways.index(event.side_in)
            seen.append(CapturedPacket(event.at, place, event.payload, comment, inbound=False))
        elif event.action is PathAction.FORWARDED and event.side_out in gateways:
            place = gateways.index(event.side_out)
            seen.append(CapturedPacket(event.at, place, event.payload, event.label, inbound=True))
    return tuple(seen)
