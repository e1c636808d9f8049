"""The CBC ciphers of phase 1, by wire number.

Sources: RFC 2409 Appendix A and B, RFC 2451 (Blowfish, CAST), RFC 3602 (AES).
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import CAST5, Blowfish, TripleDES
from cryptography.hazmat.primitives import ciphers as library
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from gwsim.crypto.errors import CryptoError, UnsupportedAlgorithm
from gwsim.wire.numbers import Encryption


@dataclass(frozen=True, slots=True)
class Cipher:
    """A phase 1 cipher: wire number, name in a report, octets of a block, legal key lengths.

    `key_bits` counts the key as it is used, parity bits included (64 for DES). `variable` says
    that the KEY_LENGTH attribute belongs to it (RFC 2409 Appendix A, 14); `default_bits` is the
    key length when the attribute is absent, None where it must be present. `weakness` says in
    words what is weak about it, empty for a sound one.
    """

    number: int
    name: str
    block_size: int
    key_bits: tuple[int, ...]
    variable: bool
    default_bits: int | None
    weakness: str = ""

    @property
    def weak(self) -> bool:
        """Say whether a report should mark the cipher."""
        return bool(self.weakness)


CIPHERS: dict[int, Cipher] = {
    of.number: of
    for of in (
        Cipher(Encryption.DES_CBC, "DES", 8, (64,), False, 64, "DES: 56-bit key"),
        Cipher(
            Encryption.BLOWFISH_CBC,
            "Blowfish",
            8,
            tuple(range(40, 449, 8)),
            True,
            448,
            "Blowfish: 64-bit block",
        ),
        Cipher(Encryption.TRIPLE_DES_CBC, "3DES", 8, (192,), False, 192, "3DES: 64-bit block"),
        Cipher(
            Encryption.CAST_CBC,
            "CAST",
            8,
            tuple(range(40, 129, 8)),
            True,
            128,
            "CAST: 64-bit block",
        ),
        Cipher(Encryption.AES_CBC, "AES", 16, (128, 192, 256), True, None),
    )
}
"""Every cipher there is, by its wire number."""


def _single_des(key: bytes) -> TripleDES:
    """DES is 3DES with one key three times: encrypt, decrypt, encrypt cancel out."""
    return TripleDES(key * 3)


_ALGORITHMS: dict[int, Callable[[bytes], library.CipherAlgorithm]] = {
    Encryption.DES_CBC: _single_des,
    Encryption.BLOWFISH_CBC: Blowfish,
    Encryption.TRIPLE_DES_CBC: TripleDES,
    Encryption.CAST_CBC: CAST5,
    Encryption.AES_CBC: AES,
}


def cipher(number: int) -> Cipher:
    """Find a cipher by its wire number.

    Raises UnsupportedAlgorithm for a number that is not in CIPHERS.
    """
    found = CIPHERS.get(number)
    if found is None:
        raise UnsupportedAlgorithm(f"encryption algorithm {number} is not supported")
    return found


def key_length(number: int, key_bits: int | None) -> int:
    """Give the octets of key a transform asks for; `key_bits` is its KEY_LENGTH or None.

    Raises UnsupportedAlgorithm for an unknown cipher, for KEY_LENGTH on a cipher with a fixed key
    (RFC 2409 Appendix A), without it on AES (RFC 3602 5.3), or for an illegal length.
    """
    of = cipher(number)
    if key_bits is None:
        if of.default_bits is None:
            raise UnsupportedAlgorithm(f"{of.name} without a key length")
        return of.default_bits // 8
    if not of.variable:
        raise UnsupportedAlgorithm(f"{of.name} has no key length attribute")
    if key_bits not in of.key_bits:
        raise UnsupportedAlgorithm(f"{of.name} with a key of {key_bits} bits")
    return key_bits // 8


def encrypt(number: int, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Encrypt whole blocks in CBC mode.

    Raises UnsupportedAlgorithm for an unknown cipher, CryptoError for a key, IV or data of the
    wrong length.
    """
    context = _cbc(number, key, iv, data).encryptor()
    return context.update(data) + context.finalize()


def decrypt(number: int, key: bytes, iv: bytes, data: bytes) -> bytes:
    """Decrypt whole blocks in CBC mode.

    Raises UnsupportedAlgorithm for an unknown cipher, CryptoError for a key, IV or data of the
    wrong length.
    """
    context = _cbc(number, key, iv, data).decryptor()
    return context.update(data) + context.finalize()


def _cbc(number: int, key: bytes, iv: bytes, data: bytes) -> library.Cipher[CBC]:
    of = cipher(number)
    if len(key) * 8 not in of.key_bits:
        raise CryptoError(f"{of.name} key has {len(key)} octets")
    if len(iv) != of.block_size:
        raise CryptoError(f"{of.name} IV has {len(iv)} octets, not {of.block_size}")
    if len(data) % of.block_size:
        raise CryptoError(f"{len(data)} octets are not whole blocks of {of.block_size}")
    return library.Cipher(_ALGORITHMS[number](key), CBC(iv))
