"""What an endpoint is told: connections, proposals, and the temperament of its vendor.

All values are frozen; times are seconds, sizes octets unless a name says kilobytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from gwsim.ike.flaws import Answer, Flaw
from gwsim.ike.impairments import Impairment
from gwsim.wire.ip import UDP
from gwsim.wire.numbers import IKE_PORT, AuthenticationMethod, IdType, NotifyType
from gwsim.wire.selector import Selector


@dataclass(frozen=True, slots=True)
class Phase1Transform:
    """One acceptable combination for phase 1, in wire numbers (RFC 2409 Appendix A)."""

    encryption: int
    hash: int
    group: int
    key_bits: int | None = None
    authentication: int = AuthenticationMethod.PRE_SHARED_KEY
    lifetime_seconds: int | None = 86400
    lifetime_kilobytes: int | None = None


@dataclass(frozen=True, slots=True)
class Phase2Transform:
    """One acceptable ESP combination for phase 2, in wire numbers (RFC 2407 4.4.4, 4.5)."""

    transform: int
    authentication: int | None
    key_bits: int | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """A phase 1 identity: type and text (address, name or key id)."""

    id_type: int
    text: str

    @classmethod
    def address(cls, text: str) -> "Identity":
        """An IPv4 address used as identity."""
        return cls(IdType.IPV4_ADDR, text)


class DpdAction(StrEnum):
    """What follows when a peer is declared dead (RFC 3706 leaves it open).

    CLEAR removes the SAs; the policy stays, so that traffic negotiates anew. With HOLD that traffic
    also waits for the new SAs, which costs it nothing but time. RESTART negotiates at once.
    """

    CLEAR = "clear"
    HOLD = "hold"
    RESTART = "restart"


@dataclass(frozen=True, slots=True)
class Dpd:
    """Dead peer detection: probe after `idle` s without inbound traffic, then every `retry` s.

    After `count` unanswered probes the peer is dead. `on_demand` probes only when we have sent
    something and heard nothing since.
    """

    idle: float = 10.0
    retry: float = 2.0
    count: int = 3
    action: DpdAction = DpdAction.CLEAR
    on_demand: bool = False


@dataclass(frozen=True, slots=True)
class ChildConfig:
    """One pair of proxy IDs and how it is protected (a crypto map entry, a VPN, a phase 2)."""

    name: str
    local: Selector
    remote: Selector
    transforms: tuple[Phase2Transform, ...]
    pfs_group: int | None = None
    transport: bool = False
    lifetime_seconds: int | None = 28800
    lifetime_kilobytes: int | None = None
    replay_window: int = 64
    esn: bool = False
    truncated_sha256: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """One configured peer.

    `remote` None accepts any address (dynamic peer). `psk` None means no key is configured, the
    missing tunnel-group. `may_initiate` and `may_respond` model originate-only and answer-only.
    """

    name: str
    local: str
    remote: str | None
    psk: bytes | None = field(repr=False)
    phase1: tuple[Phase1Transform, ...]
    children: tuple[ChildConfig, ...]
    aggressive: bool = False
    accept_main: bool = True
    accept_aggressive: bool = True
    local_id: Identity | None = None
    remote_id: Identity | None = None
    dpd: Dpd | None = None
    nat_traversal: bool = True
    force_encapsulation: bool = False
    may_initiate: bool = True
    may_respond: bool = True
    auto_start: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an unanswered message is sent again: seconds after its first sending.

    `give_up` is the moment, on the same scale, at which the negotiation is abandoned.
    """

    resends: tuple[float, ...]
    give_up: float


class PfsPolicy(StrEnum):
    """How a responder compares the offered PFS group with its own.

    OBEY takes whatever is offered; IF_CONFIGURED demands the group only when it has one itself;
    EXACT demands equality, no group included.
    """

    OBEY = "obey"
    IF_CONFIGURED = "if-configured"
    EXACT = "exact"


class ProxyPolicy(StrEnum):
    """How a responder compares proxy IDs: mirrored exactly, also a subset, or anything."""

    EXACT = "exact"
    SUBSET = "subset"
    ANY = "any"


class LifetimePolicy(StrEnum):
    """How a responder treats an offered lifetime that differs from its own.

    LOWER: the smaller is used. STRICT: longer than ours is refused. OBEY: the peer's is used.
    EXACT: any difference is refused.
    """

    LOWER = "lower"
    STRICT = "strict"
    OBEY = "obey"
    EXACT = "exact"


class UnknownPeer(StrEnum):
    """When a responder without connection or key for a peer notices: at main-1 or at main-3."""

    AT_SA = "at-sa"
    AT_KEY = "at-key"


@dataclass(frozen=True, slots=True)
class VendorIds:
    """Vendor IDs a gateway sends, by message; NAT-T and DPD ones are added by configuration.

    `first` goes with main-1/aggr-1, `second` with main-2/aggr-2, `third` with main-3 and
    `fourth` with main-4; aggressive mode carries the last two with the first two. `nat_t_first`
    puts the NAT-T IDs before the others. `nat_t` is announced by an initiator in place of one ID
    for each dialect that it speaks.
    """

    first: tuple[bytes, ...] = ()
    second: tuple[bytes, ...] = ()
    third: tuple[bytes, ...] = ()
    fourth: tuple[bytes, ...] = ()
    nat_t_first: bool = True
    nat_t: tuple[bytes, ...] = ()
    dpd_in: tuple[str, ...] = ("main-1", "main-2", "aggr-1", "aggr-2")


