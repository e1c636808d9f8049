"""ESP suites: lengths, names, weaknesses, and combinations that nobody can run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.crypto.esp_suites import EspSuite, suite

# transform, key bits, authentication, truncated: name, keys (cipher, salt, HMAC), IV, ICV, block.
LENGTHS = [
    ((2, None, 1), "DES/HMAC-MD5-96", (8, 0, 16), 8, 12, 8),
    ((2, None, None), "DES", (8, 0, 0), 8, 0, 8),
    ((3, None, 2), "3DES/HMAC-SHA1-96", (24, 0, 20), 8, 12, 8),
    ((11, None, 2), "NULL/HMAC-SHA1-96", (0, 0, 20), 0, 12, 4),
    ((12, 128, 2), "AES-128-CBC/HMAC-SHA1-96", (16, 0, 20), 16, 12, 16),
    ((12, 192, 5), "AES-192-CBC/HMAC-SHA2-256-128", (24, 0, 32), 16, 16, 16),
    ((12, 256, 5, True), "AES-256-CBC/HMAC-SHA2-256-96", (32, 0, 32), 16, 12, 16),
    ((12, 256, 6), "AES-256-CBC/HMAC-SHA2-384-192", (32, 0, 48), 16, 24, 16),
    ((12, 256, 7), "AES-256-CBC/HMAC-SHA2-512-256", (32, 0, 64), 16, 32, 16),
    ((13, 128, 2), "AES-128-CTR/HMAC-SHA1-96", (16, 4, 20), 8, 12, 4),
    ((18, 128, None), "AES-128-GCM-8", (16, 4, 0), 8, 8, 4),
    ((19, 192, None), "AES-192-GCM-12", (24, 4, 0), 8, 12, 4),
    ((20, 256, None), "AES-256-GCM-16", (32, 4, 0), 8, 16, 4),
]


@pytest.mark.parametrize(("numbers", "name", "keys", "iv", "icv", "block"), LENGTHS)
def test_lengths(numbers, name, keys, iv, icv, block):
    made = suite(*numbers)
    found = (made.encryption_key_length, made.salt_length, made.authentication_key_length)
    assert made.name == name
    assert found == keys
    assert made.keymat_length == sum(keys)
    assert (made.iv_length, made.icv_length, made.block_size) == (iv, icv, block)
    assert made.valid()


@pytest.mark.parametrize(
    ("numbers", "reason"),
    [
        ((12, None, 2), "AES with a key length of None"),
        ((12, 160, 2), "AES with a key length of 160"),
        ((20, None, None), "AES with a key length of None"),
        ((3, 192, 2), "3DES has no key length"),
        ((11, 128, 2), "NULL has no key length"),
        ((11, None, None), "NULL without an integrity check"),
        ((13, 128, None), "AES-128-CTR without an integrity check"),
        ((20, 128, 2), "brings its own integrity check"),
        ((12, 128, 2, True), "only HMAC-SHA2-256"),
        ((12, 128, None, True), "only HMAC-SHA2-256"),
        ((12, 128, 3), "ESP authentication 3 "),
        ((11, None, 99), "ESP authentication 99 "),
        ((7, None, 2), "ESP transform 7 "),
        ((0, None, None), "ESP transform 0 "),
    ],
)
def test_what_cannot_run_is_refused(numbers, reason):
    with pytest.raises(UnsupportedAlgorithm, match=reason):
        suite(*numbers)
    assert not EspSuite(*numbers).valid()


numbers = st.tuples(
    st.integers(0, 30),
    st.sampled_from([None, 0, 64, 128, 192, 256]),
    st.one_of(st.none(), st.integers(0, 12)),
    st.booleans(),
)


@settings(deadline=None)
@given(numbers)
def test_a_valid_suite_has_every_length(arguments):
    """Whatever was proposed: it is refused, or all that the data plane asks for is there."""
    made = EspSuite(*arguments)
    if not made.valid():
        with pytest.raises(UnsupportedAlgorithm):
            made.require_valid()
        return
    assert made.keymat_length >= 8
    assert made.block_size % 4 == 0
    assert "{" not in made.name
    assert made.weak == bool(made.weaknesses)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((2, None, 1), ("DES: 56-bit key", "MD5")),
        ((3, None, 2), ("3DES: 64-bit block",)),
        ((11, None, 5), ("NULL: no encryption",)),
        ((12, 128, None), ("no integrity check",)),
        ((12, 128, 2), ()),
        ((18, 128, None), ("AES-GCM-8: 64-bit ICV",)),
        ((20, 128, None), ()),
    ],
)
def test_weaknesses(numbers, words):
    assert suite(*numbers).weaknesses == words
    assert suite(*numbers).weak == bool(words)
