"""Many ESP packets of one length at once, in buffers that were made before.

What comes out is octet for octet what `EspCipher.seal` and `open` give, whose running contexts are
used, so that single packets and rows may follow each other. Made for speed: everything that can be
looked up or cut beforehand is, and what is left per packet are the calls into the library.

    plain    [IV source | plaintext] [IV source | plaintext] ...
    sealed   [SPI, sequence | IV | ciphertext | ICV] [SPI, sequence | ...] ...
"""

from collections.abc import Callable
from hmac import compare_digest
from struct import Struct
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hmac import HMAC

from gwsim.crypto.esp_ciphers import CbcTransformer, GcmTransformer, NullTransformer

_HEADER_LENGTH = 8
_HEADER = Struct("!II").pack_into
_HEADER_AND_IV = Struct("!IIQ").pack_into
_COUNTER = {8: Struct("!Q").pack_into, 16: Struct("!8xQ").pack_into}

_Into = Callable[[memoryview, memoryview], int]


class SealingRows(Protocol):
    """Rows for packets of one length on their way out.

    The plaintext of packet i, trailer included, goes to `plain[i * row + start:]`; it is found
    sealed at `sealed[i * stride : (i + 1) * stride]`.
    """

    row: int
    start: int
    stride: int

    def seal(self, count: int, spi: int, sequence: int) -> None:
        """Seal the first `count` rows, the first of them under the number `sequence`."""


class OpeningRows(Protocol):
    """Rows for packets of one length on their way in.

    Packet i is expected at `sealed[i * length:]`. Its plaintext, trailer included, is found at
    `plain[starts[i] : ends[i]]`.
    """

    starts: list[int]
    ends: list[int]

    def open(self, index: int) -> bool:
        """Check and open one packet; False, with nothing changed, when its ICV is wrong."""


class MacRows:
    """Rows of a cipher with a separate HMAC: CBC or NULL, then the ICV over all before it."""

    def __init__(
        self, transformer: CbcTransformer | NullTransformer, keyed: HMAC, icv_length: int
    ) -> None:
        self._cbc = transformer if isinstance(transformer, CbcTransformer) else None
        self._iv_length = self._cbc.block_size if self._cbc else 0
        self._copy = keyed.copy
        self._icv_length = icv_length

    def sealing(self, plain: bytearray, sealed: bytearray, length: int, count: int) -> SealingRows:
        """Make rows for `count` plaintexts of `length` octets, whole blocks."""
        encrypt = self._cbc.encrypt_into if self._cbc else _copied
        return _MacSealing(
            plain, sealed, length, count, self._iv_length, self._icv_length, encrypt, self._copy
        )

    def opening(
        self, sealed: bytearray, plain: bytearray, length: int, count: int
    ) -> OpeningRows | None:
        """Make rows for `count` packets of `length` octets; None when none can be that long."""
        body = length - _HEADER_LENGTH - self._icv_length
        if body <= self._iv_length or (self._cbc and body % self._iv_length):
            return None
        decrypt = self._cbc.decrypt_into if self._cbc else _copied
        return _MacOpening(
            sealed, plain, length, count, self._iv_length, self._icv_length, decrypt, self._copy
        )


class _MacSealing:
    def __init__(
        self,
        plain: bytearray,
        sealed: bytearray,
        length: int,
        count: int,
        iv_length: int,
        icv_length: int,
        encrypt: _Into,
        copy: Callable[[], HMAC],
    ) -> None:
        self.start = iv_length
        self.row = row = iv_length + length
        self.stride = stride = _HEADER_LENGTH + row + icv_length
        self._plain, self._sealed = plain, sealed
        self._encrypt, self._copy, self._icv_length = encrypt, copy, icv_length
        self._count_into = _COUNTER.get(iv_length)
        source, target = memoryview(plain), memoryview(sealed)
        body = _HEADER_LENGTH + row
        # The library wants room for a block more than it writes.
        self._rows = [
            (
                i * row,
                source[i * row : (i + 1) * row],
                i * stride,
                target[i * stride + _HEADER_LENGTH : i * stride + body + iv_length],
                target[i * stride : i * stride + body],
                target[i * stride + body : (i + 1) * stride],
            )
            for i in range(count)
        ]

    def seal(self, count: int, spi: int, sequence: int) -> None:
        encrypt, copy, icv_length = self._encrypt, self._copy, self._icv_length
        plain, sealed, count_into = self._plain, self._sealed, self._count_into
        for at, source, offset, target, covered, icv in self._rows[:count]:
            if count_into is not None:
                count_into(plain, at, sequence)
            encrypt(source, target)
            _HEADER(sealed, offset, spi, sequence)
            mac = copy()
            mac.update(covered)
            icv[:] = mac.finalize()[:icv_length]
            sequence += 1


