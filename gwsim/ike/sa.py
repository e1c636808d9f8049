"""The mutable heart of the engine: ISAKMP SAs, quick modes and the children they made.

Nothing here decides; the tables and the endpoint do. Only this floor's modules touch these
objects, everybody else sees frozen snapshots.
"""

from dataclasses import dataclass, field
from typing import TypeVar

from gwsim.crypto import skeyid
from gwsim.crypto.dh import KeyPair
from gwsim.ike.config import ChildConfig, Connection, Phase1Transform, Phase2Transform, Schedule
from gwsim.ike.events import Head
from gwsim.ike.exchange import Exchange
from gwsim.ike.states import Role, State
from gwsim.ike.timers import TimerTable
from gwsim.ike.turn import Written
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT
from gwsim.wire.payloads import Identification, Notification, SecurityAssociation
from gwsim.wire.selector import Selector

NO_COOKIE = bytes(8)
MOST_IDS = 16384

T = TypeVar("T")

Partner = tuple[str, str]
"""Whose SAs belong together: a connection, and if it takes anybody the peer's identity, else ""."""


def need(value: T | None, what: str) -> T:
    """Give a value that must be there by now; its absence, our own error, raises LookupError."""
    if value is None:
        raise LookupError(f"there should be {what} by now")
    return value


@dataclass(slots=True, eq=False)
class Sent:
    """A message we sent; a negotiation keeps its last to resend, or to answer a duplicate with.

    `first` is when it went out first and `resent` when its schedule last sent it (s); without a
    `schedule` the peer has to ask for it again.
    """

    written: Written
    label: str
    exchange_type: int
    first: float
    schedule: Schedule | None = None
    attempt: int = 0
    resent: float | None = None


@dataclass(slots=True, eq=False)
class Keys:
    """What phase 1 made: SKEYID and its children, the cipher key, and the running IV.

    `last_block` is the last cipher block of the last phase 1 message, from which quick modes and
    informational exchanges derive their own IV (RFC 2409 Appendix B).
    """

    hash: int
    encryption: int
    block_size: int
    skeyid: bytes = field(repr=False)
    skeyid_d: bytes = field(repr=False)
    skeyid_a: bytes = field(repr=False)
    skeyid_e: bytes = field(repr=False)
    key: bytes = field(repr=False)
    last_block: bytes

    def phase2_iv(self, message_id: int) -> bytes:
        """Derive the first IV of a quick mode or of an informational exchange."""
        return skeyid.phase2_iv(self.hash, self.last_block, message_id, self.block_size)


@dataclass(slots=True, eq=False)
class Progress:
    """What every negotiation has: where it is in its table, what was said last, both nonces.

    `state` is CLOSED before the first rest and after the end.
    """

    role: Role
    position: int = 0
    state: State = State.CLOSED
    sent: Sent | None = None
    waiting: bool = False
    received: list[bytes] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)
    timers: TimerTable = field(default_factory=TimerTable)
    own_nonce: bytes = b""
    peer_nonce: bytes = b""

    def nonces(self) -> tuple[bytes, bytes]:
        """Give (Ni_b, Nr_b) whatever our role."""
        if self.role is Role.INITIATOR:
            return self.own_nonce, self.peer_nonce
        return self.peer_nonce, self.own_nonce

    @property
    def resting(self) -> State | None:
        """The state for a report: None where the negotiation rests nowhere."""
        return None if self.state is State.CLOSED else self.state


