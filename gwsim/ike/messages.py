"""One message on its way between octets and payloads: encryption, envelope, payload check.

Encrypted messages are padded with zeros to the cipher's block, by some vendors with a whole block
where nothing is missing; the last block of one message is the IV of the next in the same exchange
(RFC 2409 Appendix B). Everything here that does not like a message raises `Refused`.
"""

from typing import Any

from gwsim.crypto import ciphers
from gwsim.crypto.errors import CryptoError
from gwsim.ike.exchange import Protection, Step
from gwsim.ike.flaws import Flaw, Refused
from gwsim.ike.inbound import Inbound
from gwsim.ike.sa import Keys, Negotiation, need
from gwsim.wire.codec import (
    ENCRYPTED,
    HEADER_SIZE,
    Header,
    Parsed,
    build_payloads,
    build_raw,
    first_type,
    parse_payloads,
)
from gwsim.wire.errors import ProposalSyntaxError, TooManyPayloads, WireError
from gwsim.wire.numbers import PayloadType, name_of
from gwsim.wire.payloads import Payload

_REPEATABLE = frozenset(
    {
        PayloadType.VENDOR_ID,
        PayloadType.NOTIFICATION,
        PayloadType.NAT_D,
        PayloadType.NAT_D_DRAFT,
        PayloadType.NAT_OA,
        PayloadType.NAT_OA_DRAFT,
        PayloadType.CERTIFICATE_REQUEST,
        PayloadType.IDENTIFICATION,
    }
)
_TOLERATED = frozenset({PayloadType.VENDOR_ID, PayloadType.IOS_KEEPALIVE})


def seal(keys: Keys, iv: bytes, body: bytes, always_pad: bool = False) -> bytes:
    """Pad with zeros to the block, or always by an octet at least, and encrypt (Appendix B)."""
    body += b"\0" if always_pad else b""
    body += bytes(-len(body) % keys.block_size)
    return ciphers.encrypt(keys.encryption, keys.key, iv, body)


def unseal(keys: Keys, iv: bytes, data: bytes) -> bytes:
    """Decrypt everything behind the header; refused when it is no whole number of blocks."""
    try:
        return ciphers.decrypt(keys.encryption, keys.key, iv, data[HEADER_SIZE:])
    except CryptoError as bad:
        raise Refused(Flaw.UNDECRYPTABLE, str(bad)) from None


def envelope(n: Negotiation, payloads: list[Payload], encrypted: bool) -> Header:
    """Give the header of a message of a negotiation."""
    return Header(
        *n.ike.cookies,
        first_type(payloads),
        n.exchange.number,
        ENCRYPTED if encrypted else 0,
        n.message_id,
    )


def protect(n: Negotiation, always_pad: bool, body: bytes) -> bytes:
    """Encrypt what stands behind the header of a message; its IV moves on."""
    keys = need(n.ike.keys, "keys")
    body = seal(keys, n.iv, body, always_pad)
    n.iv = body[-keys.block_size :]
    return body


def compose(
    n: Negotiation, payloads: list[Payload], encrypted: bool, always_pad: bool = False
) -> bytes:
    """Write a message of a negotiation; encrypting moves its IV on."""
    body = build_payloads(payloads)
    header = envelope(n, payloads, encrypted)
    return build_raw(header, protect(n, always_pad, body) if encrypted else body)


def read(keys: Keys | None, iv: bytes, header: Header, data: bytes) -> tuple[bytes, list[Parsed]]:
    """Decrypt if need be and parse; raises `Refused` or WireError.

    Gives the plain text behind the header and what it consists of.
    """
    if not header.encrypted:
        body = data[HEADER_SIZE:]
    elif keys is None:
        raise Refused(Flaw.FLAGS, "encrypted before there are keys")
    else:
        body = unseal(keys, iv, data)
    return body, parse_payloads(header.next_payload, body)


def unreadable(bad: WireError, encrypted: bool, proven: bool) -> Flaw:
    """Name what failed to parse.

    Under a key that is not `proven` by an earlier message it was encrypted with another one; else
    the peer built it badly.
    """
    if encrypted and not proven:
        return Flaw.UNDECRYPTABLE
    if isinstance(bad, ProposalSyntaxError):
        return Flaw.PROPOSAL_SYNTAX
    if isinstance(bad, TooManyPayloads):
        return Flaw.TOO_MANY_PAYLOADS
    return Flaw.UNDECRYPTABLE if encrypted else Flaw.MALFORMED


def check_envelope(n: Negotiation, step: "Step[Any]", header: Header) -> None:
    """Compare a header with the step: message id and encryption."""
    if n.exchange.phase == 1 and header.message_id:
        raise Refused(Flaw.MESSAGE_ID, f"message id {header.message_id:08x} in phase 1")
    encrypted = header.encrypted
    if encrypted and step.protection is Protection.CLEAR:
        raise Refused(Flaw.FLAGS, f"{step.label} must not be encrypted")
    if not encrypted and step.protection is Protection.ENCRYPTED:
        raise Refused(Flaw.CLEAR_TEXT, f"{step.label} must be encrypted")


def check_payloads(step: "Step[Any]", message: Inbound, proven: bool) -> None:
    """Compare the payloads with the step; under an unproven key a mismatch means a wrong key."""
    types = message.types
    missing = step.required - set(types)
    if missing:
        flaw = Flaw.MISSING_PAYLOAD if proven else Flaw.UNDECRYPTABLE
        raise Refused(flaw, f"{step.label} without {_names(missing)}")
    allowed = step.required | step.optional
    strange = {t for t in types if t not in allowed | _TOLERATED}
    if strange:
        flaw = Flaw.PAYLOAD_TYPE if proven else Flaw.UNDECRYPTABLE
        raise Refused(flaw, f"{step.label} with {_names(strange)}")
    twice = {t for t in allowed - _REPEATABLE if types.count(t) > 1}
    if twice:
        flaw = Flaw.PAYLOAD_TYPE if proven else Flaw.UNDECRYPTABLE
        raise Refused(flaw, f"{step.label} with {_names(twice)} twice")


def _names(types: "set[int] | frozenset[int]") -> str:
    return ", ".join(name_of(PayloadType, t) for t in sorted(types))
