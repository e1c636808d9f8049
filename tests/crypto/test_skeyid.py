"""The formulas of RFC 2409 against recorded handshakes, libreswan's example and the RFC's text."""

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto import ciphers, dh, hashes, skeyid
from gwsim.crypto.errors import UnsupportedAlgorithm

from .vectors import cases, load, octets

SHA1, AES = 2, 7


@pytest.mark.parametrize("case", cases("skeyid"))
def test_published_skeyids(case):
    h = case["hash"]
    psk, ni, nr, g_xy, cky_i, cky_r = octets(case, "psk", "ni_b", "nr_b", "g_xy", "cky_i", "cky_r")
    key = skeyid.skeyid_psk(h, psk, ni, nr)
    key_d = skeyid.skeyid_d(h, key, g_xy, cky_i, cky_r)
    key_a = skeyid.skeyid_a(h, key, key_d, g_xy, cky_i, cky_r)
    key_e = skeyid.skeyid_e(h, key, key_a, g_xy, cky_i, cky_r)
    assert [key, key_d, key_a, key_e] == octets(case, "skeyid", "skeyid_d", "skeyid_a", "skeyid_e")


@pytest.mark.parametrize("case", cases("aggressive_mode"))
def test_hash_r_of_real_gateways(case):
    """HASH_R as NetScreens and a FireWall-1 sent it, MD5 and SHA-1, keys to 65 octets."""
    h = case["hash"]
    ni, nr, g_xr, g_xi, cky_r, cky_i, sai_b, idir_b, sent = octets(
        case, "ni_b", "nr_b", "g_xr", "g_xi", "cky_r", "cky_i", "sai_b", "idir_b", "hash_r"
    )
    key = skeyid.skeyid_psk(h, case["psk"].encode(), ni, nr)
    assert skeyid.hash_r(h, key, g_xr, g_xi, cky_r, cky_i, sai_b, idir_b) == sent


def payloads(first, message):
    """Walk a decrypted message: (type, body) of each payload, and the octets without padding."""
    found, offset, kind = [], 0, first
    while kind:
        length = int.from_bytes(message[offset + 2 : offset + 4], "big")
        found.append((kind, message[offset + 4 : offset + length]))
        kind, offset = message[offset], offset + length
    return found, message[:offset]


class RecordedMainMode:
    """The keys of the recorded handshake and its messages, decrypted along the IV chain."""

    def __init__(self):
        recorded = load("main_mode")
        self.wire = {k: bytes.fromhex(v) for k, v in recorded["messages"].items()}
        self.cky_i, self.cky_r = self.wire["main-2"][:8], self.wire["main-2"][8:16]
        self.sai_b = self.wire["main-1"][32:]
        self.g_xi, self.g_xr = self.wire["main-3"][32:160], self.wire["main-4"][32:160]
        self.ni, self.nr = self.wire["main-3"][164:], self.wire["main-4"][164:]
        pair = dh.key_pair(2, int(recorded["initiator_private"], 16))
        g_xy = dh.shared_secret(pair, self.g_xr)
        peers = (g_xy, self.cky_i, self.cky_r)
        self.skeyid = skeyid.skeyid_psk(SHA1, recorded["psk"].encode(), self.ni, self.nr)
        self.skeyid_d = skeyid.skeyid_d(SHA1, self.skeyid, *peers)
        self.skeyid_a = skeyid.skeyid_a(SHA1, self.skeyid, self.skeyid_d, *peers)
        skeyid_e = skeyid.skeyid_e(SHA1, self.skeyid, self.skeyid_a, *peers)
        self.key = skeyid.encryption_key(SHA1, skeyid_e, 16)

    def decrypt(self, label, iv):
        """Give the payloads of an encrypted message, its octets and its last cipher block."""
        message = self.wire[label]
        plain = ciphers.decrypt(AES, self.key, iv, message[28:])
        return *payloads(message[16], plain), message[-16:]


def test_recorded_main_mode():
    """IV, HASH_I and HASH_R of messages that a real responder accepted and sent."""
    seen = RecordedMainMode()
    iv = skeyid.phase1_iv(SHA1, seen.g_xi, seen.g_xr, 16)
    main_5, _, iv = seen.decrypt("main-5", iv)
    main_6, _, _ = seen.decrypt("main-6", iv)
    (_, idii_b), (_, hash_i) = main_5
    (_, idir_b), (_, hash_r) = main_6
    ours = skeyid.hash_i(
        SHA1, seen.skeyid, seen.g_xi, seen.g_xr, seen.cky_i, seen.cky_r, seen.sai_b, idii_b
    )
    theirs = skeyid.hash_r(
        SHA1, seen.skeyid, seen.g_xr, seen.g_xi, seen.cky_r, seen.cky_i, seen.sai_b, idir_b
    )
    assert (ours, theirs) == (hash_i, hash_r)


