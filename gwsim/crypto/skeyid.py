"""The key schedule and the hashes of IKEv1: one function per formula.

Names are RFC 2409's. `h` is the wire number of the negotiated hash, whose HMAC is the prf; nonces
and IDs are payload bodies (without the generic header, as the RFC's suffix `_b`), cookies have 8
octets, message IDs are numbers. Every function raises UnsupportedAlgorithm for an unknown hash.
"""

from gwsim.crypto.hashes import digest, prf


def skeyid_psk(hash_number: int, psk: bytes, nonce_i: bytes, nonce_r: bytes) -> bytes:
    """SKEYID = prf(pre-shared-key, Ni_b | Nr_b) (RFC 2409 5)."""
    return prf(hash_number, psk, nonce_i + nonce_r)


def skeyid_d(h: int, skeyid: bytes, g_xy: bytes, cky_i: bytes, cky_r: bytes) -> bytes:
    """SKEYID_d = prf(SKEYID, g^xy | CKY-I | CKY-R | 0) (RFC 2409 5)."""
    return prf(h, skeyid, g_xy + cky_i + cky_r + b"\x00")


def skeyid_a(
    h: int, skeyid: bytes, skeyid_d: bytes, g_xy: bytes, cky_i: bytes, cky_r: bytes
) -> bytes:
    """SKEYID_a = prf(SKEYID, SKEYID_d | g^xy | CKY-I | CKY-R | 1) (RFC 2409 5)."""
    return prf(h, skeyid, skeyid_d + g_xy + cky_i + cky_r + b"\x01")


def skeyid_e(
    h: int, skeyid: bytes, skeyid_a: bytes, g_xy: bytes, cky_i: bytes, cky_r: bytes
) -> bytes:
    """SKEYID_e = prf(SKEYID, SKEYID_a | g^xy | CKY-I | CKY-R | 2) (RFC 2409 5)."""
    return prf(h, skeyid, skeyid_a + g_xy + cky_i + cky_r + b"\x02")


def encryption_key(h: int, skeyid_e: bytes, length: int) -> bytes:
    """Take `length` octets of cipher key from SKEYID_e (RFC 2409 Appendix B).

    Where SKEYID_e is too short the key is Ka = K1 | K2 | ..., K1 = prf(SKEYID_e, 0) and
    Kn = prf(SKEYID_e, Kn-1). The weak DES keys (one in 2^52) are not skipped; no peer does.
    """
    if length <= len(skeyid_e):
        return skeyid_e[:length]
    block = prf(h, skeyid_e, b"\x00")
    key = block
    while len(key) < length:
        block = prf(h, skeyid_e, block)
        key += block
    return key[:length]


def hash_i(
    h: int,
    skeyid: bytes,
    g_xi: bytes,
    g_xr: bytes,
    cky_i: bytes,
    cky_r: bytes,
    sai_b: bytes,
    idii_b: bytes,
) -> bytes:
    """HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b) (RFC 2409 5).

    `sai_b` is the body of the initiator's SA payload as it was on the wire.
    """
    return prf(h, skeyid, g_xi + g_xr + cky_i + cky_r + sai_b + idii_b)


def hash_r(
    h: int,
    skeyid: bytes,
    g_xr: bytes,
    g_xi: bytes,
    cky_r: bytes,
    cky_i: bytes,
    sai_b: bytes,
    idir_b: bytes,
) -> bytes:
    """HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi_b | IDir_b) (RFC 2409 5).

    `sai_b` is the body of the initiator's SA payload here too.
    """
    return prf(h, skeyid, g_xr + g_xi + cky_r + cky_i + sai_b + idir_b)


def hash_1(h: int, skeyid_a: bytes, message_id: int, rest: bytes) -> bytes:
    """HASH(1) = prf(SKEYID_a, M-ID | rest) (RFC 2409 5.5; informational exchange 5.7).

    `rest` is everything after the HASH payload as sent: generic headers, no padding.
    """
    return prf(h, skeyid_a, message_id.to_bytes(4, "big") + rest)


def hash_2(h: int, skeyid_a: bytes, message_id: int, nonce_i_b: bytes, rest: bytes) -> bytes:
    """HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest) (RFC 2409 5.5)."""
    return prf(h, skeyid_a, message_id.to_bytes(4, "big") + nonce_i_b + rest)


def hash_3(h: int, skeyid_a: bytes, message_id: int, nonce_i_b: bytes, nonce_r_b: bytes) -> bytes:
    """HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b) (RFC 2409 5.5)."""
    return prf(h, skeyid_a, b"\x00" + message_id.to_bytes(4, "big") + nonce_i_b + nonce_r_b)


def phase1_iv(h: int, g_xi: bytes, g_xr: bytes, block_size: int) -> bytes:
    """IV of the first encrypted phase 1 message: hash(g^xi | g^xr), cut (RFC 2409 Appendix B)."""
    return digest(h, g_xi + g_xr)[:block_size]


def phase2_iv(h: int, last_block: bytes, message_id: int, block_size: int) -> bytes:
    """IV of an exchange under phase 1: hash(last block | M-ID), cut (RFC 2409 Appendix B).

    `last_block` is the last cipher block of phase 1, for quick mode and informational alike.
    """
    return digest(h, last_block + message_id.to_bytes(4, "big"))[:block_size]


def nat_d(h: int, cky_i: bytes, cky_r: bytes, address: bytes, port: int) -> bytes:
    """NAT-D = HASH(CKY-I | CKY-R | IP | Port) (RFC 3947 3.2); `address` in network order."""
    return digest(h, cky_i + cky_r + address + port.to_bytes(2, "big"))


def keymat(
    h: int,
    skeyid_d: bytes,
    protocol: int,
    spi: bytes,
    nonce_i_b: bytes,
    nonce_r_b: bytes,
    length: int,
    g_qm_xy: bytes | None = None,
) -> bytes:
    """KEYMAT of one direction, `length` octets (RFC 2409 5.5).

    K1 = prf(SKEYID_d, [g(qm)^xy |] protocol | SPI | Ni_b | Nr_b), Kn = prf(SKEYID_d, Kn-1 | same);
    `g_qm_xy` only with PFS. `spi` is chosen by the receiver, so each direction has its own keys.
    """
    seed = (g_qm_xy or b"") + bytes((protocol,)) + spi + nonce_i_b + nonce_r_b
    block = b""
    material = b""
    while len(material) < length:
        block = prf(h, skeyid_d, block + seed)
        material += block
    return material[:length]
