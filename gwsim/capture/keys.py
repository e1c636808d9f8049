"""Tables of keys with which Wireshark and tshark decrypt a capture.

Both are lines of a configuration file of the same name (`ikev1_decryption_table`, `esp_sa`), and
what follows the second colon of tshark's `-o uat:NAME:LINE`::

    ikev1_decryption_table  initiator's cookie, cipher key, both in hexadecimal
    esp_sa                  "IPv4","from","to","SPI","cipher","key","integrity","key"

Of phase 1 the first messages must be in the capture, for the IV comes out of them. Names of
algorithms are those of Wireshark 4. Keys are secrets: only who asked for them gets to see this.
"""

from collections.abc import Iterable

from gwsim.crypto.esp import EspSuite
from gwsim.gateway.keys import EspKey
from gwsim.ike.export import ExportedKey

ANYWHERE = "*"
"""The address that fits every address: with a NAT, an SA has different ends on either side."""

_CIPHERS: dict[int, str] = {
    2: "DES-CBC [RFC2405]",
    3: "TripleDES-CBC [RFC2451]",
    11: "NULL",
    12: "AES-CBC [RFC3602]",
    13: "AES-CTR [RFC3686]",
    18: "AES-GCM with 8 octet ICV [RFC4106]",
    19: "AES-GCM with 12 octet ICV [RFC4106]",
    20: "AES-GCM with 16 octet ICV [RFC4106]",
}
_INTEGRITIES: dict[int, str] = {
    1: "HMAC-MD5-96 [RFC2403]",
    2: "HMAC-SHA-1-96 [RFC2404]",
    5: "HMAC-SHA-256-128 [RFC4868]",
    6: "HMAC-SHA-384-192 [RFC4868]",
    7: "HMAC-SHA-512-256 [RFC4868]",
}
_TRUNCATED_SHA256 = "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]"
_NONE = "NULL"


def ikev1_decryption_table(keys: Iterable[ExportedKey]) -> str:
    """Write the table for ISAKMP, one line for each SA, each line once."""
    return _lines(f"{key.initiator_cookie.hex()},{key.key.hex()}" for key in keys)


def esp_sa(keys: Iterable[EspKey], anywhere: bool = False) -> str:
    """Write the table for ESP, one line for each direction, each line once.

    With `anywhere` the SPI alone finds the key, as a capture on the other side of a NAT needs.
    """
    return _lines(_esp_line(key, anywhere) for key in keys)


def _esp_line(key: EspKey, anywhere: bool) -> str:
    ends = (ANYWHERE, ANYWHERE) if anywhere else (key.source, key.destination)
    fields = (
        "IPv4",
        *ends,
        f"0x{key.spi:08x}",
        _CIPHERS[key.suite.transform],
        _octets(key.encryption_key + key.salt),
        _integrity(key.suite),
        _octets(key.authentication_key),
    )
    return ",".join(f'"{field}"' for field in fields)


def _integrity(suite: EspSuite) -> str:
    if suite.truncated_sha256:
        return _TRUNCATED_SHA256
    return _NONE if suite.authentication is None else _INTEGRITIES[suite.authentication]


def _octets(octets: bytes) -> str:
    return f"0x{octets.hex()}" if octets else ""


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))
