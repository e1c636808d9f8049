"""The ciphers behind an ESP security association, each with contexts that live as long as it.

A fresh context costs several times more than the 1400 octets that go through it, so every class
keeps what it can and only feeds it. Each has `encrypt(iv_source, plaintext)`, which gives IV and
ciphertext as they stand in the packet, and `decrypt(body)`, which takes the same.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC, CTR, GCM

from gwsim.crypto.errors import BadIcv


class CbcTransformer:
    """CBC with one chain through all packets of the association (RFC 3602, RFC 2451).

    `iv_source` goes in as the block before the plaintext; its ciphertext, chained from the packet
    before, is the IV on the wire: unpredictable even when the source is a counter. The receiver
    feeds IV and ciphertext to one running context and throws the first block of output away.
    `encrypt_into` and `decrypt_into` do the same between buffers.
    """

    def __init__(self, key: bytes, block_size: int) -> None:
        algorithm: CipherAlgorithm = AES(key) if block_size == 16 else _des(key)
        cipher = Cipher(algorithm, CBC(bytes(block_size)))
        self.block_size = block_size
        encryptor, decryptor = cipher.encryptor(), cipher.decryptor()
        self._encrypt = encryptor.update
        self._decrypt = decryptor.update
        self.encrypt_into = encryptor.update_into
        self.decrypt_into = decryptor.update_into

    def encrypt(self, iv_source: bytes, plaintext: bytes) -> bytes:
        """Give IV and ciphertext of whole blocks."""
        return self._encrypt(iv_source + plaintext)

    def decrypt(self, body: bytes) -> bytes:
        """Take IV and ciphertext of whole blocks."""
        return self._decrypt(body)[self.block_size :]


class CtrTransformer:
    """AES in counter mode; counter block = nonce 4 | IV 8 | block number 4 from 1 (RFC 3686 4)."""

    def __init__(self, key: bytes, nonce: bytes) -> None:
        self._nonce = nonce
        self._context = Cipher(AES(key), CTR(bytes(16))).encryptor()

    def encrypt(self, iv_source: bytes, plaintext: bytes) -> bytes:
        """Give the IV, which is `iv_source` and must not repeat, and the ciphertext."""
        return iv_source + self._apply(iv_source, plaintext)

    def decrypt(self, body: bytes) -> bytes:
        """Take IV and ciphertext."""
        return self._apply(body[:8], body[8:])

    def _apply(self, iv: bytes, data: bytes) -> bytes:
        self._context.reset_nonce(self._nonce + iv + b"\x00\x00\x00\x01")
        return self._context.update(data)


class NullTransformer:
    """No encryption and no IV (RFC 2410)."""

    def encrypt(self, iv_source: bytes, plaintext: bytes) -> bytes:
        """Give the plaintext."""
        return plaintext

    def decrypt(self, body: bytes) -> bytes:
        """Give the plaintext back."""
        return body


class GcmTransformer:
    """AES-GCM with its own ICV; nonce = salt 4 | IV 8, the header is associated data (RFC 4106).

    `encrypt_into` and `decrypt_into` work between buffers, with an ICV of 16 octets.
    """

    def __init__(self, key: bytes, salt: bytes, icv_length: int) -> None:
        self.salt = salt
        self.icv_length = icv_length
        self._algorithm = AES(key)
        self._aead = AESGCM(key)
        self.encrypt_into = self._aead.encrypt_into
        self.decrypt_into = self._aead.decrypt_into

    def seal(self, header: bytes, iv_source: bytes, plaintext: bytes) -> bytes:
        """Give IV, ciphertext and ICV; the IV is `iv_source` and must not repeat."""
        sealed = self._aead.encrypt(self.salt + iv_source, plaintext, header)
        return iv_source + sealed[: len(plaintext) + self.icv_length]

    def open(self, header: bytes, body: bytes) -> bytes:
        """Take IV, ciphertext and ICV; raises BadIcv when they do not belong together."""
        nonce = self.salt + body[:8]
        try:
            if self.icv_length == 16:
                return self._aead.decrypt(nonce, body[8:], header)
            return self._open_truncated(header, nonce, body)
        except InvalidTag as error:
            raise BadIcv("the integrity check value is wrong") from error

    def _open_truncated(self, header: bytes, nonce: bytes, body: bytes) -> bytes:
        """Do what AESGCM cannot: check an ICV shorter than 16 octets."""
        length = self.icv_length
        mode = GCM(nonce, body[-length:], min_tag_length=length)
        context = Cipher(self._algorithm, mode).decryptor()
        context.authenticate_additional_data(header)
        return context.update(body[8:-length]) + context.finalize()


def _des(key: bytes) -> TripleDES:
    """3DES, or DES as 3DES with one key three times."""
    return TripleDES(key * 3 if len(key) == 8 else key)
