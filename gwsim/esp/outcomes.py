"""What the data plane answers to a packet. Lengths are octets, addresses of outer headers text.

The two answers that every packet of a tunnel pays for are named tuples: to make a frozen dataclass
of as many fields would take a seventh of the packet's whole time.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from gwsim.esp.drops import Drop
from gwsim.esp.inner import Inner
from gwsim.esp.selectors import Entry
from gwsim.wire.ip import SocketAddress


class Sealed(NamedTuple):
    """An ESP packet to be sent, `payload` being SPI to ICV.

    `udp` gives source and destination port when it travels in UDP. `inner` is the packet inside,
    or the piece of one; `inbound_spi` names the pair of SAs.
    """

    payload: bytes
    source: str
    destination: str
    udp: tuple[int, int] | None
    tos: int
    dont_fragment: bool
    spi: int
    inbound_spi: int
    connection: str
    child: str
    inner: Inner


class Opened(NamedTuple):
    """A packet that came protected and may go on; `inbound_spi` names its pair of SAs.

    `moved_to` is the address and port from which an authentic packet, newer than all before it,
    came, when it is not where the SA's peer was known to be.
    """

    packet: bytes
    inner: Inner
    source: str
    inbound_spi: int
    connection: str
    child: str
    moved_to: SocketAddress | None


@dataclass(frozen=True, slots=True)
class Dummy:
    """A packet that was sent to be thrown away (RFC 4303 2.6)."""

    source: str
    spi: int
    connection: str
    child: str


@dataclass(frozen=True, slots=True)
class Clear:
    """A packet that goes out unprotected, as the policy says."""

    packet: bytes
    inner: Inner


@dataclass(frozen=True, slots=True)
class Wanted:
    """A packet that must be protected, and there is no SA to protect it with."""

    packet: bytes
    inner: Inner
    entry: Entry


@dataclass(frozen=True, slots=True)
class Returned:
    """An ICMP error for the sender of a packet that is too big and must not be cut."""

    packet: bytes
    connection: str = ""
    child: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A packet that was refused, with as much as was known of it when it was.

    `source`, `destination` and `protocol` are those of the packet as it came, `inner` those of the
    packet inside. SPI, sequence number, `connection` and `child` are 0 and "" without an SA.
    """

    cause: Drop
    inbound: bool
    source: str
    destination: str
    protocol: int
    length: int
    spi: int = 0
    sequence: int = 0
    inner: tuple[str, str, int] | None = None
    local: str = ""
    remote: str = ""
    connection: str = ""
    child: str = ""


Outgoing = Sealed | Clear | Wanted | Returned | Dropped
Incoming = Opened | Dummy | Dropped


class Wish(Enum):
    """What the data plane wants of the negotiator."""

    REKEY = "rekey"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Request:
    """A pair of SAs nears the end of its volume or its sequence numbers, or has reached it."""

    wish: Wish
    inbound_spi: int
