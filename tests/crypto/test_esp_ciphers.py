"""The ciphers behind ESP: published vectors, and contexts that live through many packets."""

import pytest

from gwsim.crypto.errors import BadIcv
from gwsim.crypto.esp_ciphers import (
    CbcTransformer,
    CtrTransformer,
    GcmTransformer,
    NullTransformer,
)

from .vectors import cases, load, octets

KEY = bytes(range(16))


@pytest.mark.parametrize("case", cases("ctr"))
def test_published_ctr(case):
    key, nonce, iv, plaintext, ciphertext = octets(
        case, "key", "nonce", "iv", "plaintext", "ciphertext"
    )
    ctr = CtrTransformer(key, nonce)
    assert ctr.encrypt(iv, plaintext) == iv + ciphertext
    assert ctr.decrypt(iv + ciphertext) == plaintext


@pytest.mark.parametrize("case", [c for c in load("cbc") if c["cipher"] in (1, 5, 7)])
def test_published_cbc(case):
    """Decryption takes the IV from the packet, so it meets the vectors of plain CBC."""
    key, iv, plaintext, ciphertext = octets(case, "key", "iv", "plaintext", "ciphertext")
    cbc = CbcTransformer(key, len(iv))
    for _ in range(2):
        assert cbc.decrypt(iv + ciphertext) == plaintext


def test_cbc_packets_are_opened_in_any_order():
    sender, receiver = CbcTransformer(KEY, 16), CbcTransformer(KEY, 16)
    plain = [bytes([i]) * 48 for i in range(6)]
    sealed = [sender.encrypt(bytes(16), p) for p in plain]
    for i in (3, 0, 5, 5, 1, 4, 2):
        assert receiver.decrypt(sealed[i]) == plain[i]


def test_the_iv_of_cbc_never_repeats_although_its_source_does():
    sender = CbcTransformer(KEY, 16)
    sealed = [sender.encrypt(bytes(16), bytes(16)) for _ in range(50)]
    assert len({packet[:16] for packet in sealed}) == 50
    assert len({packet[16:] for packet in sealed}) == 50


def test_null_changes_nothing():
    assert NullTransformer().encrypt(b"", b"plain") == b"plain"
    assert NullTransformer().decrypt(b"plain") == b"plain"


@pytest.mark.parametrize("length", [8, 12, 16])
def test_a_shorter_icv_is_the_head_of_the_long_one(length):
    header, iv, plaintext = b"spi!seq!", bytes(8), bytes(40)
    whole = GcmTransformer(KEY, b"salt", 16).seal(header, iv, plaintext)
    gcm = GcmTransformer(KEY, b"salt", length)
    body = gcm.seal(header, iv, plaintext)
    assert body == whole[: len(whole) - 16 + length]
    assert gcm.open(header, body) == plaintext


@pytest.mark.parametrize("length", [8, 12, 16])
@pytest.mark.parametrize("position", [0, 9, -1])
def test_gcm_sees_damage_anywhere(length, position):
    gcm = GcmTransformer(KEY, b"salt", length)
    body = bytearray(gcm.seal(b"spi!seq!", bytes(8), bytes(40)))
    body[position] ^= 1
    with pytest.raises(BadIcv):
        gcm.open(b"spi!seq!", bytes(body))
