"""Many ESP packets of one length at once, in buffers that were made before.

What comes out is octet for octet what `EspCipher.seal` and `open` give, whose running contexts are
used, so that single packets and rows may follow each other. Made for speed: everything that can be
looked up or cut beforehand is, what is alike in all rows is done for all of them in one call, and
what is left per packet are the calls into the library.

    plain    [headroom, at its end the IV source | plaintext] [headroom | plaintext] ...
    sealed   [SPI, sequence | IV | ciphertext | ICV] [SPI, sequence | ...] ...
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import lru_cache
from hmac import compare_digest
from itertools import chain, repeat
from struct import Struct
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hmac import HMAC

from gwsim.crypto.esp_ciphers import CbcTransformer, GcmTransformer, NullTransformer

_HEADER_LENGTH = 8
_HEADER = "II"
_HEADER_AND_IV = "IIQ"
_SKIPPED_HEADER_AND_IV = "8xQ"
_NONCE_LENGTH = 12
_NONCE = "IQ"
_COUNTER = {8: Struct("!Q").pack_into, 16: Struct("!8xQ").pack_into}

_Into = Callable[[memoryview, memoryview], int]


@lru_cache(maxsize=1024)
def in_rows(fields: str, stride: int, count: int) -> Struct:
    """Give the layout of `count` rows, `stride` octets apart, that begin with the same fields.

    `fields` are format characters of `struct`, in network order; packing them sets the rest of
    each row to zero.
    """
    rest = stride - Struct("!" + fields).size
    return Struct("!" + f"{fields}{rest}x" * count)


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
    `plain[i * row + start : (i + 1) * row]`.
    """

    row: int
    start: int

    def open(self, first: int, end: int) -> int:
        """Check and open packets from number `first` to before `end`.

        Gives the number of the first one whose ICV is wrong, or `end`.
        """


class MacRows:
    """Rows of a cipher with a separate HMAC: CBC or NULL, then the ICV over all before it."""

    def __init__(
        self, transformer: CbcTransformer | NullTransformer, keyed: HMAC, icv_length: int
    ) -> None:
        self._cbc = transformer if isinstance(transformer, CbcTransformer) else None
        self._iv_length = self._cbc.block_size if self._cbc else 0
        self._copy = keyed.copy
        self._icv_length = icv_length

    def sealing(
        self, plain: bytearray, sealed: bytearray, length: int, count: int, headroom: int
    ) -> SealingRows:
        """Make rows for `count` plaintexts of `length` octets, whole blocks.

        `headroom` octets before each are the caller's until they are sealed.
        """
        encrypt = self._cbc.encrypt_into if self._cbc else _copied
        start = max(headroom, self._iv_length)
        return _MacSealing(
            plain,
            sealed,
            length,
            count,
            start,
            self._iv_length,
            self._icv_length,
            encrypt,
            self._copy,
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
        start: int,
        iv_length: int,
        icv_length: int,
        encrypt: _Into,
        copy: Callable[[], HMAC],
    ) -> None:
        self.start = start
        self.row = row = start + length
        body = _HEADER_LENGTH + iv_length + length
        self.stride = stride = body + icv_length
        self._plain, self._sealed = plain, sealed
        self._encrypt, self._copy, self._icv_length = encrypt, copy, icv_length
        self._count_into = _COUNTER.get(iv_length)
        source, target = memoryview(plain), memoryview(sealed)
        # The library wants room for a block more than it writes.
        self._rows = [
            (
                i * row + start - iv_length,
                source[i * row + start - iv_length : (i + 1) * row],
                target[i * stride + _HEADER_LENGTH : i * stride + body + iv_length],
                target[i * stride : i * stride + body],
                target[i * stride + body : (i + 1) * stride],
            )
            for i in range(count)
        ]

    def seal(self, count: int, spi: int, sequence: int) -> None:
        encrypt, copy, icv_length = self._encrypt, self._copy, self._icv_length
        plain, count_into = self._plain, self._count_into
        numbers = range(sequence, sequence + count)
        headers = chain.from_iterable(zip(repeat(spi), numbers))
        in_rows(_HEADER, self.stride, count).pack_into(self._sealed, 0, *headers)
        for number, (at, source, target, covered, icv) in zip(
            numbers, self._rows[:count], strict=True
        ):
            if count_into is not None:
                count_into(plain, at, number)
            encrypt(source, target)
            mac = copy()
            mac.update(covered)
            icv[:] = mac.finalize()[:icv_length]


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
        self.row = row = end - _HEADER_LENGTH
        self.start = iv_length
        source, target = memoryview(sealed), memoryview(plain)
        self._rows = [
            (
                source[i * length : i * length + end],
                source[i * length + end : (i + 1) * length],
                source[i * length + _HEADER_LENGTH : i * length + end],
                target[i * row : (i + 1) * row + iv_length],
            )
            for i in range(count)
        ]

    def open(self, first: int, end: int) -> int:
        decrypt, copy, icv_length = self._decrypt, self._copy, self._icv_length
        for index in range(first, end):
            covered, icv, source, target = self._rows[index]
            mac = copy()
            mac.update(covered)
            if not compare_digest(mac.finalize()[:icv_length], icv):
                return index
            decrypt(source, target)
        return end


