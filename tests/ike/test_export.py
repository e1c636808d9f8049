"""Keys for a capture the user asked for, and for nobody else."""

from dataclasses import replace

from gwsim.ike.export import ExportedKey
from gwsim.ike.states import Role
from tests.ike.forge import keys_of, sa_of
from tests.ike.pair import connected, facing


def test_both_ends_give_the_same_key_under_the_initiators_cookie():
    pair = connected()
    (a,), (b,) = pair.ends["A"].exported_keys(), pair.ends["B"].exported_keys()
    assert a == ExportedKey(sa_of(pair, "A").initiator_cookie, keys_of(pair, "A").key)
    assert b == replace(a, role=Role.RESPONDER)
    assert repr(a.key) not in repr(a)


def test_before_there_are_keys_there_is_nothing_to_export():
    pair = facing()
    pair.drop("B main-2", None)
    pair.initiate()
    assert pair.ends["A"].exported_keys() == ()


def test_every_isakmp_sa_has_its_own():
    pair = connected()
    pair.act("A", lambda end: end.rekey("peer", 1, pair.now))
    pair.settle()
    assert len({k.key for k in pair.ends["A"].exported_keys()}) == 2