def test_recorded_quick_mode():
    """The IV of phase 2 and HASH(1) to HASH(3) of the quick mode that followed."""
    seen = RecordedMainMode()
    message_id = int.from_bytes(seen.wire["quick-1"][20:24], "big")
    iv = skeyid.phase2_iv(SHA1, seen.wire["main-6"][-16:], message_id, 16)
    quick_1, octets_1, iv = seen.decrypt("quick-1", iv)
    quick_2, octets_2, iv = seen.decrypt("quick-2", iv)
    quick_3, _, _ = seen.decrypt("quick-3", iv)
    ni, nr = dict(quick_1)[10], dict(quick_2)[10]
    a = seen.skeyid_a
    assert skeyid.hash_1(SHA1, a, message_id, octets_1[24:]) == quick_1[0][1]
    assert skeyid.hash_2(SHA1, a, message_id, ni, octets_2[24:]) == quick_2[0][1]
    assert skeyid.hash_3(SHA1, a, message_id, ni, nr) == quick_3[0][1]


def test_recorded_keymat():
    """Cipher key, first IV and both directions' KEYMAT of a recorded session without PFS."""
    case = load("keymat")
    ni, nr, g_xy, cky_i, cky_r = octets(case, "ni_b", "nr_b", "g_xy", "cky_i", "cky_r")
    g_xi, g_xr, key, iv = octets(case, "g_xi", "g_xr", "key", "iv")
    quick_ni, quick_nr = octets(case, "quick_ni_b", "quick_nr_b")
    root = skeyid.skeyid_psk(SHA1, case["psk"].encode(), ni, nr)
    key_d = skeyid.skeyid_d(SHA1, root, g_xy, cky_i, cky_r)
    key_a = skeyid.skeyid_a(SHA1, root, key_d, g_xy, cky_i, cky_r)
    key_e = skeyid.skeyid_e(SHA1, root, key_a, g_xy, cky_i, cky_r)
    assert skeyid.encryption_key(SHA1, key_e, 16) == key
    assert skeyid.phase1_iv(SHA1, g_xi, g_xr, 16) == iv
    for spi, material in case["keymat"].items():
        expected = bytes.fromhex(material)
        found = skeyid.keymat(SHA1, key_d, 3, bytes.fromhex(spi), quick_ni, quick_nr, len(expected))
        assert found == expected


def sha1_prf(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha1).digest()


@pytest.mark.parametrize("length", [0, 8, 16, 20])
def test_a_short_key_is_the_head_of_skeyid_e(length):
    source = bytes(range(20))
    assert skeyid.encryption_key(SHA1, source, length) == source[:length]


@pytest.mark.parametrize("length", [21, 24, 32, 40, 41, 56])
def test_a_long_key_is_expanded_from_zero(length):
    """RFC 2409 Appendix B: AES-256 and 3DES under SHA-1 need more than SKEYID_e has."""
    source = bytes(range(20))
    k1 = sha1_prf(source, b"\x00")
    k2 = sha1_prf(source, k1)
    k3 = sha1_prf(source, k2)
    assert skeyid.encryption_key(SHA1, source, length) == (k1 + k2 + k3)[:length]


def test_keymat_with_pfs():
    """K1 = prf(SKEYID_d, g(qm)^xy | protocol | SPI | Ni | Nr), Kn takes Kn-1 in front."""
    key, g_xy, spi, ni, nr = b"d" * 20, b"g" * 128, b"\x00\x00\x10\x01", b"i" * 16, b"r" * 16
    seed = (g_xy, b"\x03", spi, ni, nr)
    k1 = sha1_prf(key, *seed)
    k2 = sha1_prf(key, k1, *seed)
    k3 = sha1_prf(key, k2, *seed)
    assert skeyid.keymat(SHA1, key, 3, spi, ni, nr, 52, g_xy) == (k1 + k2 + k3)[:52]


@settings(deadline=None)
@given(number=st.sampled_from(list(hashes.HASHES)), length=st.integers(0, 200))
def test_keymat_of_any_length_is_a_prefix_of_the_longest(number, length):
    arguments = (number, b"d" * 20, 3, b"spi!", b"i" * 8, b"r" * 8)
    assert skeyid.keymat(*arguments, length) == skeyid.keymat(*arguments, 200)[:length]


def test_nat_d():
    """NAT-D = HASH(CKY-I | CKY-R | IP | Port) (RFC 3947 3.2)."""
    cookies, address = (b"initiatr", b"respondr"), bytes([203, 0, 113, 1])
    expected = hashlib.md5(b"initiatrrespondr\xcb\x00\x71\x01\x11\x94").digest()
    assert skeyid.nat_d(1, *cookies, address, 4500) == expected


@pytest.mark.parametrize(("number", "block"), [(1, 8), (1, 16), (2, 8), (2, 16), (6, 16)])
def test_ivs_are_as_long_as_a_block(number, block):
    assert len(skeyid.phase1_iv(number, b"i", b"r", block)) == block
    assert len(skeyid.phase2_iv(number, bytes(block), 0x1234, block)) == block


def test_an_unknown_hash_is_refused():
    with pytest.raises(UnsupportedAlgorithm):
        skeyid.skeyid_psk(99, b"psk", b"ni", b"nr")
    with pytest.raises(UnsupportedAlgorithm):
        skeyid.nat_d(99, b"", b"", b"", 500)
