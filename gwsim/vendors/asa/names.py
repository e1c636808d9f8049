"""What an ASA calls algorithms, attributes, payloads and notifications, screen by screen.

The same cipher has four names: `aes-256` in a policy and in `show crypto ikev1 sa detail`,
`esp-aes-256` in a transform set, `AES256` in the session database and `AES-CBC` in a mismatch.
Sources: vendor sheet, ASA; the numbers are those of RFC 2407, 2408 and 2409.
"""

from gwsim.crypto.esp_suites import ENCRYPTIONS
from gwsim.wire.numbers import (
    EncapsulationMode,
    Encryption,
    EspAuthentication,
    EspTransform,
    HashAlgorithm,
    IdType,
    NotifyType,
    PayloadType,
)

POLICY_ENCRYPTION: dict[tuple[int, int | None], str] = {
    (Encryption.DES_CBC, None): "des",
    (Encryption.TRIPLE_DES_CBC, None): "3des",
    (Encryption.AES_CBC, 128): "aes",
    (Encryption.AES_CBC, 192): "aes-192",
    (Encryption.AES_CBC, 256): "aes-256",
}
"""Phase 1 ciphers by number and key bits, as a policy spells them."""

POLICY_HASH: dict[int, str] = {
    HashAlgorithm.MD5: "md5",
    HashAlgorithm.SHA1: "sha",
    HashAlgorithm.SHA2_256: "sha256",
    HashAlgorithm.SHA2_384: "sha384",
    HashAlgorithm.SHA2_512: "sha512",
}
"""Phase 1 hashes; an ASA offers the last three for IKEv2 only, a lab may ask for them here."""

SESSION_ENCRYPTION: dict[tuple[int, int | None], str] = {
    (Encryption.DES_CBC, None): "DES",
    (Encryption.TRIPLE_DES_CBC, None): "3DES",
    (Encryption.AES_CBC, 128): "AES128",
    (Encryption.AES_CBC, 192): "AES192",
    (Encryption.AES_CBC, 256): "AES256",
}

SESSION_HASH: dict[int, str] = {
    HashAlgorithm.MD5: "MD5",
    HashAlgorithm.SHA1: "SHA1",
    HashAlgorithm.SHA2_256: "SHA256",
    HashAlgorithm.SHA2_384: "SHA384",
    HashAlgorithm.SHA2_512: "SHA512",
}

ESP_ENCRYPTION: dict[tuple[int, int | None], str] = {
    (EspTransform.DES, None): "esp-des",
    (EspTransform.TRIPLE_DES, None): "esp-3des",
    (EspTransform.NULL, None): "esp-null",
    (EspTransform.AES_CBC, 128): "esp-aes",
    (EspTransform.AES_CBC, 192): "esp-aes-192",
    (EspTransform.AES_CBC, 256): "esp-aes-256",
    (EspTransform.AES_GCM_16, 128): "esp-aes-gcm",
    (EspTransform.AES_GCM_16, 192): "esp-aes-gcm-192",
    (EspTransform.AES_GCM_16, 256): "esp-aes-gcm-256",
}
"""ESP ciphers by number and key bits, as a transform set spells them."""

ESP_AUTHENTICATION: dict[int | None, str] = {
    None: "esp-none",
    EspAuthentication.HMAC_MD5: "esp-md5-hmac",
    EspAuthentication.HMAC_SHA1: "esp-sha-hmac",
    EspAuthentication.HMAC_SHA2_256: "esp-sha-256-hmac",
    EspAuthentication.HMAC_SHA2_384: "esp-sha-384-hmac",
    EspAuthentication.HMAC_SHA2_512: "esp-sha-512-hmac",
}

