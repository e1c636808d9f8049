"""A received message gives its payloads by class and the octets that hashes are computed over."""

import pytest

from gwsim.ike.inbound import Inbound
from gwsim.wire.codec import Header, build_payloads, parse_payloads
from gwsim.wire.payloads import Hash, KeyExchange, Nonce, VendorId

HEADER = Header(b"i" * 8, b"r" * 8, 8, 32, 1, 7)
PAYLOADS = [Hash(b"h" * 20), Nonce(b"n" * 16), VendorId(b"one"), VendorId(b"two")]


def message(padding: bytes = b"") -> Inbound:
    body = build_payloads(PAYLOADS) + padding
    return Inbound(HEADER, tuple(parse_payloads(8, body)), body, ("a", 500), ("b", 500))


def test_payloads_are_found_by_class_in_wire_order():
    m = message()
    assert m.payloads == tuple(PAYLOADS)
    assert m.types == [8, 10, 13, 13]
    assert m.every(VendorId) == [VendorId(b"one"), VendorId(b"two")]
    assert m.maybe(VendorId) == VendorId(b"one")
    assert m.maybe(KeyExchange) is None
    assert m.the(Nonce) == Nonce(b"n" * 16)


def test_the_body_of_a_payload_is_what_follows_its_generic_header():
    assert message().raw(Nonce) == b"n" * 16


def test_what_follows_the_hash_ends_before_the_cipher_padding():
    rest = build_payloads(PAYLOADS[1:])
    assert message().after_first() == rest
    assert message(padding=bytes(12)).after_first() == rest


def test_asking_for_a_payload_that_no_table_requires_is_an_error_of_ours():
    with pytest.raises(LookupError, match="KeyExchange"):
        message().the(KeyExchange)
    with pytest.raises(LookupError, match="KeyExchange"):
        message().raw(KeyExchange)
