"""ESP suites: which transforms go together, and the lengths of their keys, IVs and ICVs.

Sources: RFC 4303, 2405 and 2451 (DES, 3DES), 3602 (AES-CBC), 3686 (AES-CTR), 4106 (AES-GCM),
2410 (NULL), 2403 and 2404 (HMAC-MD5-96, HMAC-SHA1-96), 4868 (HMAC-SHA2).
"""

from dataclasses import dataclass
from enum import Enum, auto

from gwsim.crypto.errors import UnsupportedAlgorithm
from gwsim.wire.numbers import EspAuthentication, EspTransform


class Mode(Enum):
    """How a transform turns plaintext into ciphertext."""

    CBC = auto()
    CTR = auto()
    GCM = auto()
    PLAIN = auto()


@dataclass(frozen=True, slots=True)
class EspEncryption:
    """An ESP transform; lengths in octets.

    `name` has a place for the key length where there is a choice. `key_length` is that of a fixed
    key, None where KEY_LENGTH must choose one of AES's. `block_size` is the cipher's own,
    `icv_length` that of a combined mode. `weakness` is empty for a sound transform.
    """

    name: str
    mode: Mode
    key_length: int | None
    salt_length: int
    iv_length: int
    block_size: int
    icv_length: int = 0
    weakness: str = ""


@dataclass(frozen=True, slots=True)
class EspIntegrity:
    """An ESP authentication algorithm; lengths in octets, `name` without the bits kept."""

    name: str
    key_length: int
    icv_length: int
    weakness: str = ""


ENCRYPTIONS: dict[int, EspEncryption] = {
    EspTransform.DES: EspEncryption("DES", Mode.CBC, 8, 0, 8, 8, weakness="DES: 56-bit key"),
    EspTransform.TRIPLE_DES: EspEncryption(
        "3DES", Mode.CBC, 24, 0, 8, 8, weakness="3DES: 64-bit block"
    ),
    EspTransform.NULL: EspEncryption(
        "NULL", Mode.PLAIN, 0, 0, 0, 1, weakness="NULL: no encryption"
    ),
    EspTransform.AES_CBC: EspEncryption("AES-{}-CBC", Mode.CBC, None, 0, 16, 16),
    EspTransform.AES_CTR: EspEncryption("AES-{}-CTR", Mode.CTR, None, 4, 8, 1),
    EspTransform.AES_GCM_8: EspEncryption(
        "AES-{}-GCM-8", Mode.GCM, None, 4, 8, 1, 8, "AES-GCM-8: 64-bit ICV"
    ),
    EspTransform.AES_GCM_12: EspEncryption("AES-{}-GCM-12", Mode.GCM, None, 4, 8, 1, 12),
    EspTransform.AES_GCM_16: EspEncryption("AES-{}-GCM-16", Mode.GCM, None, 4, 8, 1, 16),
}

INTEGRITIES: dict[int, EspIntegrity] = {
    EspAuthentication.HMAC_MD5: EspIntegrity("HMAC-MD5", 16, 12, "MD5"),
    EspAuthentication.HMAC_SHA1: EspIntegrity("HMAC-SHA1", 20, 12),
    EspAuthentication.HMAC_SHA2_256: EspIntegrity("HMAC-SHA2-256", 32, 16),
    EspAuthentication.HMAC_SHA2_384: EspIntegrity("HMAC-SHA2-384", 48, 24),
    EspAuthentication.HMAC_SHA2_512: EspIntegrity("HMAC-SHA2-512", 64, 32),
}

NO_INTEGRITY = EspIntegrity("none", 0, 0, "no integrity check")
TRUNCATED_SHA2_256 = EspIntegrity("HMAC-SHA2-256", 32, 12)
AES_KEY_BITS = (128, 192, 256)