SESSION_ESP: dict[tuple[int, int | None], str] = {
    (EspTransform.DES, None): "DES",
    (EspTransform.TRIPLE_DES, None): "3DES",
    (EspTransform.NULL, None): "none",
    (EspTransform.AES_CBC, 128): "AES128",
    (EspTransform.AES_CBC, 192): "AES192",
    (EspTransform.AES_CBC, 256): "AES256",
    (EspTransform.AES_GCM_16, 128): "AES-GCM-128",
    (EspTransform.AES_GCM_16, 192): "AES-GCM-192",
    (EspTransform.AES_GCM_16, 256): "AES-GCM-256",
}

SESSION_ESP_HASH: dict[int | None, str] = {
    None: "none",
    EspAuthentication.HMAC_MD5: "MD5",
    EspAuthentication.HMAC_SHA1: "SHA1",
    EspAuthentication.HMAC_SHA2_256: "SHA256",
    EspAuthentication.HMAC_SHA2_384: "SHA384",
    EspAuthentication.HMAC_SHA2_512: "SHA512",
}

ATTRIBUTES: dict[str, str] = {
    "authentication": "Auth Method",
    "encryption": "Encryption Alg",
    "hash": "Hash Alg",
    "group": "Group Description",
    "key length": "Key Length",
    "pfs group": "Group Description",
    "encapsulation mode": "Encapsulation Mode",
}
"""Attribute classes a mismatch is reported for, by the engine's name of the comparison."""

_AUTH_METHODS = {1: "Preshared Key", 2: "DSS", 3: "RSA signature", 65001: "XAUTH Preshared Key"}
_ENCRYPTIONS = {1: "DES-CBC", 5: "3DES-CBC", 7: "AES-CBC"}
_HASHES = {1: "MD5", 2: "SHA", 4: "SHA256", 5: "SHA384", 6: "SHA512"}
_ESP_HASHES = {1: "MD5", 2: "SHA", 5: "SHA256", 6: "SHA384", 7: "SHA512"}
_MODES = {
    EncapsulationMode.TUNNEL: "Tunnel",
    EncapsulationMode.TRANSPORT: "Transport",
    EncapsulationMode.UDP_TUNNEL: "UDP Tunnel(NAT-T)",
    EncapsulationMode.UDP_TRANSPORT: "UDP Transport(NAT-T)",
    EncapsulationMode.UDP_TUNNEL_DRAFT: "UDP Tunnel(NAT-T)",
    EncapsulationMode.UDP_TRANSPORT_DRAFT: "UDP Transport(NAT-T)",
}

PAYLOADS: dict[int, str] = {
    PayloadType.SA: "SA",
    PayloadType.KEY_EXCHANGE: "KE",
    PayloadType.IDENTIFICATION: "ID",
    PayloadType.CERTIFICATE: "CERT",
    PayloadType.CERTIFICATE_REQUEST: "CERT_REQ",
    PayloadType.HASH: "HASH",
    PayloadType.SIGNATURE: "SIG",
    PayloadType.NONCE: "NONCE",
    PayloadType.NOTIFICATION: "NOTIFY",
    PayloadType.DELETE: "DELETE",
    PayloadType.VENDOR_ID: "VENDOR",
    PayloadType.ATTRIBUTES: "ATTR",
    PayloadType.NAT_D: "NAT-D",
    PayloadType.NAT_OA: "NAT-OA",
    PayloadType.NAT_D_DRAFT: "NAT-D",
    PayloadType.NAT_OA_DRAFT: "NAT-OA",
    PayloadType.IOS_KEEPALIVE: "IOS KEEPALIVE",
    PayloadType.FRAGMENT: "FRAGMENT",
}
"""Payloads in an IKE_DECODE line."""

