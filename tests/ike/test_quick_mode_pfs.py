"""Quick mode with perfect forward secrecy: who has it, who wants it, and what is a group."""

from dataclasses import replace

import pytest

from gwsim.ike.config import PfsPolicy
from gwsim.ike.events import (
    CloseReason,
    PfsRefused,
    QuickModeClosed,
    Rejected,
)
from gwsim.ike.flaws import Flaw
from gwsim.wire.numbers import NotifyType
from gwsim.wire.payloads import (
    KeyExchange,
    SecurityAssociation,
)
from tests.ike.forge import rewrite
from tests.ike.pair import facing


def refused_at_b(pair) -> Rejected:
    """Give the last refusal at B."""
    return pair.found("B", Rejected)[-1]


@pytest.mark.parametrize(
    ("offered", "wanted", "policy", "works"),
    [
        (2, 2, PfsPolicy.EXACT, True),
        (None, None, PfsPolicy.EXACT, True),
        (2, None, PfsPolicy.EXACT, False),
        (2, None, PfsPolicy.IF_CONFIGURED, True),
        (None, 2, PfsPolicy.IF_CONFIGURED, False),
        (None, 2, PfsPolicy.OBEY, True),
        (5, 2, PfsPolicy.IF_CONFIGURED, False),
        (5, 2, PfsPolicy.OBEY, True),
    ],
)
def test_pfs_by_who_has_it_and_by_the_responders_policy(offered, wanted, policy, works):
    pair = facing(a={"pfs_group": offered}, b={"pfs_group": wanted, "pfs": policy})
    pair.initiate()
    if works:
        assert pair.up()
        assert pair.children("B")[0].pfs_group == offered
        return
    told = pair.found("B", PfsRefused)[0]
    assert (told.offered, told.wanted) == (offered or 0, wanted or 0)
    rejected = refused_at_b(pair)
    assert (rejected.flaw, rejected.notify) == (Flaw.PFS, NotifyType.NO_PROPOSAL_CHOSEN)
    closed = pair.found("A", QuickModeClosed)[0]
    assert closed.reason is CloseReason.PEER_REFUSED
    assert pair.states("A") == pair.states("B") == ["ESTABLISHED"]


def test_each_refusal_is_told_to_a_peer_that_has_proven_who_it_is():
    """However soon it asks again: nobody's log is to hang on how a packet is late."""
    pair = facing(a={"pfs_group": 2}, b={"pfs": PfsPolicy.EXACT}, notify_interval=60.0)
    for _ in range(3):
        pair.initiate()
    told = [event.notify for event in pair.found("B", Rejected)]
    assert told == [NotifyType.NO_PROPOSAL_CHOSEN] * 3
    assert [closed.reason for closed in pair.found("A", QuickModeClosed)] == [
        CloseReason.PEER_REFUSED
    ] * 3


@pytest.mark.parametrize("group", [1, 5, 14, 20])
def test_pfs_with_other_groups_than_phase_1(group):
    pair = facing(pfs_group=group)
    pair.initiate()
    assert pair.up()


def without_ke(payloads):
    return [p for p in payloads if not isinstance(p, KeyExchange)]


def with_ke(payloads):
    return [*payloads[:3], KeyExchange(bytes([5]) * 128), *payloads[3:]]


def test_a_group_without_a_public_value_is_refused():
    pair = facing(pfs_group=2)
    rewrite(pair, "A quick-1", without_ke)
    pair.initiate()
    assert refused_at_b(pair).flaw is Flaw.MISSING_PAYLOAD
    assert refused_at_b(pair).why == "PFS was agreed on but KE is missing"


def test_a_public_value_without_a_group_is_refused():
    pair = facing()
    rewrite(pair, "A quick-1", with_ke)
    pair.initiate()
    assert refused_at_b(pair).flaw is Flaw.KEY_INFORMATION


@pytest.mark.parametrize(
    ("edit", "flaw"), [(without_ke, Flaw.MISSING_PAYLOAD), (with_ke, Flaw.KEY_INFORMATION)]
)
def test_the_answer_must_have_a_public_value_if_and_only_if_the_offer_had(edit, flaw):
    pair = facing(pfs_group=2 if edit is without_ke else None)
    rewrite(pair, "B quick-2", edit)
    pair.initiate()
    assert pair.found("A", Rejected)[-1].flaw is flaw


@pytest.mark.parametrize("value", [bytes(128), b"\0" * 127 + b"\1", b"\xff" * 128, b"short"])
def test_a_public_value_outside_the_group_is_refused(value):
    pair = facing(pfs_group=2)
    rewrite(
        pair,
        "A quick-1",
        lambda ps: [KeyExchange(value) if isinstance(p, KeyExchange) else p for p in ps],
    )
    pair.initiate()
    rejected = refused_at_b(pair)
    assert (rejected.flaw, rejected.notify) == (
        Flaw.KEY_INFORMATION,
        NotifyType.INVALID_KEY_INFORMATION,
    )


def test_a_group_nobody_knows_is_refused_even_by_who_obeys():
    pair = facing(b={"pfs": PfsPolicy.OBEY}, pfs_group=2)

    def group_77(payloads):
        sa = payloads[1]
        transform = sa.proposals[0].transforms[0]
        attributes = tuple(
            replace(a, value=b"\0\x4d") if a.type == 3 else a for a in transform.attributes
        )
        proposal = replace(sa.proposals[0], transforms=(replace(transform, attributes=attributes),))
        return [payloads[0], SecurityAssociation((proposal,)), *payloads[2:]]

    rewrite(pair, "A quick-1", group_77)
    pair.initiate()
    assert refused_at_b(pair).flaw is Flaw.KEY_INFORMATION
    assert "77" in refused_at_b(pair).why
