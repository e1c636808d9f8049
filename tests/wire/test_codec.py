"""The ISAKMP codec: what was built is parsed back, and rubbish gives nothing but WireError."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gwsim.wire import vendor_ids
from gwsim.wire.codec import (
    HEADER_SIZE,
    MAX_PAYLOADS,
    Header,
    build_body,
    build_header,
    build_message,
    build_payloads,
    build_raw,
    first_type,
    parse_header,
    parse_payloads,
)
from gwsim.wire.errors import WireError
from gwsim.wire.payloads import (
    Attribute,
    Attributes,
    Certificate,
    Delete,
    Fragment,
    Hash,
    Identification,
    KeyExchange,
    NatDiscovery,
    NatOriginalAddress,
    Nonce,
    Notification,
    Payload,
    Proposal,
    SecurityAssociation,
    Transform,
    UnknownPayload,
    VendorId,
)

from .captures import CHECK_POINT_MAIN_2, CLEAR_NOTIFY, NETSCREEN_AGGR_2
from .strategies import chains, damaged, headers, octet, octets, payloads

COOKIE_I, COOKIE_R = bytes.fromhex("deadbeefdeadbeef"), bytes.fromhex("636fa075dcf8ba90")
HEADER = Header(COOKIE_I, COOKIE_R, 0, 2, 0, 0)


def parse_message(message: bytes) -> list[Payload]:
    header = parse_header(message)
    return [item.payload for item in parse_payloads(header.next_payload, message, HEADER_SIZE)]


class TestHeader:
    @given(headers)
    def test_round_trip(self, header):
        assert parse_header(build_header(header)) == header

    @given(st.binary(max_size=HEADER_SIZE - 1))
    def test_short_data_is_refused_where_it_ends(self, data):
        with pytest.raises(WireError) as caught:
            parse_header(data)
        assert caught.value.offset == len(data)

    @given(st.binary(min_size=HEADER_SIZE, max_size=60))
    def test_any_28_octets_are_a_header_that_builds_back(self, data):
        assert build_header(parse_header(data)) == data[:HEADER_SIZE]

    def test_layout(self):
        """Every field stands where RFC 2408 3.1 puts it."""
        header = Header(b"initiato", b"responde", 1, 2, 3, 0x04050607, 0x08090A0B, 0x11)
        assert build_header(header) == b"initiatoresponde"[:8] + b"responde" + bytes(
            [1, 0x11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
        )

    @pytest.mark.parametrize(
        "header",
        [
            Header(b"short", COOKIE_R, 0, 2, 0, 0),
            Header(COOKIE_I, b"much too long", 0, 2, 0, 0),
            Header(COOKIE_I, COOKIE_R, 0, 256, 0, 0),
            Header(COOKIE_I, COOKIE_R, 0, 2, 0, 1 << 32),
        ],
    )
    def test_a_field_that_does_not_fit_is_the_callers_error(self, header):
        with pytest.raises(ValueError, match=r"eight octets|ISAKMP header"):
            build_header(header)


class TestRoundTrip:
    @given(chains, octets)
    def test_a_chain_comes_back_and_what_follows_it_is_left_alone(self, chain, padding):
        data = build_payloads(chain)
        parsed = parse_payloads(first_type(chain), data + padding)
        assert [item.payload for item in parsed] == chain
        assert (parsed[-1].end if parsed else 0) == len(data)

    @given(chains, octets)
    def test_spans_tell_where_each_payload_stood(self, chain, before):
        data = before + build_payloads(chain)
        expected = len(before)
        for item in parse_payloads(first_type(chain), data, len(before)):
            assert (item.start, item.body) == (expected, expected + 4)
            assert data[item.body : item.end] == build_body(item.payload)
            expected = item.end
        assert expected == len(data)

    @given(headers, chains)
    def test_a_clear_message_names_its_first_payload_and_its_length(self, header, chain):
        message = build_message(header, chain)
        assert parse_header(message).length == len(message)
        assert parse_message(message) == chain

    @given(headers, octets)
    def test_a_raw_message_keeps_the_next_payload_it_was_given(self, header, body):
        message = build_raw(header, body)
        parsed = parse_header(message)
        assert message[HEADER_SIZE:] == body
        assert (parsed.length, parsed.next_payload) == (len(message), header.next_payload)


class TestAnyOctets:
    """Whatever the octets, parsing gives payloads or WireError with an offset inside them."""

    @given(octet, st.binary(max_size=200), st.integers(0, 40))
    @example(1, bytes.fromhex("00000008 00000001"), 0)
    def test_arbitrary(self, first, data, offset):
        check_only_wire_error(first, data, offset)

    @given(octet, damaged(chains.map(build_payloads)))
    def test_damaged(self, first, data):
        check_only_wire_error(first, data, 0)

    @given(damaged(st.sampled_from([CHECK_POINT_MAIN_2, NETSCREEN_AGGR_2, CLEAR_NOTIFY])))
    def test_damaged_captures(self, data):
        with suppress(WireError):
            parse_message(data)

    @given(payloads, st.data())
    def test_every_cut_of_a_payload_is_refused(self, payload, data):
        whole = build_payloads([payload])
        cut = data.draw(st.integers(0, len(whole) - 1))
        with pytest.raises(WireError):
            parse_payloads(first_type([payload]), whole[:cut])


def check_only_wire_error(first: int, data: bytes, offset: int) -> None:
    try:
        parsed = parse_payloads(first, data, offset)
    except WireError as error:
        assert 0 <= error.offset <= max(len(data), offset)
        assert str(error) == f"at octet {error.offset}: {error.reason}"
    else:
        for item in parsed:
            assert offset <= item.start < item.body <= item.end <= len(data)


BODIES = [
    (Identification(1, b"\x0a\0\0\1", 17, 500), "011101f4 0a000001"),
    (Certificate(4, b"abc"), "04 616263"),
    (Notification(14, 3, b"\1\2\3\4", b"x"), "00000001 03 04 000e 01020304 78"),
    (Delete(1, (COOKIE_I + COOKIE_R,)), "00000001 01 10 0001 deadbeefdeadbeef636fa075dcf8ba90"),
    (Delete(3, (b"\0\0\1\1", b"\0\0\1\2")), "00000001 03 04 0002 00000101 00000102"),
    (Delete(3, ()), "00000001 03 00 0000"),
    (Attributes(2, 0x1234, (Attribute(16521, b"joe", False),)), "02 00 1234 40890003 6a6f65"),
    (NatOriginalAddress(1, b"\x0a\0\0\1"), "01 000000 0a000001"),
    (Fragment(1, 2, True, b"tail"), "0001 02 01 7461696c"),
    (UnknownPayload(200, b"\1\2"), "0102"),
    (
        SecurityAssociation(
            (
                Proposal(
                    1,
                    3,
                    b"\1\2\3\4",
                    (Transform(1, 12, (Attribute.number(1, 2), Attribute.number(2, 0x465000))),),
                ),
            )
        ),
        "00000001 00000001 0000 0020 01 03 04 01 01020304"
        "0000 0014 01 0c 0000 80010002 0002 0004 00465000",
    ),
]


@pytest.mark.parametrize(("payload", "body"), BODIES)
def test_body_layout(payload, body):
    """Each body is laid out as RFC 2408 3.4-3.16, RFC 2407 4.6 and RFC 3947 5.2 say."""
    assert build_body(payload) == bytes.fromhex(body)


DRAFT_NUMBERS = [
    (20, NatDiscovery(b"digest")),
    (130, NatDiscovery(b"digest", draft=True)),
    (21, NatOriginalAddress(1, b"\1\2\3\4")),
    (131, NatOriginalAddress(1, b"\1\2\3\4", draft=True)),
]


@pytest.mark.parametrize(("number", "payload"), DRAFT_NUMBERS)
def test_nat_payloads_travel_under_both_numbers(number, payload):
    assert first_type([payload]) == number
    (parsed,) = parse_payloads(number, build_payloads([payload]))
    assert parsed.payload == payload


def test_the_reserved_octet_of_a_payload_is_ignored():
    (parsed,) = parse_payloads(10, bytes.fromhex("00ff0006 abcd"))
    assert parsed.payload == Nonce(b"\xab\xcd")


def test_no_payload_at_all():
    assert parse_payloads(0, b"rubbish") == []
    assert first_type([]) == 0
    assert build_message(HEADER, [])[16] == 0


def test_proposals_and_transforms_outside_an_sa_are_unknown_payloads():
    (parsed,) = parse_payloads(2, bytes.fromhex("0000000501"))
    assert parsed.payload == UnknownPayload(2, b"\1")


MALFORMED = [
    (10, "00", 0, "the header of a payload of type 10 is cut off"),
    (10, "00000003", 2, "a payload of type 10 cannot have 3 octets, 4 are left"),
    (10, "00000009 01020304", 2, "a payload of type 10 cannot have 9 octets, 8 are left"),
    (10, "0b000004 00", 4, "the header of a payload of type 11 is cut off"),
    (5, "00000007 010203", 4, "an identification payload is too short for its 4 fixed octets"),
    (6, "00000004", 4, "a certificate payload is too short for its 1 fixed octets"),
    (7, "00000004", 4, "a certificate request payload is too short for its 1 fixed octets"),
    (11, "0000000b 00000001 010000", 4, "a notification payload is too short"),
    (11, "0000000c 00000001 0104000e", 9, "an SPI of 4 octets runs past its notification"),
    (12, "0000000b 00000001 030400", 4, "a delete payload is too short for its 8 fixed octets"),
    (12, "0000000c 00000001 03000002", 9, "a delete of 2 SPIs gives them no size"),
    (12, "0000000e 00000001 03040001 0102", 10, "1 SPIs of 4 octets do not fill the delete"),
    (12, "0000000d 00000001 03040000 01", 10, "0 SPIs of 4 octets do not fill the delete"),
    (14, "00000007 010000", 4, "an attributes payload is too short for its 4 fixed octets"),
    (14, "0000000a 01000000 4089", 8, "the header of an attribute is cut off"),
    (21, "00000007 010000", 4, "a NAT-OA payload is too short for its 4 fixed octets"),
    (131, "00000007 010000", 4, "a NAT-OA payload is too short for its 4 fixed octets"),
    (132, "00000007 010000", 4, "a fragment payload is too short for its 4 fixed octets"),
    (1, "0000000b 00000001 000000", 4, "an SA payload is too short for its DOI and situation"),
]


@pytest.mark.parametrize(("first", "data", "offset", "reason"), MALFORMED)
def test_malformed_payloads_name_octet_and_reason(first, data, offset, reason):
    with pytest.raises(WireError) as caught:
        parse_payloads(first, bytes.fromhex(data))
    assert caught.value.offset == offset
    assert caught.value.reason.startswith(reason)


def test_a_chain_is_bounded():
    longest = [Hash(b"")] * MAX_PAYLOADS
    assert len(parse_payloads(8, build_payloads(longest))) == MAX_PAYLOADS
    with pytest.raises(WireError, match="more than 64 payloads"):
        parse_payloads(8, build_payloads([*longest, Hash(b"")]))


@pytest.mark.parametrize(
    "payload",
    [
        Identification(256, b""),
        Notification(65536),
        Notification(14, spi=bytes(256)),
        Certificate(256, b""),
        Delete(3, (b"\1\2\3\4", b"\1\2")),
        Delete(3, (b"",)),
        Attributes(1, 65536),
        Fragment(1, 256, False, b""),
        NatOriginalAddress(-1, b""),
        KeyExchange(bytes(65532)),
        UnknownPayload(0, b""),
        UnknownPayload(256, b""),
    ],
)
def test_a_value_that_no_octets_can_hold_is_the_callers_error(payload):
    with pytest.raises(ValueError):
        build_payloads([KeyExchange(b"first"), payload])


class TestCaptures:
    def test_check_point_answers_with_one_transform_and_a_long_lifetime(self):
        transform = Transform(
            1,
            1,
            (
                *(
                    Attribute.number(kind, value)
                    for kind, value in ((1, 5), (2, 2), (3, 3), (4, 2))
                ),
                Attribute.number(11, 1),
                Attribute(12, bytes.fromhex("00007080"), short=False),
            ),
        )
        sa, vendor = parse_message(CHECK_POINT_MAIN_2)
        assert sa == SecurityAssociation((Proposal(1, 1, b"", (transform,)),))
        assert transform.get(12) == 28800
        assert vendor_ids.name_of(vendor.data) == "Check Point VPN-1"

    def test_netscreen_answers_in_aggressive_mode(self):
        chain = parse_message(NETSCREEN_AGGR_2)
        names = [vendor_ids.name_of(p.data) for p in chain if isinstance(p, VendorId)]
        assert names == ["ScreenOS (NS-5GT)", "Dead Peer Detection", "NetScreen HeartBeat Notify"]
        assert chain[6] == Identification(1, bytes([203, 0, 113, 1]), 17, 500)
        assert [len(chain[i].data) for i in (4, 5, 7)] == [128, 20, 20]

    def test_a_refusal_in_the_clear_may_name_no_doi(self):
        assert parse_message(CLEAR_NOTIFY) == [Notification(14, 1, doi=0)]

    @pytest.mark.parametrize("capture", [CHECK_POINT_MAIN_2, NETSCREEN_AGGR_2, CLEAR_NOTIFY])
    def test_they_build_back_to_the_same_octets(self, capture):
        assert build_message(parse_header(capture), parse_message(capture)) == capture
