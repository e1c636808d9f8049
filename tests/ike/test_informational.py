"""Informational messages: protected with HASH(1) and an IV of their own, clear ones as hints."""

import pytest

from gwsim.crypto import skeyid
from gwsim.ike.events import (
    DeleteReceived,
    DeleteSent,
    MessageReceived,
    MessageSent,
    NotifyReceived,
    NotifySent,
    Rejected,
)
from gwsim.ike.flaws import Answer, Flaw
from gwsim.ike.informational import label_of
from gwsim.ike.states import Role
from gwsim.wire.codec import build_payloads, parse_header
from gwsim.wire.labels import LABELS
from gwsim.wire.numbers import ExchangeType, Flag, NotifyType, Protocol
from gwsim.wire.payloads import Delete, Hash, Notification, VendorId
from tests.ike.configs import ADDRESS
from tests.ike.forge import Forger, clear, keys_of, opened, sa_of, with_header
from tests.ike.pair import connected, facing

NOTE = Notification(NotifyType.CONNECTED, Protocol.ISAKMP)


@pytest.mark.parametrize(
    ("payloads", "label"),
    [
        ((Hash(b""), Delete(Protocol.ESP, (b"abcd",))), "info-delete"),
        ((Notification(NotifyType.R_U_THERE),), "info-dpd"),
        ((Notification(NotifyType.R_U_THERE_ACK),), "info-dpd-ack"),
        ((NOTE,), "info-notify"),
        ((), "info-notify"),
    ],
)
def test_a_message_is_named_by_what_it_carries(payloads, label):
    assert label_of(payloads) == label
    assert label in LABELS


def test_a_protected_message_is_hashed_and_has_an_iv_of_its_own():
    pair = connected()
    spi = pair.children("A")[0].inbound_spi.to_bytes(4, "big")
    pair.act("A", lambda end: end.clear("ipsec", "", pair.now))
    data = pair.last("A info-delete").data
    header = parse_header(data)
    assert header.exchange_type == ExchangeType.INFORMATIONAL
    assert header.flags == Flag.ENCRYPTION
    assert header.message_id
    k = keys_of(pair, "A")
    iv = skeyid.phase2_iv(k.hash, k.last_block, header.message_id, k.block_size)
    proof, delete = opened(k, iv, data)
    assert delete == Delete(Protocol.ESP, (spi,))
    rest = build_payloads([delete])
    assert proof == Hash(skeyid.hash_1(k.hash, k.skeyid_a, header.message_id, rest))


def test_what_is_sent_and_received_is_reported_with_its_content():
    pair = connected()
    pair.act("A", lambda end: end.clear("all", "", pair.now))
    pair.settle()
    sent = [e for e in pair.found("A", MessageSent) if e.label == "info-delete"]
    assert [e.role for e in sent] == [Role.INITIATOR] * 2
    got = [e for e in pair.found("B", MessageReceived) if e.label == "info-delete"]
    assert [e.payloads for e in got] == [e.payloads for e in sent]
    assert [e.protocol_id for e in pair.found("A", DeleteSent)] == [
        Protocol.ESP,
        Protocol.ISAKMP,
    ]
    cookies = pair.found("B", DeleteReceived)[1].spis
    assert cookies == (bytes.fromhex(got[0].initiator_cookie + got[0].responder_cookie),)


def test_a_clear_notify_goes_out_as_it_is():
    pair = facing(b={"accept_main": False, "reactions": {Flaw.EXCHANGE_MODE: Answer.CLEAR}})
    pair.initiate()
    sent = pair.found("B", NotifySent)[0]
    assert not sent.protected
    assert parse_header(pair.last("B info-notify").data).flags == 0
    assert pair.found("A", NotifyReceived)[0].notify_type == sent.notify_type


def test_a_message_nobody_can_read_is_reported_all_the_same():
    pair = connected()
    data = Forger(pair, "A").info(NOTE)
    pair.hand("B", with_header(data[:-8], length=len(data) - 8))
    pair.hand("B", data[:40] + bytes(len(data) - 40))
    received = pair.found("B", MessageReceived)
    assert [e.payloads for e in received] == [(), ()]
    assert [e.flaw for e in pair.found("B", Rejected)] == [Flaw.UNDECRYPTABLE] * 2


