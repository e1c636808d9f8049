"""A cell holds what a run shows and nothing that differs from lab to lab."""

from dataclasses import replace

from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.cell import Ending, times
from gwsim.lab.matrix.coordinates import Coordinates
from gwsim.lab.matrix.ground import Ground, Place
from gwsim.lab.matrix.summary import compute_cell
from tests.lab.matrix.cells import computed

ELSEWHERE = Ground(
    Place("north", "198.51.100.77", "172.16.0.9", "10.77.0.0/24", "10.77.0.5"),
    Place("south", "203.0.113.200", "172.17.0.9", "10.88.0.0/24", "10.88.0.5"),
    psk="another key",
    seed=99,
)


def test_the_same_fault_elsewhere_gives_the_same_cell():
    at = Coordinates("psk-mismatch", "", Where.RESPONDER, "main", "asa", "screenos")
    here, there = compute_cell(at), compute_cell(at, ELSEWHERE)
    assert replace(there, why=here.why) == here


def test_where_phase_1_rests_is_where_it_spends_most_of_its_time():
    end = computed("psk-mismatch", "responder").initiator
    assert end.rest == "MM_WAIT_MSG6"
    assert [passed.word for passed in end.passed] == [
        "MM_WAIT_MSG2",
        "MM_WAIT_MSG4",
        "MM_WAIT_MSG6",
    ]
    assert max(end.passed, key=lambda passed: passed.share).word == "MM_WAIT_MSG6"


def test_an_end_that_heard_nothing_has_no_state():
    end = computed("udp-500-blocked").responder
    assert (end.rest, end.last, end.passed) == ("none", "none", ())


def test_endings_tell_a_dead_tunnel_from_a_silent_one():
    assert computed("psk-mismatch", "responder").ending is Ending.NEVER_UP
    assert computed("esp-blocked").ending is Ending.NO_TRAFFIC
    assert computed("esp-blocked", "responder").ending is Ending.ONE_WAY
    assert computed("acl-missing", "initiator").ending is Ending.CLEAR
    assert computed("peer-down", "responder", variant="in mid-life").ending is Ending.LOST
    assert computed("loss", variant="15%").ending is Ending.LOSSY


def test_the_wire_is_counted_by_label_and_sender_with_what_arrived():
    wire = computed("psk-mismatch", "responder", "asa screenos").wire
    fifth = next(one for one in wire if one.label == "main-5")
    assert fifth.sender is Where.INITIATOR
    assert fifth.sent == fifth.arrived > 1
    lost = next(one for one in computed("udp-500-blocked").wire if one.label == "main-1")
    assert (lost.arrived, lost.sent > 1) == (0, True)


def test_log_lines_are_messages_with_their_numbers_and_counts():
    messages = computed("pfs-mismatch", "responder").responder.messages
    refused = next(m for m in messages if "All IPSec SA proposals" in m.text)
    assert refused.id == "713904"
    assert refused.count > 1
    assert refused.believed
    completed = next(m for m in messages if m.text.endswith("PHASE 1 COMPLETED"))
    assert not completed.believed


def test_screens_are_those_that_show_the_present():
    screens = dict(computed("psk-mismatch", "responder", "asa screenos").initiator.screens)
    assert "Rekey : no State : MM_WAIT_MSG6" in screens["show crypto isakmp sa"]
    assert not any("config" in command or "logging" in command for command in screens)


def test_an_end_lists_what_it_did_and_no_source_shows():
    """That a router resends every ten seconds is in its debugs, when an ASA gives up is not."""
    asa = computed("udp-500-blocked", pair="asa ios").initiator
    ios = computed("udp-500-blocked", pair="ios asa").initiator
    assert asa.guesses == ("when a negotiation without an answer is given up",)
    assert ios.guesses == asa.guesses
    assert "when an initiator sends a message of phase 1 again" in (
        computed("udp-500-blocked", pair="screenos asa").initiator.guesses
    )
    assert computed().initiator.guesses == ()


def test_counters_name_the_cause_of_a_drop():
    assert dict(computed("reboot", "responder").responder.drops)["unknown-spi"]


def test_a_count_is_told_by_its_order_of_magnitude():
    assert [times(n) for n in (0, 1, 2, 9, 10, 99, 100, 5000)] == [
        "0",
        "1",
        "2+",
        "2+",
        "10+",
        "10+",
        "100+",
        "100+",
    ]
