"""Quick mode: pairs of IPsec SAs with and without PFS, several at once and one after another."""

from dataclasses import replace

import pytest

from gwsim.crypto import dh, skeyid
from gwsim.ike import quick_mode
from gwsim.ike.config import LifetimePolicy, PfsPolicy, Phase2Transform
from gwsim.ike.events import (
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    CloseReason,
    LifetimeCompared,
    MessageSent,
    NotifyReceived,
    PfsRefused,
    PhaseOneClosed,
    PhaseTwoCompleted,
    ProposalAccepted,
    ProposalRefused,
    QuickModeClosed,
    Rejected,
    SpiAllocated,
    StateChanged,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.ike.lifetimes import Lifetimes, life_attributes
from gwsim.ike.offers import offer_phase2
from gwsim.ike.states import Role
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import ExchangeType, Flag, NotifyType, Protocol
from gwsim.wire.payloads import (
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    SecurityAssociation,
)
from gwsim.wire.proposals import build_attributes
from tests.ike.configs import ADDRESS, ESP_AES_SHA, child, selector
from tests.ike.forge import Forger, keys_of, rewrite, sa_of, with_header
from tests.ike.pair import connected, facing

QUICK = ("A quick-1", "B quick-2", "A quick-3")


def refused_at_b(pair) -> Rejected:
    """Give the last refusal at B."""
    return pair.found("B", Rejected)[-1]


def two_children(side):
    """LAN to LAN, and one service of it besides."""
    web = {"A": ("10.1.0.0/24", "10.2.0.9/32 tcp/80"), "B": ("10.2.0.9/32 tcp/80", "10.1.0.0/24")}
    local, remote = (selector(text) for text in web[side])
    return (child(side, name="web", local=local, remote=remote), child(side))


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


# PFS: four cells, three policies, from the outside


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


# suites and modes


@pytest.mark.parametrize(
    "transform",
    [
        Phase2Transform(2, 1),
        Phase2Transform(3, 2),
        Phase2Transform(11, 2),
        Phase2Transform(12, 5, 256),
        Phase2Transform(12, 7, 192),
        Phase2Transform(13, 2, 128),
        Phase2Transform(20, None, 256),
    ],
)
def test_suites(transform):
    pair = facing(transforms=(transform,))
    pair.initiate()
    assert pair.up()
    keys = pair.found("B", ChildKeys)[0]
    assert (keys.transform, keys.key_bits, keys.authentication) == (
        transform.transform,
        transform.key_bits,
        transform.authentication,
    )


@pytest.mark.parametrize("transport", [True, False])
def test_transport_and_tunnel(transport):
    pair = facing(transport=transport)
    pair.initiate()
    assert pair.up()
    assert {pair.found(s, ChildKeys)[0].transport for s in "AB"} == {transport}


@pytest.mark.parametrize("ends", ["peers", "networks"])
def test_a_vendor_may_keep_transport_mode_to_the_peers_themselves(ends):
    hosts = [selector(ADDRESS[side]) for side in "AB"]
    a = {"child_local": hosts[0], "child_remote": hosts[1]} if ends == "peers" else {}
    b = {"child_local": hosts[1], "child_remote": hosts[0]} if ends == "peers" else {}
    pair = facing(a=a, b=b, transport=True, transport_needs_peers=True)
    pair.initiate()
    assert pair.up()
    for side in "AB":
        assert pair.found(side, ChildKeys)[0].transport is (ends == "peers")
        assert pair.children(side)[0].transport is (ends == "peers")


def test_transport_against_tunnel_is_refused_with_the_reason():
    pair = facing(a={"transport": True})
    pair.initiate()
    assert refused_at_b(pair).why == "encapsulation mode: offered transport, wanted tunnel"
    assert refused_at_b(pair).flaw is Flaw.NO_PROPOSAL_PHASE2


def test_extended_sequence_numbers():
    pair = facing(esn=True)
    pair.initiate()
    assert {pair.found(s, ChildKeys)[0].esn for s in "AB"} == {True}


def test_extended_sequence_numbers_on_the_responder_only_are_not_used():
    pair = facing(b={"esn": True})
    pair.initiate()
    assert pair.up()
    assert {pair.found(s, ChildKeys)[0].esn for s in "AB"} == {False}


def test_the_96_bit_mistake_goes_to_the_data_plane_of_who_makes_it():
    pair = facing(a={"truncated_sha256": True}, transforms=(Phase2Transform(12, 5, 128),))
    pair.initiate()
    assert [pair.found(s, ChildKeys)[0].truncated_sha256 for s in "AB"] == [True, False]


def test_the_mistake_concerns_sha_256_alone():
    pair = facing(truncated_sha256=True)
    pair.initiate()
    assert not pair.found("A", ChildKeys)[0].truncated_sha256


@pytest.mark.parametrize("transforms", [(Phase2Transform(3, 2), ESP_AES_SHA)])
def test_one_of_several_transforms(transforms):
    pair = facing(a={"transforms": transforms})
    pair.initiate()
    assert pair.up()
    accepted = next(e for e in pair.found("B", ProposalAccepted) if e.phase == 2)
    assert (accepted.transform, accepted.policy) == (2, 1)


def test_nothing_acceptable_is_answered_under_protection_and_phase_1_stays():
    pair = facing(a={"transforms": (Phase2Transform(3, 1),)})
    pair.initiate()
    assert pair.labels()[6:] == ["A quick-1", "B info-notify"]
    refused = pair.found("B", ProposalRefused)[0]
    assert [(c.attribute, c.offered, c.wanted) for c in refused.comparisons] == [
        ("transform", 3, 12),
        ("key length", None, 128),
        ("authentication", 1, 2),
    ]
    notified = pair.found("A", NotifyReceived)[0]
    assert notified.notify_type == NotifyType.NO_PROPOSAL_CHOSEN
    assert (notified.protected, notified.phase, notified.acted) == (True, 2, True)
    assert notified.spi == pair.found("A", SpiAllocated)[0].spi.to_bytes(4, "big")
    assert pair.sa("A").quick_modes == pair.sa("B").quick_modes == ()


@pytest.mark.parametrize("side", "AB")
def test_a_vendor_that_tears_phase_1_down_when_phase_2_fails(side):
    changes = {"transforms": (Phase2Transform(3, 1),)}
    tears = {"phase2_failure_deletes_phase1": True}
    pair = facing(a={**changes, **(tears if side == "A" else {})}, b=tears if side == "B" else {})
    pair.initiate()
    closed = pair.found(side, PhaseOneClosed)[0]
    assert closed.reason is CloseReason.PHASE2_FAILED
    assert pair.states("A") == pair.states("B") == []
    assert pair.last(f"{side} info-delete")


def test_phase_1_stays_while_another_quick_mode_is_busy_or_a_child_is_up():
    children = {s: two_children(s) for s in "AB"}
    broken = replace(children["A"][0], transforms=(Phase2Transform(3, 1),))
    pair = facing(
        a={"children": (broken, children["A"][1]), "phase2_failure_deletes_phase1": True},
        b={"children": children["B"]},
    )
    pair.act("A", lambda end: end.initiate("peer", "web", 0.0))
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    pair.settle()
    assert pair.up()
    assert [c.child for c in pair.children("A")] == ["lan"]
    pair.initiate(child="web")
    assert pair.up()


# lifetimes and notices


@pytest.mark.parametrize("told", [True, False])
def test_a_responder_that_tells_of_a_lower_lifetime(told):
    pair = facing(
        a={"lifetime_seconds": 28800, "lifetime_kilobytes": 5000},
        b={
            "lifetime_seconds": 3600,
            "lifetime_kilobytes": 1000,
            "responder_lifetime_notify": told,
        },
    )
    pair.initiate()
    a, b = pair.children("A")[0], pair.children("B")[0]
    assert (b.lifetime_seconds, b.lifetime_kilobytes) == (3600, 1000)
    assert (a.lifetime_seconds, a.lifetime_kilobytes) == ((3600, 1000) if told else (28800, 5000))
    units = [e for e in pair.found("A", LifetimeCompared) if e.phase == 2]
    assert len(units) == (4 if told else 2)


@pytest.mark.parametrize(
    ("theirs", "told"), [((60, None), (60, 5000)), ((None, 70), (28800, 70)), ((9e6, 9e6), None)]
)
def test_what_a_responder_lifetime_says_counts_unit_by_unit(theirs, told):
    pair = facing(lifetime_kilobytes=5000)
    seconds, kilobytes = (None if v is None else int(v) for v in theirs)
    data = build_attributes(life_attributes(1, 2, Lifetimes(seconds, kilobytes)))
    note = Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ESP, b"", data)
    rewrite(pair, "B quick-2", lambda ps: [*ps, note])
    pair.initiate()
    shown = pair.children("A")[0]
    assert (shown.lifetime_seconds, shown.lifetime_kilobytes) == (told or (28800, 5000))


