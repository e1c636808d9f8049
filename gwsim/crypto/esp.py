"""ESP packets: one object per security association that seals, verifies and opens them.

    SPI 4 | sequence 4 | IV | ciphertext of inner packet, padding, pad length, next header | ICV

With a separate HMAC the ICV covers everything before it; with extended sequence numbers also the
high half, which is not sent (RFC 4303 2.2.1, 2.8). With AES-GCM the associated data is SPI |
sequence, or SPI | high half | low half (RFC 4106 5).
"""

from struct import Struct

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from gwsim.crypto.errors import BadIcv, BadPadding, CryptoError
from gwsim.crypto.esp_ciphers import (
    CbcTransformer,
    CtrTransformer,
    GcmTransformer,
    NullTransformer,
)
from gwsim.crypto.esp_rows import GcmRows, MacRows, RowCipher
from gwsim.crypto.esp_suites import EspSuite, Mode, suite
from gwsim.crypto.esp_trailer import pad, unpad
from gwsim.crypto.hashes import constant_time_equal
from gwsim.wire.numbers import EspAuthentication

__all__ = ["EspCipher", "EspSuite", "pad", "suite", "unpad"]

HEADER_LENGTH = 8

_HEADER = Struct("!II").pack
_EXTENDED_HEADER = Struct("!III").pack
_HASHES: dict[int, hashes.HashAlgorithm] = {
    EspAuthentication.HMAC_MD5: hashes.MD5(),
    EspAuthentication.HMAC_SHA1: hashes.SHA1(),
    EspAuthentication.HMAC_SHA2_256: hashes.SHA256(),
    EspAuthentication.HMAC_SHA2_384: hashes.SHA384(),
    EspAuthentication.HMAC_SHA2_512: hashes.SHA512(),
}


class EspCipher:
    """Seals or opens the packets of one security association, in order or out of it.

    `keymat` is the KEYMAT of this direction, `suite.keymat_length` octets: cipher key, salt, HMAC
    key. The output depends on what the object sealed before (CBC chains through all packets), so
    the same calls in the same order give the same octets. Raises UnsupportedAlgorithm for a suite
    that is not valid, CryptoError for KEYMAT of another length.
    """

    __slots__ = ("_block_size", "_iv_length", "_least", "_protection", "suite")

    def __init__(self, suite: EspSuite, keymat: bytes) -> None:
        suite.require_valid()
        if len(keymat) != suite.keymat_length:
            raise CryptoError(f"{suite.name} needs {suite.keymat_length} octets of KEYMAT")
        self.suite = suite
        self._block_size = suite.encryption.block_size
        self._iv_length = suite.iv_length
        self._least = HEADER_LENGTH + suite.iv_length + suite.icv_length
        self._protection = (
            _Combined(suite, keymat)
            if suite.encryption.mode is Mode.GCM
            else _EncryptThenMac(suite, keymat)
        )

    def seal(
        self,
        spi: int,
        sequence: int,
        plaintext: bytes,
        iv_source: bytes,
        esn_high: int | None = None,
    ) -> bytes:
        """Make the whole packet from plaintext that already has its trailer (see `pad`).

        `iv_source` has `suite.iv_length` octets that must not repeat: random ones or a counter.
        `esn_high` is the high half of an extended sequence number, None without ESN. Raises
        CryptoError for plaintext that is not whole blocks or an IV source of another length.
        """
        if len(plaintext) % self._block_size:
            raise CryptoError(f"{len(plaintext)} octets of plaintext are not whole blocks")
        if len(iv_source) != self._iv_length:
            raise CryptoError(f"IV source has {len(iv_source)} octets, not {self._iv_length}")
        return self._protection.seal(spi, sequence, plaintext, iv_source, esn_high)

    def verify(self, packet: bytes, esn_high: int | None = None) -> None:
        """Check the ICV and nothing else; raises BadIcv when it is wrong or missing."""
        self._require_length(packet)
        self._protection.verify(packet, esn_high)

    def open(self, packet: bytes, esn_high: int | None = None) -> bytes:
        """Check the ICV, then decrypt: the plaintext with its trailer (see `unpad`).

        Raises BadIcv when the ICV is wrong or the packet too short for one, BadPadding when the
        authenticated ciphertext is not whole blocks.
        """
        self._require_length(packet)
        return self._protection.open(packet, esn_high)

    def rows(self) -> RowCipher | None:
        """Give the form that works on many packets at once, None for suites that have none.

        It shares the contexts of this one. CTR, GCM with a short ICV and suites without an
        integrity check go packet by packet, and so do extended sequence numbers.
        """
        return self._protection.rows()

    def _require_length(self, packet: bytes) -> None:
        if len(packet) < self._least:
            raise BadIcv(f"{len(packet)} octets are too short for {self.suite.name}")


