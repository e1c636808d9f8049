"""Labels: what a middlebox can tell of a message from its octets, its sender and its past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire import labels
from gwsim.wire.codec import Header, build_message, build_raw
from gwsim.wire.encapsulation import KEEPALIVE, wrap_ike
from gwsim.wire.labels import FAMILIES, LABELS, Labeller, describe, generalises
from gwsim.wire.numbers import ExchangeType, NotifyType, PayloadType
from gwsim.wire.payloads import (
    Delete,
    Hash,
    Identification,
    KeyExchange,
    Nonce,
    Notification,
    Payload,
    SecurityAssociation,
    VendorId,
)

HQ, BRANCH = "198.51.100.1", "203.0.113.1"
COOKIE_I, COOKIE_R, NONE = b"initiato", b"responde", bytes(8)
SA, KE = SecurityAssociation(()), KeyExchange(b"g^x")
SOME_ID, SOME_HASH = Identification(1, bytes(4)), Hash(b"digest")


def clear(
    exchange: int, responder_cookie: bytes, *chain: Payload, cookie: bytes = COOKIE_I
) -> bytes:
    return build_message(Header(cookie, responder_cookie, 0, exchange, 0, 0), chain)


def encrypted(
    exchange: int, body: bytes, message_id: int = 0, first: int = PayloadType.IDENTIFICATION
) -> bytes:
    return build_raw(Header(COOKIE_I, COOKIE_R, first, exchange, 1, message_id), body)


def main(responder_cookie: bytes, *chain: Payload) -> bytes:
    return clear(ExchangeType.IDENTITY_PROTECTION, responder_cookie, *chain)


def aggressive(responder_cookie: bytes, *chain: Payload) -> bytes:
    return clear(ExchangeType.AGGRESSIVE, responder_cookie, *chain)


def quick(body: bytes, message_id: int = 0x1234) -> bytes:
    return encrypted(ExchangeType.QUICK_MODE, body, message_id, PayloadType.HASH)


MAIN_1, MAIN_2 = main(NONE, SA), main(COOKIE_R, SA)
MAIN_3 = main(COOKIE_R, KE, Nonce(b"i"))
MAIN_4 = main(COOKIE_R, KE, Nonce(b"r"))
MAIN_5 = encrypted(ExchangeType.IDENTITY_PROTECTION, b"five")
MAIN_6 = encrypted(ExchangeType.IDENTITY_PROTECTION, b"six")
AGGR_1 = aggressive(NONE, SA, KE, Nonce(b"i"), SOME_ID)
AGGR_2 = aggressive(COOKIE_R, SA, KE, Nonce(b"r"), SOME_ID, SOME_HASH)
AGGR_3 = aggressive(COOKIE_R, SOME_HASH)

LADDER = [
    ("main-1", HQ, MAIN_1),
    ("main-2", BRANCH, MAIN_2),
    ("main-3", HQ, MAIN_3),
    ("main-4", BRANCH, MAIN_4),
    ("main-5", HQ, MAIN_5),
    ("main-6", BRANCH, MAIN_6),
    ("quick-1", BRANCH, quick(b"one")),
    ("quick-2", HQ, quick(b"two")),
    ("quick-3", BRANCH, quick(b"three")),
    ("quick-1", HQ, quick(b"other one", 0x5678)),
    ("info", HQ, encrypted(ExchangeType.INFORMATIONAL, b"secret", 99, PayloadType.HASH)),
    ("transaction", HQ, encrypted(ExchangeType.TRANSACTION, b"xauth", 7, PayloadType.HASH)),
]


def on_500(labeller: Labeller, message: bytes, sender: str) -> str:
    return labeller.label(message, 500, 500, sender)


class TestConversation:
    def test_a_whole_one_is_named_message_by_message(self):
        labeller = Labeller()
        seen = [on_500(labeller, message, sender) for _, sender, message in LADDER]
        assert seen == [label for label, _, _ in LADDER]

    @given(st.sets(st.sampled_from([(label, sender) for label, sender, _ in LADDER])))
    def test_retransmissions_keep_their_label_whenever_they_come(self, repeats):
        labeller = Labeller()
        for position, (label, sender, message) in enumerate(LADDER):
            assert on_500(labeller, message, sender) == label
            for old_label, old_sender, old_message in LADDER[: position + 1]:
                if (old_label, old_sender) in repeats:
                    assert on_500(labeller, old_message, old_sender) == old_label

    def test_it_does_not_matter_that_it_floats_to_4500(self):
        """The marker is no part of the message, and one translated port is enough to know it by."""
        labeller = Labeller()
        for label, sender, message in LADDER[:4]:
            assert on_500(labeller, message, sender) == label
        for label, sender, message in LADDER[4:]:
            assert labeller.label(wrap_ike(message), 4500, 4500, sender) == label
        assert labeller.label(wrap_ike(MAIN_5), 61001, 4500, HQ) == "main-5"
        assert on_500(labeller, quick(b"one"), BRANCH) == "quick-1"

    def test_aggressive_mode(self):
        labeller = Labeller()
        assert on_500(labeller, AGGR_1, HQ) == "aggr-1"
        assert on_500(labeller, AGGR_2, BRANCH) == "aggr-2"
        assert on_500(labeller, AGGR_3, HQ) == "aggr-3"
        protected = encrypted(ExchangeType.AGGRESSIVE, b"hash", 0, PayloadType.HASH)
        assert on_500(labeller, protected, HQ) == "aggr-3"

    def test_both_ends_may_begin_at_the_same_time(self):
        labeller = Labeller()
        theirs = clear(ExchangeType.IDENTITY_PROTECTION, NONE, SA, cookie=b"theirone")
        answer = clear(ExchangeType.IDENTITY_PROTECTION, COOKIE_R, SA, cookie=b"theirone")
        assert on_500(labeller, MAIN_1, HQ) == "main-1"
        assert on_500(labeller, theirs, BRANCH) == "main-1"
        assert on_500(labeller, MAIN_2, BRANCH) == "main-2"
        assert on_500(labeller, answer, HQ) == "main-2"

    def test_a_beginning_from_a_new_address_is_still_the_initiators(self):
        labeller = Labeller()
        assert on_500(labeller, MAIN_1, "192.0.2.1") == "main-1"
        assert on_500(labeller, MAIN_1, HQ) == "main-1"
        assert on_500(labeller, MAIN_3, HQ) == "main-3"

    def test_a_fragment_counts_as_encrypted(self):
        labeller = Labeller()
        on_500(labeller, MAIN_1, HQ)
        header = Header(COOKIE_I, COOKIE_R, PayloadType.FRAGMENT, 2, 0, 0)
        fragment = build_raw(header, bytes.fromhex("0000000a00010100") + b"xy")
        assert on_500(labeller, fragment, HQ) == "main-5"
        assert on_500(labeller, fragment, BRANCH) == "main-6"


class TestMissedBeginning:
    """Whoever comes late takes the first sender for the initiator, unless it clearly answers."""

    @pytest.mark.parametrize(
        ("message", "label", "answer", "answer_label"),
        [
            (MAIN_2, "main-2", MAIN_3, "main-3"),
            (MAIN_3, "main-3", MAIN_4, "main-4"),
            (MAIN_5, "main-5", MAIN_6, "main-6"),
            (AGGR_2, "aggr-2", AGGR_3, "aggr-3"),
        ],
    )
    def test_main_and_aggressive(self, message, label, answer, answer_label):
        labeller = Labeller()
        assert on_500(labeller, message, BRANCH) == label
        assert on_500(labeller, answer, HQ) == answer_label

    def test_an_exchange_is_forgotten_after_many_others(self, monkeypatch):
        monkeypatch.setattr(labels, "MAX_EXCHANGES", 2)
        labeller = Labeller()
        on_500(labeller, MAIN_1, HQ)
        on_500(labeller, quick(b"one"), HQ)
        for number in range(2):
            on_500(labeller, quick(b"one", number), HQ)
            other = bytes([number]) * 8
            on_500(labeller, clear(2, NONE, SA, cookie=other), HQ)
        assert on_500(labeller, quick(b"two"), BRANCH) == "quick-1"
        assert on_500(labeller, MAIN_4, BRANCH) == "main-3"

    def test_an_exchange_that_goes_on_is_remembered(self, monkeypatch):
        monkeypatch.setattr(labels, "MAX_EXCHANGES", 2)
        labeller = Labeller()
        on_500(labeller, quick(b"one"), HQ)
        for number in range(5):
            on_500(labeller, quick(b"one", number), HQ)
            assert on_500(labeller, quick(b"one"), HQ) == "quick-1"
        assert on_500(labeller, quick(b"two"), BRANCH) == "quick-2"


def test_quick_mode_has_three_messages():
    labeller = Labeller()
    bodies = [(HQ, b"1"), (BRANCH, b"2"), (HQ, b"3"), (HQ, b"4"), (BRANCH, b"5"), (HQ, b"3")]
    seen = [on_500(labeller, quick(body), sender) for sender, body in bodies]
    assert seen == ["quick-1", "quick-2", "quick-3", "unknown", "unknown", "quick-3"]


INFORMATIONAL = [
    ((Notification(NotifyType.NO_PROPOSAL_CHOSEN),), "info-notify"),
    ((SOME_HASH, Notification(NotifyType.INITIAL_CONTACT)), "info-notify"),
    ((VendorId(b"x"), Delete(1, (COOKIE_I + COOKIE_R,))), "info-delete"),
    ((Notification(NotifyType.R_U_THERE),), "info-dpd"),
    ((Notification(NotifyType.R_U_THERE_ACK),), "info-dpd-ack"),
    ((SOME_HASH,), "info"),
    ((), "info"),
]


@pytest.mark.parametrize(("chain", "label"), INFORMATIONAL)
def test_clear_informational_messages_show_their_purpose(chain, label):
    message = clear(ExchangeType.INFORMATIONAL, COOKIE_R, *chain)
    assert on_500(Labeller(), message, HQ) == label


def test_a_malformed_informational_message_is_one_all_the_same():
    header = Header(COOKIE_I, COOKIE_R, PayloadType.NOTIFICATION, ExchangeType.INFORMATIONAL, 0, 0)
    assert on_500(Labeller(), build_raw(header, b"\0\0\0\5"), HQ) == "info"


@pytest.mark.parametrize(
    ("payload", "port", "label"),
    [
        (KEEPALIVE, 4500, "keepalive"),
        (bytes.fromhex("00001001 00000001") + b"cipher", 4500, "esp"),
        (b"\0\0", 4500, "unknown"),
        (wrap_ike(b"short"), 4500, "unknown"),
        (b"", 500, "unknown"),
        (KEEPALIVE, 500, "unknown"),
        (MAIN_1[:17] + b"\x20" + MAIN_1[18:], 500, "unknown"),
        (clear(ExchangeType.BASE, NONE, SA), 500, "unknown"),
        (clear(ExchangeType.NEW_GROUP_MODE, COOKIE_R, SOME_HASH), 500, "unknown"),
    ],
)
def test_what_else_there_is(payload, port, label):
    assert Labeller().label(payload, port, port, HQ) == label


@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.binary(max_size=60),
                st.sampled_from([message for _, _, message in LADDER]),
                st.sampled_from([wrap_ike(message) for _, _, message in LADDER]),
            ),
            st.sampled_from([500, 4500]),
            st.sampled_from([HQ, BRANCH]),
        )
    )
)
def test_any_octets_get_one_of_the_labels(datagrams):
    labeller = Labeller()
    for payload, port, sender in datagrams:
        assert labeller.label(payload, port, port, sender) in LABELS


class TestWords:
    def test_every_label_has_a_sentence(self):
        for label in LABELS:
            assert describe(label).endswith(".")

    def test_a_word_that_is_no_label_has_none(self):
        with pytest.raises(KeyError):
            describe("main-7")

    @pytest.mark.parametrize(
        ("rule", "covered"),
        [
            ("main", {f"main-{n}" for n in range(1, 7)}),
            ("aggr", {"aggr-1", "aggr-2", "aggr-3"}),
            ("quick", {"quick-1", "quick-2", "quick-3"}),
            ("info", {"info", "info-notify", "info-delete", "info-dpd", "info-dpd-ack"}),
            ("any", set(LABELS)),
            ("info-dpd", {"info-dpd"}),
            ("main-4", {"main-4"}),
            ("esp", {"esp"}),
            ("nonsense", set()),
        ],
    )
    def test_generalises(self, rule, covered):
        assert {label for label in LABELS if generalises(rule, label)} == covered

    def test_every_family_covers_something_besides_itself(self):
        for family in FAMILIES:
            assert len([label for label in LABELS if generalises(family, label)]) > 1
