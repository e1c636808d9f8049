"""Every word a screen can show has an explanation, and it is read out of the tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.flaws import Flaw
from gwsim.ike.states import State
from gwsim.lab.explain.lookup import explain, suggestion
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.load import load_text
from gwsim.vendors.registry import VENDORS
from gwsim.wire.labels import LABELS
from gwsim.wire.numbers import NotifyType

LIBRARY = [
    load_text(
        """
name: psk-mismatch
title: Different keys
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24}
  branch: {vendor: asa, outside: 203.0.113.1, inside: 10.2.0.0/24}
tunnels: [{between: [hq, branch], psk: secret}]
faults: [psk-mismatch, {drop: {what: main-4}}]
expect:
  - at: 15s
    hq: {state: MM_WAIT_MSG4, log: mismatched pre-shared key}
    branch: {passed: [MM_WAIT_MSG3], flapping: {state: AM_ACTIVE}}
    wire: {main-6: none}
  - at: 20s
    hq: {state: up}
""",
        "psk.yaml",
    )
]
MENTION = "psk.yaml: Different keys (psk-mismatch, drop)"


def text(word):
    return "\n".join(article.text() for article in explain(word, VENDORS, LIBRARY))


def kinds(word):
    return {article.kind for article in explain(word, VENDORS, LIBRARY)}


def test_a_state_is_told_with_table_line_message_code_and_scenario():
    told = text("MM_WAIT_MSG4")
    assert "MAIN_WAIT_4, initiator of main mode (state)" in told
    assert "asa: MM_WAIT_MSG4  gwsim/vendors/asa/states.py:" in told
    assert "main-4: The responder sends its Diffie-Hellman value" in told
    assert "must hold KEY-EXCHANGE, NONCE" in told
    assert "take_main_4" in told
    assert "gwsim/ike/main_mode.py:" in told
    assert MENTION in told


def test_a_vendor_that_has_a_part_of_anothers_folder_keeps_its_words_to_itself():
    told = text("MM_KEY_EXCH")
    assert "pix: MM_KEY_EXCH  gwsim/vendors/ios/states.py:" in told
    lines = [a for a in explain("ISAKMP Phase 1 exchange started", VENDORS, LIBRARY)]
    assert [article.kind for article in lines] == ["words of Cisco PIX 6"]
    assert "gwsim/vendors/ios/pix/words.py:" in lines[0].text()


def test_of_a_vendor_without_screens_it_is_said_that_they_are_not_known():
    assert "contivity: gwsim knows Contivity's behaviour on the wire" in text("MAIN_WAIT_4")


@pytest.mark.parametrize("state", [s for s in State if s is not State.CLOSED])
def test_every_state_of_the_engine_is_explained(state):
    assert kinds(state.value) == {"state"}


@pytest.mark.parametrize(
    "word", sorted({word for vendor in VENDORS.values() for word in vendor.state_words})
)
def test_every_vendors_word_for_a_state_is_explained(word):
    assert "state" in kinds(word)


@pytest.mark.parametrize("word", ["up", "down", "none"])
def test_neutral_words_say_what_makes_them_true(word):
    assert "true while" in text(word)


def test_a_state_passed_or_flapping_is_an_example_too():
    assert MENTION in text("MM_WAIT_MSG3")
    assert MENTION in text("AM_ACTIVE")
    assert MENTION not in text("MM_ACTIVE")


@pytest.mark.parametrize("label", LABELS)
def test_every_label_is_explained(label):
    assert "message" in kinds(label)


def test_a_message_says_who_waits_for_it():
    assert "MAIN_WAIT_6 (initiator)" in text("main-6")
    assert MENTION in text("main-6")
    assert MENTION in text("main-4")
    assert MENTION not in text("quick-1")


@pytest.mark.parametrize("fault", CATALOGUE)
def test_every_fault_is_explained(fault):
    told = text(fault)
    assert CATALOGUE[fault].cause in told
    assert CATALOGUE[fault].repair in told


def test_a_fault_lists_the_scenarios_that_have_it():
    assert MENTION in text("psk-mismatch")


@pytest.mark.parametrize("notify", NotifyType)
def test_every_notify_is_explained_by_name_and_by_number(notify):
    name = notify.name.replace("_", "-")
    assert f"{name}, number {notify.value} (notify)" in text(name)
    assert text(str(notify.value)) == text(name)


def test_a_notify_names_the_flaws_it_answers_and_what_each_vendor_does():
    told = text("no proposal chosen")
    assert "answers: no acceptable phase 1 proposal" in told
    assert "asa answers in the clear" in told
    assert "gwsim/ike/" in told


@pytest.mark.parametrize("flaw", Flaw)
def test_every_flaw_is_explained_by_its_words(flaw):
    assert "flaw" in kinds(flaw.value)
    assert "flaw" in kinds(flaw.name)


def test_a_piece_of_a_log_line_leads_to_where_it_is_made():
    told = text("mismatched pre-shared key")
    assert "(words of Cisco ASA)" in told
    assert "gwsim/vendors/asa/" in told
    assert MENTION in told


def test_a_whole_line_copied_from_a_device_finds_its_source():
    line = "Mar 02 2026 09:00:01: %ASA-5-713119: Group = 1.2.3.4, IP = 1.2.3.4, PHASE 1 COMPLETED"
    assert "PHASE 1 COMPLETED" in text(line)


def test_case_does_not_matter():
    assert text("mm_wait_msg4") == text("MM_WAIT_MSG4")


def test_a_word_that_names_nothing_has_a_near_one():
    assert explain("MM_WAIT_MSG44", VENDORS) == []
    assert suggestion("MM_WAIT_MSG44", VENDORS) == "; did you mean 'MM_WAIT_MSG4'?"
    assert explain("x", VENDORS) == []


@given(word=st.text(max_size=40))
def test_no_word_whatever_it_is_breaks_the_search(word):
    for article in explain(word, VENDORS):
        assert article.text()
    suggestion(word, VENDORS)


@pytest.mark.parametrize("word", ["713119", "%ASA-5-713119", "%ASA-5-713119:", "ASA-5-713119"])
def test_a_message_is_found_by_its_number(word):
    [article] = explain(word, VENDORS)
    assert article.kind == "words of Cisco ASA"
    assert "713119" in article.text()


def test_a_numbered_notify_of_a_debug_buffer_is_found():
    [article] = explain("DOI <1> <18>", VENDORS)
    assert "Received notify message for DOI" in article.text()
    assert explain("Received notify message for DOI <1> <24578> <INITIAL-CONTACT>", VENDORS)