class _EncryptThenMac:
    """A cipher and a separate HMAC, or none (RFC 4303 3.3.2.1)."""

    def __init__(self, suite: EspSuite, keymat: bytes) -> None:
        key, salt, rest = suite.split(keymat)
        self._transformer = _transformer(suite, key, salt)
        self._block_size = suite.encryption.block_size
        self._icv_length = suite.icv_length
        self._keyed = (
            None if suite.authentication is None else HMAC(rest, _HASHES[suite.authentication])
        )

    def seal(
        self, spi: int, sequence: int, plaintext: bytes, iv_source: bytes, esn_high: int | None
    ) -> bytes:
        packet = _HEADER(spi, sequence) + self._transformer.encrypt(iv_source, plaintext)
        return packet + self._icv(packet, esn_high)

    def verify(self, packet: bytes, esn_high: int | None) -> None:
        end = len(packet) - self._icv_length
        if not constant_time_equal(self._icv(packet[:end], esn_high), packet[end:]):
            raise BadIcv("the integrity check value is wrong")

    def open(self, packet: bytes, esn_high: int | None) -> bytes:
        self.verify(packet, esn_high)
        body = packet[HEADER_LENGTH : len(packet) - self._icv_length]
        # A part of a block would stay in the running context and spoil every packet after it.
        if len(body) % self._block_size:
            raise BadPadding(f"{len(body)} octets of ciphertext are not whole blocks")
        return self._transformer.decrypt(body)

    def rows(self) -> RowCipher | None:
        if self._keyed is None or isinstance(self._transformer, CtrTransformer):
            return None
        return MacRows(self._transformer, self._keyed, self._icv_length)

    def _icv(self, packet: bytes, esn_high: int | None) -> bytes:
        if self._keyed is None:
            return b""
        context = self._keyed.copy()
        context.update(packet)
        if esn_high is not None:
            context.update(esn_high.to_bytes(4, "big"))
        return context.finalize()[: self._icv_length]


class _Combined:
    """AES-GCM, which encrypts and authenticates in one pass (RFC 4106)."""

    def __init__(self, suite: EspSuite, keymat: bytes) -> None:
        key, salt, _ = suite.split(keymat)
        self._gcm = GcmTransformer(key, salt, suite.icv_length)

    def seal(
        self, spi: int, sequence: int, plaintext: bytes, iv_source: bytes, esn_high: int | None
    ) -> bytes:
        header = _HEADER(spi, sequence)
        covered = header if esn_high is None else _EXTENDED_HEADER(spi, esn_high, sequence)
        return header + self._gcm.seal(covered, iv_source, plaintext)

    def verify(self, packet: bytes, esn_high: int | None) -> None:
        self.open(packet, esn_high)

    def open(self, packet: bytes, esn_high: int | None) -> bytes:
        covered = packet[:HEADER_LENGTH]
        if esn_high is not None:
            covered = covered[:4] + esn_high.to_bytes(4, "big") + covered[4:]
        return self._gcm.open(covered, packet[HEADER_LENGTH:])

    def rows(self) -> RowCipher | None:
        return GcmRows(self._gcm) if self._gcm.icv_length == 16 else None


def _transformer(
    suite: EspSuite, key: bytes, salt: bytes
) -> CbcTransformer | CtrTransformer | NullTransformer:
    match suite.encryption.mode:
        case Mode.CBC:
            return CbcTransformer(key, suite.encryption.block_size)
        case Mode.CTR:
            return CtrTransformer(key, salt)
        case _:
            return NullTransformer()
