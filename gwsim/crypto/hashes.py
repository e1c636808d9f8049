"""Phase 1 hash algorithms by wire number, and their HMAC, which is IKEv1's PRF.

Sources: RFC 2409 4 and Appendix A, RFC 2104; SHA-2 numbers by IANA.
"""

import hashlib
import hmac
from dataclasses import dataclass

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.wire.numbers import HashAlgorithm


@dataclass(frozen=True, slots=True)
class Hash:
    """A phase 1 hash: wire number, name in a report and in Python's library, octets of a digest.

    `weakness` says in words what is weak about it, empty for a sound one.
    """

    number: int
    name: str
    library_name: str
    digest_size: int
    weakness: str = ""

    @property
    def weak(self) -> bool:
        """Say whether a report should mark the hash."""
        return bool(self.weakness)


HASHES: dict[int, Hash] = {
    of.number: of
    for of in (
        Hash(HashAlgorithm.MD5, "MD5", "md5", 16, "MD5"),
        Hash(HashAlgorithm.SHA1, "SHA-1", "sha1", 20),
        Hash(HashAlgorithm.SHA2_256, "SHA2-256", "sha256", 32),
        Hash(HashAlgorithm.SHA2_384, "SHA2-384", "sha384", 48),
        Hash(HashAlgorithm.SHA2_512, "SHA2-512", "sha512", 64),
    )
}
"""Every hash there is, by its wire number."""


def hash_algorithm(hash_number: int) -> Hash:
    """Find a hash by its wire number.

    Raises UnsupportedAlgorithm for a number that is not in HASHES.
    """
    found = HASHES.get(hash_number)
    if found is None:
        raise UnsupportedAlgorithm(f"hash algorithm {hash_number} is not supported")
    return found


def digest(hash_number: int, data: bytes) -> bytes:
    """Hash octets with a phase 1 hash.

    Raises UnsupportedAlgorithm for an unknown number.
    """
    return hashlib.new(_name(hash_number), data, usedforsecurity=False).digest()


def prf(hash_number: int, key: bytes, data: bytes) -> bytes:
    """Compute prf(key, data): the HMAC of the negotiated hash (RFC 2409 4).

    Raises UnsupportedAlgorithm for an unknown number.
    """
    return hmac.digest(key, data, _name(hash_number))


def constant_time_equal(a: bytes, b: bytes) -> bool:
    """Compare two hashes without telling by the time taken where they differ."""
    return hmac.compare_digest(a, b)


def _name(hash_number: int) -> str:
    return hash_algorithm(hash_number).library_name
