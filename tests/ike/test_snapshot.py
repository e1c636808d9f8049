"""A snapshot holds plain values only, so that it travels as JSON and shows no secret."""

import json
from dataclasses import asdict, fields

import pytest

from gwsim.ike.snapshot import (
    ChildSnapshot,
    EndpointSnapshot,
    IkeSaSnapshot,
    QuickModeSnapshot,
)
from tests.ike.forge import keys_of, sa_of
from tests.ike.pair import connected, facing

PLAIN = (str, int, float, bool, type(None))


def plain(value) -> bool:
    if isinstance(value, tuple | list):
        return all(plain(v) for v in value)
    if isinstance(value, dict):
        return all(plain(v) for v in value.values())
    return isinstance(value, PLAIN)


@pytest.mark.parametrize("delivered", range(10))
def test_every_value_is_plain_at_every_moment_of_a_conversation(delivered):
    pair = facing(pfs_group=2)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    for _ in range(min(delivered, 9)):
        pair._deliver_next()
    for side in "AB":
        shown = asdict(pair.snapshot(side))
        assert plain(shown)
        assert json.loads(json.dumps(shown)) is not None


def test_nothing_secret_is_in_it():
    pair = connected(pfs_group=2)
    for side in "AB":
        shown = json.dumps(asdict(pair.snapshot(side)))
        k, sa = keys_of(pair, side), sa_of(pair, side)
        for secret in (k.skeyid, k.skeyid_d, k.skeyid_a, k.skeyid_e, k.key, sa.own_nonce):
            assert secret.hex() not in shown


@pytest.mark.parametrize(
    "kind", [EndpointSnapshot, IkeSaSnapshot, ChildSnapshot, QuickModeSnapshot]
)
def test_every_kind_is_a_frozen_value(kind):
    assert kind.__dataclass_params__.frozen
    assert fields(kind)
