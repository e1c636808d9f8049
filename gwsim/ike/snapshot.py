"""The engine's truth at one moment, frozen: the only thing vendors' screens are made from.

Every field is text, a number, a bool or a tuple of such values, so that a snapshot travels as
JSON. Times are seconds on the engine's clock; None means "not yet" or "never".
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuickModeSnapshot:
    """A quick mode that is under way."""

    message_id: int
    role: str
    state: str
    child: str
    local: str
    remote: str
    retransmissions: int
    started: float


@dataclass(frozen=True, slots=True)
class IkeSaSnapshot:
    """One ISAKMP SA or half-open phase 1.

    `connection` is "" until the configured peer is known. `peer_known` turns true when the
    connection was matched and keys exist (initiator: main-4 taken, responder: main-3 taken).
    Numbers of algorithms are wire numbers, None before they were negotiated.
    `rekeying` marks an SA that renews another; `replaced` one that has been renewed.
    `retransmissions` counts resends of the message now unanswered.
    """

    number: int
    connection: str
    role: str
    exchange: str
    state: str
    local: str
    local_port: int
    peer: str
    peer_port: int
    initiator_cookie: str
    responder_cookie: str
    peer_known: bool
    encryption: int | None
    key_bits: int | None
    hash: int | None
    group: int | None
    authentication: int | None
    lifetime_seconds: int | None
    created: float
    established: float | None
    expires: float | None
    rekey_at: float | None
    rekeying: bool
    replaced: bool
    nat_local: bool
    nat_peer: bool
    nat_variant: str
    dpd: bool
    dpd_sent: int
    dpd_received: int
    dpd_missed: int
    retransmissions: int
    next_resend: float | None
    last_exchange: int
    last_received: float
    peer_id: str
    quick_modes: tuple[QuickModeSnapshot, ...]


@dataclass(frozen=True, slots=True)
class ChildSnapshot:
    """One negotiated pair of IPsec SAs as the negotiator knows it (no counters).

    A `retired` pair has been renewed. `sends` says whether packets may leave on it: for a moment
    the renewed one goes on doing so.
    """

    child: str
    connection: str
    peer: str
    message_id: int
    role: str
    local: str
    remote: str
    inbound_spi: int
    outbound_spi: int
    transform: int
    key_bits: int | None
    authentication: int | None
    transport: bool
    udp: bool
    local_port: int
    peer_port: int
    pfs_group: int | None
    esn: bool
    lifetime_seconds: int | None
    lifetime_kilobytes: int | None
    created: float
    expires: float | None
    rekey_at: float | None
    retired: bool
    sends: bool = True


@dataclass(frozen=True, slots=True)
class EndpointSnapshot:
    """All negotiations of an endpoint; SAs in the order of their creation."""

    sas: tuple[IkeSaSnapshot, ...]
    children: tuple[ChildSnapshot, ...]
    pending: tuple[str, ...]
