"""The ESP trailer: alignment, the padding of RFC 4303, and damage that is seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto.errors import BadPadding
from gwsim.crypto.esp_trailer import pad, unpad


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 255), st.sampled_from([4, 8, 16]))
def test_unpad_undoes_pad(inner, next_header, block):
    padded = pad(inner, next_header, block)
    assert len(padded) % block == 0
    assert 2 <= len(padded) - len(inner) < block + 2
    assert unpad(padded) == (inner, next_header)


def test_padding_is_self_describing():
    assert pad(b"inner", 4, 16) == b"inner" + bytes(range(1, 10)) + b"\x09\x04"
    assert pad(b"in", 59, 4) == b"in" + b"\x00\x3b"


def test_longer_padding_than_needed_is_taken():
    """A sender may pad to hide the length (RFC 4303 2.4): 255 octets at most."""
    assert unpad(b"inner" + bytes(range(1, 256)) + b"\xff\x04") == (b"inner", 4)


@pytest.mark.parametrize(
    ("plaintext", "reason"),
    [
        (b"", "no room"),
        (b"\x04", "no room"),
        (b"\x01\x04", "beyond"),
        (b"\x01\x02\x05\x04", "beyond"),
        (b"inner\x01\x01\x02\x04", "not 1, 2, 3"),
        (b"inner\x00\x00\x02\x04", "not 1, 2, 3"),
    ],
)
def test_damage(plaintext, reason):
    with pytest.raises(BadPadding, match=reason):
        unpad(plaintext)


@settings(deadline=None)
@given(st.binary(max_size=64))
def test_any_octets_are_unpadded_or_refused(octets):
    try:
        inner, next_header = unpad(octets)
    except BadPadding:
        return
    assert octets == inner + bytes(range(1, len(octets) - len(inner) - 1)) + octets[-2:]
    assert next_header == octets[-1]
