"""What happened in an endpoint, as frozen values in the order in which it happened.

Vendors turn events into log lines; nothing in an event is written for one vendor. `at` is in
seconds. Addresses are dotted text, cookies sixteen hex digits, selectors printed as
`10.1.0.0/24` or `10.1.0.0/24 tcp/80`. An endpoint is a (address, port) pair.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypedDict

from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role, State
from gwsim.wire.payloads import Payload

Endpoint4 = tuple[str, int]


class Head(TypedDict):
    """The fields every event begins with, for building several events about one negotiation."""

    at: float
    peer: str
    connection: str
    sa: int


class CloseReason(StrEnum):
    """Why an SA or a negotiation ended."""

    RETRANSMIT_LIMIT = "retransmission limit reached"
    HALF_OPEN_TIMEOUT = "negotiation not finished in time"
    REFUSED = "peer's message refused"
    PEER_REFUSED = "peer refused"
    PEER_DELETE = "deleted by peer"
    INITIAL_CONTACT = "peer announced initial contact"
    EXPIRED = "lifetime expired"
    REKEYED = "replaced by rekeying"
    DEAD_PEER = "peer does not answer"
    CLEARED = "cleared by the administrator"
    SHUTDOWN = "gateway shut down"
    PHASE2_FAILED = "phase 2 failed"
    PHASE1_GONE = "phase 1 ended"
    LAST_CHILD_GONE = "no phase 2 left"
    RECONFIGURED = "configuration changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The head of every event: when, with which peer, connection and IKE SA.

    `connection` is "" while unknown, `sa` 0 for none.
    """

    at: float
    peer: str = ""
    connection: str = ""
    sa: int = 0


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
class Message(Event):
    """What sent and received messages have in common.

    `length` counts octets of the ISAKMP message (no UDP header, no non-ESP marker). `payloads`
    is empty for a message that could not be decrypted. `state` is the state in which it was
    sent or received, `role` our role in its exchange.
    """

    label: str
    exchange_type: int
    message_id: int
    encrypted: bool
    length: int
    payloads: tuple[Payload, ...]
    local: Endpoint4
    remote: Endpoint4
    initiator_cookie: str
    responder_cookie: str
    role: Role
    state: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Message):
    """A message left; `attempt` is 0 the first time, n for the n-th resend.

    `answers_duplicate` marks a stored reply sent again because the peer repeated itself.
    """

    attempt: int = 0
    answers_duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Message):
    """A message arrived and is about to be processed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateReceived(Event):
    """The peer sent a datagram again; `answered` when the stored reply went out once more."""

    label: str
    phase: int
    role: Role
    state: State
    answered: bool


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
class Rejected(Event):
    """A message was refused: the row of the bad-input table, why, and what was answered.

    `notify` is the notify type sent, None for silence. `phase` is 1 or 2 (2 for informational).
    """

    flaw: Flaw
    why: str
    label: str
    phase: int
    notify: int | None
    local: Endpoint4
    remote: Endpoint4
    initiator_cookie: str
    responder_cookie: str
    role: Role | None
    state: State | None
    message_id: int = 0
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(Event):
    """The last resend went unanswered, or a half-open negotiation ran out of time."""

    phase: int
    role: Role
    state: State
    attempts: int
    reason: CloseReason
    message_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionMatched(Event):
    """The configured connection (tunnel-group, IKE gateway) of the peer has been found."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysGenerated(Event):
    """SKEYID and its children were computed."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class NatDetected(Event):
    """The NAT-D payloads were compared; `variant` is the NAT-T dialect in use."""

    local_behind_nat: bool
    peer_behind_nat: bool
    variant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortFloated(Event):
    """The conversation moved to UDP 4500."""

    local: Endpoint4
    remote: Endpoint4


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerMoved(Event):
    """An authenticated packet came from a new address or port: the NAT's mapping changed."""

    old: Endpoint4
    new: Endpoint4


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
class PhaseOneCompleted(Event):
    """An ISAKMP SA is established."""

    exchange: str
    role: Role
    lifetime_seconds: int | None
    rekey_in: float | None
    dpd: bool
    rekey: bool


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
class SpiAllocated(Event):
    """An inbound SPI was reserved for a quick mode."""

    message_id: int
    spi: int


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
class NotifySent(Event):
    """A notification left in an informational exchange or inside another message."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildKeys(Event):
    """An instruction to the data plane, never shown: install these two SAs.

    `keymat_in` and `keymat_out` are as long as the suite wants. `replaces` is the inbound SPI of
    the SA this one renews, 0 for none. `udp` is None for protocol 50, else (local port, peer port).
    A responder gets them with quick-2, `active` False: only the inbound SA may be used until
    ChildActivated says that quick-3 has come.
    """

    message_id: int
    child: str
    role: Role
    inbound_spi: int
    outbound_spi: int
    keymat_in: bytes = field(repr=False)
    keymat_out: bytes = field(repr=False)
    transform: int
    key_bits: int | None
    authentication: int | None
    truncated_sha256: bool
    transport: bool
    local_address: str
    peer_address: str
    udp: tuple[int, int] | None
    local: str
    remote: str
    replay_window: int
    esn: bool
    lifetime_kilobytes: int | None
    pfs_group: int | None
    replaces: int = 0
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildActivated(Event):
    """An instruction to the data plane: the outbound SA of this pair may be used now."""

    inbound_spi: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRetired(Event):
    """An instruction to the data plane: stop sending on these SAs, keep receiving until removed."""

    inbound_spi: int
    outbound_spi: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildRemoved(Event):
    """An instruction to the data plane: forget these SAs."""

    inbound_spi: int
    outbound_spi: int
    reason: CloseReason
