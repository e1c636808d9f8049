"""Phase 1 hash algorithms by wire number, and their HMAC, which is IKEv1's PRF.

Sources: RFC 2409 4 and Appendix A, RFC 2104; SHA-2 numbers by IANA.
"""

import hashlib
import hmac
from dataclasses import dataclass

from gwsim.crypto.errors import UnsupportedAlgorithm


@dataclass(frozen=True, slots=True)
class Hash:
    """A phase 1 hash: wire number, name in a report, octets of a digest.

    `weakness` says in words what is weak about it, empty for a sound one.
    """

    number: int
    name: str
    digest_size: int
    weakness: str = ""

    @property
    def weak(self) -> bool:
        """Say whether a report should mark the hash."""
        return bool(self.weakness)


HASHES: dict[int, Hash] = {
    1: Hash(1, "MD5", 16, "MD5"),
    2: Hash(2, "SHA-1", 20),
    4: Hash(4, "SHA2-256", 32),
    5: Hash(5, "SHA2-384", 48),
    6: Hash(6, "SHA2-512", 64),
}

_PYTHON_NAMES = {1: "md5", 2: "sha1", 4: "sha256", 5: "sha384", 6: "sha512"}


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
    return hashlib.new(_python_name(hash_number), data, usedforsecurity=False).digest()


def prf(hash_number: int, key: bytes, data: bytes) -> bytes:
    """Compute prf(key, data): the HMAC of the negotiated hash (RFC 2409 4).

    Raises UnsupportedAlgorithm for an unknown number.
    """
    return hmac.digest(key, data, _python_name(hash_number))


def constant_time_equal(a: bytes, b: bytes) -> bool:
    """Compare two hashes without telling by the time taken where they differ."""
    return hmac.compare_digest(a, b)


def _python_name(hash_number: int) -> str:
    name = _PYTHON_NAMES.get(hash_number)
    if name is None:
        raise UnsupportedAlgorithm(f"hash algorithm {hash_number} is not supported")
    return name
