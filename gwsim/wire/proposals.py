"""The nested inside of an SA payload: proposals, their transforms, the transforms' attributes.

Layouts (RFC 2408 3.3-3.6), all numbers big-endian, lengths in octets and including the header::

    SA body     doi 4 | situation 4 | proposals
    proposal    next 1 (2 or 0) | reserved 1 | length 2 | number 1 | protocol 1 | SPI size 1 |
                transform count 1 | SPI | transforms
    transform   next 1 (3 or 0) | reserved 1 | length 2 | number 1 | id 1 | reserved 2 | attributes
    attribute   1 + type 15 bits | value 2        (TV, the AF bit is set)
                0 + type 15 bits | length 2 | value   (TLV)

Reserved octets are sent as zero and ignored on receipt. The parsers read `data[start:stop]` in
place, so that every offset they complain about is one of the whole message.
"""

from functools import lru_cache
from struct import Struct

from gwsim.wire.errors import ProposalSyntaxError, WireError
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import Attribute, Proposal, SecurityAssociation, Transform

MAX_PROPOSALS = 32
MAX_TRANSFORMS = 128
MAX_ATTRIBUTES = 64

_SA = Struct("!II")
_PROPOSAL = Struct("!BxHBBBB")
_TRANSFORM = Struct("!BxHBBxx")
_ATTRIBUTE = Struct("!HH")
_SHORT = Struct("!H")
_AF = 0x8000


def parse_attributes(data: bytes, start: int, stop: int) -> tuple[Attribute, ...]:
    """Read the data attributes that fill `data[start:stop]`.

    Raises WireError when one is cut off or when there are more than `MAX_ATTRIBUTES`
    (RFC 2408 3.3).
    """
    octets = data[start:stop]
    read = _remembered if len(octets) <= _WORTH_REMEMBERING else _read_attributes
    try:
        return read(octets)
    except WireError as error:
        raise WireError(start + error.offset, error.reason) from None


def _read_attributes(octets: bytes) -> tuple[Attribute, ...]:
    attributes: list[Attribute] = []
    start, stop = 0, len(octets)
    while start < stop:
        if len(attributes) == MAX_ATTRIBUTES:
            raise WireError(start, f"more than {MAX_ATTRIBUTES} attributes")
        if stop - start < 4:
            raise WireError(start, "the header of an attribute is cut off")
        head, value = _ATTRIBUTE.unpack_from(octets, start)
        if head & _AF:
            attributes.append(Attribute(head ^ _AF, octets[start + 2 : start + 4]))
            start += 4
            continue
        end = start + 4 + value
        if end > stop:
            raise WireError(start, f"attribute {head} of {value} octets runs past the end")
        attributes.append(Attribute(head, octets[start + 4 : end], False))
        start = end
    return tuple(attributes)


# Every negotiation of a lab repeats the same few transforms, and attributes are what an SA payload
# mostly consists of. Values are frozen, so they may be shared; both bounds keep the memory small.
_remembered = lru_cache(maxsize=256)(_read_attributes)
_WORTH_REMEMBERING = 256


def parse_security_association(data: bytes, start: int, stop: int) -> SecurityAssociation:
    """Read the body of an SA payload that fills `data[start:stop]` (RFC 2408 3.4, 2407 4.6.1).

    A proposal may have no transform and an SA no proposal; whether that is acceptable is the
    engine's question. Raises WireError for a body below 8 octets, ProposalSyntaxError for
    anything wrong inside.
    """
    if stop - start < _SA.size:
        raise WireError(start, "an SA payload is too short for its DOI and situation")
    doi, situation = _SA.unpack_from(data, start)
    try:
        proposals = _parse_proposals(data, start + _SA.size, stop)
    except WireError as error:
        raise ProposalSyntaxError(error.offset, error.reason) from None
    return SecurityAssociation(proposals, doi, situation)