def test_a_responder_lifetime_of_phase_2_says_nothing_in_phase_1():
    data = build_attributes(life_attributes(1, 2, Lifetimes(60, None)))
    note = Notification(NotifyType.RESPONDER_LIFETIME, Protocol.ESP, b"", data)
    pair = facing()
    rewrite(pair, "B main-6", lambda ps: [*ps, note])
    pair.initiate()
    assert pair.sa("A").lifetime_seconds == 86400
    assert len(pair.found("A", NotifyReceived)) == 1


def test_nothing_is_told_of_a_lifetime_that_was_taken_as_offered():
    pair = facing(responder_lifetime_notify=True)
    pair.initiate()
    answer = next(e for e in pair.found("B", MessageSent) if e.label == "quick-2")
    assert not [p for p in answer.payloads if isinstance(p, Notification)]


@pytest.mark.parametrize(("window", "data"), [(64, 1), (0, 0)])
def test_replay_status_says_whether_there_is_a_window(window, data):
    pair = facing(b={"replay_status_notify": True, "replay_window": window})
    pair.initiate()
    (notified,) = pair.found("A", NotifyReceived)
    assert notified.notify_type == NotifyType.REPLAY_STATUS
    assert notified.data == data.to_bytes(4, "big")
    assert notified.spi == pair.children("B")[0].inbound_spi.to_bytes(4, "big")


@pytest.mark.parametrize("policy", LifetimePolicy)
def test_equal_lifetimes_satisfy_every_policy(policy):
    pair = facing(lifetime=policy)
    pair.initiate()
    assert pair.up()


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
