"""All SAs of an endpoint in one place, with the questions the rest of the floor asks of them."""

from collections import deque
from random import Random

from gwsim.ike.config import ChildConfig, Connection, EndpointConfig
from gwsim.ike.events import Event, Head, SpiAllocated
from gwsim.ike.impairments import Impaired
from gwsim.ike.offers import LOWEST_SPI
from gwsim.ike.sa import NO_COOKIE, ChildSa, IkeSa, Partner, QuickMode
from gwsim.ike.states import Role
from gwsim.ike.turn import Datagram, Turn


class Ledger:
    """The endpoint's books: ISAKMP SAs in order of creation, children by inbound SPI.

    `turn` is handed to every step; its `now` is set at the beginning of each call.
    """

    def __init__(self, config: EndpointConfig, rng: Random, now: float) -> None:
        self.config = config
        self.sas: list[IkeSa] = []
        self.children: dict[int, ChildSa] = {}
        self.outbox: list[Datagram] = []
        self.events: deque[Event] = deque()
        self.turn = Turn(
            now,
            rng,
            config.behaviour,
            self.events.append,
            self.outbox.append,
            self._new_spi,
            Impaired(config.impairments),
        )
        self._numbers = 0
        self._order = 0
        self._reserved: set[int] = set()
        self.last_error_notify: dict[str, float] = {}

    def next_number(self) -> int:
        """Number ISAKMP SAs from 1, never twice."""
        self._numbers += 1
        return self._numbers

    def next_order(self) -> int:
        """Number what begins and what is done, to tell the order of what happens at one instant."""
        self._order += 1
        return self._order

    def new_cookie(self) -> bytes:
        """Draw a cookie: unpredictable, not zero, not in use (RFC 2408 2.5.3)."""
        used = {c for sa in self.sas for c in sa.cookies}
        while True:
            cookie = self.turn.rng.randbytes(8)
            if cookie != NO_COOKIE and cookie not in used:
                return cookie

    def new_message_id(self, sa: IkeSa) -> int:
        """Draw a message id: not zero and never used under this SA (RFC 2408 3.1)."""
        while True:
            message_id = self.turn.rng.getrandbits(32)
            if message_id and message_id not in sa.used_ids:
                sa.use_id(message_id)
                return message_id

    def stranger_spi(self) -> int:
        """Draw an SPI that is neither reserved nor in use here."""
        while True:
            spi = self.turn.rng.randrange(LOWEST_SPI, 1 << 32)
            if spi not in self.children and spi not in self._reserved:
                return spi

    def _new_spi(self, message_id: int) -> int:
        spi = self.stranger_spi()
        self._reserved.add(spi)
        self.turn.emit(SpiAllocated(at=self.turn.now, message_id=message_id, spi=spi))
        return spi

    def release_spi(self, spi: int) -> None:
        """Give back an SPI whose quick mode has ended."""
        self._reserved.discard(spi)

    def connection(self, name: str) -> Connection | None:
        """Find a connection by name."""
        for c in self.config.connections:
            if c.name == name:
                return c
        return None

    def by_cookies(self, initiator: bytes, responder: bytes) -> IkeSa | None:
        """Find the SA of a cookie pair; an initiator awaiting message 2 matches by its own."""
        for sa in self.sas:
            if sa.initiator_cookie != initiator:
                continue
            if sa.responder_cookie == responder:
                return sa
            if sa.responder_cookie == NO_COOKIE and sa.role is Role.INITIATOR:
                return sa
        return None

    def by_first_message(self, initiator: bytes, address: str) -> IkeSa | None:
        """Find the SA that a repeated first message belongs to."""
        for sa in self.sas:
            if sa.initiator_cookie == initiator and sa.remote[0] == address:
                return sa
        return None

    def established(self, partner: Partner) -> IkeSa | None:
        """Give the ISAKMP SA to use: the newest, if possible one that is not replaced."""
        live = [sa for sa in reversed(self.sas) if sa.up and sa.partner == partner]
        return next((sa for sa in live if not sa.replaced), live[0] if live else None)

    def newest(self, connection: str) -> IkeSa | None:
        """Give the ISAKMP SA to use for a connection, whoever of its peers it is with."""
        for sa in reversed(self.sas):
            if sa.up and sa.name == connection:
                return self.established(sa.partner)
        return None

    def negotiating(self, connection: str) -> IkeSa | None:
        """Give the phase 1 that we have begun for a connection and not yet finished."""
        for sa in reversed(self.sas):
            if sa.name == connection and not sa.up and sa.role is Role.INITIATOR:
                return sa
        return None

    def half_open(self, address: str) -> int:
        """Count unfinished negotiations begun by a source address."""
        return sum(
            1
            for sa in self.sas
            if sa.role is Role.RESPONDER and not sa.up and sa.remote[0] == address
        )

    def quick_mode_for(self, partner: Partner, child: str) -> QuickMode | None:
        """Find a quick mode, begun by either side, that is already negotiating this child."""
        for sa in self.sas:
            if sa.partner != partner:
                continue
            for qm in sa.quick_modes.values():
                if qm.child is not None and qm.child.name == child and not finished(qm):
                    return qm
        return None

    def children_of(self, partner: Partner) -> list[ChildSa]:
        """List the pairs of IPsec SAs with a partner, oldest first."""
        return [c for c in self.children.values() if c.partner == partner]

    def by_outbound(self, spi: int, partner: Partner) -> ChildSa | None:
        """Find a pair by the peer's SPI."""
        for c in self.children.values():
            if c.outbound_spi == spi and c.partner == partner:
                return c
        return None

    def head(self, sa: IkeSa) -> Head:
        """The common fields of an event about an SA."""
        return sa.head(self.turn.now)


def finished(qm: QuickMode) -> bool:
    """Whether a quick mode has run through its table."""
    return qm.position >= len(qm.exchange.steps)


def child_of(connection: Connection, name: str) -> ChildConfig | None:
    """Find a child by name; "" means the first one."""
    for child in connection.children:
        if name in ("", child.name):
            return child
    return None
