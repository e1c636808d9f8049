"""What shares UDP port 4500, and the first octets of ESP (RFC 3948 2, RFC 4303 2).

::

    keepalive   0xFF, one octet alone
    IKE         non-ESP marker, four octets of zero | ISAKMP message
    ESP         SPI 4, never zero | sequence number 4 | the rest is ciphertext
"""

from enum import StrEnum
from struct import Struct
from typing import NamedTuple

from gwsim.wire.errors import WireError

NON_ESP_MARKER = bytes(4)
KEEPALIVE = b"\xff"
ESP_HEADER_SIZE = 8

_ESP = Struct("!II")


class Encapsulated(StrEnum):
    """What a datagram on port 4500 holds; keepalive and ESP bear their message label."""

    KEEPALIVE = "keepalive"
    IKE = "ike"
    ESP = "esp"


class EspHeader(NamedTuple):
    """The clear part of an ESP packet; with extended sequence numbers the low half travels."""

    spi: int
    sequence: int


def parse_esp(data: bytes) -> EspHeader:
    """Read SPI and sequence number; raises WireError below 8 octets and for SPI 0 (RFC 4303 2)."""
    if len(data) < ESP_HEADER_SIZE:
        raise WireError(len(data), f"an ESP header has {ESP_HEADER_SIZE} octets, not {len(data)}")
    header = EspHeader._make(_ESP.unpack_from(data))
    if not header.spi:
        raise WireError(0, "SPI 0 never travels")
    return header


def classify(data: bytes) -> Encapsulated:
    """Tell the three users of port 4500 apart by the first octets (RFC 3948 2.2-2.4).

    Raises WireError when nothing of them is long enough to be there.
    """
    if data == KEEPALIVE:
        return Encapsulated.KEEPALIVE
    if len(data) < len(NON_ESP_MARKER):
        raise WireError(len(data), "too short for a non-ESP marker or an SPI")
    if data.startswith(NON_ESP_MARKER):
        return Encapsulated.IKE
    return Encapsulated.ESP


def wrap_ike(message: bytes) -> bytes:
    """Put the non-ESP marker before an ISAKMP message."""
    return NON_ESP_MARKER + message


def unwrap_ike(data: bytes) -> bytes:
    """Take the non-ESP marker off; raises WireError when it is not there."""
    if not data.startswith(NON_ESP_MARKER):
        raise WireError(0, "no non-ESP marker before the message")
    return data[len(NON_ESP_MARKER) :]
