"""What a step may use while it runs: the moment, luck, the vendor's temperament, an outbox."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from gwsim.ike.config import Behaviour
from gwsim.ike.events import Event
from gwsim.ike.impairments import Impaired
from gwsim.wire.codec import Header
from gwsim.wire.ip import SocketAddress
from gwsim.wire.payloads import Payload


@dataclass(frozen=True, slots=True)
class Datagram:
    """A message to send: bare ISAKMP octets (no non-ESP marker), or the keepalive octet.

    `label` is the engine's own name of it; (address, port) pairs say between whom it travels.
    """

    data: bytes
    source: SocketAddress
    destination: SocketAddress
    label: str


@dataclass(frozen=True, slots=True)
class Written:
    """A message ready to go: its octets, `copies` times, and what is in it.

    `altered` names the changes in it (`Change`), `before` are datagrams that go out ahead of it.
    Without copies it is withheld.
    """

    data: bytes
    header: Header
    payloads: tuple[Payload, ...]
    altered: tuple[str, ...] = ()
    copies: int = 1
    before: tuple[bytes, ...] = ()


@dataclass(slots=True)
class Turn:
    """One call into the engine: `now` in seconds, the seeded `rng`, and where results go.

    `emit` takes events, `send` datagrams; `new_spi` reserves an inbound SPI for the quick mode
    with this message id. `impaired` is what this gateway writes wrongly.
    """

    now: float
    rng: Random
    behaviour: Behaviour
    emit: Callable[[Event], None]
    send: Callable[[Datagram], None]
    new_spi: Callable[[int], int]
    impaired: Impaired = field(default_factory=Impaired)
