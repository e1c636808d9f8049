"""Diffie-Hellman: groups by wire number, key pairs from a seeded source, shared secrets.

MODP groups run on `gmpy2`, which takes a private value from the caller's `rng` and is as fast as
OpenSSL; ECP groups run on `cryptography`. Sources: RFC 2409 6, RFC 3526, RFC 5114, RFC 5903.

Private values of the safe-prime groups are short, as OpenSSL picks them (at least twice the
security strength of the prime; RFC 3526 8, RFC 7919 5.2):

    prime bits     768  1024  1536  2048  3072  4096  6144  8192
    exponent bits  160   160   200   225   275   325   375   400

Groups 22 to 24 draw from the whole order of their subgroup (160, 224, 256 bits), as do the curves.
"""

from dataclasses import dataclass, field
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec
from gmpy2 import powmod  # type: ignore[import-untyped]

from gwsim.crypto import moduli
from gwsim.crypto.errors import BadPublicValue, UnsupportedAlgorithm


@dataclass(frozen=True, slots=True)
class Modp:
    """The numbers of a modular exponentiation group.

    `order` is the prime order of the subgroup where it is smaller than (prime - 1) / 2, else None;
    `exponent_bits` is the length of a private value.
    """

    prime: int
    generator: int
    exponent_bits: int
    order: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A Diffie-Hellman group: wire number, its name in a report, size in bits.

    `public_length` is the length of a public value in octets: as long as the prime, or two
    coordinates of a curve (RFC 5903 7). `secret_length` is that of the shared secret.
    """

    number: int
    name: str
    bits: int
    public_length: int
    weak: bool
    domain: Modp | ec.EllipticCurve = field(repr=False, compare=False)

    @property
    def secret_length(self) -> int:
        """Octets of g^xy: as long as the prime, or one coordinate of a curve."""
        return self.public_length if isinstance(self.domain, Modp) else self.public_length // 2


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private value and its public value as sent in a KE payload (fixed length).

    `curve_key` spares the curves a second multiplication; it follows from `private`.
    """

    group: Group
    private: int = field(repr=False)
    public: bytes
    curve_key: ec.EllipticCurvePrivateKey | None = field(default=None, repr=False, compare=False)


GROUPS: dict[int, Group] = {
    1: Group(1, "MODP 768", 768, 96, True, Modp(moduli.MODP_768, 2, 160)),
    2: Group(2, "MODP 1024", 1024, 128, True, Modp(moduli.MODP_1024, 2, 160)),
    5: Group(5, "MODP 1536", 1536, 192, True, Modp(moduli.MODP_1536, 2, 200)),
    14: Group(14, "MODP 2048", 2048, 256, False, Modp(moduli.MODP_2048, 2, 225)),
    15: Group(15, "MODP 3072", 3072, 384, False, Modp(moduli.MODP_3072, 2, 275)),
    16: Group(16, "MODP 4096", 4096, 512, False, Modp(moduli.MODP_4096, 2, 325)),
    17: Group(17, "MODP 6144", 6144, 768, False, Modp(moduli.MODP_6144, 2, 375)),
    18: Group(18, "MODP 8192", 8192, 1024, False, Modp(moduli.MODP_8192, 2, 400)),
    19: Group(19, "ECP 256", 256, 64, False, ec.SECP256R1()),
    20: Group(20, "ECP 384", 384, 96, False, ec.SECP384R1()),
    21: Group(21, "ECP 521", 521, 132, False, ec.SECP521R1()),
    22: Group(
        22,
        "MODP 1024/160",
        1024,
        128,
        True,
        Modp(moduli.MODP_1024_160_P, moduli.MODP_1024_160_G, 160, moduli.MODP_1024_160_Q),
    ),
    23: Group(
        23,
        "MODP 2048/224",
        2048,
        256,
        False,
        Modp(moduli.MODP_2048_224_P, moduli.MODP_2048_224_G, 224, moduli.MODP_2048_224_Q),
    ),
    24: Group(
        24,
        "MODP 2048/256",
        2048,
        256,
        False,
        Modp(moduli.MODP_2048_256_P, moduli.MODP_2048_256_G, 256, moduli.MODP_2048_256_Q),
    ),
}


def group(number: int) -> Group:
    """Find a group by its wire number.

    Raises UnsupportedAlgorithm for a number that is not in GROUPS.
    """
    found = GROUPS.get(number)
    if found is None:
        raise UnsupportedAlgorithm(f"Diffie-Hellman group {number} is not supported")
    return found


def generate(number: int, rng: Random) -> KeyPair:
    """Make a key pair of a group; the same state of `rng` gives the same pair.

    Raises UnsupportedAlgorithm for an unknown group.
    """
    of = group(number)
    if isinstance(of.domain, Modp):
        limit = of.domain.order or 1 << of.domain.exponent_bits
        return key_pair(number, rng.randrange(2, limit))
    return key_pair(number, rng.randrange(1, of.domain.group_order))


def key_pair(number: int, private: int) -> KeyPair:
    """Make the key pair that belongs to a known private value (for vectors and replays).

    Raises UnsupportedAlgorithm for an unknown group.
    """
    of = group(number)
    if isinstance(of.domain, Modp):
        public = int(powmod(of.domain.generator, private, of.domain.prime))
        return KeyPair(of, private, public.to_bytes(of.public_length, "big"))
    key = ec.derive_private_key(private, of.domain)
    point = key.public_key().public_numbers()
    size = of.secret_length
    return KeyPair(of, private, point.x.to_bytes(size, "big") + point.y.to_bytes(size, "big"), key)


def shared_secret(pair: KeyPair, peer_public: bytes) -> bytes:
    """Compute g^xy, padded with leading zeros to the length of the group.

    For a curve it is the x coordinate alone (RFC 5903 9). Raises BadPublicValue for a peer's value
    of the wrong length, for 0, 1, p-1 and more, outside the subgroup, or not on the curve.
    """
    of = pair.group
    if len(peer_public) != of.public_length:
        raise BadPublicValue(
            f"group {of.number}: public value has {len(peer_public)} octets, not {of.public_length}"
        )
    if isinstance(of.domain, Modp):
        peer = int.from_bytes(peer_public, "big")
        _require_member(of.number, of.domain, peer)
        secret = int(powmod(peer, pair.private, of.domain.prime))
        return secret.to_bytes(of.secret_length, "big")
    key = pair.curve_key or ec.derive_private_key(pair.private, of.domain)
    return key.exchange(ec.ECDH(), _point(of, of.domain, peer_public))


def _require_member(number: int, domain: Modp, peer: int) -> None:
    """Refuse a public value that gives the secret away (RFC 2412 E, RFC 5114 4, RFC 6989 2)."""
    if not 1 < peer < domain.prime - 1:
        raise BadPublicValue(f"group {number}: public value is not between 2 and p - 2")
    if domain.order is not None and powmod(peer, domain.order, domain.prime) != 1:
        raise BadPublicValue(f"group {number}: public value is not in the subgroup of order q")


def _point(of: Group, curve: ec.EllipticCurve, public: bytes) -> ec.EllipticCurvePublicKey:
    """Read x | y (RFC 5903 7) as a point, which must be on the curve."""
    size = of.secret_length
    x, y = int.from_bytes(public[:size], "big"), int.from_bytes(public[size:], "big")
    try:
        return ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
    except ValueError as error:
        raise BadPublicValue(f"group {of.number}: public value is not on the curve") from error
