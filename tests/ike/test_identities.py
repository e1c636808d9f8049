"""Identification payloads by type, and the hashes over them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.crypto import skeyid
from gwsim.ike.config import Identity
from gwsim.ike.identities import decode_identity, encode_identity
from gwsim.wire.numbers import IdType
from gwsim.wire.payloads import Hash, Identification
from tests.ike.forge import keys_of, opened, sa_of
from tests.ike.pair import facing

NAMES = [IdType.FQDN, IdType.USER_FQDN, IdType.KEY_ID]


@given(st.sampled_from(NAMES), st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_a_name_survives_the_wire(kind, text):
    if "\\" in text:
        return
    payload = encode_identity(Identity(kind, text), 17, 500)
    assert (payload.id_type, payload.protocol, payload.port) == (kind, 17, 500)
    assert decode_identity(payload) == text


def test_an_address_goes_as_four_octets():
    payload = encode_identity(Identity.address("10.1.2.3"), 0, 0)
    assert payload == Identification(IdType.IPV4_ADDR, bytes([10, 1, 2, 3]), 0, 0)
    assert decode_identity(payload) == "10.1.2.3"


@given(st.integers(0, 255), st.binary(max_size=40))
def test_any_identity_can_be_told(kind, data):
    assert decode_identity(Identification(kind, data)).isascii()


@pytest.mark.parametrize("label", ["main-5", "main-6"])
def test_the_hash_covers_the_identity_as_it_was_sent(label):
    pair = facing(id_protocol=0, id_port=0)
    pair.initiate()
    a, k = sa_of(pair, "A"), keys_of(pair, "A")
    (g_xi, g_xr), (i, r) = a.public_values(), a.cookies
    iv = skeyid.phase1_iv(k.hash, g_xi, g_xr, k.block_size)
    first = pair.last("main-5").data
    if label == "main-6":
        iv = first[-k.block_size :]
    who, proof = opened(k, iv, pair.last(label).data)[:2]
    assert isinstance(who, Identification)
    body = bytes([who.id_type, 0, 0, 0]) + who.data
    if label == "main-5":
        wanted = skeyid.hash_i(k.hash, k.skeyid, g_xi, g_xr, i, r, a.sa_body, body)
    else:
        wanted = skeyid.hash_r(k.hash, k.skeyid, g_xr, g_xi, r, i, a.sa_body, body)
    assert proof == Hash(wanted)