class GcmRows:
    """Rows of AES-GCM with its whole ICV of 16 octets (RFC 4106)."""

    def __init__(self, gcm: GcmTransformer) -> None:
        self._gcm = gcm

    def sealing(
        self, plain: bytearray, sealed: bytearray, length: int, count: int, headroom: int
    ) -> SealingRows:
        """Make rows for `count` plaintexts of `length` octets.

        `headroom` octets before each are the caller's until they are sealed.
        """
        return _GcmSealing(plain, sealed, length, count, headroom, self._gcm)

    def opening(
        self, sealed: bytearray, plain: bytearray, length: int, count: int
    ) -> OpeningRows | None:
        """Make rows for `count` packets of `length` octets; None when none can be that long."""
        if length <= _HEADER_LENGTH + 8 + 16:
            return None
        return _GcmOpening(sealed, plain, length, count, self._gcm)


class _Nonces:
    """Places for the nonces of some packets, each the salt and then an IV."""

    def __init__(self, salt: bytes, count: int) -> None:
        self._salt = int.from_bytes(salt, "big")
        self._octets = bytearray(_NONCE_LENGTH * count)
        view = memoryview(self._octets)
        self._all = [view[at : at + _NONCE_LENGTH] for at in range(0, len(view), _NONCE_LENGTH)]

    def of(self, ivs: Collection[int]) -> list[memoryview]:
        """Give the nonces for these IVs, good until the next call."""
        fields = chain.from_iterable(zip(repeat(self._salt), ivs))
        in_rows(_NONCE, _NONCE_LENGTH, len(ivs)).pack_into(self._octets, 0, *fields)
        return self._all[: len(ivs)]


class _GcmSealing:
    def __init__(
        self,
        plain: bytearray,
        sealed: bytearray,
        length: int,
        count: int,
        start: int,
        gcm: GcmTransformer,
    ) -> None:
        self.start = start
        self.row = row = start + length
        self.stride = stride = _HEADER_LENGTH + 8 + length + 16
        self._sealed = sealed
        self._encrypt = gcm.encrypt_into
        self._nonces = _Nonces(gcm.salt, count)
        source, target = memoryview(plain), memoryview(sealed)
        offsets = range(0, count * stride, stride)
        self._sources = [source[i * row + start : (i + 1) * row] for i in range(count)]
        self._headers = [target[at : at + _HEADER_LENGTH] for at in offsets]
        self._targets = [target[at + _HEADER_LENGTH + 8 : at + stride] for at in offsets]

    def seal(self, count: int, spi: int, sequence: int) -> None:
        numbers = range(sequence, sequence + count)
        fields = chain.from_iterable(zip(repeat(spi), numbers, numbers))
        in_rows(_HEADER_AND_IV, self.stride, count).pack_into(self._sealed, 0, *fields)
        nonces = self._nonces.of(numbers)
        run(map(self._encrypt, nonces, self._sources, self._headers, self._targets))


class _GcmOpening:
    def __init__(
        self, sealed: bytearray, plain: bytearray, length: int, count: int, gcm: GcmTransformer
    ) -> None:
        self._decrypt = gcm.decrypt_into
        self._nonces = _Nonces(gcm.salt, count)
        self._sealed, self._length = sealed, length
        self.row = row = length - _HEADER_LENGTH - 8 - 16
        self.start = 0
        source, target = memoryview(sealed), memoryview(plain)
        offsets = range(0, count * length, length)
        self._headers = [source[at : at + _HEADER_LENGTH] for at in offsets]
        self._sources = [source[at + _HEADER_LENGTH + 8 : at + length] for at in offsets]
        self._targets = [target[i * row : (i + 1) * row] for i in range(count)]

    def open(self, first: int, end: int) -> int:
        length = self._length
        layout = in_rows(_SKIPPED_HEADER_AND_IV, length, end - first)
        nonces = self._nonces.of(layout.unpack_from(self._sealed, first * length))
        rows = (column[first:end] for column in (self._sources, self._headers, self._targets))
        genuine: list[int] = []
        with suppress(InvalidTag):  # the list keeps what came before
            genuine.extend(map(self._decrypt, nonces, *rows))
        return first + len(genuine)


def _copied(source: memoryview, target: memoryview) -> int:
    """Be the cipher that does nothing (RFC 2410)."""
    target[: len(source)] = source
    return len(source)


def run(calls: Iterable[object]) -> None:
    """Make calls for what they do."""
    deque(calls, maxlen=0)


RowCipher = MacRows | GcmRows
