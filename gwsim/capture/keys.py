"""Tables of keys with which Wireshark and tshark decrypt a capture.

Both are lines of a configuration file of the same name (`ikev1_decryption_table`, `esp_sa`), and
what follows the second colon of tshark's `-o uat:NAME:LINE`::

    ikev1_decryption_table  initiator's cookie, cipher key, both in hexadecimal
    esp_sa                  "IPv4","from","to","SPI","cipher","key","integrity","key"

Of phase 1 the first messages must be in the capture, for the IV comes out of them. Names of
algorithms are those of Wireshark 4. Keys are secrets: only who asked for them gets to see this,
and the first line of each table says what it is.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from gwsim.crypto.esp import EspSuite
from gwsim.gateway.keys import EspKey
from gwsim.ike.export import ExportedKey
from gwsim.ike.states import Role
from gwsim.wire.numbers import EspAuthentication, EspTransform

WARNING = "# SECRET KEYS: who has this file reads everything that the tunnels carried"
"""The first line of every table."""

ANYWHERE = "*"
"""The address that fits every address: with a NAT, an SA has different ends on either side."""

_CIPHERS: dict[int, str] = {
    EspTransform.DES: "DES-CBC [RFC2405]",
    EspTransform.TRIPLE_DES: "TripleDES-CBC [RFC2451]",
    EspTransform.NULL: "NULL",
    EspTransform.AES_CBC: "AES-CBC [RFC3602]",
    EspTransform.AES_CTR: "AES-CTR [RFC3686]",
    EspTransform.AES_GCM_8: "AES-GCM with 8 octet ICV [RFC4106]",
    EspTransform.AES_GCM_12: "AES-GCM with 12 octet ICV [RFC4106]",
    EspTransform.AES_GCM_16: "AES-GCM with 16 octet ICV [RFC4106]",
}
_INTEGRITIES: dict[int, str] = {
    EspAuthentication.HMAC_MD5: "HMAC-MD5-96 [RFC2403]",
    EspAuthentication.HMAC_SHA1: "HMAC-SHA-1-96 [RFC2404]",
    EspAuthentication.HMAC_SHA2_256: "HMAC-SHA-256-128 [RFC4868]",
    EspAuthentication.HMAC_SHA2_384: "HMAC-SHA-384-192 [RFC4868]",
    EspAuthentication.HMAC_SHA2_512: "HMAC-SHA-512-256 [RFC4868]",
}
_TRUNCATED_SHA256 = "HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]"
_NONE = "NULL"


def ikev1_decryption_table(keys: Iterable[ExportedKey]) -> str:
    """Write the table for ISAKMP, one line for each SA.

    Where the ends computed different keys the initiator's stands there, for its main-5 is what
    there is to read; the responder's follows as a comment.
    """
    by_cookie: dict[bytes, list[ExportedKey]] = {}
    for key in keys:
        by_cookie.setdefault(key.initiator_cookie, []).append(key)
    return _table(chain.from_iterable(map(_ike_lines, by_cookie.values())))


def esp_sa(keys: Iterable[EspKey], anywhere: bool = False) -> str:
    """Write the table for ESP, one line for each direction.

    With `anywhere` the SPI alone finds the key, as a capture on the other side of a NAT needs.
    Where the ends disagree the sender's view stands there, and the receiver's as a comment.
    """
    by_sa: dict[tuple[str, str, int], list[EspKey]] = {}
    for key in keys:
        by_sa.setdefault((*_ends(key, anywhere), key.spi), []).append(key)
    return _table(chain.from_iterable(_esp_lines(group, anywhere) for group in by_sa.values()))


def _ike_lines(keys: list[ExportedKey]) -> Iterator[str]:
    first, *others = sorted(keys, key=lambda key: key.role is not Role.INITIATOR)
    yield f"{first.initiator_cookie.hex()},{first.key.hex()}"
    for other in others:
        if other.key != first.key:
            yield (
                f"# the {other.role} has computed another key for it:"
                f" {other.initiator_cookie.hex()},{other.key.hex()}"
            )


def _esp_lines(keys: list[EspKey], anywhere: bool) -> Iterator[str]:
    sent, *others = (_esp_line(key, anywhere) for key in sorted(keys, key=lambda key: key.inbound))
    yield sent
    for other in others:
        if other != sent:
            yield f"# the receiver holds another key for it: {other}"


def _ends(key: EspKey, anywhere: bool) -> tuple[str, str]:
    return (ANYWHERE, ANYWHERE) if anywhere else (key.source, key.destination)


def _esp_line(key: EspKey, anywhere: bool) -> str:
    fields = (
        "IPv4",
        *_ends(key, anywhere),
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


def _table(lines: Iterable[str]) -> str:
    """Put the warning before lines, each of them once; nothing comes of none."""
    found = dict.fromkeys(lines)
    return "".join(f"{line}\n" for line in (WARNING, *found)) if found else ""