def test_a_message_without_hash_or_with_nothing_else_is_refused():
    pair = connected()
    forger = Forger(pair, "A")
    pair.hand("B", forger.info(NOTE, NOTE, value=b""))
    pair.hand("B", forger.info(message_id=0x2F0))
    assert [e.flaw for e in pair.found("B", Rejected)] == [Flaw.PAYLOAD_TYPE] * 2


def test_a_wrong_hash_is_met_with_silence():
    pair = connected(reactions={Flaw.HASH_INFORMATIONAL: Answer.BEST})
    pair.hand("B", Forger(pair, "A").info(NOTE, value=bytes(20)))
    assert [e.flaw for e in pair.found("B", Rejected)] == [Flaw.HASH_INFORMATIONAL]
    pair.expect()


def test_before_there_are_keys_nothing_can_be_protected():
    pair = facing()
    pair.drop("B main-2", None)
    pair.initiate()
    cookies = sa_of(pair, "A").cookies
    pair.hand("A", clear(cookies, ExchangeType.INFORMATIONAL, [NOTE], 5, flags=1))
    assert pair.found("A", Rejected)[0].flaw is Flaw.FLAGS


def test_under_keys_that_are_not_proven_nonsense_means_a_wrong_key():
    pair = facing(a={"psk": b"another"})
    pair.initiate()
    pair.hand("A", Forger(pair, "B").info(NOTE))
    assert pair.found("A", Rejected)[0].flaw is Flaw.UNDECRYPTABLE


def test_a_message_may_hold_several_payloads():
    pair = connected()
    pair.hand("B", Forger(pair, "A").info(NOTE, VendorId(b"whoever"), NOTE))
    assert len(pair.found("B", NotifyReceived)) == 2
    assert not pair.found("B", Rejected)


def test_an_informational_message_is_never_answered_by_another():
    pair = connected(reactions=dict.fromkeys(Flaw, Answer.BEST))
    forger = Forger(pair, "A")
    pair.hand("B", forger.info(Delete(Protocol.ESP, (b"\0\0\7\7",))))
    pair.hand("B", forger.info(Notification(NotifyType.INVALID_SPI), message_id=7))
    pair.hand("B", forger.info(NOTE, message_id=8, value=bytes(20)))
    pair.hand("B", clear((b"12345678", b"87654321"), ExchangeType.INFORMATIONAL, [NOTE]))
    assert len(pair.found("B", Rejected)) == 3
    pair.expect()


def test_errors_are_told_to_a_peer_only_so_often():
    pair = facing(reactions={Flaw.UNKNOWN_COOKIE: Answer.CLEAR}, notify_interval=5.0)
    data = clear((b"12345678", b"87654321"), ExchangeType.IDENTITY_PROTECTION, [NOTE])
    for _ in range(20):
        pair.hand("B", data)
        pair.run(1.0)
    assert pair.times("B info-notify") == [0.0, 5.0, 10.0, 15.0]
    notified = [e.notify for e in pair.found("B", Rejected)]
    assert notified[:6] == [NotifyType.INVALID_COOKIE, None, None, None, None, 4]


def test_the_memory_of_complaints_is_bounded():
    pair = facing(reactions={Flaw.UNKNOWN_COOKIE: Answer.CLEAR})
    data = clear((b"12345678", b"87654321"), ExchangeType.IDENTITY_PROTECTION, [NOTE])
    for number in range(1500):
        source = (f"192.0.{number // 256}.{number % 256}", 500)
        pair.hand("B", data, source)
    assert len(pair.ends["B"]._ledger.last_error_notify) <= 1024
    assert len(pair.said) == 1500


# unknown SPIs


def test_an_unknown_spi_is_told_if_the_vendor_does_so_and_phase_1_is_up():
    pair = connected(a={"invalid_spi_notify": True})
    spi = pair.children("B")[0].outbound_spi
    pair.act("A", lambda end: end.unknown_spi(ADDRESS["B"], spi, pair.now))
    pair.act("A", lambda end: end.unknown_spi(ADDRESS["B"], spi, pair.now))
    pair.act("A", lambda end: end.unknown_spi("192.0.2.1", spi, pair.now))
    pair.act("B", lambda end: end.unknown_spi(ADDRESS["A"], spi, pair.now))
    pair.settle()
    pair.expect("A info-notify")
    sent = pair.found("A", NotifySent)[0]
    assert (sent.notify_type, sent.protocol_id, sent.spi, sent.protected) == (
        NotifyType.INVALID_SPI,
        Protocol.ESP,
        spi.to_bytes(4, "big"),
        True,
    )
