"""Events about what stands and what ends: SAs, notifications, deletes, dead peers, acquires."""

from dataclasses import dataclass

from gwsim.ike.events.base import CloseReason, Event
from gwsim.ike.states import Role, State


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseOneCompleted(Event):
    """An ISAKMP SA is established."""

    exchange: str
    role: Role
    lifetime_seconds: int | None
    rekey_in: float | None
    dpd: bool
    rekey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseOneClosed(Event):
    """An ISAKMP SA is gone; `state` is where it stood, `up_for` how long it had been up (s)."""

    role: Role
    state: State
    exchange: str
    reason: CloseReason
    up_for: float | None
    initiator_cookie: str
    responder_cookie: str
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickModeClosed(Event):
    """A quick mode ended without SAs."""

    role: Role
    state: State
    message_id: int
    child: str
    local: str
    remote: str
    reason: CloseReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTwoCompleted(Event):
    """A pair of IPsec SAs is in use; `rekey_in` seconds until it will be renewed."""

    message_id: int
    role: Role
    child: str
    local: str
    remote: str
    inbound_spi: int
    outbound_spi: int
    lifetime_seconds: int | None
    lifetime_kilobytes: int | None
    pfs_group: int | None
    rekey_in: float | None
    rekey: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTwoClosed(Event):
    """A pair of IPsec SAs is gone."""

    role: Role
    child: str
    local: str
    remote: str
    inbound_spi: int
    outbound_spi: int
    reason: CloseReason
    up_for: float
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySent(Event):
    """A notification left in an informational exchange."""

    notify_type: int
    protocol_id: int
    spi: bytes
    data: bytes
    protected: bool
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyReceived(Event):
    """A notification arrived; `phase` tells of which negotiation, `acted` whether it was obeyed."""

    notify_type: int
    protocol_id: int
    spi: bytes
    data: bytes
    protected: bool
    message_id: int
    phase: int
    acted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSent(Event):
    """A delete left; for ISAKMP `spis` holds the cookie pair."""

    protocol_id: int
    spis: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteReceived(Event):
    """A protected delete arrived; `known` counts the SPIs that named an SA of ours."""

    protocol_id: int
    spis: tuple[bytes, ...]
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DpdSent(Event):
    """A R-U-THERE left (`ack` False) or its answer (`ack` True)."""

    sequence: int
    ack: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DpdReceived(Event):
    """A R-U-THERE or its answer arrived; `accepted` is False for a wrong or old sequence."""

    sequence: int
    ack: bool
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DpdFailed(Event):
    """The peer left `missed` probes unanswered."""

    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireQueued(Event):
    """Interesting traffic wants an SA while phase 1 is still being negotiated."""

    child: str
    local: str
    remote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquireFailed(Event):
    """Interesting traffic found no usable way to a peer (no key, no peer, initiation forbidden)."""

    child: str
    why: str
