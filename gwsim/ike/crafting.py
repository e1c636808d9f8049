"""Drawing up a message with impairments: the one place at which a gateway writes wrongly.

The order is that of any message: payloads, the HASH over what they are by then, protection, the
header, the octets on the wire. So a sender that leaves out its KE still proves what it has
written, and only who wants a wrong HASH gets one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from gwsim.ike.alterations import (
    Piece,
    Pieces,
    change_header,
    change_octets,
    change_pieces,
    cut_up,
    first_kind,
    join,
)
from gwsim.ike.impairments import Change, Impaired, Impairment
from gwsim.ike.sa import IkeSa, Negotiation, Sent
from gwsim.ike.turn import Written
from gwsim.wire.codec import ENCRYPTED, HEADER_SIZE, Header, build_header, parse_payloads
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import Payload

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a message is made of before anything goes wrong.

    `settle` hears of the payloads without the HASH as they will go out, and gives the HASH, b""
    for a message without one. `protect` encrypts what stands behind the header, None in the
    clear. `used` is an older message id of the same ISAKMP SA, 0 for none.
    """

    header: Header
    payloads: tuple[Payload, ...]
    settle: Callable[[Pieces], bytes]
    protect: Callable[[bytes], bytes] | None
    used: int = 0


@dataclass(slots=True)
class _Workshop:
    """The impairments of one message, and which of them found something to change."""

    due: tuple[Impairment, ...]
    impaired: Impaired
    done: list[str] = field(default_factory=list)

    def work(self, due: Iterable[Impairment], value: T, change: Callable[[Impairment, T], T]) -> T:
        """Let each of some impairments change a value, if it is its turn."""
        for wanted in due:
            changed = change(wanted, value)
            if changed != value and self.impaired.turn_of(wanted):
                self.done.append(wanted.change.value)
                value = changed
        return value

    def manner(self, *changes: Change) -> bool:
        """Say whether one of these changes, which are of no value, is due; it is done then."""
        wanted = [one for one in self.due if one.change in changes]
        return any(self.work([one], False, lambda _, __: True) for one in wanted)


def write(draft: Draft, due: tuple[Impairment, ...], impaired: Impaired) -> Written:
    """Write a message with the impairments that are due in it."""
    shop = _Workshop(due, impaired)
    pieces = _pieces(draft, shop)
    body = join(pieces)
    protect = draft.protect
    if protect is not None and shop.manner(Change.UNPROTECTED):
        protect = None
    flags = draft.header.flags if protect else draft.header.flags & ~ENCRYPTED
    body = protect(body) if protect else body
    header = replace(
        draft.header,
        next_payload=first_kind(pieces),
        flags=flags,
        length=HEADER_SIZE + len(body),
    )
    header = shop.work(due, header, lambda one, value: change_header(one, value, draft.used))
    body = shop.work(due, body, lambda one, value: change_octets(one, header, value))
    copies, before = _copies(shop, header), _flood(shop, header, body)
    payloads = _readable(pieces, draft.payloads)
    data = build_header(header) + body
    return Written(data, header, payloads, tuple(shop.done), copies, before)


def _pieces(draft: Draft, shop: _Workshop) -> Pieces:
    """Change the payloads, prove what they are by then, and change the proof."""
    all_ = cut_up(list(draft.payloads))
    of_hash = [one for one in shop.due if one.payload == PayloadType.HASH]
    others = [one for one in shop.due if one.payload != PayloadType.HASH]
    rest = shop.work(others, tuple(p for p in all_ if p.kind != PayloadType.HASH), change_pieces)
    proof = draft.settle(rest)
    if not proof:
        return rest
    place = min([p.kind for p in all_].index(PayloadType.HASH), len(rest))
    whole = (*rest[:place], Piece(PayloadType.HASH, proof), *rest[place:])
    return shop.work(of_hash, whole, change_pieces)


def _copies(shop: _Workshop, header: Header) -> int:
    if shop.manner(Change.WITHHOLD):
        return 0
    doubling = (Change.TWICE, Change.ECHO) if header.encrypted else (Change.TWICE,)
    return 2 if shop.manner(*doubling) else 1


def _flood(shop: _Workshop, header: Header, body: bytes) -> tuple[bytes, ...]:
    """Give the same message again and again, as if others had begun at the same time."""
    wanted = [one for one in shop.due if one.change is Change.FLOOD]
    if not wanted or not shop.manner(Change.FLOOD):
        return ()
    first = int.from_bytes(header.initiator_cookie, "big")
    cookies = ((first + n) % (1 << 64) for n in range(1, wanted[0].value + 1))
    return tuple(
        build_header(replace(header, initiator_cookie=cookie.to_bytes(8, "big"))) + body
        for cookie in cookies
    )


def _readable(pieces: Pieces, meant: tuple[Payload, ...]) -> tuple[Payload, ...]:
    """Give the payloads as they go out, or, where nobody could read them, as they were meant."""
    try:
        return tuple(p.payload for p in parse_payloads(first_kind(pieces), join(pieces)))
    except WireError:
        return meant


def copy_notify_spis(sent: Sent, notify: Header, impaired: Impaired) -> None:
    """Let the resends of a first message bear the cookies of what answered it, where that is due.

    The header of a message begins with both cookies, 8 octets each (RFC 2408 3.1).
    """
    due = [one for one in impaired.of(sent.label) if one.change is Change.COPY_NOTIFY_SPIS]
    if due and impaired.turn_of(due[0]):
        written = sent.written
        sent.written = replace(
            written,
            data=notify.initiator_cookie + notify.responder_cookie + written.data[16:],
            altered=(*written.altered, Change.COPY_NOTIFY_SPIS.value),
        )


def adopt(n: Negotiation, pieces: Pieces, first: bool) -> None:
    """Let a sender go on from what it has sent: its nonce, and in phase 1 what is hashed.

    `first` says that it is the first message of the exchange, whose SA payload is SAi_b.
    """
    said = {piece.kind: piece.body for piece in reversed(pieces)}
    n.own_nonce = said.get(PayloadType.NONCE, n.own_nonce)
    if isinstance(n, IkeSa):
        n.own_id_body = said.get(PayloadType.IDENTIFICATION, n.own_id_body)
        n.sa_body = said.get(PayloadType.SA, n.sa_body) if first else n.sa_body
