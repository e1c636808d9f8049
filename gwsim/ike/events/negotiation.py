"""Events on the way to an SA: what was offered, compared, matched and computed."""

from dataclasses import dataclass

from gwsim.ike.events.base import CloseReason, Event
from gwsim.ike.states import Role, State
from gwsim.wire.ip import SocketAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class NegotiationStarted(Event):
    """A negotiation begins: as initiator before its first message, as responder on receiving it."""

    phase: int
    exchange: str
    role: Role
    rekey: bool = False
    message_id: int = 0
    child: str = ""
    local: str = ""
    remote: str = ""
    trigger: str = "traffic"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged(Event):
    """A negotiation moved; `phase` 1 or 2, `old` None when it has just been created."""

    phase: int
    role: Role
    old: State | None
    new: State
    exchange: str
    message_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One attribute that failed: what was offered against what was wanted, in wire numbers.

    `proposal` and `transform` number the offer, `policy` counts our own entries from 1. A value
    is None where the attribute was absent. (Not an event; part of ProposalRefused.)
    """

    attribute: str
    offered: int | None
    wanted: int | None
    proposal: int
    transform: int
    policy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted(Event):
    """A transform was chosen (as responder) or its choice confirmed (as initiator)."""

    phase: int
    role: Role
    proposal: int
    transform: int
    policy: int
    encryption: int
    key_bits: int | None
    authentication: int | None
    group: int | None
    lifetime_seconds: int | None
    lifetime_kilobytes: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRefused(Event):
    """No transform was acceptable; one comparison per failed attribute of each offer and entry."""

    phase: int
    role: Role
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PfsRefused(Event):
    """The PFS group offered in quick mode is not the one wanted (0 means no PFS)."""

    message_id: int
    offered: int
    wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyIdRefused(Event):
    """The proxy IDs of quick-1, seen from this side, match no configured pair."""

    message_id: int
    local: str
    remote: str
    configured: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyIdAccepted(Event):
    """The proxy IDs of quick-1 matched the configured child."""

    message_id: int
    local: str
    remote: str
    child: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeCompared(Event):
    """A lifetime of ours met the peer's; `unit` is "seconds" or "kilobytes", None unlimited."""

    phase: int
    role: Role
    unit: str
    ours: int | None
    theirs: int | None
    chosen: int | None
    message_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SpiAllocated(Event):
    """An inbound SPI was reserved for a quick mode."""

    message_id: int
    spi: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionMatched(Event):
    """The configured connection (tunnel-group, IKE gateway) of the peer has been found."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysGenerated(Event):
    """SKEYID and its children were computed."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerIdentified(Event):
    """The peer's identity payload was read; `expected` is "" when anything is accepted."""

    id_type: int
    text: str
    protocol: int
    port: int
    expected: str
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NatDetected(Event):
    """The NAT-D payloads were compared; `variant` is the NAT-T dialect in use."""

    local_behind_nat: bool
    peer_behind_nat: bool
    variant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortFloated(Event):
    """The conversation moved to UDP 4500."""

    local: SocketAddress
    remote: SocketAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMoved(Event):
    """An authenticated packet came from a new address or port: the NAT's mapping changed."""

    old: SocketAddress
    new: SocketAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(Event):
    """The last resend went unanswered, or a half-open negotiation ran out of time."""

    phase: int
    role: Role
    state: State
    attempts: int
    reason: CloseReason
    message_id: int = 0
