"""The mutable heart of the engine: ISAKMP SAs, quick modes and the children they made.

Nothing here decides; the tables and the endpoint do. Only this floor's modules touch these
objects, everybody else sees frozen snapshots.
"""

from dataclasses import dataclass, field

from gwsim.crypto.dh import KeyPair
from gwsim.ike.config import ChildConfig, Connection, Phase1Transform, Phase2Transform, Schedule
from gwsim.ike.exchange import Exchange
from gwsim.ike.states import Role, State
from gwsim.ike.timers import TimerTable
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT
from gwsim.wire.payloads import Identification, Notification, Payload, SecurityAssociation
from gwsim.wire.selector import Selector

NO_COOKIE = bytes(8)


@dataclass(slots=True)
class Sent:
    """The last message we sent in a negotiation: to send again, or to answer a duplicate with."""

    data: bytes
    label: str
    payloads: tuple[Payload, ...]
    exchange_type: int
    message_id: int
    encrypted: bool
    length: int
    first: float
    schedule: Schedule | None
    state: State | None = None
    attempt: int = 0


@dataclass(slots=True)
class Keys:
    """What phase 1 made: SKEYID and its children, the cipher key, and the running IV.

    `last_block` is the last cipher block of the last phase 1 message; quick modes and
    informational exchanges derive their own IV from it (RFC 2409 Appendix B).
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


@dataclass(slots=True)
class Progress:
    """What every negotiation has: where it is in its table and what was said last."""

    role: Role
    position: int = 0
    state: State = State.CLOSED
    sent: Sent | None = None
    waiting: bool = False
    received: list[bytes] = field(default_factory=list)
    notices: list[Notification] = field(default_factory=list)
    timers: TimerTable = field(default_factory=TimerTable)


@dataclass(slots=True, kw_only=True)
class IkeSa(Progress):
    """One phase 1: first a negotiation, then an ISAKMP SA."""

    number: int
    exchange: "Exchange[IkeSa]"
    local: tuple[str, int]
    remote: tuple[str, int]
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
    own_nonce: bytes = b""
    peer_nonce: bytes = b""
    shared: bytes = field(default=b"", repr=False)
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
    dpd_acked: int = 0
    dpd_asked: bool = False
    dpd_peer_sequence: int = 0
    dpd_missed: int = 0
    first_contact: bool = False
    rekey: bool = False
    replaced: bool = False
    created: float = 0.0
    established: float | None = None
    lifetime: int | None = None
    last_exchange: int = 0
    last_received: float = 0.0
    last_sent: float = 0.0
    last_esp_out: float = -1.0
    pending: list[tuple[str, str]] = field(default_factory=list)
    quick_modes: "dict[int, QuickMode]" = field(default_factory=dict)
    used_ids: set[int] = field(default_factory=set)
    early: list[tuple[bytes, tuple[str, int], tuple[str, int]]] = field(default_factory=list)

    @property
    def ike(self) -> "IkeSa":
        """The ISAKMP SA a negotiation runs under: itself."""
        return self

    @property
    def message_id(self) -> int:
        """Phase 1 has message id 0 (RFC 2408 3.1)."""
        return 0

    @property
    def iv(self) -> bytes:
        """The running IV of phase 1."""
        return self.keys.last_block if self.keys else b""

    @iv.setter
    def iv(self, value: bytes) -> None:
        if self.keys is not None:
            self.keys.last_block = value

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
    def nat(self) -> bool:
        """Whether NAT was found on either side (or its presence was feigned)."""
        return self.nat_local or self.nat_peer

    def public_values(self) -> tuple[bytes, bytes]:
        """Give (g^xi, g^xr) whatever our role."""
        own = self.pair.public if self.pair else b""
        return (own, self.peer_public) if self.role is Role.INITIATOR else (self.peer_public, own)

    def nonces(self) -> tuple[bytes, bytes]:
        """Give (Ni_b, Nr_b) whatever our role."""
        if self.role is Role.INITIATOR:
            return self.own_nonce, self.peer_nonce
        return self.peer_nonce, self.own_nonce

    def float_ports(self) -> None:
        """Move to UDP 4500 on both ends (RFC 3947 4)."""
        self.local = (self.local[0], NAT_T_PORT)
        if self.remote[1] == IKE_PORT:
            self.remote = (self.remote[0], NAT_T_PORT)


@dataclass(slots=True, kw_only=True)
class QuickMode(Progress):
    """One quick mode under an ISAKMP SA, from acquire or quick-1 to its SAs."""

    sa: IkeSa
    exchange: "Exchange[QuickMode]"
    message_id: int
    started: float
    child: ChildConfig | None = None
    local_sel: Selector | None = None
    remote_sel: Selector | None = None
    iv: bytes = b""
    own_nonce: bytes = b""
    peer_nonce: bytes = b""
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
    replaces: int = 0

    @property
    def ike(self) -> IkeSa:
        """The ISAKMP SA this quick mode runs under."""
        return self.sa

    def nonces(self) -> tuple[bytes, bytes]:
        """Give (Ni_b, Nr_b) whatever our role."""
        if self.role is Role.INITIATOR:
            return self.own_nonce, self.peer_nonce
        return self.peer_nonce, self.own_nonce


@dataclass(slots=True, kw_only=True)
class ChildSa:
    """One pair of IPsec SAs in use.

    `mark` is the lower of the two nonces, by which crossing rekeys settle on one.
    """

    connection: str
    child: ChildConfig
    role: Role
    message_id: int
    local: Selector
    remote: Selector
    inbound_spi: int
    outbound_spi: int
    transform: Phase2Transform
    local_endpoint: tuple[str, int]
    peer_endpoint: tuple[str, int]
    udp: bool
    pfs_group: int | None
    esn: bool
    lifetime_seconds: int | None
    lifetime_kilobytes: int | None
    created: float
    mark: bytes
    started: float = 0.0
    retired: bool = False
    rekeying: bool = False
    timers: TimerTable = field(default_factory=TimerTable)

    @property
    def expires(self) -> float | None:
        """When the lifetime ends, or None without one."""
        return None if self.lifetime_seconds is None else self.created + self.lifetime_seconds


Negotiation = IkeSa | QuickMode
