"""A line whose wording is general knowledge only is recognised as such."""

from gwsim.lab.matrix.wording import is_believed
from gwsim.vendors.registry import VENDORS
from gwsim.vendors.vendor import LogLine

ASA, IOS, SCREENOS = VENDORS["asa"], VENDORS["ios"], VENDORS["screenos"]


def test_by_number_or_mnemonic():
    assert is_believed(ASA, LogLine(0, "Startup completed.", "199002"))
    assert not is_believed(ASA, LogLine(0, "PHASE 1 COMPLETED", "713119"))


def test_by_the_text_it_was_made_from():
    words = "IKE<203.0.113.1>: DPD got no answer to 5 messages. The peer is dead."
    dead = LogLine(0, words, "00536")
    assert is_believed(SCREENOS, dead)
    limit = LogLine(0, "IKE<203.0.113.1> Phase 1: Retransmission limit has been reached.", "00536")
    assert not is_believed(SCREENOS, limit)


def test_a_few_letters_prove_nothing():
    assert not is_believed(IOS, LogLine(0, "no"))