class _MacOpening:
    def __init__(
        self,
        sealed: bytearray,
        plain: bytearray,
        length: int,
        count: int,
        iv_length: int,
        icv_length: int,
        decrypt: _Into,
        copy: Callable[[], HMAC],
    ) -> None:
        self._decrypt, self._copy, self._icv_length = decrypt, copy, icv_length
        end = length - icv_length
        row = end - _HEADER_LENGTH
        source, target = memoryview(sealed), memoryview(plain)
        self.starts = [i * row + iv_length for i in range(count)]
        self.ends = [(i + 1) * row for i in range(count)]
        self._rows = [
            (
                source[i * length : i * length + end],
                source[i * length + end : (i + 1) * length],
                source[i * length + _HEADER_LENGTH : i * length + end],
                target[i * row : (i + 1) * row + iv_length],
            )
            for i in range(count)
        ]

    def open(self, index: int) -> bool:
        covered, icv, source, target = self._rows[index]
        mac = self._copy()
        mac.update(covered)
        if not compare_digest(mac.finalize()[: self._icv_length], icv):
            return False
        self._decrypt(source, target)
        return True


class GcmRows:
    """Rows of AES-GCM with its whole ICV of 16 octets (RFC 4106)."""

    def __init__(self, gcm: GcmTransformer) -> None:
        self._gcm = gcm

    def sealing(self, plain: bytearray, sealed: bytearray, length: int, count: int) -> SealingRows:
        """Make rows for `count` plaintexts of `length` octets."""
        return _GcmSealing(plain, sealed, length, count, self._gcm)

    def opening(
        self, sealed: bytearray, plain: bytearray, length: int, count: int
    ) -> OpeningRows | None:
        """Make rows for `count` packets of `length` octets; None when none can be that long."""
        if length <= _HEADER_LENGTH + 8 + 16:
            return None
        return _GcmOpening(sealed, plain, length, count, self._gcm)


class _GcmSealing:
    def __init__(
        self, plain: bytearray, sealed: bytearray, length: int, count: int, gcm: GcmTransformer
    ) -> None:
        self.start = 0
        self.row = length
        self.stride = stride = _HEADER_LENGTH + 8 + length + 16
        self._sealed = sealed
        self._encrypt = gcm.encrypt_into
        self._nonce = bytearray(gcm.salt + bytes(8))
        source, target = memoryview(plain), memoryview(sealed)
        self._rows = [
            (
                o := i * stride,
                source[i * length : (i + 1) * length],
                target[o : o + 8],
                target[o + 8 : o + 16],
                target[o + 16 : o + stride],
            )
            for i in range(count)
        ]

    def seal(self, count: int, spi: int, sequence: int) -> None:
        encrypt, nonce, sealed = self._encrypt, self._nonce, self._sealed
        for offset, source, header, iv, target in self._rows[:count]:
            _HEADER_AND_IV(sealed, offset, spi, sequence, sequence)
            nonce[4:] = iv
            encrypt(nonce, source, header, target)
            sequence += 1


class _GcmOpening:
    def __init__(
        self, sealed: bytearray, plain: bytearray, length: int, count: int, gcm: GcmTransformer
    ) -> None:
        self._decrypt = gcm.decrypt_into
        self._nonce = bytearray(gcm.salt + bytes(8))
        row = length - _HEADER_LENGTH - 8 - 16
        source, target = memoryview(sealed), memoryview(plain)
        self.starts = [i * row for i in range(count)]
        self.ends = [(i + 1) * row for i in range(count)]
        self._rows = [
            (
                source[i * length : i * length + 8],
                source[i * length + 8 : i * length + 16],
                source[i * length + 16 : (i + 1) * length],
                target[i * row : (i + 1) * row],
            )
            for i in range(count)
        ]

    def open(self, index: int) -> bool:
        header, iv, source, target = self._rows[index]
        self._nonce[4:] = iv
        try:
            self._decrypt(self._nonce, source, header, target)
        except InvalidTag:
            return False
        return True


def _copied(source: memoryview, target: memoryview) -> int:
    """Be the cipher that does nothing (RFC 2410)."""
    target[: len(source)] = source
    return len(source)


RowCipher = MacRows | GcmRows
