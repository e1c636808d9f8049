"""Events about single messages: sent, received, repeated, refused."""

from dataclasses import dataclass

from gwsim.ike.events.base import Event
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role, State
from gwsim.wire.ip import SocketAddress
from gwsim.wire.payloads import Payload


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
    local: SocketAddress
    remote: SocketAddress
    initiator_cookie: str
    responder_cookie: str
    role: Role
    state: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Message):
    """A message left; `attempt` is 0 the first time, n for the n-th resend.

    `answers_duplicate` marks a stored reply sent again because the peer repeated itself.
    `altered` names what a gateway configured to write wrongly did to it (`impairments.Change`).
    """

    attempt: int = 0
    answers_duplicate: bool = False
    altered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Message):
    """A message arrived and is about to be processed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateReceived(Event):
    """The peer sent a datagram again; `answered` when the stored reply goes out once more."""

    label: str
    phase: int
    role: Role
    state: State
    answered: bool


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
    local: SocketAddress
    remote: SocketAddress
    initiator_cookie: str
    responder_cookie: str
    role: Role | None
    state: State | None
    message_id: int = 0
    length: int = 0
