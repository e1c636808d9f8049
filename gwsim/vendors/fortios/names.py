"""What a FortiGate calls algorithms, vendor IDs, notifications and messages, screen by screen.

One cipher has four names: `aes128` in a proposal, `AES_CBC, key-len=128` and `ESP_AES_CBC (key_len
= 128)` in the debug output, `aes` with its key's octets in the list of tunnels. Sources: vendor
sheet, FortiOS, and captures; the numbers are those of RFC 2407, 2408 and 2409.
"""

from gwsim.crypto.esp_suites import EspSuite
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import (
    Encryption,
    EspAuthentication,
    EspTransform,
    ExchangeType,
    Group,
    HashAlgorithm,
    IdType,
    NotifyType,
    name_of,
)

Cipher = tuple[int, int | None]
"""An algorithm and its key bits, None where they are fixed."""

PHASE1_CIPHERS: dict[Cipher, str] = {
    (Encryption.DES_CBC, None): "des",
    (Encryption.TRIPLE_DES_CBC, None): "3des",
    (Encryption.AES_CBC, 128): "aes128",
    (Encryption.AES_CBC, 192): "aes192",
    (Encryption.AES_CBC, 256): "aes256",
}
"""Phase 1 ciphers by number and key bits, as `set proposal` spells them."""

PHASE1_HASHES: dict[int, str] = {
    HashAlgorithm.MD5: "md5",
    HashAlgorithm.SHA1: "sha1",
    HashAlgorithm.SHA2_256: "sha256",
    HashAlgorithm.SHA2_384: "sha384",
    HashAlgorithm.SHA2_512: "sha512",
}

PHASE2_CIPHERS: dict[Cipher, str] = {
    (EspTransform.DES, None): "des",
    (EspTransform.TRIPLE_DES, None): "3des",
    (EspTransform.NULL, None): "null",
    (EspTransform.AES_CBC, 128): "aes128",
    (EspTransform.AES_CBC, 192): "aes192",
    (EspTransform.AES_CBC, 256): "aes256",
    (EspTransform.AES_GCM_16, 128): "aes128gcm",
    (EspTransform.AES_GCM_16, 256): "aes256gcm",
}
"""ESP ciphers by number and key bits, as `set proposal` of a phase 2 spells them."""

PHASE2_HASHES: dict[int | None, str] = {
    None: "null",
    EspAuthentication.HMAC_MD5: "md5",
    EspAuthentication.HMAC_SHA1: "sha1",
    EspAuthentication.HMAC_SHA2_256: "sha256",
    EspAuthentication.HMAC_SHA2_384: "sha384",
    EspAuthentication.HMAC_SHA2_512: "sha512",
}

COMBINED = frozenset({EspTransform.AES_GCM_16})
"""Ciphers that bring their own integrity, and so stand alone in a proposal."""

OAKLEY_CIPHERS: dict[int, str] = {
    Encryption.DES_CBC: "DES_CBC",
    Encryption.TRIPLE_DES_CBC: "3DES_CBC",
    Encryption.AES_CBC: "AES_CBC",
}

OAKLEY_HASHES: dict[int, str] = {
    HashAlgorithm.MD5: "MD5",
    HashAlgorithm.SHA1: "SHA",
    HashAlgorithm.SHA2_256: "SHA2_256",
    HashAlgorithm.SHA2_384: "SHA2_384",
    HashAlgorithm.SHA2_512: "SHA2_512",
}

OAKLEY_METHODS: dict[int, str] = {
    1: "PRESHARED_KEY",
    2: "DSS_SIG",
    3: "RSA_SIG",
    65001: "PRESHARED_KEY_XAUTH_I",
}

GROUPS: dict[int, str] = {
    Group.MODP_768: "MODP768",
    Group.MODP_1024: "MODP1024",
    Group.MODP_1536: "MODP1536",
    Group.MODP_2048: "MODP2048",
    Group.MODP_3072: "MODP3072",
    Group.MODP_4096: "MODP4096",
    Group.MODP_6144: "MODP6144",
    Group.MODP_8192: "MODP8192",
    Group.ECP_256: "ECP256",
    Group.ECP_384: "ECP384",
    Group.ECP_521: "ECP521",
}
"""Diffie-Hellman groups, phase 1 and PFS."""

ESP_TRANSFORMS: dict[int, str] = {
    EspTransform.DES: "ESP_DES",
    EspTransform.TRIPLE_DES: "ESP_3DES",
    EspTransform.NULL: "ESP_NULL",
    EspTransform.AES_CBC: "ESP_AES_CBC",
    EspTransform.AES_CTR: "ESP_AES_CTR",
    EspTransform.AES_GCM_16: "ESP_AES_GCM_16",
}

ESP_DIGESTS: dict[int | None, str] = {
    None: "NULL",
    EspAuthentication.HMAC_MD5: "MD5",
    EspAuthentication.HMAC_SHA1: "SHA1",
    EspAuthentication.HMAC_SHA2_256: "SHA2_256",
    EspAuthentication.HMAC_SHA2_384: "SHA2_384",
    EspAuthentication.HMAC_SHA2_512: "SHA2_512",
}

KERNEL_CIPHERS: dict[int, str] = {
    EspTransform.DES: "des",
    EspTransform.TRIPLE_DES: "3des",
    EspTransform.NULL: "null",
    EspTransform.AES_CBC: "aes",
    EspTransform.AES_CTR: "aes-ctr",
    EspTransform.AES_GCM_16: "aes-gcm",
}
"""ESP ciphers in `diagnose vpn tunnel list`."""

