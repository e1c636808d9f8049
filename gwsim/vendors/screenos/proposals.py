"""Proposals by name: `pre-g2-3des-sha`, `nopfs-esp-3des-sha`, security levels, custom ones.

A predefined name says all but the lifetime: who proves himself how, group, cipher, hash; for
phase 2 the group of PFS, cipher, hash. Source: vendor sheet, ScreenOS configuration grammar.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gwsim.ike.config import Phase1Transform, Phase2Transform
from gwsim.vendors.screenos.behaviour import PHASE1_LIFETIME, PHASE2_LIFETIME
from gwsim.wire.numbers import Encryption, EspAuthentication, EspTransform, HashAlgorithm

ENCRYPTION: dict[str, tuple[int, int | None]] = {
    "des": (Encryption.DES_CBC, None),
    "3des": (Encryption.TRIPLE_DES_CBC, None),
    "aes128": (Encryption.AES_CBC, 128),
    "aes192": (Encryption.AES_CBC, 192),
    "aes256": (Encryption.AES_CBC, 256),
}
HASH: dict[str, int] = {
    "md5": HashAlgorithm.MD5,
    "sha": HashAlgorithm.SHA1,
    "sha2-256": HashAlgorithm.SHA2_256,
    "sha2-384": HashAlgorithm.SHA2_384,
    "sha2-512": HashAlgorithm.SHA2_512,
}
ESP: dict[str, tuple[int, int | None]] = {
    "null": (EspTransform.NULL, None),
    "des": (EspTransform.DES, None),
    "3des": (EspTransform.TRIPLE_DES, None),
    "aes128": (EspTransform.AES_CBC, 128),
    "aes192": (EspTransform.AES_CBC, 192),
    "aes256": (EspTransform.AES_CBC, 256),
    "aes128-ctr": (EspTransform.AES_CTR, 128),
    "aes192-ctr": (EspTransform.AES_CTR, 192),
    "aes256-ctr": (EspTransform.AES_CTR, 256),
    "aes128-gcm": (EspTransform.AES_GCM_16, 128),
    "aes192-gcm": (EspTransform.AES_GCM_16, 192),
    "aes256-gcm": (EspTransform.AES_GCM_16, 256),
}
AUTHENTICATION: dict[str, int | None] = {
    "null": None,
    "md5": EspAuthentication.HMAC_MD5,
    "sha": EspAuthentication.HMAC_SHA1,
    "sha2-256": EspAuthentication.HMAC_SHA2_256,
    "sha2-384": EspAuthentication.HMAC_SHA2_384,
    "sha2-512": EspAuthentication.HMAC_SHA2_512,
}

PHASE1_LEVELS: dict[str, tuple[str, ...]] = {
    "standard": ("pre-g2-3des-sha", "pre-g2-aes128-sha"),
    "compatible": ("pre-g2-3des-sha", "pre-g2-3des-md5", "pre-g2-des-sha", "pre-g2-des-md5"),
    "basic": ("pre-g1-des-sha", "pre-g1-des-md5"),
}
PHASE2_LEVELS: dict[str, tuple[str, ...]] = {
    "standard": ("g2-esp-3des-sha", "g2-esp-aes128-sha"),
    "compatible": (
        "nopfs-esp-3des-sha",
        "nopfs-esp-3des-md5",
        "nopfs-esp-des-sha",
        "nopfs-esp-des-md5",
    ),
    "basic": ("nopfs-esp-des-sha", "nopfs-esp-des-md5"),
}
"""What `sec-level` stands for."""

_PHASE1_NAME = re.compile(r"pre-g(\d{1,2})-([a-z0-9]+)-([a-z0-9-]+)", re.ASCII)
_PHASE2_NAME = re.compile(
    r"(?:nopfs|g(\d{1,2}))-esp-([a-z0-9]+(?:-ctr|-gcm)?)-([a-z0-9-]+)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Phase2Proposal:
    """A phase 2 proposal: what it protects with, its PFS group and its lifetimes."""

    transform: Phase2Transform
    pfs_group: int | None
    seconds: int = PHASE2_LIFETIME
    kilobytes: int | None = None


def predefined_phase1(name: str) -> Phase1Transform | None:
    """Give the phase 1 proposal that a predefined name stands for, None when it stands for none."""
    found = _PHASE1_NAME.fullmatch(name)
    if found is None or found[2] not in ENCRYPTION or found[3] not in HASH:
        return None
    return phase1(int(found[1]), found[2], found[3], PHASE1_LIFETIME)


def phase1(group: int, cipher: str, hash_: str, seconds: int) -> Phase1Transform:
    """Make a phase 1 proposal of the words for it. Raises KeyError for words nobody knows."""
    encryption, key_bits = ENCRYPTION[cipher]
    return Phase1Transform(encryption, HASH[hash_], group, key_bits, lifetime_seconds=seconds)


def predefined_phase2(name: str) -> Phase2Proposal | None:
    """Give the phase 2 proposal that a predefined name stands for, None when it stands for none."""
    found = _PHASE2_NAME.fullmatch(name)
    if found is None or found[2] not in ESP or found[3] not in AUTHENTICATION:
        return None
    group = int(found[1]) if found[1] else None
    return Phase2Proposal(phase2(found[2], found[3]), group)


def phase2(cipher: str, hash_: str) -> Phase2Transform:
    """Make a phase 2 proposal of the words for it. Raises KeyError for words nobody knows."""
    transform, key_bits = ESP[cipher]
    return Phase2Transform(transform, AUTHENTICATION[hash_], key_bits)


def phase1_words(t: Phase1Transform) -> tuple[str, str]:
    """Give the words for cipher and hash of a phase 1 proposal; numbers where there is no word."""
    cipher = _word(ENCRYPTION, (t.encryption, t.key_bits)) or f"{t.encryption}-{t.key_bits}"
    return cipher, _word(HASH, t.hash) or str(t.hash)


def phase2_words(t: Phase2Transform) -> tuple[str, str]:
    """Give the words for cipher and hash of a phase 2 proposal; numbers where there is no word."""
    cipher = _word(ESP, (t.transform, t.key_bits)) or f"{t.transform}-{t.key_bits}"
    return cipher, _word(AUTHENTICATION, t.authentication) or str(t.authentication)


def _word(table: Mapping[str, object], value: object) -> str:
    return next((word for word, known in table.items() if known == value), "")
