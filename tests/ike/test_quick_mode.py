"""Quick mode: pairs of IPsec SAs with and without PFS, several at once and one after another."""

import pytest

from gwsim.crypto import dh, skeyid
from gwsim.ike import quick_mode
from gwsim.ike.events import (
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    CloseReason,
    MessageSent,
    PhaseTwoCompleted,
    Rejected,
    SpiAllocated,
    StateChanged,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.ike.offers import offer_phase2
from gwsim.ike.states import Role
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import ExchangeType, Flag, Protocol
from gwsim.wire.payloads import (
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    SecurityAssociation,
)
from tests.ike.configs import ADDRESS, child, selector, two_children
from tests.ike.forge import Forger, keys_of, rewrite, sa_of, with_header
from tests.ike.pair import connected, facing

QUICK = ("A quick-1", "B quick-2", "A quick-3")


def refused_at_b(pair) -> Rejected:
    """Give the last refusal at B."""
    return pair.found("B", Rejected)[-1]


def test_three_messages_and_the_same_keys_on_both_ends():
    pair = facing(pfs_group=2)
    pair.initiate()
    keys = {side: pair.found(side, ChildKeys)[0] for side in "AB"}
    assert keys["A"].keymat_in == keys["B"].keymat_out
    assert keys["A"].keymat_out == keys["B"].keymat_in
    assert keys["A"].keymat_in != keys["A"].keymat_out
    assert (keys["A"].inbound_spi, keys["A"].outbound_spi) == (
        keys["B"].outbound_spi,
        keys["B"].inbound_spi,
    )
    assert keys["A"].pfs_group == keys["B"].pfs_group == 2
    assert len(keys["A"].keymat_in) == 16 + 20


@pytest.mark.parametrize("group", [None, 2, 19])
def test_keymat_is_that_of_the_rfc(group):
    """Recomputed from the nonces and, with PFS, from one private value of quick mode."""
    pair = facing(pfs_group=group)
    pair.initiate()
    a, b = sa_of(pair, "A"), sa_of(pair, "B")
    qm_a = next(iter(a.quick_modes.values()))
    qm_b = next(iter(b.quick_modes.values()))
    secret = None
    if group is not None:
        assert qm_a.pair is not None
        assert qm_b.pair is not None
        secret = dh.shared_secret(qm_a.pair, qm_b.pair.public)
    spi = qm_a.own_spi.to_bytes(4, "big")
    wanted = skeyid.keymat(
        2,
        keys_of(pair, "A").skeyid_d,
        Protocol.ESP,
        spi,
        qm_a.own_nonce,
        qm_b.own_nonce,
        36,
        secret,
    )
    assert pair.found("A", ChildKeys)[0].keymat_in == wanted


def test_the_messages_hold_what_the_rfc_wants_in_its_order():
    pair = facing(pfs_group=2)
    pair.initiate()
    kinds = {
        e.label: [type(p) for p in e.payloads]
        for side in "AB"
        for e in pair.found(side, MessageSent)
    }
    ids = [Identification, Identification]
    assert kinds["quick-1"] == [Hash, SecurityAssociation, Nonce, KeyExchange, *ids]
    assert kinds["quick-2"] == [Hash, SecurityAssociation, Nonce, KeyExchange, *ids]
    assert kinds["quick-3"] == [Hash]
    header = parse_header(pair.last("quick-1").data)
    assert header.exchange_type == ExchangeType.QUICK_MODE
    assert header.message_id
    assert header.flags == Flag.ENCRYPTION


def test_the_responder_receives_from_quick_2_and_sends_from_quick_3():
    pair = facing()
    pair.drop("A quick-3")
    pair.initiate()
    assert [type(e) for e in pair.events["B"] if isinstance(e, ChildKeys | ChildActivated)] == [
        ChildKeys
    ]
    assert not pair.found("B", ChildKeys)[0].active
    assert pair.planes["B"].sending() == []
    assert pair.planes["B"].receiving() == set(pair.planes["A"].sending())


def test_each_end_rests_where_the_table_says():
    pair = facing()
    pair.initiate()
    passed = {s: [e.new for e in pair.found(s, StateChanged) if e.phase == 2] for s in "AB"}
    assert passed == {
        "A": ["QUICK_WAIT_2", "INSTALLED"],
        "B": ["QUICK_WAIT_3", "INSTALLED"],
    }


def test_an_spi_is_announced_before_it_is_offered():
    pair = facing()
    pair.initiate()
    for side in "AB":
        allocated = pair.found(side, SpiAllocated)[0]
        completed = pair.found(side, PhaseTwoCompleted)[0]
        assert allocated.spi == completed.inbound_spi >= 256
        assert allocated.message_id == completed.message_id


# several of them


def test_several_children_at_once():
    pair = facing(a={"children": two_children("A")}, b={"children": two_children("B")})
    pair.act("A", lambda end: end.initiate("peer", "web", 0.0))
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.settle()
    assert pair.up()
    assert sorted(c.child for c in pair.children("B")) == ["lan", "web"]
    assert [s.label for s in pair.said[6:8]] == ["quick-1", "quick-1"]


def test_one_child_after_another_under_one_phase_1():
    pair = facing(a={"children": two_children("A")}, b={"children": two_children("B")})
    pair.initiate(child="web")
    pair.forget()
    pair.run(5)
    pair.initiate("B", child="lan")
    pair.expect("B quick-1", "A quick-2", "B quick-3")
    assert len(pair.children("A")) == len(pair.children("B")) == 2
    assert [c.role for c in pair.children("A")] == [Role.INITIATOR, Role.RESPONDER]


def test_both_ends_begin_different_children_at_the_same_moment():
    pair = facing(a={"children": two_children("A")}, b={"children": two_children("B")}, pfs_group=2)
    pair.initiate(child="web")
    pair.forget()
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    pair.settle()
    pair.act("A", lambda end: end.initiate("peer", "web", pair.now))
    pair.act("B", lambda end: end.initiate("peer", "lan", pair.now))
    pair.settle()
    assert pair.up()
    assert {c.child: c.role for c in pair.children("A")} == {
        "web": Role.INITIATOR,
        "lan": Role.RESPONDER,
    }


def test_a_child_already_under_way_is_not_begun_again():
    pair = connected()
    for _ in range(3):
        pair.act("A", lambda end: end.initiate("peer", "lan", pair.now))
    pair.settle()
    pair.expect(*QUICK)


def test_unfinished_quick_modes_are_limited():
    pair = connected()
    forger = Forger(pair, "A")
    for number in range(1, 34):
        pair.hand("B", forger.phase2(32, quick_1_of(number), number))
    assert refused_at_b(pair).flaw is Flaw.HALF_OPEN_LIMIT
    assert len(pair.sa("B").quick_modes) == 32


def quick_1_of(number):
    """The payloads of a quick-1 with an SPI of its own."""
    a, b = child("A"), child("B")
    return [
        offer_phase2(a, 0x1000 + number, None, 1),
        Nonce(bytes(16)),
        a.local.identification,
        b.local.identification,
    ]


# what must not be


def test_the_hash_is_the_first_payload():
    pair = connected()
    forger = Forger(pair, "A")
    nonce_first = [Nonce(bytes(16)), *quick_1_of(1)]
    data = forger.phase2(32, nonce_first, 5, value=b"")
    pair.hand("B", data)
    assert refused_at_b(pair).flaw is Flaw.MISSING_PAYLOAD
    hash_second = [*quick_1_of(1), Hash(bytes(20))]
    pair.hand("B", forger.phase2(32, hash_second, 6, value=b""))
    assert refused_at_b(pair).flaw is Flaw.PAYLOAD_TYPE


@pytest.mark.parametrize("label", ["A quick-1", "B quick-2", "A quick-3"])
def test_a_wrong_hash_changes_nothing_and_a_repetition_still_works(label):
    pair = facing(quick_responder=None)
    rewrite(
        pair,
        label,
        lambda ps: [Hash(bytes(20)) if isinstance(p, Hash) else p for p in ps],
        rehash=False,
    )
    pair.initiate()
    side = "A" if label.startswith("B") else "B"
    assert pair.found(side, Rejected)[-1].flaw is Flaw.HASH_QUICK
    assert pair.states("A") == pair.states("B") == ["ESTABLISHED"]


def test_a_commit_bit_is_tolerated():
    pair = facing()
    pair.alter("A quick-1", lambda d: with_header(d, flags=Flag.ENCRYPTION | Flag.COMMIT))
    pair.initiate()
    assert pair.up()


def test_a_nonce_of_forbidden_length_is_refused():
    pair = facing()
    rewrite(
        pair,
        "A quick-1",
        lambda ps: [Nonce(bytes(7)) if isinstance(p, Nonce) else p for p in ps],
    )
    pair.initiate()
    assert refused_at_b(pair).flaw is Flaw.NONCE


def test_a_message_id_serves_once():
    pair = connected()
    forger = Forger(pair, "A")
    pair.hand("B", forger.phase2(32, quick_1_of(1), 0x55))
    assert len(pair.sa("B").quick_modes) == 1
    pair.run(100)
    pair.hand("B", forger.phase2(32, quick_1_of(2), 0x55))
    assert refused_at_b(pair).flaw is Flaw.MESSAGE_ID
    pair.hand("B", forger.phase2(32, quick_1_of(2), 0))
    assert refused_at_b(pair).flaw is Flaw.MESSAGE_ID


def test_a_larval_pair_is_removed_when_quick_3_never_comes():
    pair = facing()
    pair.drop("A quick-3", None)
    pair.initiate()
    assert pair.planes["B"].receiving()
    pair.run(31)
    assert pair.found("B", ChildRemoved)[0].reason is CloseReason.HALF_OPEN_TIMEOUT
    assert pair.planes["B"].receiving() == set()
    # The initiator does not learn of it; its packets will meet an unknown SPI.
    assert len(pair.children("A")) == 1
    assert pair.children("B") == []


def test_a_vendor_may_meet_a_proxy_id_it_does_not_have_with_silence():
    pair = facing(
        a={"child_local": selector("10.9.0.0/24")},
        b={"reactions": {Flaw.PROXY_ID: Answer.SILENCE}},
    )
    pair.initiate()
    assert pair.labels()[6:] == ["A quick-1"]


def test_a_suite_needs_an_agreed_transform():
    pair = connected()
    qm = next(iter(sa_of(pair, "A").quick_modes.values()))
    qm.chosen = None
    with pytest.raises(LookupError, match="agreed transform"):
        quick_mode.suite_of(qm)


def test_the_two_gateways_themselves_when_no_identities_are_sent():
    hosts = {
        side: {
            "child_local": selector(ADDRESS[side]),
            "child_remote": selector(ADDRESS["B" if side == "A" else "A"]),
            "transport": True,
        }
        for side in "AB"
    }
    pair = facing(a=hosts["A"], b=hosts["B"], host_equals_slash32=True)

    def bare(payloads):
        return [p for p in payloads if not isinstance(p, Identification)]

    rewrite(pair, "A quick-1", bare)
    pair.initiate()
    assert pair.up()
