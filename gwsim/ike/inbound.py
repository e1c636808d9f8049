"""A received message before parsing, and after it with the octets hashes are computed over."""

from dataclasses import dataclass
from typing import TypeVar

from gwsim.wire.codec import Header, Parsed
from gwsim.wire.ip import SocketAddress
from gwsim.wire.payloads import Payload, payload_type

P = TypeVar("P")

Ends = tuple[SocketAddress, SocketAddress]
"""Source and destination of a datagram, as this side sees them."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A datagram as it came, before anybody knows what to make of it; `data` is all of it."""

    header: Header
    data: bytes
    ends: Ends


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message: header, payloads in order, and `body`, the octets they were parsed from.

    `body` is the plain text after the ISAKMP header; offsets in `parsed` count from its start.
    `source` and `destination` are (address, port) pairs as seen on this side.
    """

    header: Header
    parsed: tuple[Parsed, ...]
    body: bytes
    source: SocketAddress
    destination: SocketAddress

    @property
    def payloads(self) -> tuple[Payload, ...]:
        """The payloads alone, in wire order."""
        return tuple(p.payload for p in self.parsed)

    @property
    def types(self) -> list[int]:
        """The payload types, in wire order."""
        return [payload_type(p.payload) for p in self.parsed]

    def every(self, kind: type[P]) -> list[P]:
        """Give all payloads of a class, in wire order."""
        return [p.payload for p in self.parsed if isinstance(p.payload, kind)]

    def maybe(self, kind: type[P]) -> P | None:
        """Give the first payload of a class, or None."""
        for p in self.parsed:
            if isinstance(p.payload, kind):
                return p.payload
        return None

    def the(self, kind: type[P]) -> P:
        """Give the first payload of a class that the table required, so it is there."""
        found = self.maybe(kind)
        if found is None:
            raise LookupError(f"the table of this exchange does not require {kind.__name__}")
        return found

    def raw(self, kind: type[P]) -> bytes:
        """Give the body of the first payload of a class, without its generic header."""
        for p in self.parsed:
            if isinstance(p.payload, kind):
                return self.body[p.body : p.end]
        raise LookupError(f"the table of this exchange does not require {kind.__name__}")

    def after_first(self) -> bytes:
        """Give the octets of all payloads after the first one, without cipher padding."""
        return self.body[self.parsed[0].end : self.parsed[-1].end]
