"""Port 4500: keepalive, marker and ESP told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire.encapsulation import (
    KEEPALIVE,
    NON_ESP_MARKER,
    Encapsulated,
    classify,
    parse_esp,
    unwrap_ike,
    wrap_ike,
)
from gwsim.wire.errors import WireError


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("ff", Encapsulated.KEEPALIVE),
        ("00000000", Encapsulated.IKE),
        ("00000000 ff", Encapsulated.IKE),
        ("00000001 00000001", Encapsulated.ESP),
        ("ffffffff", Encapsulated.ESP),
    ],
)
def test_classify(data, kind):
    assert classify(bytes.fromhex(data)) is kind


@pytest.mark.parametrize("data", [b"", b"\0", b"\xff\xff", b"\0\0\0"])
def test_what_is_too_short_to_tell_is_refused(data):
    with pytest.raises(WireError):
        classify(data)


@given(st.binary(max_size=60))
def test_a_message_survives_its_marker(message):
    wrapped = wrap_ike(message)
    assert classify(wrapped) is Encapsulated.IKE
    assert unwrap_ike(wrapped) == message


def test_unwrapping_needs_a_marker():
    with pytest.raises(WireError):
        unwrap_ike(b"\0\0\0\1abc")
    assert unwrap_ike(NON_ESP_MARKER) == b""


@given(st.integers(1, 0xFFFFFFFF), st.integers(0, 0xFFFFFFFF), st.binary(max_size=20))
def test_esp_begins_with_spi_and_sequence_number(spi, sequence, rest):
    data = spi.to_bytes(4, "big") + sequence.to_bytes(4, "big") + rest
    assert parse_esp(data) == (spi, sequence)


@given(st.binary(max_size=7))
def test_short_esp_is_refused(data):
    with pytest.raises(WireError):
        parse_esp(data)


def test_spi_zero_is_refused():
    with pytest.raises(WireError, match="SPI 0"):
        parse_esp(bytes(8))


@given(st.binary(max_size=40))
def test_any_octets_are_classified_or_refused(data):
    try:
        kind = classify(data)
    except WireError:
        assert len(data) < 4
    else:
        assert (kind is Encapsulated.KEEPALIVE) == (data == KEEPALIVE)
