"""Wordings that parsers and people search for, to the last blank."""

import pytest

from gwsim.vendors.asa import catalogue


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (catalogue.INITIATOR, "IKE Initiator: {what} Phase {phase}, Intf {interface}, IKE Peer"),
        (catalogue.DECODE, "IKE_DECODE {verb} Message (msgid={message_id:x}) with payloads : "),
        (catalogue.MISMATCH, "Phase {phase} failure:  Mismatched attribute types for class "),
        (catalogue.NAT_STATUS, "Automatic NAT Detection Status:     Remote end "),
        (catalogue.NO_CRYPTO_MAP, "Rejecting IPSec tunnel: no matching crypto map entry for "),
        (catalogue.DISCONNECTED, "Group = {peer}, Username = {peer}, IP = {peer}, Session "),
        (catalogue.TORN_DOWN, "Session is being torn down. Reason: {reason}"),
        (catalogue.NOTIFY, "Received non-routine Notify message: {notify} ({number})"),
    ],
)
def test_wording(text, start):
    assert text.words.startswith(start)


def test_numbers_are_those_of_the_guide():
    assert catalogue.PHASE_1_COMPLETED.id == "713119"
    assert catalogue.PHASE_2_COMPLETED.id == "713120"
    assert catalogue.NO_CRYPTO_MAP.id == "713061"
    assert catalogue.UNKNOWN_SPI.id == "402114"
    assert catalogue.DISCONNECTED.id == "113019"
