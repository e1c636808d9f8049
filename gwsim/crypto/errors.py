"""What cryptographic functions raise, as one tree.

CryptoError
├── UnsupportedAlgorithm
├── BadPublicValue
├── BadIcv
└── BadPadding
"""


class CryptoError(ValueError):
    """Octets or lengths that the function cannot work with."""


class UnsupportedAlgorithm(CryptoError):
    """An algorithm number, key length or combination that is not offered here."""


class BadPublicValue(CryptoError):
    """A peer's public Diffie-Hellman value that is no proper member of the group."""


class BadIcv(CryptoError):
    """An ESP packet whose integrity check value is wrong, or that is too short to have one."""


class BadPadding(CryptoError):
    """An ESP trailer whose pad length or padding octets contradict the packet (RFC 4303 2.4)."""
