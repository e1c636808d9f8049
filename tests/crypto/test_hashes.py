"""Phase 1 hashes and their HMAC against RFC 2202 and RFC 4231."""

import pytest

from gwsim.crypto import hashes
from gwsim.crypto.errors import UnsupportedAlgorithm

from .vectors import cases, octets

# Digests of "abc": RFC 1321 A.5, FIPS 180-4 examples.
ABC = {
    1: "900150983cd24fb0d6963f7d28e17f72",
    2: "a9993e364706816aba3e25717850c26c9cd0d89d",
    4: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    5: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"
    "1a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    6: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
}


@pytest.mark.parametrize("case", cases("hmac"))
def test_published_hmac(case):
    key, data, mac = octets(case, "key", "data", "mac")
    assert hashes.prf(case["hash"], key, data) == mac


@pytest.mark.parametrize("number", hashes.HASHES)
def test_published_digest(number):
    assert hashes.digest(number, b"abc").hex() == ABC[number]


@pytest.mark.parametrize("number", hashes.HASHES)
def test_table_tells_the_size(number):
    of = hashes.hash_algorithm(number)
    assert of.number == number
    assert len(hashes.digest(number, b"")) == of.digest_size
    assert len(hashes.prf(number, b"", b"")) == of.digest_size


@pytest.mark.parametrize(
    "call",
    [
        lambda: hashes.hash_algorithm(3),
        lambda: hashes.digest(3, b""),
        lambda: hashes.prf(3, b"", b""),
    ],
)
def test_unknown_hash(call):
    """Tiger (3) has a number but no place here."""
    with pytest.raises(UnsupportedAlgorithm, match="hash algorithm 3"):
        call()


def test_only_md5_is_weak():
    assert [of.name for of in hashes.HASHES.values() if of.weak] == ["MD5"]


def test_comparison():
    assert hashes.constant_time_equal(b"same", b"same")
    assert not hashes.constant_time_equal(b"same", b"sane")
    assert not hashes.constant_time_equal(b"same", b"samedi")