@dataclass(frozen=True, slots=True)
class EspSuite:
    """The algorithms of one ESP security association, by their wire numbers.

    `transform` is an ESP transform identifier, `key_bits` its KEY_LENGTH attribute,
    `authentication` the authentication attribute (None when absent). `truncated_sha256` is the
    well-known mistake of early stacks: HMAC-SHA2-256 cut to 96 bits instead of RFC 4868's 128.

    A suite can be put together that nobody can run: ask `valid`, or make it with `suite`. The
    lengths of such a one raise UnsupportedAlgorithm. All lengths are in octets.
    """

    transform: int
    key_bits: int | None
    authentication: int | None
    truncated_sha256: bool = False

    @property
    def encryption(self) -> EspEncryption:
        """What is known of the transform; raises UnsupportedAlgorithm for an unknown number."""
        found = ENCRYPTIONS.get(self.transform)
        if found is None:
            raise UnsupportedAlgorithm(f"ESP transform {self.transform} is not supported")
        return found

    @property
    def integrity(self) -> EspIntegrity:
        """What is known of the authentication; raises UnsupportedAlgorithm if unknown."""
        if self.authentication is None:
            return NO_INTEGRITY
        if self.truncated_sha256:
            return TRUNCATED_SHA2_256
        found = INTEGRITIES.get(self.authentication)
        if found is None:
            raise UnsupportedAlgorithm(f"ESP authentication {self.authentication} is not supported")
        return found

    @property
    def name(self) -> str:
        """The suite as a report names it: `AES-128-CBC/HMAC-SHA1-96`, `AES-256-GCM-16`."""
        cipher = self.encryption.name.format(self.key_bits)
        if self.authentication is None:
            return cipher
        return f"{cipher}/{self.integrity.name}-{self.integrity.icv_length * 8}"

    @property
    def encryption_key_length(self) -> int:
        """Octets of the cipher's key, without the salt."""
        fixed = self.encryption.key_length
        return (self.key_bits or 0) // 8 if fixed is None else fixed

    @property
    def salt_length(self) -> int:
        """Octets after the cipher key: GCM's salt (RFC 4106 8.1), CTR's nonce (RFC 3686 5.1)."""
        return self.encryption.salt_length

    @property
    def authentication_key_length(self) -> int:
        """Octets of the HMAC key: as long as the digest."""
        return self.integrity.key_length

    @property
    def keymat_length(self) -> int:
        """Octets of KEYMAT for one direction: cipher key, salt, HMAC key in this order."""
        return self.encryption_key_length + self.salt_length + self.authentication_key_length

    def split(self, keymat: bytes) -> tuple[bytes, bytes, bytes]:
        """Cut KEYMAT into cipher key, salt and HMAC key (RFC 4303, RFC 4106 8.1, RFC 3686 5.1)."""
        salt = self.encryption_key_length
        authentication = salt + self.salt_length
        return keymat[:salt], keymat[salt:authentication], keymat[authentication:]

    @property
    def iv_length(self) -> int:
        """Octets of the IV between sequence number and ciphertext."""
        return self.encryption.iv_length

    @property
    def icv_length(self) -> int:
        """Octets of the integrity check value at the end of the packet."""
        return self.encryption.icv_length or self.integrity.icv_length

    @property
    def block_size(self) -> int:
        """What plaintext with its trailer is padded to: the cipher's block, at least 4."""
        return max(4, self.encryption.block_size)

    @property
    def weaknesses(self) -> tuple[str, ...]:
        """What is weak about the suite, in words; empty for a sound one."""
        if self.encryption.mode is Mode.GCM:
            words = [self.encryption.weakness]
        else:
            words = [self.encryption.weakness, self.integrity.weakness]
        return tuple(word for word in words if word)

    @property
    def weak(self) -> bool:
        """Say whether a report should mark the suite."""
        return bool(self.weaknesses)

    def valid(self) -> bool:
        """Say whether the algorithms are known and go together."""
        try:
            self.require_valid()
        except UnsupportedAlgorithm:
            return False
        return True

    def require_valid(self) -> None:
        """Raise UnsupportedAlgorithm, with the reason, for a suite that cannot run."""
        self._require_key_length()
        if self.truncated_sha256 and self.authentication != EspAuthentication.HMAC_SHA2_256:
            raise UnsupportedAlgorithm("only HMAC-SHA2-256 is known to be cut to 96 bits")
        self._require_integrity()

    def _require_key_length(self) -> None:
        if self.encryption.key_length is None:
            if self.key_bits not in AES_KEY_BITS:
                raise UnsupportedAlgorithm(f"AES with a key length of {self.key_bits}")
        elif self.key_bits is not None:
            raise UnsupportedAlgorithm(f"{self.encryption.name} has no key length attribute")

    def _require_integrity(self) -> None:
        mode, integrity = self.encryption.mode, self.integrity
        if mode is Mode.GCM and integrity is not NO_INTEGRITY:
            raise UnsupportedAlgorithm("AES-GCM brings its own integrity check (RFC 4106 8)")
        if mode in (Mode.CTR, Mode.PLAIN) and integrity is NO_INTEGRITY:
            raise UnsupportedAlgorithm(f"{self.name} without an integrity check")


def suite(
    transform: int,
    key_bits: int | None,
    authentication: int | None,
    truncated_sha256: bool = False,
) -> EspSuite:
    """Put a suite together that can run.

    Raises UnsupportedAlgorithm for unknown numbers, an AES key length that is absent or illegal
    (RFC 3602 5.3), KEY_LENGTH on a fixed key, NULL or AES-CTR without authentication (RFC 4303
    3.2, RFC 3686 4), AES-GCM with it.
    """
    made = EspSuite(transform, key_bits, authentication, truncated_sha256)
    made.require_valid()
    return made