NOTIFIES: dict[int, str] = {
    NotifyType.INVALID_PAYLOAD_TYPE: "Invalid Payload type",
    NotifyType.DOI_NOT_SUPPORTED: "DOI not supported",
    NotifyType.SITUATION_NOT_SUPPORTED: "Situation not supported",
    NotifyType.INVALID_COOKIE: "Invalid cookie",
    NotifyType.INVALID_MAJOR_VERSION: "Invalid major version",
    NotifyType.INVALID_MINOR_VERSION: "Invalid minor version",
    NotifyType.INVALID_EXCHANGE_TYPE: "Invalid exchange type",
    NotifyType.INVALID_FLAGS: "Invalid flags",
    NotifyType.INVALID_MESSAGE_ID: "Invalid message ID",
    NotifyType.INVALID_PROTOCOL_ID: "Invalid protocol ID",
    NotifyType.INVALID_SPI: "Invalid SPI",
    NotifyType.INVALID_TRANSFORM_ID: "Invalid transform ID",
    NotifyType.ATTRIBUTES_NOT_SUPPORTED: "Attributes not supported",
    NotifyType.NO_PROPOSAL_CHOSEN: "No proposal chosen",
    NotifyType.BAD_PROPOSAL_SYNTAX: "Bad proposal syntax",
    NotifyType.PAYLOAD_MALFORMED: "Payload malformed",
    NotifyType.INVALID_KEY_INFORMATION: "Invalid key info",
    NotifyType.INVALID_ID_INFORMATION: "Invalid ID info",
    NotifyType.INVALID_HASH_INFORMATION: "Invalid hash info",
    NotifyType.AUTHENTICATION_FAILED: "Authentication failed",
    NotifyType.UNEQUAL_PAYLOAD_LENGTHS: "Unequal payload lengths",
    NotifyType.CONNECTED: "Connected",
}
"""Notifications as a protected one is reported; the first letters are capitals of the device."""

CLEAR_NOTIFIES: dict[int, str] = {
    NotifyType.INVALID_KEY_INFORMATION: "INVALID_KEY_INFO",
    NotifyType.INVALID_ID_INFORMATION: "INVALID_ID_INFO",
    NotifyType.INVALID_HASH_INFORMATION: "INVALID_HASH_INFO",
}
"""Notifications whose name is cut when an unprotected one is reported; others are as in the RFC."""


def attribute_value(attribute: str, value: int, phase: int) -> str:
    """Name a value of a compared attribute as a mismatch does; numbers stay numbers."""
    if attribute in ("group", "pfs group"):
        return f"Group {value}"
    hashes = _ESP_HASHES if phase == 2 else _AUTH_METHODS
    tables: dict[str, dict[int, str]] = {
        "authentication": hashes,
        "encryption": _ENCRYPTIONS,
        "hash": _HASHES,
        "encapsulation mode": {int(mode): name for mode, name in _MODES.items()},
    }
    return tables.get(attribute, {}).get(value, str(value))


def clear_notify(notify_type: int) -> str:
    """Name an unprotected notification: `NO_PROPOSAL_CHOSEN`, its number when it has no name."""
    if notify_type in CLEAR_NOTIFIES:
        return CLEAR_NOTIFIES[notify_type]
    member = NotifyType._value2member_map_.get(notify_type)
    return str(notify_type) if member is None else str(member._name_)


def identity_kind(id_type: int) -> str:
    """Name an identity type: `ID_IPV4_ADDR`, its number when it has no name."""
    member = IdType._value2member_map_.get(id_type)
    return f"ID_TYPE_{id_type}" if member is None else f"ID_{member._name_}"


def policy_encryption(number: int | None, key_bits: int | None) -> str:
    """Spell a phase 1 cipher as in a policy; unknown ones keep their number."""
    return POLICY_ENCRYPTION.get((number or 0, key_bits), str(number))


def esp_encryption(number: int, key_bits: int | None) -> str:
    """Spell an ESP cipher as in a transform set; one no ASA has goes by its general name."""
    known = ESP_ENCRYPTION.get((number, key_bits))
    if known is not None:
        return known
    cipher = ENCRYPTIONS.get(number)
    return f"esp-{number}" if cipher is None else f"esp-{cipher.name.format(key_bits).lower()}"
