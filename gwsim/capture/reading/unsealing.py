"""Reading encrypted messages of a capture with the keys that somebody exported.

Phase 1 runs through one chain of IVs, which begins with a hash of both Diffie-Hellman values;
every exchange under it has a chain of its own, which begins with a hash of phase 1's last block
and the message id (RFC 2409 Appendix B). What is sent again is opened with the IV of the first
time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from gwsim.capture.reading.attempt import Attempt
from gwsim.crypto import ciphers, skeyid
from gwsim.crypto.errors import CryptoError
from gwsim.wire.codec import HEADER_SIZE, Header, parse_payloads
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import Phase1Attribute
from gwsim.wire.payloads import KeyExchange, Payload, SecurityAssociation

MOST_CHAINS = 256

_P1 = Phase1Attribute
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class KeyTableError(ValueError):
    """A table of keys that cannot be read; the text names the line."""


@dataclass(slots=True)
class _Chain:
    """Where an attempt stands: its algorithms, public values, last blocks by message id."""

    encryption: int = 0
    hash: int = 0
    publics: dict[str, bytes] = field(default_factory=dict)
    last: dict[int, bytes] = field(default_factory=dict)
    opened: dict[bytes, tuple[Payload, ...]] = field(default_factory=dict)


def parse_table(text: str) -> dict[bytes, bytes]:
    """Read an `ikev1_decryption_table`: keys by the initiator's cookie. Raises KeyTableError."""
    keys: dict[bytes, bytes] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cookie, comma, key = (part.strip().strip('"') for part in line.partition(","))
        try:
            found = bytes.fromhex(cookie.removeprefix("0x")), bytes.fromhex(key.removeprefix("0x"))
        except ValueError:
            found = b"", b""
        if not comma or len(found[0]) != 8 or not found[1]:
            raise KeyTableError(
                f"line {number}: a cookie of 8 octets, a comma and a key, all in hexadecimal"
            )
        keys[found[0]] = found[1]
    return keys


class Unsealing:
    """Opens what keys by initiator's cookie open; with none of them it opens nothing."""

    def __init__(self, keys: Mapping[bytes, bytes]) -> None:
        self._keys = dict(keys)
        self._chains: dict[bytes, _Chain] = {}

    def watch(
        self, header: Header, payloads: Iterable[Payload], under: Attempt, sender: str
    ) -> None:
        """Learn algorithms and public values from a message in the clear."""
        if header.initiator_cookie not in self._keys:
            return
        chain = self._chains.setdefault(header.initiator_cookie, _Chain())
        for payload in payloads:
            if isinstance(payload, KeyExchange):
                chain.publics[sender] = payload.data
            elif isinstance(payload, SecurityAssociation) and sender == under.responder:
                _learn_algorithms(chain, payload)

    def payloads(
        self, header: Header, message: bytes, under: Attempt
    ) -> tuple[Payload, ...] | None:
        """Give what is inside of an encrypted message, None where it cannot be read."""
        chain = self._chains.get(header.initiator_cookie)
        if chain is None:
            return None
        body = message[HEADER_SIZE : header.length]
        known = chain.opened.get(body)
        if known is not None:
            return known
        try:
            found = self._decrypt(header, body, chain, under)
        except (CryptoError, WireError, KeyError):
            return None
        _remember(chain.opened, body, found)
        return found

    def _decrypt(
        self, header: Header, body: bytes, chain: _Chain, under: Attempt
    ) -> tuple[Payload, ...]:
        key = self._keys[header.initiator_cookie]
        block = ciphers.cipher(chain.encryption).block_size
        clear = ciphers.decrypt(chain.encryption, key, self._iv(header, chain, under, block), body)
        parsed = parse_payloads(header.next_payload, clear)
        _remember(chain.last, header.message_id, body[-block:])
        return tuple(item.payload for item in parsed)

    def _iv(self, header: Header, chain: _Chain, under: Attempt, block: int) -> bytes:
        number = header.message_id
        if number in chain.last:
            return chain.last[number]
        if number == 0:
            publics = chain.publics[under.initiator], chain.publics[under.responder]
            return skeyid.phase1_iv(chain.hash, *publics, block)
        return skeyid.phase2_iv(chain.hash, chain.last[0], number, block)


def _remember(memory: dict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Keep a value; of too many the oldest goes, but not that of phase 1 (message id 0)."""
    if key not in memory and len(memory) >= MOST_CHAINS:
        del memory[next(old for old in memory if old != 0)]
    memory[key] = value


def _learn_algorithms(chain: _Chain, sa: SecurityAssociation) -> None:
    transforms: Sequence[object] = [t for p in sa.proposals for t in p.transforms]
    if len(transforms) == 1:
        [transform] = sa.proposals[0].transforms
        chain.encryption = transform.get(_P1.ENCRYPTION) or 0
        chain.hash = transform.get(_P1.HASH) or 0
