"""ESP made and read by hand, with the keys that strongSwan computed and wrote into its log.

AES-128 in CBC mode with HMAC-SHA-1-96 (RFC 4303, 3602, 2404), padding 1, 2, 3 and so on. Nothing of
gwsim's own is used: what comes through was understood by somebody else.
"""

import hmac
import os
import re
from dataclasses import dataclass
from struct import Struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_HEAD = Struct("!II")
_BLOCK = 16
_ICV = 12
_DUMP = r" key => \d+ bytes @ 0x\w+\n((?:.*\[CHD\] +\d+: .*\n)+)"
_OCTETS = re.compile(r"^.*?\[CHD\] +\d+: ((?:[0-9A-F]{2} ){1,16})", re.MULTILINE)
_SPI = re.compile(r"adding (in|out)bound ESP SA\n.*SPI 0x(\w+)")


@dataclass(frozen=True, slots=True)
class HandMade:
    """One direction of a tunnel: an SPI and its two keys."""

    spi: int
    encryption: bytes
    integrity: bytes

    def seal(self, number: int, inner: bytes, next_header: int) -> bytes:
        """Protect octets as packet `number` of this SA."""
        length = -(len(inner) + 2) % _BLOCK
        trailer = bytes(range(1, length + 1)) + bytes((length, next_header))
        iv = os.urandom(_BLOCK)
        encryptor = Cipher(algorithms.AES(self.encryption), modes.CBC(iv)).encryptor()
        packet = _HEAD.pack(self.spi, number) + iv + encryptor.update(inner + trailer)
        return packet + self._icv(packet)

    def open(self, packet: bytes) -> tuple[bytes, int]:
        """Check and decrypt a packet; gives what was inside and its next header."""
        body, icv = packet[:-_ICV], packet[-_ICV:]
        assert _HEAD.unpack_from(packet)[0] == self.spi
        assert icv == self._icv(body), "the ICV is wrong"
        iv, cipher = body[_HEAD.size : _HEAD.size + _BLOCK], body[_HEAD.size + _BLOCK :]
        decryptor = Cipher(algorithms.AES(self.encryption), modes.CBC(iv)).decryptor()
        clear = decryptor.update(cipher)
        length, next_header = clear[-2:]
        assert clear[-2 - length : -2] == bytes(range(1, length + 1)), "the padding is odd"
        return clear[: -2 - length], next_header

    def _icv(self, packet: bytes) -> bytes:
        return hmac.digest(self.integrity, packet, "sha1")[:_ICV]


def read_keys(log: str) -> tuple[HandMade, HandMade]:
    """Read both directions out of the log of a responder: what it receives, and what it sends."""
    spis = {way: int(number, 16) for way, number in _SPI.findall(log)}
    into, out = (
        (_key(log, f"encryption {who}"), _key(log, f"integrity {who}"))
        for who in ("initiator", "responder")
    )
    return HandMade(spis["in"], *into), HandMade(spis["out"], *out)


def _key(log: str, name: str) -> bytes:
    dump = re.search(name + _DUMP, log)
    assert dump is not None, f"no {name} key in the log"
    return bytes.fromhex("".join(_OCTETS.findall(dump[1])))
