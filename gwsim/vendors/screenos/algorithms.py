"""What a NetScreen calls algorithms: on its screens, in its debug output, in its proposals.

Source: vendor sheet, `get sa`, `get ike cookies` and the configuration grammar. An algorithm it
never had is shown by its number.
"""

from gwsim.wire.numbers import (
    AuthenticationMethod,
    Encryption,
    EspAuthentication,
    EspTransform,
    HashAlgorithm,
)

COOKIE_AUTHENTICATION: dict[int, str] = {
    AuthenticationMethod.PRE_SHARED_KEY: "PRESHR",
    AuthenticationMethod.RSA_SIGNATURES: "RSA",
}
COOKIE_ENCRYPTION: dict[int, str] = {
    Encryption.DES_CBC: "DES",
    Encryption.TRIPLE_DES_CBC: "3DES",
    Encryption.AES_CBC: "AES",
}
COOKIE_HASH: dict[int, str] = {
    HashAlgorithm.MD5: "MD5",
    HashAlgorithm.SHA1: "SHA",
    HashAlgorithm.SHA2_256: "SHA256",
    HashAlgorithm.SHA2_384: "SHA384",
    HashAlgorithm.SHA2_512: "SHA512",
}

# Short forms of `get sa`, and the words of `get sa id` and of proposals.
ESP_SHORT: dict[int, str] = {
    EspTransform.DES: "des",
    EspTransform.TRIPLE_DES: "3des",
    EspTransform.NULL: "null",
    EspTransform.AES_CBC: "a",
    EspTransform.AES_CTR: "ctr",
    EspTransform.AES_GCM_8: "gcm",
    EspTransform.AES_GCM_12: "gcm",
    EspTransform.AES_GCM_16: "gcm",
}
ESP_AUTHENTICATION: dict[int, str] = {
    EspAuthentication.HMAC_MD5: "md5",
    EspAuthentication.HMAC_SHA1: "sha1",
    EspAuthentication.HMAC_SHA2_256: "sha256",
    EspAuthentication.HMAC_SHA2_384: "sha384",
    EspAuthentication.HMAC_SHA2_512: "sha512",
}


def cookie_algorithms(
    authentication: int, group: int, encryption: int, key_bits: int | None, hash_: int
) -> str:
    """Write a phase 1 proposal as `get ike cookies` does: `PRESHR/grp2/3DES/SHA`."""
    cipher = COOKIE_ENCRYPTION.get(encryption, str(encryption)) + (str(key_bits or ""))
    who = COOKIE_AUTHENTICATION.get(authentication, str(authentication))
    return f"{who}/grp{group}/{cipher}/{COOKIE_HASH.get(hash_, hash_)}"


def sa_algorithm(transform: int, key_bits: int | None, authentication: int | None) -> str:
    """Write an ESP proposal as `get sa` does: `esp:3des/sha1`, `esp:a256/sha1`."""
    cipher = ESP_SHORT.get(transform, str(transform)) + str(key_bits or "")
    return f"esp:{cipher}/{authentication_word(authentication)}"


def encryption_word(transform: int, key_bits: int | None) -> str:
    """Write an ESP transform as `get sa id` does: `3des`, `aes256`."""
    short = ESP_SHORT.get(transform, str(transform))
    return f"aes{key_bits}" if short == "a" else short + str(key_bits or "")


def authentication_word(authentication: int | None) -> str:
    """Write an ESP authentication algorithm: `sha1`, `md5`, `null`."""
    if authentication is None:
        return "null"
    return ESP_AUTHENTICATION.get(authentication, str(authentication))
