"""Names of algorithms as people write them, and their wire numbers: one table per kind.

The first name of a number is the one reports use. Phase 1 names stand for RFC 2409 Appendix A
numbers, ESP names for RFC 2407 4.4.4 and 4.5; key sizes are bits, None where the algorithm fixes
them.
"""

from gwsim.wire.numbers import (
    Encryption,
    EspAuthentication,
    EspTransform,
    Group,
    HashAlgorithm,
)

ENCRYPTIONS: dict[str, tuple[int, int | None]] = {
    "des": (Encryption.DES_CBC, None),
    "3des": (Encryption.TRIPLE_DES_CBC, None),
    "aes-128": (Encryption.AES_CBC, 128),
    "aes-192": (Encryption.AES_CBC, 192),
    "aes-256": (Encryption.AES_CBC, 256),
    "aes": (Encryption.AES_CBC, 128),
    "aes128": (Encryption.AES_CBC, 128),
    "aes192": (Encryption.AES_CBC, 192),
    "aes256": (Encryption.AES_CBC, 256),
}
"""Phase 1 encryption: algorithm and key bits."""

HASHES: dict[str, int] = {
    "md5": HashAlgorithm.MD5,
    "sha1": HashAlgorithm.SHA1,
    "sha256": HashAlgorithm.SHA2_256,
    "sha384": HashAlgorithm.SHA2_384,
    "sha512": HashAlgorithm.SHA2_512,
    "sha": HashAlgorithm.SHA1,
    "sha-1": HashAlgorithm.SHA1,
    "sha-256": HashAlgorithm.SHA2_256,
    "sha-384": HashAlgorithm.SHA2_384,
    "sha-512": HashAlgorithm.SHA2_512,
}
"""Phase 1 hash algorithms."""

GROUPS: dict[str, int] = {
    "modp768": Group.MODP_768,
    "modp1024": Group.MODP_1024,
    "modp1536": Group.MODP_1536,
    "modp2048": Group.MODP_2048,
    "modp3072": Group.MODP_3072,
    "modp4096": Group.MODP_4096,
    "modp6144": Group.MODP_6144,
    "modp8192": Group.MODP_8192,
    "ecp256": Group.ECP_256,
    "ecp384": Group.ECP_384,
    "ecp521": Group.ECP_521,
    "modp1024s160": Group.MODP_1024_160,
    "modp2048s224": Group.MODP_2048_224,
    "modp2048s256": Group.MODP_2048_256,
}
"""Diffie-Hellman groups by the name of their field; `group2` and `2` are understood as well."""

ESP_ENCRYPTIONS: dict[str, tuple[int, int | None]] = {
    "des": (EspTransform.DES, None),
    "3des": (EspTransform.TRIPLE_DES, None),
    "aes-128": (EspTransform.AES_CBC, 128),
    "aes-192": (EspTransform.AES_CBC, 192),
    "aes-256": (EspTransform.AES_CBC, 256),
    "aes-128-ctr": (EspTransform.AES_CTR, 128),
    "aes-192-ctr": (EspTransform.AES_CTR, 192),
    "aes-256-ctr": (EspTransform.AES_CTR, 256),
    "aes-128-gcm": (EspTransform.AES_GCM_16, 128),
    "aes-192-gcm": (EspTransform.AES_GCM_16, 192),
    "aes-256-gcm": (EspTransform.AES_GCM_16, 256),
    "null": (EspTransform.NULL, None),
    "aes": (EspTransform.AES_CBC, 128),
    "aes128": (EspTransform.AES_CBC, 128),
    "aes192": (EspTransform.AES_CBC, 192),
    "aes256": (EspTransform.AES_CBC, 256),
    "aes-gcm": (EspTransform.AES_GCM_16, 128),
}
"""ESP encryption: transform and key bits; the GCM ones carry their own integrity."""

INTEGRITIES: dict[str, int | None] = {
    "md5": EspAuthentication.HMAC_MD5,
    "sha1": EspAuthentication.HMAC_SHA1,
    "sha256": EspAuthentication.HMAC_SHA2_256,
    "sha384": EspAuthentication.HMAC_SHA2_384,
    "sha512": EspAuthentication.HMAC_SHA2_512,
    "none": None,
    "sha": EspAuthentication.HMAC_SHA1,
    "sha-1": EspAuthentication.HMAC_SHA1,
    "sha-256": EspAuthentication.HMAC_SHA2_256,
    "sha-384": EspAuthentication.HMAC_SHA2_384,
    "sha-512": EspAuthentication.HMAC_SHA2_512,
}
"""ESP integrity; `none` is for GCM, whose tag is part of the cipher."""

COMBINED = frozenset((EspTransform.AES_GCM_8, EspTransform.AES_GCM_12, EspTransform.AES_GCM_16))
"""ESP transforms that bring their own integrity (RFC 4106)."""


def group_number(text: str | int) -> int:
    """Read a Diffie-Hellman group: `2`, `group2`, `modp1024`. Raises ValueError."""
    word = str(text).strip().lower()
    if word in GROUPS:
        return GROUPS[word]
    digits = word.removeprefix("group-").removeprefix("group").strip()
    if digits.isascii() and digits.isdigit() and int(digits[:4]) in GROUPS.values():
        return int(digits[:4])
    numbers = ", ".join(str(int(number)) for number in sorted(GROUPS.values()))
    raise ValueError(f"{text!r} is not a group; there are {numbers}, as group2 or modp1024")
