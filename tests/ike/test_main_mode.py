"""Main mode from first message to last, healthy and with each thing that can differ."""

import pytest

from gwsim.crypto import ciphers, dh, skeyid
from gwsim.ike.config import LifetimePolicy, Phase1Transform, VendorIds
from gwsim.ike.events import (
    CloseReason,
    ConnectionMatched,
    KeysGenerated,
    LifetimeCompared,
    MessageReceived,
    MessageSent,
    NegotiationStarted,
    PeerIdentified,
    PhaseOneClosed,
    PhaseOneCompleted,
    ProposalAccepted,
    ProposalRefused,
    Rejected,
    StateChanged,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.ike.states import Role, State
from gwsim.wire import vendor_ids
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import ExchangeType, Flag, NotifyType
from gwsim.wire.payloads import Hash, Identification, KeyExchange, Nonce, SecurityAssociation
from tests.ike.configs import AES_SHA
from tests.ike.forge import keys_of, opened, sa_of
from tests.ike.pair import connected, facing

MAIN = ("A main-1", "B main-2", "A main-3", "B main-4", "A main-5", "B main-6")
QUICK = ("A quick-1", "B quick-2", "A quick-3")


def test_six_messages_and_both_ends_are_up():
    pair = facing()
    assert pair.initiate()
    pair.expect(*MAIN, *QUICK)
    assert pair.states("A") == pair.states("B") == ["ESTABLISHED"]
    assert pair.up()


def test_each_end_rests_where_the_table_says():
    pair = facing()
    pair.initiate()
    passed = [[e.new for e in pair.found(side, StateChanged) if e.phase == 1] for side in pair.ends]
    assert passed[0] == ["MAIN_WAIT_2", "MAIN_WAIT_4", "MAIN_WAIT_6", "ESTABLISHED"]
    assert passed[1] == ["MAIN_WAIT_3", "MAIN_WAIT_5", "ESTABLISHED"]
    for side in pair.ends:
        changes = [e for e in pair.found(side, StateChanged) if e.phase == 1]
        assert changes[0].old is None
        assert [e.old for e in changes[1:]] == [e.new for e in changes[:-1]]


def test_events_come_in_the_order_in_which_a_log_would_tell_them():
    pair = facing(b={"children": ()})
    pair.initiate()
    kinds = [type(e) for e in pair.events["B"]]
    assert kinds[:5] == [
        NegotiationStarted,
        MessageReceived,
        ProposalAccepted,
        LifetimeCompared,
        MessageSent,
    ]
    for earlier, later in (
        (MessageReceived, ConnectionMatched),
        (ConnectionMatched, KeysGenerated),
        (PeerIdentified, PhaseOneCompleted),
    ):
        assert kinds.index(earlier) < kinds.index(later)


def test_a_message_is_reported_with_the_state_in_which_it_was_sent():
    pair = facing()
    pair.initiate()
    sent = {e.label: e.state for e in pair.found("A", MessageSent)}
    assert sent["main-1"] is None
    assert sent["main-3"] is State.MAIN_WAIT_2
    assert sent["main-5"] is State.MAIN_WAIT_4
    received = {e.label: e.state for e in pair.found("B", MessageReceived)}
    assert received["main-1"] is None
    assert received["main-3"] is State.MAIN_WAIT_3


def test_only_the_last_two_messages_are_encrypted_and_whole_blocks_long():
    pair = facing()
    pair.initiate()
    for said in pair.said[:6]:
        header = parse_header(said.datagram.data)
        assert header.exchange_type == ExchangeType.IDENTITY_PROTECTION
        assert header.message_id == 0
        assert bool(header.flags & Flag.ENCRYPTION) == (said.label in ("main-5", "main-6"))
        assert header.length == len(said.datagram.data)
    assert (len(pair.last("main-5").data) - 28) % 16 == 0


def test_main_1_names_no_responder_and_no_message_after_it_lacks_one():
    pair = facing()
    pair.initiate()
    cookies = [parse_header(s.datagram.data).responder_cookie for s in pair.said]
    assert cookies[0] == bytes(8)
    assert set(cookies[1:]) == {sa_of(pair, "B").responder_cookie}


def test_the_keys_are_those_of_the_rfc():
    """Recomputed from the octets on the wire, the pre-shared key and one private value."""
    pair = facing()
    pair.initiate()
    a, b = sa_of(pair, "A"), sa_of(pair, "B")
    assert a.pair is not None
    assert b.pair is not None
    g_xy = dh.shared_secret(a.pair, b.pair.public)
    psk = pair.ends["A"].config.connections[0].psk
    assert psk is not None
    i, r = a.cookies
    root = skeyid.skeyid_psk(2, psk, a.own_nonce, b.own_nonce)
    d = skeyid.skeyid_d(2, root, g_xy, i, r)
    key_a = skeyid.skeyid_a(2, root, d, g_xy, i, r)
    e = skeyid.skeyid_e(2, root, key_a, g_xy, i, r)
    for end in (keys_of(pair, "A"), keys_of(pair, "B")):
        assert (end.skeyid, end.skeyid_d, end.skeyid_a, end.skeyid_e) == (root, d, key_a, e)
        assert end.key == skeyid.encryption_key(2, e, 16)
    iv = skeyid.phase1_iv(2, a.pair.public, b.pair.public, 16)
    data = pair.last("main-5").data
    who, proof = opened(keys_of(pair, "A"), iv, data)[:2]
    assert isinstance(who, Identification)
    assert who.data == bytes([198, 51, 100, 1])
    assert (who.protocol, who.port) == (17, 500)
    assert isinstance(proof, Hash)


@pytest.mark.parametrize("group", dh.GROUPS)
def test_every_group(group):
    transform = Phase1Transform(encryption=7, hash=2, group=group, key_bits=256)
    pair = facing(phase1=(transform,))
    pair.initiate()
    assert pair.up()
    assert pair.sa("A").group == group


@pytest.mark.parametrize("encryption", ciphers.CIPHERS)
@pytest.mark.parametrize("hash_number", [1, 2, 4, 5, 6])
def test_every_cipher_with_every_hash(encryption, hash_number):
    bits = {7: 192}.get(encryption)
    transform = Phase1Transform(encryption, hash_number, 1, bits)
    pair = facing(phase1=(transform,))
    pair.initiate()
    assert pair.up()
    assert (pair.sa("B").encryption, pair.sa("B").hash) == (encryption, hash_number)


def test_the_responder_takes_the_first_offered_transform_that_it_has():
    des = Phase1Transform(1, 1, 1)
    triple = Phase1Transform(5, 2, 2)
    pair = facing(a={"phase1": (des, triple, AES_SHA)}, b={"phase1": (AES_SHA, triple)})
    pair.initiate()
    accepted = pair.found("B", ProposalAccepted)[0]
    assert (accepted.proposal, accepted.transform, accepted.policy) == (1, 2, 2)
    assert pair.sa("A").encryption == pair.sa("B").encryption == 5


def test_nothing_acceptable_is_answered_in_the_clear_and_told_attribute_by_attribute():
    theirs = Phase1Transform(5, 1, 5)
    pair = facing(a={"phase1": (theirs,)})
    pair.initiate()
    pair.expect("A main-1", "B info-notify")
    refused = pair.found("B", ProposalRefused)[0]
    assert {c.attribute for c in refused.comparisons} == {
        "encryption",
        "key length",
        "hash",
        "group",
    }
    rejected = pair.found("B", Rejected)[0]
    assert rejected.flaw is Flaw.NO_PROPOSAL_PHASE1
    assert "encryption: offered triple-des-cbc, wanted aes-cbc" in rejected.why
    assert rejected.notify == NotifyType.NO_PROPOSAL_CHOSEN
    assert pair.states("B") == []
    assert pair.states("A") == ["MAIN_WAIT_2"]


def test_silence_is_an_answer_too():
    pair = facing(
        a={"phase1": (Phase1Transform(5, 1, 5),)},
        b={"reactions": {Flaw.NO_PROPOSAL_PHASE1: Answer.SILENCE}},
    )
    pair.initiate()
    pair.expect("A main-1")


@pytest.mark.parametrize("believes", [True, False])
def test_whether_a_clear_error_ends_the_attempt_is_a_matter_of_temperament(believes):
    pair = facing(a={"phase1": (Phase1Transform(5, 1, 5),), "abandon_on_clear_error": believes})
    pair.initiate()
    assert pair.states("A") == ([] if believes else ["MAIN_WAIT_2"])
    reasons = [e.reason for e in pair.found("A", PhaseOneClosed)]
    assert reasons == ([CloseReason.PEER_REFUSED] if believes else [])


@pytest.mark.parametrize("side", "AB")
def test_the_sides_of_the_conversation_do_not_matter(side):
    pair = facing()
    pair.initiate(side)
    other = "B" if side == "A" else "A"
    pair.expect(
        *(f"{side if i % 2 == 0 else other} main-{i + 1}" for i in range(6)),
        *(f"{side if i % 2 == 0 else other} quick-{i + 1}" for i in range(3)),
    )
    assert pair.up()
    assert pair.sa(side).role == Role.INITIATOR


@pytest.mark.parametrize(
    ("policy", "ours", "theirs", "agreed"),
    [
        (LifetimePolicy.LOWER, 3600, 86400, 3600),
        (LifetimePolicy.LOWER, 86400, 3600, 3600),
        (LifetimePolicy.LOWER, 86400, None, 86400),
        (LifetimePolicy.LOWER, None, None, None),
        (LifetimePolicy.OBEY, 3600, 86400, 86400),
        (LifetimePolicy.OBEY, 3600, None, 3600),
        (LifetimePolicy.STRICT, 86400, 3600, 3600),
        (LifetimePolicy.EXACT, 3600, 3600, 3600),
    ],
)
def test_the_responder_agrees_on_a_lifetime_by_its_policy(policy, ours, theirs, agreed):
    def life(seconds):
        return (Phase1Transform(7, 2, 2, 128, lifetime_seconds=seconds),)

    pair = facing(a={"phase1": life(theirs)}, b={"phase1": life(ours), "lifetime": policy})
    pair.initiate()
    assert pair.sa("B").lifetime_seconds == agreed
    compared = pair.found("B", LifetimeCompared)[0]
    assert (compared.ours, compared.theirs, compared.chosen) == (ours, theirs, agreed)


@pytest.mark.parametrize(
    ("policy", "ours", "theirs"),
    [
        (LifetimePolicy.STRICT, 3600, 86400),
        (LifetimePolicy.STRICT, 3600, None),
        (LifetimePolicy.EXACT, 3600, 1800),
    ],
)
def test_a_strict_responder_refuses_a_lifetime(policy, ours, theirs):
    def life(seconds):
        return (Phase1Transform(7, 2, 2, 128, lifetime_seconds=seconds),)

    pair = facing(a={"phase1": life(theirs)}, b={"phase1": life(ours), "lifetime": policy})
    pair.initiate()
    why = f"lifetime: offered {theirs or 'none'}, wanted {ours}"
    assert pair.found("B", Rejected)[0].why == why


def test_kilobytes_of_phase_1_are_negotiated_too():
    def life(kilobytes):
        return (Phase1Transform(7, 2, 2, 128, lifetime_kilobytes=kilobytes),)

    pair = facing(a={"phase1": life(1000)}, b={"phase1": life(70000)})
    pair.initiate()
    assert pair.found("B", ProposalAccepted)[0].lifetime_kilobytes == 1000


def test_vendor_ids_go_with_their_messages_in_the_vendors_order():
    ids = VendorIds(
        first=(b"first",),
        second=(b"second",),
        third=(b"third",),
        fourth=(b"fourth",),
        nat_t_first=False,
        dpd_in=("main-5", "main-6"),
    )
    pair = facing(vendor_ids=ids, dialects=("draft-02", "rfc3947"))
    pair.initiate()
    sent = {
        e.label: [p.data for p in e.payloads if hasattr(p, "data") and p.TYPE == 13]
        for side in pair.ends
        for e in pair.found(side, MessageSent)
    }
    draft_02, rfc = vendor_ids.NAT_T_DRAFT_02_NEWLINE, vendor_ids.NAT_T_RFC
    assert sent["main-1"] == [b"first", draft_02, rfc]
    assert sent["main-2"] == [b"second", rfc]
    assert sent["main-3"] == [b"third"]
    assert sent["main-4"] == [b"fourth"]
    assert sent["main-5"] == sent["main-6"] == [vendor_ids.DPD]


def test_the_payloads_of_the_key_messages_are_as_long_as_they_should_be():
    pair = facing(nonce_length=33)
    pair.initiate()
    for label in ("main-3", "main-4"):
        sent = next(
            e for side in pair.ends for e in pair.found(side, MessageSent) if e.label == label
        )
        key, nonce = sent.payloads[:2]
        assert isinstance(key, KeyExchange)
        assert isinstance(nonce, Nonce)
        assert (len(key.data), len(nonce.data)) == (128, 33)


def test_the_answer_repeats_the_chosen_transform_unaltered():
    pair = facing(b={"phase1": (Phase1Transform(7, 2, 2, 128, lifetime_seconds=100),)})
    pair.initiate()
    offered = next(e for e in pair.found("A", MessageSent) if e.label == "main-1").payloads[0]
    answered = next(e for e in pair.found("B", MessageSent) if e.label == "main-2").payloads[0]
    assert isinstance(offered, SecurityAssociation)
    assert offered == answered


def test_nothing_of_a_second_conversation_repeats_the_first():
    pair = connected()
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    pair.forget()
    pair.initiate()
    again = facing()
    again.initiate()
    assert {s.datagram.data for s in pair.said}.isdisjoint({s.datagram.data for s in again.said})
    assert pair.up()
