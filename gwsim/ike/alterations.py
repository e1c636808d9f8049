"""Changes to payloads and headers, one function per kind; `crafting` calls them.

A payload is a `Piece` here: its number and its octets, with a generic header that may lie. A
change gives other pieces, or the same ones where there was nothing to change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from struct import Struct

from gwsim.ike.impairments import Change, Impairment
from gwsim.wire.codec import ENCRYPTED, Header, build_body
from gwsim.wire.numbers import NotifyType, PayloadType, Phase1Attribute, Phase2Attribute, Protocol
from gwsim.wire.payloads import Attribute, Notification, Payload, Proposal, Transform, payload_type
from gwsim.wire.proposals import build_security_association, parse_security_association

_GENERIC = Struct("!BBH")
_NOWHERE = 0xDEAD
"""The first two octets of an SPI that nobody has."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One payload as octets: `reserved` goes into its generic header, `over` onto its length."""

    kind: int
    body: bytes
    reserved: int = 0
    over: int = 0


Pieces = tuple[Piece, ...]


def cut_up(payloads: list[Payload]) -> Pieces:
    """Turn payloads into pieces."""
    return tuple(Piece(payload_type(p), build_body(p)) for p in payloads)


def join(pieces: Pieces) -> bytes:
    """Write pieces one behind the other, each naming the next (RFC 2408 3.2)."""
    following = [*(piece.kind for piece in pieces[1:]), 0]
    return b"".join(
        _GENERIC.pack(after, piece.reserved, (len(piece.body) + 4 + piece.over) & 0xFFFF)
        + piece.body
        for piece, after in zip(pieces, following, strict=False)
    )


def first_kind(pieces: Pieces) -> int:
    """Give the number of the first payload, 0 for none."""
    return pieces[0].kind if pieces else 0


def change_pieces(wanted: Impairment, pieces: Pieces) -> Pieces:
    """Do what an impairment says to payloads; a change of anything else changes nothing."""
    make = _OF_PIECES.get(wanted.change)
    return pieces if make is None else make(wanted, pieces)


def change_header(wanted: Impairment, header: Header, used: int) -> Header:
    """Do what an impairment says to a header, whose length is set by now.

    `used` is a message id that was used before, 0 for none.
    """
    make = _OF_HEADER.get(wanted.change)
    return header if make is None else make(wanted, header, used)


# payloads


def _omit(wanted: Impairment, pieces: Pieces) -> Pieces:
    return tuple(p for p in pieces if p.kind != wanted.payload)


def _duplicate(wanted: Impairment, pieces: Pieces) -> Pieces:
    last = max((i for i, p in enumerate(pieces) if p.kind == wanted.payload), default=None)
    return pieces if last is None else (*pieces[: last + 1], *pieces[last:])


def _first_only(wanted: Impairment, pieces: Pieces) -> Pieces:
    first = next((p for p in pieces if p.kind == wanted.payload), None)
    return tuple(p for p in pieces if p.kind != wanted.payload or p is first)


def _add(wanted: Impairment, pieces: Pieces) -> Pieces:
    return (*pieces, Piece(wanted.payload, bytes(wanted.value)))


def _add_notify(wanted: Impairment, pieces: Pieces) -> Pieces:
    notify = Notification(NotifyType.CONNECTED, Protocol.ISAKMP)
    return (*pieces, *cut_up([notify]))


def _each(
    change: Callable[[int, bytes], bytes], wanted: Impairment, pieces: Pieces, kind: int = 0
) -> Pieces:
    """Change the bodies of one kind of payload."""
    return tuple(
        replace(p, body=change(wanted.value, p.body)) if p.kind == (kind or wanted.payload) else p
        for p in pieces
    )


def _resized(value: int, body: bytes) -> bytes:
    return body[:value].ljust(value, b"\0")


def _flipped(value: int, body: bytes) -> bytes:
    return body[:-1] + bytes((body[-1] ^ 1,)) if body else body


def _of_type(value: int, body: bytes) -> bytes:
    return bytes((value,)) + body[1:]


def _unknown_spis(value: int, body: bytes) -> bytes:
    """Overwrite the SPIs of a delete, which begin behind 8 octets (RFC 2408 3.15)."""
    size, rest = body[5], body[8:]
    mark = _NOWHERE.to_bytes(2, "big")
    spis = [rest[i : i + size] for i in range(0, len(rest), size or 1)]
    return body[:8] + b"".join(mark[:size] + spi[2:] for spi in spis)


def _reserved(wanted: Impairment, pieces: Pieces) -> Pieces:
    return tuple(replace(p, reserved=wanted.value) for p in pieces)


def _claim(wanted: Impairment, pieces: Pieces) -> Pieces:
    return (*(replace(p, over=wanted.value) for p in pieces[:1]), *pieces[1:])


# inside the SA payload: DOI 4, situation 4, proposals (RFC 2408 3.4)


def _doi(value: int, body: bytes) -> bytes:
    return value.to_bytes(4, "big") + body[4:]


def _situation(value: int, body: bytes) -> bytes:
    return body[:4] + value.to_bytes(4, "big") + body[8:]