def _parse_proposals(data: bytes, start: int, stop: int) -> tuple[Proposal, ...]:
    proposals: list[Proposal] = []
    transforms_left = MAX_TRANSFORMS
    while start < stop:
        if len(proposals) == MAX_PROPOSALS:
            raise WireError(start, f"more than {MAX_PROPOSALS} proposals")
        if stop - start < _PROPOSAL.size:
            raise WireError(start, "the header of a proposal is cut off")
        following, length, number, protocol, spi_size, count = _PROPOSAL.unpack_from(data, start)
        end = _end_of(PayloadType.PROPOSAL, following, start, length, stop)
        body = start + _PROPOSAL.size + spi_size
        if body > end:
            raise WireError(start + 6, f"an SPI of {spi_size} octets runs past its proposal")
        transforms_left -= count
        if transforms_left < 0:
            raise WireError(start + 7, f"more than {MAX_TRANSFORMS} transforms in one SA")
        spi = data[body - spi_size : body]
        transforms = _parse_transforms(data, body, end, count)
        proposals.append(Proposal(number, protocol, spi, transforms))
        start = end
    return tuple(proposals)


def _parse_transforms(data: bytes, start: int, stop: int, count: int) -> tuple[Transform, ...]:
    transforms: list[Transform] = []
    while start < stop:
        if len(transforms) == count:
            raise WireError(start, f"a proposal of {count} transforms has more of them")
        if stop - start < _TRANSFORM.size:
            raise WireError(start, "the header of a transform is cut off")
        following, length, number, transform_id = _TRANSFORM.unpack_from(data, start)
        end = _end_of(PayloadType.TRANSFORM, following, start, length, stop)
        attributes = parse_attributes(data, start + _TRANSFORM.size, end)
        transforms.append(Transform(number, transform_id, attributes))
        start = end
    if len(transforms) != count:
        raise WireError(start, f"a proposal of {count} transforms has only {len(transforms)}")
    return tuple(transforms)


def _end_of(kind: PayloadType, following: int, start: int, length: int, stop: int) -> int:
    """Give the end of a nested payload whose 'next payload' says the truth about what follows."""
    end = start + length
    if length < 8 or end > stop:
        raise WireError(start + 2, f"a {kind.name.lower()} cannot have {length} octets here")
    if following != (kind if end < stop else 0):
        raise WireError(start, f"a {kind.name.lower()} is wrongly followed by type {following}")
    return end


def build_attributes(attributes: tuple[Attribute, ...]) -> bytes:
    """Write attributes one after the other, each in the form (TV or TLV) it names.

    Raises ValueError for a type above 32767, and for a TV value that has not two octets.
    """
    parts: list[bytes] = []
    for attribute in attributes:
        kind, value = attribute.type, attribute.value
        if kind & ~0x7FFF:
            raise ValueError(f"attribute type {kind} does not fit in 15 bits")
        if not attribute.short:
            parts += (_ATTRIBUTE.pack(kind, len(value)), value)
        elif len(value) == 2:
            parts += (_SHORT.pack(kind | _AF), value)
        else:
            raise ValueError(f"a short attribute has two octets, not {len(value)}")
    return b"".join(parts)


def build_security_association(sa: SecurityAssociation) -> bytes:
    """Write the body of an SA payload; this is SAi_b of RFC 2409 5."""
    last = len(sa.proposals) - 1
    parts = [_SA.pack(sa.doi, sa.situation)]
    parts += [_build_proposal(p, i == last) for i, p in enumerate(sa.proposals)]
    return b"".join(parts)


def _build_proposal(proposal: Proposal, is_last: bool) -> bytes:
    count = len(proposal.transforms)
    transforms = b"".join(
        [_build_transform(t, i == count) for i, t in enumerate(proposal.transforms, 1)]
    )
    head = _PROPOSAL.pack(
        0 if is_last else PayloadType.PROPOSAL,
        _PROPOSAL.size + len(proposal.spi) + len(transforms),
        proposal.number,
        proposal.protocol_id,
        len(proposal.spi),
        count,
    )
    return head + proposal.spi + transforms


def _build_transform(transform: Transform, is_last: bool) -> bytes:
    attributes = build_attributes(transform.attributes)
    following = 0 if is_last else PayloadType.TRANSFORM
    length = _TRANSFORM.size + len(attributes)
    return _TRANSFORM.pack(following, length, transform.number, transform.transform_id) + attributes
