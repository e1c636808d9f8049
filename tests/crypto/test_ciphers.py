"""The CBC ciphers of phase 1: published vectors, key lengths, and lengths that are refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto import ciphers
from gwsim.crypto.errors import CryptoError, UnsupportedAlgorithm

from .vectors import cases, octets


@pytest.mark.parametrize("case", cases("cbc"))
def test_published_vector(case):
    key, iv, plaintext, ciphertext = octets(case, "key", "iv", "plaintext", "ciphertext")
    assert ciphers.encrypt(case["cipher"], key, iv, plaintext) == ciphertext
    assert ciphers.decrypt(case["cipher"], key, iv, ciphertext) == plaintext


@settings(deadline=None)
@given(number=st.sampled_from(list(ciphers.CIPHERS)), blocks=st.integers(0, 9), data=st.data())
def test_decrypt_undoes_encrypt(number, blocks, data):
    of = ciphers.cipher(number)
    bits = data.draw(st.sampled_from(of.key_bits))
    key, iv, plaintext = (
        data.draw(st.binary(min_size=n, max_size=n))
        for n in (bits // 8, of.block_size, blocks * of.block_size)
    )
    ciphertext = ciphers.encrypt(number, key, iv, plaintext)
    assert len(ciphertext) == len(plaintext)
    assert ciphers.decrypt(number, key, iv, ciphertext) == plaintext


def test_the_chain_goes_on_with_the_last_cipher_block():
    """Two messages under a running IV equal one long message (RFC 2409 Appendix B)."""
    key, iv, data = bytes(range(16)), bytes(16), bytes(range(64))
    first = ciphers.encrypt(7, key, iv, data[:32])
    second = ciphers.encrypt(7, key, first[-16:], data[32:])
    assert first + second == ciphers.encrypt(7, key, iv, data)


@pytest.mark.parametrize(
    ("number", "key_bits", "octet_count"),
    [
        (1, None, 8),
        (3, None, 56),
        (3, 128, 16),
        (5, None, 24),
        (6, None, 16),
        (6, 40, 5),
        (7, 128, 16),
        (7, 192, 24),
        (7, 256, 32),
    ],
)
def test_key_length(number, key_bits, octet_count):
    assert ciphers.key_length(number, key_bits) == octet_count


@pytest.mark.parametrize(
    ("number", "key_bits", "reason"),
    [
        (7, None, "AES without a key length"),
        (7, 160, "AES with a key of 160 bits"),
        (7, 0, "AES with a key of 0 bits"),
        (5, 192, "3DES has no key length"),
        (1, 64, "DES has no key length"),
        (3, 456, "Blowfish with a key of 456 bits"),
        (2, None, "encryption algorithm 2 "),
        (65000, 128, "encryption algorithm 65000 "),
    ],
)
def test_key_length_refuses(number, key_bits, reason):
    with pytest.raises(UnsupportedAlgorithm, match=reason):
        ciphers.key_length(number, key_bits)


@pytest.mark.parametrize("operation", [ciphers.encrypt, ciphers.decrypt])
@pytest.mark.parametrize(
    ("key", "iv", "data", "reason"),
    [
        (15, 16, 32, "key has 15"),
        (16, 8, 32, "IV has 8"),
        (16, 16, 31, "not whole blocks"),
    ],
)
def test_wrong_lengths(operation, key, iv, data, reason):
    with pytest.raises(CryptoError, match=reason):
        operation(7, bytes(key), bytes(iv), bytes(data))


@pytest.mark.parametrize("operation", [ciphers.encrypt, ciphers.decrypt])
def test_unknown_cipher(operation):
    with pytest.raises(UnsupportedAlgorithm):
        operation(2, bytes(16), bytes(8), bytes(8))


def test_only_aes_is_strong():
    assert [of.name for of in ciphers.CIPHERS.values() if not of.weak] == ["AES"]
