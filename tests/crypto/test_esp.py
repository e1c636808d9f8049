"""Whole ESP packets: published ones, every suite there and back, damage, order, determinism."""

import hashlib
import hmac
from contextlib import suppress
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto.errors import BadIcv, BadPadding, CryptoError, UnsupportedAlgorithm
from gwsim.crypto.esp import EspCipher, EspSuite, pad, suite, unpad
from gwsim.crypto.esp_suites import ENCRYPTIONS, INTEGRITIES

from .vectors import cases, octets

SUITES = [
    made
    for transform, bits, authentication, truncated in product(
        ENCRYPTIONS, (None, 128, 192, 256), (None, *INTEGRITIES), (False, True)
    )
    if (made := EspSuite(transform, bits, authentication, truncated)).valid()
]
AUTHENTIC = [made for made in SUITES if made.icv_length]
CBC_SHA1 = suite(12, 128, 2)


def pair(of: EspSuite, seed: int = 1) -> tuple[EspCipher, EspCipher]:
    """Two ends of one association."""
    keymat = Random(seed).randbytes(of.keymat_length)
    return EspCipher(of, keymat), EspCipher(of, keymat)


def sealed(end: EspCipher, inner: bytes, sequence: int = 1, esn_high: int | None = None) -> bytes:
    """One packet of tunnel mode; the IV source is the sequence number."""
    iv = sequence.to_bytes(end.suite.iv_length, "big") if end.suite.iv_length else b""
    return end.seal(0x1001, sequence, pad(inner, 4, end.suite.block_size), iv, esn_high)


@pytest.mark.parametrize("case", cases("esp_cbc"))
def test_published_packet_of_aes_cbc(case):
    """RFC 3602's pings, transport and tunnel mode, without authentication."""
    key, packet, inner = octets(case, "key", "packet", "inner")
    plaintext = EspCipher(suite(12, 128, None), key).open(packet)
    assert unpad(plaintext) == (inner, case["next_header"])
    assert pad(inner, case["next_header"], 16) == plaintext


@pytest.mark.parametrize("case", cases("esp_gcm"))
def test_published_packet_of_aes_gcm(case):
    """The packets of the GCM test draft, with and without extended sequence numbers."""
    key, salt, iv, plaintext, packet = octets(case, "key", "salt", "iv", "plaintext", "packet")
    end = EspCipher(suite(20, len(key) * 8, None), key + salt)
    esn_high = case["esn_high"]
    assert end.seal(case["spi"], case["sequence"], plaintext, iv, esn_high) == packet
    assert end.open(packet, esn_high) == plaintext
    end.verify(packet, esn_high)


@pytest.mark.parametrize("case", cases("ctr"))
def test_published_ctr_inside_a_packet(case):
    key, nonce, iv, plaintext, ciphertext = octets(
        case, "key", "nonce", "iv", "plaintext", "ciphertext"
    )
    end = EspCipher(suite(13, len(key) * 8, 2), key + nonce + bytes(20))
    packet = end.seal(0x1001, 7, plaintext, iv)
    assert packet[8:-12] == iv + ciphertext
    assert end.open(packet) == plaintext


@pytest.mark.parametrize("of", SUITES, ids=lambda of: of.name)
@pytest.mark.parametrize("esn_high", [None, 3])
def test_every_suite_there_and_back(of, esn_high):
    sender, receiver = pair(of)
    for sequence, size in enumerate((0, 1, 28, 84, 1400), 1):
        inner = Random(size).randbytes(size)
        packet = sealed(sender, inner, sequence, esn_high)
        assert packet[:8] == b"\x00\x00\x10\x01" + sequence.to_bytes(4, "big")
        assert len(packet) == 8 + of.iv_length + len(pad(inner, 4, of.block_size)) + of.icv_length
        receiver.verify(packet, esn_high)
        assert unpad(receiver.open(packet, esn_high)) == (inner, 4)


@pytest.mark.parametrize("of", AUTHENTIC, ids=lambda of: of.name)
def test_damage_to_any_part_is_seen(of):
    sender, receiver = pair(of)
    packet = sealed(sender, b"payload")
    for position in (0, 7, 8, len(packet) - of.icv_length - 1, len(packet) - 1):
        broken = bytearray(packet)
        broken[position] ^= 0x40
        with pytest.raises(BadIcv):
            receiver.open(bytes(broken))
        with pytest.raises(BadIcv):
            receiver.verify(bytes(broken))
    assert unpad(receiver.open(packet)) == (b"payload", 4)


@pytest.mark.parametrize("of", AUTHENTIC, ids=lambda of: of.name)
def test_the_high_half_of_the_sequence_number_is_authenticated(of):
    sender, receiver = pair(of)
    packet = sealed(sender, b"payload", esn_high=1)
    for wrong in (None, 0, 2):
        with pytest.raises(BadIcv):
            receiver.open(packet, wrong)
    receiver.verify(packet, 1)