@dataclass(slots=True, kw_only=True, eq=False)
class IkeSa(Progress):
    """One phase 1: first a negotiation, then an ISAKMP SA.

    `begun` and `done` number beginnings and ends of negotiations in their order, which times alone
    do not tell; `done` is 0 until it is up.
    """

    number: int
    exchange: "Exchange[IkeSa]"
    local: SocketAddress
    remote: SocketAddress
    initiator_cookie: bytes
    responder_cookie: bytes = NO_COOKIE
    connection: Connection | None = None
    candidates: tuple[Connection, ...] = ()
    offers: tuple[Phase1Transform, ...] = ()
    chosen: Phase1Transform | None = None
    offered_group: int = 0
    sa_body: bytes = b""
    answer: SecurityAssociation | None = None
    lifetime_lowered: bool = False
    pair: KeyPair | None = None
    peer_public: bytes = b""
    keys: Keys | None = None
    peer_id: str = ""
    peer_id_body: bytes = b""
    own_id_body: bytes = b""
    vendor_ids: frozenset[bytes] = frozenset()
    nat_variant: str = ""
    nat_local: bool = False
    nat_peer: bool = False
    dpd: bool = False
    dpd_sequence: int = 0
    dpd_asked: bool = False
    dpd_peer_sequence: int = 0
    dpd_missed: int = 0
    first_contact: bool = False
    rekey: bool = False
    replaced: bool = False
    created: float = 0.0
    begun: int = 0
    done: int = 0
    established: float | None = None
    lifetime: int | None = None
    last_exchange: int = 0
    last_received: float = 0.0
    last_esp_out: float = -1.0
    pending: list[tuple[str, str]] = field(default_factory=list)
    quick_modes: "dict[int, QuickMode]" = field(default_factory=dict)
    used_ids: dict[int, None] = field(default_factory=dict)
    early: list[tuple[bytes, SocketAddress, SocketAddress]] = field(default_factory=list)

    @property
    def ike(self) -> "IkeSa":
        """The ISAKMP SA a negotiation runs under: itself."""
        return self

    @property
    def name(self) -> str:
        """The name of the connection, "" while it is unknown."""
        return self.connection.name if self.connection else ""

    @property
    def partner(self) -> Partner:
        """Whose SA this is."""
        dynamic = self.connection is not None and self.connection.remote is None
        return self.name, self.peer_id if dynamic else ""

    def head(self, now: float) -> Head:
        """The common fields of an event about this SA."""
        return {"at": now, "peer": self.remote[0], "connection": self.name, "sa": self.number}

    def use_id(self, message_id: int) -> None:
        """Remember a message id, so that it is not used again; only the last MOST_IDS are kept."""
        self.used_ids[message_id] = None
        if len(self.used_ids) > MOST_IDS:
            del self.used_ids[next(iter(self.used_ids))]

    def earlier_id(self, message_id: int) -> int:
        """Give the oldest message id that is remembered and is not this one; 0 for none."""
        return next((used for used in self.used_ids if used != message_id), 0)

    @property
    def message_id(self) -> int:
        """Phase 1 has message id 0 (RFC 2408 3.1)."""
        return 0

    @property
    def iv(self) -> bytes:
        """The running IV of phase 1."""
        return need(self.keys, "keys").last_block

    @iv.setter
    def iv(self, value: bytes) -> None:
        need(self.keys, "keys").last_block = value

    @property
    def floated(self) -> bool:
        """Whether the conversation has moved to UDP 4500."""
        return self.local[1] == NAT_T_PORT

    @property
    def up(self) -> bool:
        """Whether this is an ISAKMP SA that can carry quick modes."""
        return self.state is State.ESTABLISHED

    @property
    def peer_known(self) -> bool:
        """Whether the connection was matched and the keys exist."""
        return self.connection is not None and self.keys is not None

    @property
    def cookies(self) -> tuple[bytes, bytes]:
        """The cookie pair."""
        return (self.initiator_cookie, self.responder_cookie)

    @property
    def spi(self) -> bytes:
        """What names this SA in a notify or delete: both cookies, 16 octets (RFC 2408 3.5)."""
        return self.initiator_cookie + self.responder_cookie

    @property
    def nat(self) -> bool:
        """Whether NAT was found on either side (or its presence was feigned)."""
        return self.nat_local or self.nat_peer

    def public_values(self) -> tuple[bytes, bytes]:
        """Give (g^xi, g^xr) whatever our role."""
        own = need(self.pair, "a key pair").public
        return (own, self.peer_public) if self.role is Role.INITIATOR else (self.peer_public, own)

    def float_ports(self) -> None:
        """Move to UDP 4500 on both ends (RFC 3947 4)."""
        self.local = (self.local[0], NAT_T_PORT)
        if self.remote[1] == IKE_PORT:
            self.remote = (self.remote[0], NAT_T_PORT)


@dataclass(slots=True, kw_only=True, eq=False)
class QuickMode(Progress):
    """One quick mode under an ISAKMP SA, from acquire or quick-1 to its SAs."""

    sa: IkeSa
    exchange: "Exchange[QuickMode]"
    message_id: int
    started: float
    begun: int
    child: ChildConfig | None = None
    local_sel: Selector | None = None
    remote_sel: Selector | None = None
    iv: bytes = b""
    own_spi: int = 0
    peer_spi: int = 0
    pair: KeyPair | None = None
    shared: bytes = field(default=b"", repr=False)
    pfs_group: int | None = None
    chosen: Phase2Transform | None = None
    answer: SecurityAssociation | None = None
    ids: tuple[Identification, ...] = ()
    lifetime_lowered: bool = False
    lifetime_seconds: int | None = None
    lifetime_kilobytes: int | None = None
    esn: bool = False
    udp: bool = False
    transport: bool = False
    replaces: int = 0

    @property
    def ike(self) -> IkeSa:
        """The ISAKMP SA this quick mode runs under."""
        return self.sa

    def head(self, now: float) -> Head:
        """The common fields of an event about this quick mode."""
        return self.sa.head(now)


@dataclass(slots=True, kw_only=True, eq=False)
class ChildSa:
    """One pair of IPsec SAs in use; `begun` and `done` are those of its quick mode.

    `mark` is the lower of the two nonces, by which crossing rekeys settle on one. `sends` says
    whether the data plane may send on it: not yet on one that has just renewed another, no longer
    on one that was renewed.
    """

    partner: Partner
    child: ChildConfig
    role: Role
    message_id: int
    local: Selector
    remote: Selector
    inbound_spi: int
    outbound_spi: int
    transform: Phase2Transform
    local_endpoint: SocketAddress
    peer_endpoint: SocketAddress
    udp: bool
    transport: bool
    pfs_group: int | None
    esn: bool
    lifetime_seconds: int
    lifetime_kilobytes: int | None
    created: float
    begun: int
    done: int
    mark: bytes
    retired: bool = False
    sends: bool = True
    timers: TimerTable = field(default_factory=TimerTable)

    @property
    def connection(self) -> str:
        """The name of the connection."""
        return self.partner[0]

    @property
    def traffic(self) -> tuple[Selector, Selector]:
        """What the pair carries: our side and the peer's."""
        return self.local, self.remote

    @property
    def expires(self) -> float:
        """When the lifetime ends."""
        return self.created + self.lifetime_seconds


Negotiation = IkeSa | QuickMode
