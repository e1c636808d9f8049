"""What all events have in common, and why things end."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict


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
