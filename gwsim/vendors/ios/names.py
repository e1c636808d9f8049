"""What IOS calls algorithms, attributes, vendor IDs and notifications, screen by screen.

The same cipher has three names: `aes 256` in a policy, `esp-aes 256` in a transform set and
`esp-256-aes` in the table of SAs. Sources: vendor sheet, IOS; the numbers are those of RFC 2407,
2408 and 2409.
"""

from gwsim.crypto.esp_suites import ENCRYPTIONS
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import (
    EncapsulationMode,
    Encryption,
    EspAuthentication,
    EspTransform,
    HashAlgorithm,
    IdType,
    NotifyType,
)

POLICY_ENCRYPTION: dict[tuple[int, int | None], str] = {
    (Encryption.DES_CBC, None): "des",
    (Encryption.TRIPLE_DES_CBC, None): "3des",
    (Encryption.AES_CBC, 128): "aes",
    (Encryption.AES_CBC, 192): "aes 192",
    (Encryption.AES_CBC, 256): "aes 256",
}
"""Phase 1 ciphers by number and key bits, as a policy spells them."""

POLICY_HASH: dict[int, str] = {
    HashAlgorithm.MD5: "md5",
    HashAlgorithm.SHA1: "sha",
    HashAlgorithm.SHA2_256: "sha256",
    HashAlgorithm.SHA2_384: "sha384",
    HashAlgorithm.SHA2_512: "sha512",
}

DEBUG_ENCRYPTION: dict[int, str] = {
    Encryption.DES_CBC: "DES-CBC",
    Encryption.TRIPLE_DES_CBC: "3DES-CBC",
    Encryption.AES_CBC: "AES-CBC",
}

DEBUG_HASH: dict[int, str] = {
    HashAlgorithm.MD5: "MD5",
    HashAlgorithm.SHA1: "SHA",
    HashAlgorithm.SHA2_256: "SHA256",
    HashAlgorithm.SHA2_384: "SHA384",
    HashAlgorithm.SHA2_512: "SHA512",
}

DEBUG_AUTHENTICATION: dict[int, str] = {1: "pre-share", 2: "DSS", 3: "RSA sig", 4: "RSA encr"}

TRANSFORM_SET: dict[tuple[int, int | None], str] = {
    (EspTransform.DES, None): "esp-des",
    (EspTransform.TRIPLE_DES, None): "esp-3des",
    (EspTransform.NULL, None): "esp-null",
    (EspTransform.AES_CBC, 128): "esp-aes",
    (EspTransform.AES_CBC, 192): "esp-aes 192",
    (EspTransform.AES_CBC, 256): "esp-aes 256",
    (EspTransform.AES_GCM_16, 128): "esp-gcm",
    (EspTransform.AES_GCM_16, 192): "esp-gcm 192",
    (EspTransform.AES_GCM_16, 256): "esp-gcm 256",
}
"""ESP ciphers by number and key bits, as a transform set spells them."""

SA_ENCRYPTION: dict[tuple[int, int | None], str] = {
    **TRANSFORM_SET,
    (EspTransform.AES_CBC, 192): "esp-192-aes",
    (EspTransform.AES_CBC, 256): "esp-256-aes",
    (EspTransform.AES_GCM_16, 192): "esp-gcm 192",
    (EspTransform.AES_GCM_16, 256): "esp-gcm 256",
}
"""The same in the table of SAs, where the key length stands in the middle."""

ESP_AUTHENTICATION: dict[int | None, str] = {
    None: "",
    EspAuthentication.HMAC_MD5: "esp-md5-hmac",
    EspAuthentication.HMAC_SHA1: "esp-sha-hmac",
    EspAuthentication.HMAC_SHA2_256: "esp-sha256-hmac",
    EspAuthentication.HMAC_SHA2_384: "esp-sha384-hmac",
    EspAuthentication.HMAC_SHA2_512: "esp-sha512-hmac",
}

DEBUG_TRANSFORM: dict[int, str] = {
    EspTransform.DES: "ESP_DES",
    EspTransform.TRIPLE_DES: "ESP_3DES",
    EspTransform.NULL: "ESP_NULL",
    EspTransform.AES_CBC: "ESP_AES ",
    EspTransform.AES_GCM_16: "ESP_GCM ",
}