@dataclass(frozen=True, slots=True)
class Rekey:
    """When an SA is renewed: at `fraction` of its lifetime, less up to `jitter` of it.

    With `margin` it is that many seconds before the end instead, and `fraction` speaks of volume
    only; with neither it is never renewed, but expires. A responder uses its own values where they
    are given, so that the ends rarely cross. The replaced SA still receives for `grace` seconds.
    Whoever renewed a pair of IPsec SAs sends on it only after `settle` seconds, when the peer is
    sure to have taken quick-3: what comes before that, some peers drop.
    """

    fraction: float | None = 0.9
    responder_fraction: float | None = None
    jitter: float = 0.05
    grace: float = 10.0
    margin: float | None = None
    responder_margin: float | None = None
    settle: float = 0.5


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The temperament of a vendor: everything in which real gateways differ and the RFC does not.

    Schedules: `phase1` for a waiting initiator, `phase1_responder` for a waiting responder (None:
    it never resends by itself), likewise for quick mode. `half_open_timeout` ends a responder's
    unfinished phase 1 or quick mode. `answers_second_initial` says whether a repeated first message
    gets the stored reply, `answers_beside_resend` whether a repeated message does although the
    schedule sends that reply at the same time, `resends_to_unreadable` whether a responder goes on
    resending after a message that it could not decrypt. `reactions` and `notifies` override the
    bad-input table flaw by flaw.
    `keepalive_payload` is the body of Cisco's keep-alive payload in main-5 and main-6, which goes
    along where a peer is watched.
    `id_port_floated` is the port in an identity after the float where it is not `id_port`.
    `initial_contact` names the messages that may carry INITIAL-CONTACT (`quick-1` for ASA's
    habit). `phase1_end_deletes_children` ends a peer's IPsec SAs with its last ISAKMP SA. Without
    `enforce_lifetime` IPsec SAs go on beyond theirs.
    `dpd_start` is the number before that of an ISAKMP SA's first probe, None for any.
    `auto_start_retry` is the least time between attempts at what shall be up without traffic.
    With `transport_needs_peers` transport mode is for what the gateways themselves say to each
    other, and a child of anybody else is in tunnel mode whatever is configured.
    `long_phase2_life` writes durations of phase 2 as TLV, `always_pads` adds at least one octet to
    what is encrypted. With `changes_spare_sas` what is up stays up when a connection to the same
    peer is configured otherwise, and the new terms hold from the next negotiation on.
    Without `dynamic_peers_in_main_mode` a peer of no known address is heard in aggressive mode
    only, where its name comes in time for the key.
    A notify about a refused quick-1 names the SPI that was offered, or, without
    `names_offered_spi`, one that only its sender knows.
    """

    phase1: Schedule = Schedule((8.0, 16.0, 24.0), 32.0)
    phase1_responder: Schedule | None = None
    quick: Schedule = Schedule((8.0, 16.0, 24.0), 32.0)
    quick_responder: Schedule | None = None
    half_open_timeout: float = 30.0
    half_open_limit: int = 5
    answers_second_initial: bool = True
    answers_beside_resend: bool = True
    resends_to_unreadable: bool = False
    reactions: Mapping[Flaw, Answer] = field(default_factory=lambda: MappingProxyType({}))
    notifies: Mapping[Flaw, NotifyType] = field(default_factory=lambda: MappingProxyType({}))
    unknown_peer: UnknownPeer = UnknownPeer.AT_SA
    pfs: PfsPolicy = PfsPolicy.IF_CONFIGURED
    proxy: ProxyPolicy = ProxyPolicy.EXACT
    host_equals_slash32: bool = False
    lifetime: LifetimePolicy = LifetimePolicy.LOWER
    responder_lifetime_notify: bool = False
    replay_status_notify: bool = False
    phase2_failure_deletes_phase1: bool = False
    last_child_deletes_phase1: bool = False
    phase1_end_deletes_children: bool = False
    abandon_on_clear_error: bool = False
    check_peer_id: bool = True
    dynamic_peers_in_main_mode: bool = True
    initial_contact: tuple[str, ...] = ("main-5", "aggr-3")
    send_delete: bool = True
    nat_traversal: tuple[str, ...] = ("rfc3947", "draft-03", "draft-02")
    keepalive: float = 20.0
    keepalive_payload: bytes = b""
    dpd_start: int | None = None
    long_phase2_life: bool = False
    always_pads: bool = False
    auto_start_retry: float = 10.0
    transport_needs_peers: bool = False
    names_offered_spi: bool = True
    changes_spare_sas: bool = False
    vendor_ids: VendorIds = VendorIds()
    phase1_rekey: Rekey = Rekey()
    phase2_rekey: Rekey = Rekey()
    nonce_length: int = 20
    id_protocol: int = UDP
    id_port: int = IKE_PORT
    id_port_floated: int | None = None
    invalid_spi_notify: bool = False
    notify_interval: float = 1.0
    linger: float = 60.0
    enforce_lifetime: bool = True


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """All an endpoint needs: its own address, its connections and its behaviour.

    `impairments` is what it writes wrongly; a real gateway has none.
    """

    address: str
    connections: tuple[Connection, ...]
    behaviour: Behaviour = Behaviour()
    enabled: bool = True
    impairments: tuple[Impairment, ...] = ()