def _proposals(change: Callable[[int, Proposal], Proposal], value: int, body: bytes) -> bytes:
    sa = parse_security_association(body, 0, len(body))
    changed = tuple(change(value, proposal) for proposal in sa.proposals)
    return build_security_association(replace(sa, proposals=changed))


def _spi(value: int, proposal: Proposal) -> Proposal:
    return replace(proposal, spi=value.to_bytes(len(proposal.spi), "big"))


def _protocol(value: int, proposal: Proposal) -> Proposal:
    return replace(proposal, protocol_id=value)


def _transforms(
    change: Callable[[Transform], Transform], value: int, proposal: Proposal
) -> Proposal:
    return replace(proposal, transforms=tuple(change(t) for t in proposal.transforms))


def _transform(value: int, proposal: Proposal) -> Proposal:
    return _transforms(lambda t: replace(t, transform_id=value), value, proposal)


def _key_length(
    change: Callable[[Attribute], tuple[Attribute, ...]], value: int, proposal: Proposal
) -> Proposal:
    """Put other attributes in the place of the key length."""
    isakmp = proposal.protocol_id == Protocol.ISAKMP
    number = Phase1Attribute.KEY_LENGTH if isakmp else Phase2Attribute.KEY_LENGTH

    def changed(transform: Transform) -> Transform:
        attributes: list[Attribute] = []
        for a in transform.attributes:
            attributes += change(a) if a.type == number else (a,)
        return replace(transform, attributes=tuple(attributes))

    return _transforms(changed, value, proposal)


_SA = PayloadType.SA
_MakePieces = Callable[[Impairment, Pieces], Pieces]


def _of_sa(change: Callable[[int, bytes], bytes]) -> _MakePieces:
    return partial(_each, change, kind=_SA)


def _of_proposals(change: Callable[[int, Proposal], Proposal]) -> _MakePieces:
    return _of_sa(partial(_proposals, change))


def _of_key_length(change: Callable[[Attribute], tuple[Attribute, ...]]) -> _MakePieces:
    return _of_proposals(partial(_key_length, change))


_OF_PIECES: dict[Change, _MakePieces] = {
    Change.OMIT: _omit,
    Change.EMPTY: partial(_each, lambda value, body: b""),
    Change.DUPLICATE: _duplicate,
    Change.FIRST_ONLY: _first_only,
    Change.FILL: partial(_each, lambda value, body: bytes((value,)) * len(body)),
    Change.RESIZE: partial(_each, _resized),
    Change.FLIP: partial(_each, _flipped),
    Change.ADD: _add,
    Change.ID_TYPE: partial(_each, _of_type, kind=PayloadType.IDENTIFICATION),
    Change.NAME_SPIS: partial(_each, _unknown_spis, kind=PayloadType.DELETE),
    Change.ADD_NOTIFY: _add_notify,
    Change.RESERVED: _reserved,
    Change.CLAIM: _claim,
    Change.SITUATION: _of_sa(_situation),
    Change.DOI: _of_sa(_doi),
    Change.SPI: _of_proposals(_spi),
    Change.PROTOCOL: _of_proposals(_protocol),
    Change.TRANSFORM: _of_proposals(_transform),
    Change.KEY_LENGTH_OMIT: _of_key_length(lambda a: ()),
    Change.KEY_LENGTH_EMPTY: _of_key_length(lambda a: (Attribute(a.type, b"", False),)),
    Change.KEY_LENGTH_ZERO: _of_key_length(lambda a: (Attribute.number(a.type, 0),)),
    Change.KEY_LENGTH_DUPLICATE: _of_key_length(lambda a: (a, a)),
}


# the header


def _major(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, version=header.version + 0x10 & 0xFF)


def _minor(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, version=header.version + 1)


def _flags(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, flags=header.flags | wanted.value)


def _initiator_cookie(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, initiator_cookie=bytes(8))


def _responder_cookie(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, responder_cookie=bytes(8))


def _message_id(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, message_id=wanted.value)


def _reused_id(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, message_id=used or header.message_id)


def _length(wanted: Impairment, header: Header, used: int) -> Header:
    return replace(header, length=max(0, header.length + wanted.value))


_OF_HEADER: dict[Change, Callable[[Impairment, Header, int], Header]] = {
    Change.MAJOR: _major,
    Change.MINOR: _minor,
    Change.FLAGS: _flags,
    Change.INITIATOR_COOKIE: _initiator_cookie,
    Change.RESPONDER_COOKIE: _responder_cookie,
    Change.MESSAGE_ID: _message_id,
    Change.REUSED_ID: _reused_id,
    Change.LENGTH: _length,
}


def change_octets(wanted: Impairment, header: Header, body: bytes) -> bytes:
    """Do what an impairment says to the octets behind the header."""
    match wanted.change:
        case Change.CORRUPT if header.flags & ENCRYPTED and body:
            return bytes((body[0] ^ 1,)) + body[1:]
        case Change.TRAIL:
            return body + bytes(wanted.value)
        case Change.CUT:
            return body[: max(0, len(body) - wanted.value)]
    return body
