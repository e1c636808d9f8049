"""The constants of the MODP groups, recomputed from the formulas and checked for their claims."""

import gmpy2
import pytest

from gwsim.crypto import moduli

# Bits and the constant k of 2^n - 2^(n-64) - 1 + 2^64 * ([2^(n-130) pi] + k), RFC 2412 E, RFC 3526.
PI_PRIMES = [
    (768, 149686),
    (1024, 129093),
    (1536, 741804),
    (2048, 124476),
    (3072, 1690314),
    (4096, 240904),
    (6144, 929484),
    (8192, 4743158),
]


@pytest.mark.parametrize(("bits", "k"), PI_PRIMES)
def test_prime_follows_its_formula(bits, k):
    with gmpy2.context(precision=9000):
        digits = int(gmpy2.floor(gmpy2.mul_2exp(gmpy2.const_pi(), bits - 130)))
    expected = 2**bits - 2 ** (bits - 64) - 1 + 2**64 * (digits + k)
    assert getattr(moduli, f"MODP_{bits}") == expected


@pytest.mark.parametrize("bits", [768, 1024, 1536, 2048, 3072])
def test_prime_is_safe(bits):
    """(p - 1) / 2 is prime as well, so that only 1 and p - 1 have a small order."""
    prime = getattr(moduli, f"MODP_{bits}")
    assert gmpy2.is_prime(prime, 5)
    assert gmpy2.is_prime((prime - 1) // 2, 5)


@pytest.mark.parametrize(
    ("name", "bits"), [("1024_160", 160), ("2048_224", 224), ("2048_256", 256)]
)
def test_subgroup_has_the_prime_order_it_claims(name, bits):
    prime = getattr(moduli, f"MODP_{name}_P")
    generator = getattr(moduli, f"MODP_{name}_G")
    order = getattr(moduli, f"MODP_{name}_Q")
    assert gmpy2.is_prime(prime, 5)
    assert gmpy2.is_prime(order)
    assert order.bit_length() == bits
    assert pow(generator, order, prime) == 1
