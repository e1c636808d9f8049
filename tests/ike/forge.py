"""Messages that no endpoint of ours would send: opened, edited and closed again with its keys.

This is the one place among the tests that looks into an endpoint.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gwsim.crypto import skeyid
from gwsim.ike import messages
from gwsim.ike.sa import IkeSa, Keys, QuickMode
from gwsim.wire.codec import (
    HEADER_SIZE,
    Header,
    build_message,
    build_payloads,
    build_raw,
    first_type,
    parse_header,
    parse_payloads,
)
from gwsim.wire.numbers import ExchangeType, Flag
from gwsim.wire.payloads import Hash, Identification, Payload
from tests.ike.pair import Pair, Rule

Edit = Callable[[list[Payload]], list[Payload]]


def sa_of(pair: Pair, side: str, index: int = -1) -> IkeSa:
    """Look at an ISAKMP SA of an endpoint from the inside."""
    return pair.ends[side]._ledger.sas[index]


def keys_of(pair: Pair, side: str) -> Keys:
    """Give the keys of an endpoint's newest ISAKMP SA."""
    keys = sa_of(pair, side).keys
    assert keys is not None
    return keys


def opened(keys: Keys, iv: bytes, data: bytes) -> list[Payload]:
    """Decrypt and parse a message."""
    body = messages.unseal(keys, iv, data)
    return [p.payload for p in parse_payloads(parse_header(data).next_payload, body)]


def closed(keys: Keys, iv: bytes, header: Header, payloads: Sequence[Payload]) -> bytes:
    """Build and encrypt a message."""
    header = replace(header, next_payload=first_type(payloads))
    return build_raw(header, messages.seal(keys, iv, build_payloads(payloads)))


def clear(
    cookies: tuple[bytes, bytes],
    exchange: int,
    payloads: Sequence[Payload],
    message_id: int = 0,
    **header: Any,
) -> bytes:
    """Build a message in the clear; further header fields as given."""
    flags = header.pop("flags", 0)
    plain = Header(*cookies, 0, exchange, flags, message_id)
    data = build_message(plain, payloads)
    changed = replace(parse_header(data), **header)
    return repack(changed, data[HEADER_SIZE:])


def repack(header: Header, body: bytes) -> bytes:
    """Write a header as it stands, its length included, before a body."""
    return bytes(
        header.initiator_cookie
        + header.responder_cookie
        + bytes((header.next_payload, header.version, header.exchange_type, header.flags))
        + header.message_id.to_bytes(4, "big")
        + header.length.to_bytes(4, "big")
        + body
    )


def with_header(data: bytes, **changes: Any) -> bytes:
    """Change fields of a message's header and nothing else."""
    return repack(replace(parse_header(data), **changes), data[HEADER_SIZE:])


def edited_clear(data: bytes, edit: Edit) -> bytes:
    """Edit the payloads of a message in the clear."""
    header = parse_header(data)
    payloads = [p.payload for p in parse_payloads(header.next_payload, data[HEADER_SIZE:])]
    return build_message(header, edit(payloads))


@dataclass
class Forger:
    """Speaks with the keys of one end's newest ISAKMP SA, whatever it likes."""

    pair: Pair
    side: str

    @property
    def sa(self) -> IkeSa:
        """The ISAKMP SA."""
        return sa_of(self.pair, self.side)

    def phase2(
        self,
        exchange: int,
        payloads: Sequence[Payload],
        message_id: int,
        value: bytes | None = None,
        flags: int = int(Flag.ENCRYPTION),
    ) -> bytes:
        """Build the first message of a quick mode or an informational one with HASH(1) before it.

        `value` replaces the hash; b"" leaves the payload out.
        """
        k = keys_of(self.pair, self.side)
        right = skeyid.hash_1(k.hash, k.skeyid_a, message_id, build_payloads(payloads))
        first = [] if value == b"" else [Hash(right if value is None else value)]
        iv = skeyid.phase2_iv(k.hash, k.last_block, message_id, k.block_size)
        header = Header(*self.sa.cookies, 0, exchange, flags, message_id)
        return closed(k, iv, header, [*first, *payloads])

    def info(
        self, *payloads: Payload, message_id: int = 0x1F0, value: bytes | None = None
    ) -> bytes:
        """Build a protected informational message."""
        return self.phase2(ExchangeType.INFORMATIONAL, payloads, message_id, value)

    def quick_1(self, edit: Edit, message_id: int = 0xC0DE, value: bytes | None = None) -> bytes:
        """Build a quick-1 like the last one this end sent, with its payloads edited."""
        data = self.pair.last(f"{self.side} quick-1").data
        k = keys_of(self.pair, self.side)
        iv = skeyid.phase2_iv(k.hash, k.last_block, parse_header(data).message_id, k.block_size)
        payloads = edit(opened(k, iv, data)[1:])
        return self.phase2(ExchangeType.QUICK_MODE, payloads, message_id, value)


