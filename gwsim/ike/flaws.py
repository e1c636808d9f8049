"""What a peer can do wrong, as data: one row per flaw, with the notify it becomes.

RFC 2408 5 makes nearly every reaction a MAY, so the row gives the notify type the RFC names and a
reaction; a vendor's `Behaviour.reactions` overrides the reaction, never the detection.
"""

from dataclasses import dataclass
from enum import StrEnum

from gwsim.wire.numbers import NotifyType


class Answer(StrEnum):
    """How a flaw is answered on the wire.

    SILENCE: log only. CLEAR: a notify without protection. PROTECTED: an encrypted notify when
    phase 1 has keys, otherwise silence. BEST: encrypted when there are keys, otherwise clear.
    """

    SILENCE = "silence"
    CLEAR = "clear"
    PROTECTED = "protected"
    BEST = "best"


class Flaw(StrEnum):
    """Every contradiction the engine can find in what a peer sent."""

    ZERO_COOKIE = "initiator cookie is zero"
    UNKNOWN_COOKIE = "unknown cookie pair"
    UNKNOWN_COOKIE_ENCRYPTED = "encrypted message with an unknown cookie pair"
    MAJOR_VERSION = "major version not supported"
    MINOR_VERSION = "minor version not supported"
    EXCHANGE_TYPE = "exchange type not supported"
    FLAGS = "illegal flags"
    CLEAR_TEXT = "clear text where encryption is due"
    MESSAGE_ID = "illegal message id"
    LENGTH = "header length differs from the datagram"
    MALFORMED = "payload malformed"
    UNDECRYPTABLE = "payload malformed after decryption"
    PAYLOAD_TYPE = "unexpected payload"
    MISSING_PAYLOAD = "payload missing"
    TOO_MANY_PAYLOADS = "too many payloads"
    DOI = "DOI not supported"
    SITUATION = "situation not supported"
    PROPOSAL_SYNTAX = "bad proposal syntax"
    PROTOCOL_ID = "protocol not supported"
    SPI = "illegal SPI"
    TRANSFORM_ID = "transform not supported"
    ATTRIBUTES = "attributes not supported"
    NO_PROPOSAL_PHASE1 = "no acceptable phase 1 proposal"
    NO_PROPOSAL_PHASE2 = "no acceptable phase 2 proposal"
    PFS = "PFS group not acceptable"
    KEY_INFORMATION = "key exchange value not acceptable"
    NONCE = "nonce length not acceptable"
    UNKNOWN_PEER = "no connection for this peer"
    EXCHANGE_MODE = "exchange mode not configured for this peer"
    NO_PRE_SHARED_KEY = "no pre-shared key for this peer"
    PEER_ID = "peer identity not acceptable"
    PROXY_ID = "proxy IDs not acceptable"
    QUICK_IDS = "wrong number of identities in quick mode"
    HASH_PHASE1 = "authentication hash wrong in phase 1"
    HASH_QUICK = "hash wrong in quick mode"
    HASH_INFORMATIONAL = "hash wrong in informational exchange"
    NO_PHASE1 = "quick mode without an established phase 1"
    UNKNOWN_SPI = "notify or delete for an unknown SPI"
    HALF_OPEN_LIMIT = "too many half-open negotiations"
    CHANGED_ANSWER = "answer differs from what was offered"
    UNEXPECTED = "message not awaited in this state"
    PORT = "message on port 500 after the float to 4500"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the bad-input table.

    `notify` is the RFC's notify type or None where it has no code; `answer` the default
    reaction; `fatal` says that the negotiation in which it happened is abandoned.
    """

    notify: NotifyType | None
    answer: Answer
    fatal: bool


_N = NotifyType
_A = Answer

TABLE: dict[Flaw, Row] = {
    Flaw.ZERO_COOKIE: Row(_N.INVALID_COOKIE, _A.SILENCE, False),
    Flaw.UNKNOWN_COOKIE: Row(_N.INVALID_COOKIE, _A.SILENCE, False),
    Flaw.UNKNOWN_COOKIE_ENCRYPTED: Row(_N.INVALID_COOKIE, _A.SILENCE, False),
    Flaw.MAJOR_VERSION: Row(_N.INVALID_MAJOR_VERSION, _A.CLEAR, False),
    Flaw.MINOR_VERSION: Row(_N.INVALID_MINOR_VERSION, _A.SILENCE, False),
    Flaw.EXCHANGE_TYPE: Row(_N.INVALID_EXCHANGE_TYPE, _A.CLEAR, False),
    Flaw.FLAGS: Row(_N.INVALID_FLAGS, _A.CLEAR, False),
    Flaw.CLEAR_TEXT: Row(_N.INVALID_FLAGS, _A.SILENCE, False),
    Flaw.MESSAGE_ID: Row(_N.INVALID_MESSAGE_ID, _A.SILENCE, False),
    Flaw.LENGTH: Row(_N.UNEQUAL_PAYLOAD_LENGTHS, _A.SILENCE, False),
    Flaw.MALFORMED: Row(_N.PAYLOAD_MALFORMED, _A.BEST, False),
    Flaw.UNDECRYPTABLE: Row(_N.PAYLOAD_MALFORMED, _A.SILENCE, False),
    Flaw.PAYLOAD_TYPE: Row(_N.INVALID_PAYLOAD_TYPE, _A.BEST, False),
    Flaw.MISSING_PAYLOAD: Row(_N.INVALID_PAYLOAD_TYPE, _A.BEST, False),
    Flaw.TOO_MANY_PAYLOADS: Row(_N.PAYLOAD_MALFORMED, _A.SILENCE, False),
    Flaw.DOI: Row(_N.DOI_NOT_SUPPORTED, _A.BEST, True),
    Flaw.SITUATION: Row(_N.SITUATION_NOT_SUPPORTED, _A.BEST, True),
    Flaw.PROPOSAL_SYNTAX: Row(_N.BAD_PROPOSAL_SYNTAX, _A.BEST, True),
    Flaw.PROTOCOL_ID: Row(_N.INVALID_PROTOCOL_ID, _A.BEST, True),
    Flaw.SPI: Row(_N.INVALID_SPI, _A.BEST, True),
    Flaw.TRANSFORM_ID: Row(_N.INVALID_TRANSFORM_ID, _A.BEST, True),
    Flaw.ATTRIBUTES: Row(_N.ATTRIBUTES_NOT_SUPPORTED, _A.BEST, True),
    Flaw.NO_PROPOSAL_PHASE1: Row(_N.NO_PROPOSAL_CHOSEN, _A.CLEAR, True),
    Flaw.NO_PROPOSAL_PHASE2: Row(_N.NO_PROPOSAL_CHOSEN, _A.PROTECTED, True),
    Flaw.PFS: Row(_N.NO_PROPOSAL_CHOSEN, _A.PROTECTED, True),
    Flaw.KEY_INFORMATION: Row(_N.INVALID_KEY_INFORMATION, _A.BEST, True),
    Flaw.NONCE: Row(_N.PAYLOAD_MALFORMED, _A.BEST, True),
    Flaw.UNKNOWN_PEER: Row(_N.NO_PROPOSAL_CHOSEN, _A.SILENCE, True),
    Flaw.EXCHANGE_MODE: Row(_N.INVALID_EXCHANGE_TYPE, _A.SILENCE, True),
    Flaw.NO_PRE_SHARED_KEY: Row(_N.INVALID_KEY_INFORMATION, _A.SILENCE, True),
    Flaw.PEER_ID: Row(_N.INVALID_ID_INFORMATION, _A.PROTECTED, True),
    Flaw.PROXY_ID: Row(_N.INVALID_ID_INFORMATION, _A.PROTECTED, True),
    Flaw.QUICK_IDS: Row(_N.INVALID_ID_INFORMATION, _A.PROTECTED, True),
    Flaw.HASH_PHASE1: Row(_N.INVALID_HASH_INFORMATION, _A.BEST, True),
    Flaw.HASH_QUICK: Row(_N.INVALID_HASH_INFORMATION, _A.PROTECTED, False),
    Flaw.HASH_INFORMATIONAL: Row(_N.INVALID_HASH_INFORMATION, _A.SILENCE, False),
    Flaw.NO_PHASE1: Row(_N.INVALID_COOKIE, _A.SILENCE, False),
    Flaw.UNKNOWN_SPI: Row(None, _A.SILENCE, False),
    Flaw.HALF_OPEN_LIMIT: Row(None, _A.SILENCE, False),
    Flaw.CHANGED_ANSWER: Row(_N.NO_PROPOSAL_CHOSEN, _A.BEST, True),
    Flaw.UNEXPECTED: Row(None, _A.SILENCE, False),
    Flaw.PORT: Row(None, _A.SILENCE, False),
}


class Refused(Exception):
    """Raised inside a step when the peer's message is refused; never leaves the endpoint.

    `spi` is the one offered in the refused proposal, for the notify that answers it. `proven` says
    that the step itself refused it, which in quick mode comes after a check of the hash.
    """

    def __init__(self, flaw: Flaw, why: str) -> None:
        super().__init__(f"{flaw.value}: {why}")
        self.flaw = flaw
        self.why = why
        self.spi = b""
        self.proven = False
