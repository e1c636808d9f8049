"""Payloads in a few letters."""

import pytest

from gwsim.capture.notation import condensed, payload_list, payloads_seen, short_name
from gwsim.wire.codec import parse_header
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import (
    Attributes,
    Certificate,
    CertificateRequest,
    Delete,
    Fragment,
    Hash,
    Identification,
    KeyExchange,
    NatDiscovery,
    NatOriginalAddress,
    Nonce,
    Notification,
    SecurityAssociation,
    Signature,
    UnknownPayload,
    VendorId,
)
from tests.capture.messages import MAIN_1, clear, encrypted


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        (SecurityAssociation(()), "SA"),
        (KeyExchange(b""), "KE"),
        (Identification(1, b""), "ID"),
        (Certificate(4, b""), "CERT"),
        (CertificateRequest(4, b""), "CR"),
        (Hash(b""), "HASH"),
        (Signature(b""), "SIG"),
        (Nonce(b""), "NONCE"),
        (VendorId(b""), "VID"),
        (Attributes(1, 0), "ATTR"),
        (NatDiscovery(b""), "NAT-D"),
        (NatDiscovery(b"", draft=True), "NAT-D"),
        (NatOriginalAddress(1, b""), "NAT-OA"),
        (NatOriginalAddress(1, b"", draft=True), "NAT-OA"),
        (Fragment(1, 1, True, b""), "FRAG"),
        (UnknownPayload(99, b""), "99"),
        (Notification(14), "N(NO-PROPOSAL-CHOSEN)"),
        (Notification(9999), "N(9999)"),
        (Delete(3, ()), "D(ESP)"),
        (Delete(9, ()), "D(9)"),
    ],
)
def test_every_payload_has_a_short_name(payload, name):
    assert short_name(payload) == name


def test_a_star_marks_what_was_encrypted():
    assert payload_list([Hash(b""), Nonce(b"")], encrypted=True) == "* HASH NONCE"
    assert payload_list([Nonce(b"")], encrypted=False) == "NONCE"
    assert payload_list([], encrypted=True) == "*"


def test_runs_are_folded_and_order_is_kept():
    assert condensed("SA VID VID VID NAT-D NAT-D VID") == "SA VID x3 NAT-D x2 VID"
    assert condensed("") == ""


def seen(message):
    return payloads_seen(parse_header(message), message)


def test_a_bystander_reads_what_is_clear_and_no_more():
    assert seen(clear(MAIN_1)) == "SA VID VID"
    assert seen(encrypted()) == "*"


def test_a_bystander_calls_nonsense_malformed():
    message = bytearray(clear(MAIN_1))
    message[16] = PayloadType.KEY_EXCHANGE
    message[30:32] = b"\xff\xff"
    assert seen(bytes(message)) == "malformed"
