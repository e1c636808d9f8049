"""What cryptography costs: groups, ESP suites beside the bare library calls, the key schedule.

Run with `pytest benchmarks/bench_crypto.py`; nothing is asserted about time.
"""

import hmac
from random import Random

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from gwsim.crypto import dh, skeyid
from gwsim.crypto.esp import EspCipher, EspSuite, pad, suite, unpad

SIZES = [64, 1400]
SUITES = [
    suite(2, None, 1),
    suite(3, None, 2),
    suite(11, None, 2),
    suite(12, 128, 2),
    suite(12, 256, 2),
    suite(12, 256, 5),
    suite(12, 256, 7),
    suite(13, 128, 2),
    suite(20, 128, None),
    suite(20, 256, None),
]


def name(of: object) -> str:
    return of.name if isinstance(of, EspSuite) else str(of)


@pytest.mark.benchmark(group="Diffie-Hellman: generate and agree")
@pytest.mark.parametrize("number", dh.GROUPS)
def test_dh(benchmark, number):
    rng = Random(1)
    peer = dh.generate(number, rng).public

    def one_end() -> bytes:
        return dh.shared_secret(dh.generate(number, rng), peer)

    assert len(benchmark(one_end)) == dh.group(number).secret_length


@pytest.mark.benchmark(group="phase 1 key schedule, one end")
@pytest.mark.parametrize("h", [1, 2, 4])
def test_phase1_keys(benchmark, h):
    """SKEYID to the cipher key of AES-256, both hashes, the first IV."""
    g_xy, g_xi, g_xr = (Random(i).randbytes(128) for i in range(3))
    cky_i, cky_r, nonce_i, nonce_r = (bytes([i]) * 16 for i in range(4))

    def schedule() -> bytes:
        key = skeyid.skeyid_psk(h, b"secret", nonce_i, nonce_r)
        key_d = skeyid.skeyid_d(h, key, g_xy, cky_i, cky_r)
        key_a = skeyid.skeyid_a(h, key, key_d, g_xy, cky_i, cky_r)
        key_e = skeyid.skeyid_e(h, key, key_a, g_xy, cky_i, cky_r)
        skeyid.hash_i(h, key, g_xi, g_xr, cky_i, cky_r, g_xy, b"id")
        skeyid.hash_r(h, key, g_xr, g_xi, cky_r, cky_i, g_xy, b"id")
        skeyid.phase1_iv(h, g_xi, g_xr, 16)
        return skeyid.encryption_key(h, key_e, 32)

    assert len(benchmark(schedule)) == 32


@pytest.mark.benchmark(group="a new association: keys and contexts")
@pytest.mark.parametrize("of", [suite(12, 128, 2), suite(20, 256, None)], ids=name)
def test_new_association(benchmark, of):
    keymat = bytes(of.keymat_length)
    assert benchmark(EspCipher, of, keymat).suite == of


@pytest.mark.benchmark(group="ESP seal")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("of", SUITES, ids=name)
def test_seal(benchmark, of, size):
    end = EspCipher(of, bytes(range(of.keymat_length)))
    inner, iv = bytes(size), bytes(of.iv_length)

    def packet() -> bytes:
        return end.seal(0x1001, 1, pad(inner, 4, of.block_size), iv)

    assert len(benchmark(packet)) > size


@pytest.mark.benchmark(group="ESP open")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("of", SUITES, ids=name)
def test_open(benchmark, of, size):
    end = EspCipher(of, bytes(range(of.keymat_length)))
    packet = end.seal(0x1001, 1, pad(bytes(size), 4, of.block_size), bytes(of.iv_length))

    def inner() -> tuple[bytes, int]:
        return unpad(end.open(packet))

    assert benchmark(inner) == (bytes(size), 4)


@pytest.mark.benchmark(group="bare library: cipher of one packet in a running context, HMAC apart")
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cipher", ["AES-128-CBC", "3DES-CBC", "AES-128-GCM", "HMAC-SHA1"])
def test_bare_library(benchmark, cipher, size):
    data = pad(bytes(size), 4, 16)
    if cipher == "AES-128-GCM":
        aead = AESGCM(bytes(16))
        benchmark(aead.encrypt, bytes(12), data, bytes(8))
    elif cipher == "HMAC-SHA1":
        benchmark(hmac.digest, bytes(20), data, "sha1")
    else:
        block, key = (16, AES(bytes(16))) if cipher == "AES-128-CBC" else (8, TripleDES(bytes(24)))
        context = Cipher(key, CBC(bytes(block))).encryptor()
        benchmark(context.update, data)