def rewrite(pair: Pair, words: str, edit: Edit, rehash: bool = True) -> Rule:
    """Let a sender say something else, with a hash that fits: `words` as in "A main-5".

    The sender believes it has said so; its IV follows. With `rehash` False the hash stays.
    """
    side, label = words.split()
    return pair.alter(words, lambda data: _rewritten(pair, side, label, data, edit, rehash))


def _rewritten(pair: Pair, side: str, label: str, data: bytes, edit: Edit, rehash: bool) -> bytes:
    header = parse_header(data)
    sa = next(
        s for s in pair.ends[side]._ledger.sas if s.initiator_cookie == header.initiator_cookie
    )
    if not header.flags & Flag.ENCRYPTION:
        return edited_clear(data, edit)
    assert sa.keys is not None
    qm = sa.quick_modes.get(header.message_id)
    n: Any = sa if qm is None or header.exchange_type != ExchangeType.QUICK_MODE else qm
    iv = _iv_before(sa, n, label)
    payloads = edit(opened(sa.keys, iv, data))
    if rehash:
        payloads = _rehashed(sa, n, label, payloads)
    changed = closed(sa.keys, iv, header, payloads)
    n.iv = changed[-sa.keys.block_size :]
    n.sent.written = replace(n.sent.written, data=changed)
    return changed


def _iv_before(sa: IkeSa, n: Any, label: str) -> bytes:
    k = sa.keys
    assert k is not None
    if label in ("main-5", "aggr-3"):
        return skeyid.phase1_iv(k.hash, *sa.public_values(), k.block_size)
    if label == "quick-1":
        return skeyid.phase2_iv(k.hash, k.last_block, n.message_id, k.block_size)
    last = n.received[-1]
    return bytes(last[-k.block_size :])


def _rehashed(sa: IkeSa, n: Any, label: str, payloads: list[Payload]) -> list[Payload]:
    k = sa.keys
    assert k is not None
    rest = build_payloads([p for p in payloads if not isinstance(p, Hash)])
    if label in ("main-5", "main-6"):
        value = _phase1_hash(sa, label, payloads)
    elif label == "quick-1":
        value = skeyid.hash_1(k.hash, k.skeyid_a, n.message_id, rest)
    elif label == "quick-2":
        assert isinstance(n, QuickMode)
        value = skeyid.hash_2(k.hash, k.skeyid_a, n.message_id, n.peer_nonce, rest)
    else:
        return payloads
    return [Hash(value) if isinstance(p, Hash) else p for p in payloads]


def _phase1_hash(sa: IkeSa, label: str, payloads: list[Payload]) -> bytes:
    k, (i, r), (gi, gr) = sa.keys, sa.cookies, sa.public_values()
    assert k is not None
    who = next(p for p in payloads if isinstance(p, Identification))
    body = build_payloads([who])[4:]
    if label == "main-5":
        return skeyid.hash_i(k.hash, k.skeyid, gi, gr, i, r, sa.sa_body, body)
    return skeyid.hash_r(k.hash, k.skeyid, gr, gi, r, i, sa.sa_body, body)
