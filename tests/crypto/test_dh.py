"""Diffie-Hellman: published vectors, agreement, determinism, and public values that are refused."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.crypto import dh, moduli
from gwsim.crypto.errors import BadPublicValue, UnsupportedAlgorithm

from .vectors import cases, load, octets

MODP = [number for number, of in dh.GROUPS.items() if isinstance(of.domain, dh.Modp)]
SUBGROUPS = [22, 23, 24]
ECP = [19, 20, 21]


@pytest.mark.parametrize("case", cases("dh"))
def test_published_vector(case):
    """Both public values and the shared secret come out as printed."""
    initiator = dh.key_pair(case["group"], int(case["initiator_private"], 16))
    responder = dh.key_pair(case["group"], int(case["responder_private"], 16))
    public_i, public_r, shared = octets(case, "initiator_public", "responder_public", "shared")
    assert initiator.public == public_i
    assert responder.public == public_r
    assert dh.shared_secret(initiator, public_r) == shared
    assert dh.shared_secret(responder, public_i) == shared


def test_recorded_main_mode():
    """Group 2: the private value of a recorded initiator gives the public value it sent."""
    recorded = load("main_mode")
    pair = dh.key_pair(2, int(recorded["initiator_private"], 16))
    main_3 = bytes.fromhex(recorded["messages"]["main-3"])
    assert pair.public == main_3[32 : 32 + 128]


@pytest.mark.parametrize("number", MODP)
def test_modp_groups_follow_plain_arithmetic(number):
    """The same powers by Python's own integers; the peer's private value is longer than ours."""
    of = dh.group(number)
    prime = of.domain.prime
    pair = dh.generate(number, Random(number))
    theirs = Random(number + 1).randrange(2, 1 << 512)
    public = pow(of.domain.generator, theirs, prime).to_bytes(of.public_length, "big")
    ours = int.from_bytes(pair.public, "big")
    assert ours == pow(of.domain.generator, pair.private, prime)
    assert int.from_bytes(dh.shared_secret(pair, public), "big") == pow(ours, theirs, prime)


@pytest.mark.parametrize("number", dh.GROUPS)
def test_both_ends_agree(number):
    rng = Random(number)
    ours, theirs = dh.generate(number, rng), dh.generate(number, rng)
    secret = dh.shared_secret(ours, theirs.public)
    assert ours.private != theirs.private
    assert secret == dh.shared_secret(theirs, ours.public)
    assert len(secret) == ours.group.secret_length


@pytest.mark.parametrize("number", dh.GROUPS)
def test_same_seed_gives_the_same_pair(number):
    pair = dh.generate(number, Random(7))
    assert pair == dh.generate(number, Random(7))
    assert pair.public != dh.generate(number, Random(8)).public


@pytest.mark.parametrize("number", dh.GROUPS)
def test_public_value_has_the_length_of_the_group(number):
    of = dh.group(number)
    assert of.number == number
    assert len(dh.generate(number, Random(3)).public) == of.public_length


@pytest.mark.parametrize("number", MODP)
def test_private_value_is_as_short_as_the_table_says(number):
    rng = Random(11)
    longest = max(dh.generate(number, rng).private.bit_length() for _ in range(12))
    bits = dh.group(number).domain.exponent_bits
    assert bits - 8 <= longest <= bits


def test_short_values_are_padded_with_zeros():
    """A secret whose first octets are zero keeps them (a classic interoperability bug)."""
    of = dh.group(2)
    pair = dh.KeyPair(of, 1, bytes(127) + b"\x02")
    assert dh.key_pair(2, 1).public == pair.public
    assert dh.shared_secret(pair, bytes(127) + b"\x05") == bytes(127) + b"\x05"


def test_unknown_group():
    with pytest.raises(UnsupportedAlgorithm, match="group 3 "):
        dh.generate(3, Random(0))


@pytest.mark.parametrize("number", dh.GROUPS)
@pytest.mark.parametrize("change", [lambda public: public[:-1], lambda public: b"\x00" + public])
def test_public_value_of_another_length_is_refused(number, change):
    pair = dh.generate(number, Random(1))
    with pytest.raises(BadPublicValue, match="octets"):
        dh.shared_secret(pair, change(pair.public))


@pytest.mark.parametrize("number", MODP)
@pytest.mark.parametrize("value", [0, 1, -1, 0 - 2, None])
def test_degenerate_modp_value_is_refused(number, value):
    """0 and 1, p - 1, p and all ones: each would make the secret guessable."""
    pair = dh.generate(number, Random(1))
    of = pair.group
    bad = {0: 0, 1: 1, -1: of.domain.prime - 1, -2: of.domain.prime, None: 2**of.bits - 1}[value]
    with pytest.raises(BadPublicValue, match="between"):
        dh.shared_secret(pair, bad.to_bytes(of.public_length, "big"))


@pytest.mark.parametrize("number", SUBGROUPS)
def test_modp_value_outside_the_subgroup_is_refused(number):
    pair = dh.generate(number, Random(1))
    with pytest.raises(BadPublicValue, match="subgroup"):
        dh.shared_secret(pair, (3).to_bytes(pair.group.public_length, "big"))


@pytest.mark.parametrize("number", ECP)
def test_point_off_the_curve_is_refused(number):
    pair = dh.generate(number, Random(1))
    off = bytearray(dh.generate(number, Random(2)).public)
    off[-1] ^= 1
    for bad in (bytes(off), bytes(len(off)), b"\xff" * len(off)):
        with pytest.raises(BadPublicValue, match="curve"):
            dh.shared_secret(pair, bad)


@pytest.mark.parametrize("number", ECP)
def test_a_pair_without_its_curve_key_still_works(number):
    """A pair put together from its numbers (a replay) gives the same secret."""
    pair, peer = dh.generate(number, Random(1)), dh.generate(number, Random(2))
    bare = dh.KeyPair(pair.group, pair.private, pair.public)
    assert bare == pair
    assert dh.shared_secret(bare, peer.public) == dh.shared_secret(pair, peer.public)


@settings(max_examples=60, deadline=None)
@given(number=st.sampled_from([1, 2, 19, 22]), data=st.data())
def test_any_octets_give_a_secret_or_bad_public_value(number, data):
    pair = dh.generate(number, Random(5))
    public = data.draw(
        st.one_of(
            st.binary(max_size=200),
            st.binary(min_size=pair.group.public_length).map(
                lambda b: b[: pair.group.public_length]
            ),
        )
    )
    try:
        secret = dh.shared_secret(pair, public)
    except BadPublicValue:
        return
    assert len(secret) == pair.group.secret_length


def test_weak_groups():
    assert [number for number, of in dh.GROUPS.items() if of.weak] == [1, 2, 5, 22]


def test_private_value_is_not_in_the_representation():
    pair = dh.generate(2, Random(1))
    assert str(pair.private) not in repr(pair)
    assert str(moduli.MODP_1024) not in repr(pair)