@pytest.mark.parametrize(
    ("authentication", "name", "kept"),
    [(1, "md5", 12), (2, "sha1", 12), (5, "sha256", 16), (6, "sha384", 24), (7, "sha512", 32)],
)
def test_icv_is_the_truncated_hmac_of_the_packet(authentication, name, kept):
    """Computed again with the standard library, with and without the high half (RFC 4303 2.8)."""
    of = suite(12, 128, authentication)
    keymat = bytes(range(of.keymat_length))
    for esn_high, tail in ((None, b""), (5, b"\x00\x00\x00\x05")):
        packet = sealed(EspCipher(of, keymat), b"payload", esn_high=esn_high)
        expected = hmac.new(keymat[16:], packet[:-kept] + tail, name).digest()[:kept]
        assert packet[-kept:] == expected


def test_the_sha256_mistake_does_not_interoperate():
    """96 against 128 bits: each end finds the other's ICV wrong, as between old and new stacks."""
    keymat = bytes(range(48))
    right = EspCipher(suite(12, 128, 5), keymat)
    wrong = EspCipher(suite(12, 128, 5, True), keymat)
    assert hashlib.sha256().digest_size == 32
    for sender, receiver in ((right, wrong), (wrong, right)):
        with pytest.raises(BadIcv):
            receiver.open(sealed(sender, b"payload"))


@pytest.mark.parametrize("of", SUITES, ids=lambda of: of.name)
def test_same_history_gives_the_same_octets(of):
    first, second = pair(of)
    history = [sealed(first, bytes([i]) * i, i) for i in range(1, 6)]
    assert history == [sealed(second, bytes([i]) * i, i) for i in range(1, 6)]


@pytest.mark.parametrize("of", [CBC_SHA1, suite(3, None, 1), suite(20, 128, None)])
def test_packets_are_opened_in_any_order_and_after_damage(of):
    sender, receiver = pair(of)
    packets = [sealed(sender, bytes([i]) * 60, i) for i in range(1, 9)]
    for i in (5, 0, 7, 7, 2):
        with pytest.raises(BadIcv):
            receiver.open(packets[i][:-1] + bytes([packets[i][-1] ^ 1]))
        assert unpad(receiver.open(packets[i])) == (bytes([i + 1]) * 60, 4)


@settings(deadline=None)
@given(st.sampled_from(SUITES), st.binary(max_size=200), st.one_of(st.none(), st.integers(0, 9)))
def test_any_octets_are_opened_or_refused(of, packet, esn_high):
    """A receiver raises BadIcv or BadPadding, and goes on working."""
    sender, receiver = pair(of)
    with suppress(BadIcv, BadPadding):
        unpad(receiver.open(packet, esn_high))
    assert unpad(receiver.open(sealed(sender, b"payload"))) == (b"payload", 4)


@pytest.mark.parametrize("of", AUTHENTIC, ids=lambda of: of.name)
def test_a_packet_too_short_for_its_icv(of):
    _, receiver = pair(of)
    for size in (0, 7, 8 + of.iv_length + of.icv_length - 1):
        with pytest.raises(BadIcv, match="too short"):
            receiver.open(bytes(size))
        with pytest.raises(BadIcv, match="too short"):
            receiver.verify(bytes(size))


def test_an_authentic_part_of_a_block_is_refused_and_does_not_spoil_the_context():
    sender, receiver = pair(CBC_SHA1)
    good = sealed(sender, b"payload")
    body = good[:-12] + b"odd"
    keymat = Random(1).randbytes(CBC_SHA1.keymat_length)
    odd = body + hmac.new(keymat[16:], body, "sha1").digest()[:12]
    receiver.verify(odd)
    with pytest.raises(BadPadding, match="whole blocks"):
        receiver.open(odd)
    assert unpad(receiver.open(good)) == (b"payload", 4)


def test_without_integrity_a_wrong_key_shows_only_in_the_padding():
    of = suite(12, 128, None)
    packet = sealed(EspCipher(of, bytes(16)), bytes(100))
    stranger = EspCipher(of, b"\x01" * 16)
    stranger.verify(packet)
    with pytest.raises(BadPadding):
        unpad(stranger.open(packet))


def test_seal_refuses_parts_of_blocks_and_other_ivs():
    end, _ = pair(CBC_SHA1)
    with pytest.raises(CryptoError, match="whole blocks"):
        end.seal(0x1001, 1, bytes(15), bytes(16))
    with pytest.raises(CryptoError, match="IV source has 8 octets, not 16"):
        end.seal(0x1001, 1, bytes(16), bytes(8))


@pytest.mark.parametrize("of", SUITES, ids=lambda of: of.name)
def test_keymat_must_have_the_length_of_the_suite(of):
    for length in (of.keymat_length - 1, of.keymat_length + 1):
        with pytest.raises(CryptoError, match="octets of KEYMAT"):
            EspCipher(of, bytes(length))


def test_a_suite_that_cannot_run_makes_no_cipher():
    with pytest.raises(UnsupportedAlgorithm):
        EspCipher(EspSuite(11, None, None), b"")