_VENDOR_IDS: dict[bytes, str] = {
    vendor_ids.NAT_T_RFC: "RFC 3947",
    vendor_ids.NAT_T_DRAFT_03: "draft-ietf-ipsec-nat-t-ike-03",
    vendor_ids.NAT_T_DRAFT_02: "draft-ietf-ipsec-nat-t-ike-02",
    vendor_ids.NAT_T_DRAFT_02_NEWLINE: "draft-ietf-ipsec-nat-t-ike-02\\n",
    vendor_ids.NAT_T_DRAFT_01: "draft-ietf-ipsec-nat-t-ike-01",
    vendor_ids.NAT_T_DRAFT_00: "draft-ietf-ipsec-nat-t-ike-00",
    vendor_ids.DPD: "DPD",
    vendor_ids.XAUTH: "draft-ietf-ipsra-isakmp-xauth-06.txt",
    vendor_ids.CISCO_UNITY: "CISCO-UNITY",
}
_VENDOR_ID_BEGINNINGS: dict[bytes, str] = {
    vendor_ids.FRAGMENTATION: "FRAGMENTATION",
    vendor_ids.FORTIGATE[:12]: "FORTIGATE",
}

NAT_T_VERSIONS: dict[bytes, str] = {
    vendor_ids.NAT_T_RFC: "RFC 3947",
    vendor_ids.NAT_T_DRAFT_03: "draft-ietf-ipsec-nat-t-ike-03",
    vendor_ids.NAT_T_DRAFT_02_NEWLINE: "draft-ietf-ipsec-nat-t-ike-02",
    vendor_ids.NAT_T_DRAFT_02: "draft-ietf-ipsec-nat-t-ike-02",
}
"""Dialects of NAT traversal by the vendor ID that selects them, best first."""

DRAFTS: dict[str, int] = {"rfc3947": 32, "draft-03": 3, "draft-02": 2}
"""`natt: draft=` by the engine's name of a dialect; the first is from captures."""

EXCHANGES: dict[int, str] = {
    ExchangeType.BASE: "Base",
    ExchangeType.IDENTITY_PROTECTION: "Identity Protection",
    ExchangeType.AGGRESSIVE: "Aggressive",
    ExchangeType.INFORMATIONAL: "Informational",
    ExchangeType.TRANSACTION: "Mode config",
    ExchangeType.QUICK_MODE: "Quick",
}

MESSAGES: dict[str, str] = {
    "main-1": "ident_i1send",
    "main-2": "ident_r1send",
    "main-4": "ident_r2send",
    "main-6": "ident_r3send",
    "aggr-2": "agg_r1send",
    "quick-2": "quick_r1send",
    "info-dpd": "R-U-THERE",
    "info-dpd-ack": "R-U-THERE-ACK",
}
"""How `sent IKE msg (...)` calls a message; more of them are in `words`."""

PHASE1_AGAIN = "P1_RETRANSMIT"
PHASE2_NOTIFY = "p2_notify_{number}"

IDENTITIES: dict[int, str] = {
    IdType.IPV4_ADDR: "IPV4_ADDR",
    IdType.FQDN: "FQDN",
    IdType.USER_FQDN: "USER_FQDN",
    IdType.KEY_ID: "KEY_ID",
}


def identity_kind(number: int) -> str:
    """Name a kind of identity: `IPV4_ADDR`."""
    return IDENTITIES.get(number, str(number))


def vendor_id_name(data: bytes) -> str | None:
    """Name a vendor ID, None for one that a FortiGate does not know."""
    if data in _VENDOR_IDS:
        return _VENDOR_IDS[data]
    return next((n for b, n in _VENDOR_ID_BEGINNINGS.items() if data.startswith(b)), None)


def phase1_proposal(encryption: int, key_bits: int | None, digest: int) -> str:
    """Spell a phase 1 suite: `aes128-sha256`."""
    cipher = PHASE1_CIPHERS.get((encryption, key_bits), str(encryption))
    return f"{cipher}-{PHASE1_HASHES.get(digest, digest)}"


def phase2_proposal(transform: int, key_bits: int | None, digest: int | None) -> str:
    """Spell a phase 2 suite: `aes128-sha1`, `aes256gcm`."""
    cipher = PHASE2_CIPHERS.get((transform, key_bits), str(transform))
    return cipher if transform in COMBINED else f"{cipher}-{PHASE2_HASHES.get(digest, digest)}"


def cipher_octets(encryption: int, key_bits: int | None) -> int:
    """Give the octets of a phase 1 key."""
    return _KEY_OCTETS.get(encryption, (key_bits or 0) // 8)


_KEY_OCTETS: dict[int, int] = {Encryption.DES_CBC: 8, Encryption.TRIPLE_DES_CBC: 24}


def esp_octets(transform: int, key_bits: int | None, digest: int | None) -> tuple[int, int]:
    """Give the octets of the keys of an ESP suite, of its cipher (salt included) and its digest."""
    suite = EspSuite(transform, key_bits, digest)
    if not suite.valid():
        return 0, 0
    return suite.encryption_key_length + suite.salt_length, suite.authentication_key_length


def hidden(octets: int) -> str:
    """Stand for a key: two stars for each octet, as keys never leave the engine."""
    return "**" * octets


def notify_name(number: int) -> str:
    """Name a notification: `NO-PROPOSAL-CHOSEN`."""
    return name_of(NotifyType, number)
