"""What a run keeps for those who capture it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run is to keep for captures: packets, and the keys that decrypt them."""

    packets: bool = False
    keys: bool = False


NOTHING = Wanted()
"""What a run keeps that nobody captures."""


@dataclass(frozen=True, slots=True)
class InsidePacket:
    """An IPv4 packet between a gateway and its hosts; `inbound` ones come from a host."""

    at: float
    inbound: bool
    packet: bytes
