"""The mutable heart: compared by identity, silent about secrets, strict about its parts."""

import pytest

from gwsim.ike.sa import need
from tests.ike.forge import keys_of, sa_of
from tests.ike.pair import connected, facing


def test_what_must_be_there_is_given_or_missed_by_name():
    assert need(0, "a number") == 0
    with pytest.raises(LookupError, match="there should be a thing by now"):
        need(None, "a thing")


def test_two_sas_are_the_same_only_if_they_are_one():
    pair = connected()
    sa = sa_of(pair, "A")
    assert sa == sa  # noqa: PLR0124
    assert sa != sa_of(pair, "B")
    assert len({sa, sa}) == 1


def test_the_iv_of_phase_1_needs_keys():
    pair = facing()
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    sa = sa_of(pair, "A")
    with pytest.raises(LookupError):
        sa.iv = b""
    with pytest.raises(LookupError):
        sa.iv  # noqa: B018


def test_an_sa_before_its_first_rest_rests_nowhere():
    pair = facing()
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    sa = sa_of(pair, "A")
    assert sa.resting == "MAIN_WAIT_2"
    pair.act("A", lambda end: end.clear("ike", "", 0.0))
    assert sa.resting is None


def test_values_of_both_ends_are_ordered_by_role():
    pair = connected()
    a, b = sa_of(pair, "A"), sa_of(pair, "B")
    assert a.public_values() == b.public_values()
    assert a.nonces() == b.nonces()
    assert a.peer_known


def test_no_secret_can_be_printed_by_accident():
    pair = connected(pfs_group=2)
    for side in "AB":
        sa, k = sa_of(pair, side), keys_of(pair, side)
        qm = next(iter(sa.quick_modes.values()))
        shown = "".join(repr(x) for x in (sa, k, qm, *pair.ends[side]._ledger.children.values()))
        psk = pair.ends[side].config.connections[0].psk
        secrets = [psk, k.skeyid, k.skeyid_d, k.skeyid_a, k.skeyid_e, k.key, qm.shared]
        for secret in secrets:
            assert secret
            assert repr(secret) not in shown
            assert secret.hex() not in shown
        assert str(sa.pair.private) not in shown
        assert str(qm.pair.private) not in shown


def test_a_port_that_was_translated_is_not_floated():
    pair = connected()
    sa = sa_of(pair, "B")
    sa.remote = (sa.remote[0], 40500)
    sa.float_ports()
    assert (sa.local[1], sa.remote[1]) == (4500, 40500)
