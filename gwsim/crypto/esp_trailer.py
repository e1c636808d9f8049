"""The ESP trailer: self-describing padding, pad length, next header (RFC 4303 2.4 to 2.6).

inner packet | 1 2 3 ... n | n | next header
"""

from gwsim.crypto.errors import BadPadding

_PADDING = bytes(range(1, 256))


def pad(plaintext: bytes, next_header: int, block_size: int) -> bytes:
    """Append the shortest trailer that makes the whole a multiple of `block_size` octets."""
    length = -(len(plaintext) + 2) % block_size
    return plaintext + _PADDING[:length] + bytes((length, next_header))


def unpad(plaintext: bytes) -> tuple[bytes, int]:
    """Take the trailer off: the inner packet and the next header.

    Raises BadPadding when the pad length goes beyond the packet or the padding is not 1, 2, 3, ...,
    as after decryption with a wrong key.
    """
    if len(plaintext) < 2:
        raise BadPadding(f"{len(plaintext)} octets have no room for an ESP trailer")
    length = plaintext[-2]
    end = len(plaintext) - 2 - length
    if end < 0:
        raise BadPadding(f"pad length {length} goes beyond {len(plaintext)} octets")
    if plaintext[end:-2] != _PADDING[:length]:
        raise BadPadding("padding is not 1, 2, 3, ...")
    return plaintext[:end], plaintext[-1]