DEBUG_ESP_AUTHENTICATION: dict[int, str] = {
    EspAuthentication.HMAC_MD5: "HMAC-MD5",
    EspAuthentication.HMAC_SHA1: "HMAC-SHA",
    EspAuthentication.HMAC_SHA2_256: "HMAC-SHA256",
    EspAuthentication.HMAC_SHA2_384: "HMAC-SHA384",
    EspAuthentication.HMAC_SHA2_512: "HMAC-SHA512",
}

MODES: dict[int, str] = {
    EncapsulationMode.TUNNEL: "Tunnel",
    EncapsulationMode.TRANSPORT: "Transport",
    EncapsulationMode.UDP_TUNNEL: "Tunnel-UDP",
    EncapsulationMode.UDP_TRANSPORT: "Transport-UDP",
    EncapsulationMode.UDP_TUNNEL_DRAFT: "Tunnel-UDP",
    EncapsulationMode.UDP_TRANSPORT_DRAFT: "Transport-UDP",
}

MISMATCHES: dict[str, str] = {
    "encryption": "Encryption algorithm offered",
    "key length": "Proposed key length",
    "hash": "Hash algorithm offered",
    "group": "Diffie-Hellman group offered",
    "authentication": "Authentication method offered",
}
"""What does not match policy, by the engine's name of the comparison."""

CONSTRUCTED_NAT_T: dict[bytes, str] = {
    vendor_ids.NAT_T_RFC: "rfc3947",
    vendor_ids.NAT_T_DRAFT_07: "07",
    vendor_ids.NAT_T_DRAFT_03: "03",
    vendor_ids.NAT_T_DRAFT_02_NEWLINE: "02",
    vendor_ids.NAT_T_DRAFT_02: "02",
}

KNOWN_VENDOR_IDS: dict[bytes, str] = {
    vendor_ids.NAT_T_RFC: "NAT-T RFC 3947",
    vendor_ids.NAT_T_DRAFT_07: "NAT-T v7",
    vendor_ids.NAT_T_DRAFT_03: "NAT-T v3",
    vendor_ids.NAT_T_DRAFT_02_NEWLINE: "NAT-T v2",
    vendor_ids.XAUTH: "XAUTH",
}
"""Vendor IDs that are known for what they are after Unity and DPD were thought of."""

NOTIFIES: dict[int, str] = {
    NotifyType.NO_PROPOSAL_CHOSEN: "PROPOSAL_NOT_CHOSEN",
    NotifyType.R_U_THERE: "DPD/R_U_THERE",
    NotifyType.R_U_THERE_ACK: "DPD/R_U_THERE_ACK",
}
"""Notifications whose name is not that of the RFC."""


def notify_name(notify_type: int) -> str:
    """Name a notification: `PROPOSAL_NOT_CHOSEN`, its number when it has no name."""
    member = NotifyType._value2member_map_.get(notify_type)
    return NOTIFIES.get(notify_type, str(notify_type) if member is None else str(member._name_))


def identity_kind(id_type: int) -> str:
    """Name an identity type: `ID_IPV4_ADDR`, its number when it has no name."""
    member = IdType._value2member_map_.get(id_type)
    return f"ID_TYPE_{id_type}" if member is None else f"ID_{member._name_}"


def _general(number: int, key_bits: int | None) -> str:
    cipher = ENCRYPTIONS.get(number)
    return f"esp-{number}" if cipher is None else f"esp-{cipher.name.format(key_bits).lower()}"


def set_encryption(number: int, key_bits: int | None) -> str:
    """Spell an ESP cipher as in a transform set; one no router has goes by its general name."""
    return TRANSFORM_SET.get((number, key_bits)) or _general(number, key_bits)


def sa_encryption(number: int, key_bits: int | None) -> str:
    """Spell an ESP cipher as in the table of SAs."""
    return SA_ENCRYPTION.get((number, key_bits)) or _general(number, key_bits)


def sa_transform(number: int, key_bits: int | None, authentication: int | None) -> str:
    """Spell an ESP combination as in the table of SAs, with a blank after each part."""
    digest = ESP_AUTHENTICATION.get(authentication, f"esp-{authentication}")
    parts = (sa_encryption(number, key_bits), digest)
    return "".join(f"{part} " for part in parts if part)
