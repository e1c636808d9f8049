"""Each change does to payloads, headers and octets what its name says, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.alterations import (
    Piece,
    change_header,
    change_octets,
    change_pieces,
    cut_up,
    first_kind,
    join,
)
from gwsim.ike.impairments import OF_PAYLOADS, Change, Impairment
from gwsim.ike.offers import offer_phase1
from gwsim.wire.codec import Header, build_payloads, parse_payloads
from gwsim.wire.errors import WireError
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import (
    Delete,
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Payload,
    SecurityAssociation,
)
from tests.ike.configs import AES_SHA
from tests.wire.strategies import payloads

KE, NONCE, ID = PayloadType.KEY_EXCHANGE, PayloadType.NONCE, PayloadType.IDENTIFICATION
CHAIN: list[Payload] = [
    Hash(b"h" * 20),
    KeyExchange(b"\x01\x02"),
    Nonce(b"n" * 16),
    Identification(1, b"abcd"),
    Identification(1, b"efgh"),
]
HEADER = Header(b"i" * 8, b"r" * 8, KE, 2, 1, 0, 100)


def changed(change: Change, payload: int = 0, value: int = 0, of: list[Payload] = CHAIN):
    return change_pieces(Impairment("any", change, payload, value), cut_up(of))


def kinds(pieces):
    return [piece.kind for piece in pieces]


@given(st.lists(payloads, max_size=6))
def test_pieces_are_the_payloads_they_were_cut_from(chain):
    pieces = cut_up(chain)
    assert join(pieces) == build_payloads(chain)
    assert first_kind(pieces) == (pieces[0].kind if chain else 0)


def test_payloads_can_be_left_out_repeated_and_thinned():
    assert kinds(changed(Change.OMIT, ID)) == [8, 4, 10]
    assert kinds(changed(Change.DUPLICATE, ID)) == [8, 4, 10, 5, 5, 5]
    assert kinds(changed(Change.FIRST_ONLY, ID)) == [8, 4, 10, 5]
    assert kinds(changed(Change.ADD, 100, 8)) == [8, 4, 10, 5, 5, 100]


@pytest.mark.parametrize(
    ("change", "value", "body"),
    [
        (Change.EMPTY, 0, b""),
        (Change.FILL, 0x41, b"\x41\x41"),
        (Change.RESIZE, 1, b"\x01"),
        (Change.RESIZE, 4, b"\x01\x02\x00\x00"),
        (Change.FLIP, 0, b"\x01\x03"),
    ],
)
def test_the_octets_of_a_payload_can_be_changed(change, value, body):
    pieces = changed(change, KE, value)
    assert pieces[1] == Piece(KE, body)
    assert pieces[:1] + pieces[2:] == cut_up(CHAIN)[:1] + cut_up(CHAIN)[2:]


def test_a_name_takes_the_place_of_an_address():
    parsed = [p.payload for p in parse_payloads(8, join(changed(Change.ID_TYPE, value=2)))]
    assert parsed[3] == Identification(2, b"abcd")


def test_a_delete_names_what_nobody_has():
    pieces = changed(Change.NAME_SPIS, of=[Delete(3, (b"\x11\x22\x33\x44", b"\x55\x66\x77\x88"))])
    [found] = parse_payloads(12, join(pieces))
    assert found.payload == Delete(3, (b"\xde\xad\x33\x44", b"\xde\xad\x77\x88"))


def test_a_notify_can_ride_along():
    assert kinds(changed(Change.ADD_NOTIFY))[-1] == PayloadType.NOTIFICATION


def test_generic_headers_can_lie():
    octets = join(changed(Change.RESERVED, value=0xFF))
    assert octets[1] == 0xFF
    assert [p.payload for p in parse_payloads(8, octets)] == CHAIN
    with pytest.raises(WireError):
        parse_payloads(8, join(changed(Change.CLAIM, value=0x1000)))


def offer(change: Change, value: int = 0) -> SecurityAssociation:
    pieces = changed(change, value=value, of=[offer_phase1((AES_SHA,))])
    [found] = parse_payloads(1, join(pieces))
    assert isinstance(found.payload, SecurityAssociation)
    return found.payload


def key_lengths(sa: SecurityAssociation) -> list[bytes]:
    return [a.value for a in sa.proposals[0].transforms[0].attributes if a.type == 14]


def test_an_sa_payload_can_speak_of_what_nobody_supports():
    assert offer(Change.DOI, 3).doi == 3
    assert offer(Change.SITUATION, 2).situation == 2
    assert offer(Change.PROTOCOL, 99).proposals[0].protocol_id == 99
    assert offer(Change.TRANSFORM, 249).proposals[0].transforms[0].transform_id == 249
    assert offer(Change.SPI, 0).proposals[0].spi == b""


def test_the_key_length_can_be_missing_empty_zero_or_double():
    assert key_lengths(offer(Change.KEY_LENGTH_OMIT)) == []
    assert key_lengths(offer(Change.KEY_LENGTH_EMPTY)) == [b""]
    assert key_lengths(offer(Change.KEY_LENGTH_ZERO)) == [b"\0\0"]
    assert key_lengths(offer(Change.KEY_LENGTH_DUPLICATE)) == [b"\0\x80"] * 2


@pytest.mark.parametrize(
    ("change", "value", "field", "expected"),
    [
        (Change.MAJOR, 0, "version", 0x20),
        (Change.MINOR, 0, "version", 0x11),
        (Change.FLAGS, 0x40, "flags", 0x41),
        (Change.INITIATOR_COOKIE, 0, "initiator_cookie", bytes(8)),
        (Change.RESPONDER_COOKIE, 0, "responder_cookie", bytes(8)),
        (Change.MESSAGE_ID, 7, "message_id", 7),
        (Change.REUSED_ID, 0, "message_id", 0xAB),
        (Change.LENGTH, -4, "length", 96),
    ],
)
def test_a_field_of_the_header_can_be_wrong(change, value, field, expected):
    header = change_header(Impairment("any", change, value=value), HEADER, 0xAB)
    assert getattr(header, field) == expected
    differing = [
        name for name in Header.__slots__ if getattr(header, name) != getattr(HEADER, name)
    ]
    assert differing == [field]


def test_without_an_older_message_there_is_no_id_to_use_again():
    assert change_header(Impairment("any", Change.REUSED_ID), HEADER, 0) == HEADER


def test_octets_can_be_damaged_cut_and_added():
    def told(change, value=0, header=HEADER):
        return change_octets(Impairment("any", change, value=value), header, b"abcd")

    assert told(Change.CORRUPT) == b"`bcd"
    assert told(Change.CORRUPT, header=Header(b"i" * 8, b"r" * 8, KE, 2, 0, 0)) == b"abcd"
    assert told(Change.TRAIL, 2) == b"abcd\0\0"
    assert told(Change.CUT, 3) == b"a"


@pytest.mark.parametrize("change", Change)
def test_what_finds_nothing_to_change_changes_nothing(change):
    wanted = Impairment("any", change, KE if change in OF_PAYLOADS else 0)
    if change not in (Change.ADD, Change.ADD_NOTIFY):
        assert change_pieces(wanted, ()) == ()
    assert change_octets(wanted, HEADER, b"") == b"" or change is Change.TRAIL
