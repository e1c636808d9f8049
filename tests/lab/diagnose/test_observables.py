"""What can be seen of a cell, thing by thing."""

from gwsim.lab.diagnose.observables import WEIGHTS, Kind, Observable, observables, wire_texts
from gwsim.lab.faults.stage import Where
from tests.lab.matrix.cells import computed


def seen(kind: Kind, end: Where, *place: str) -> set[str]:
    cell = computed(*place)
    return {thing.text for thing, _ in observables(cell) if (thing.kind, thing.end) == (kind, end)}


WRONG_KEY = ("psk-mismatch", "responder", "asa screenos")


def test_states_go_by_the_vendors_word_and_the_engines():
    passed = seen(Kind.STATE, Where.INITIATOR, *WRONG_KEY)
    assert {"MM_WAIT_MSG4", "MAIN_WAIT_4", "MM_WAIT_MSG6"} <= passed
    stays = seen(Kind.STAY, Where.INITIATOR, *WRONG_KEY)
    assert "MM_WAIT_MSG6" in stays
    assert "MM_WAIT_MSG4" not in stays


def test_a_state_that_only_a_screen_shows_is_seen_too():
    deleted = seen(Kind.STATE, Where.INITIATOR, "pfs-mismatch", "responder", "ios asa")
    assert "MM_NO_STATE" in deleted


def test_an_end_without_phase_1_stands_at_none():
    assert seen(Kind.STAY, Where.RESPONDER, "udp-500-blocked") == {"none"}


def test_counters_are_nothing_or_something():
    assert {"encaps not 0", "decaps 0"} <= seen(Kind.COUNTER, Where.INITIATOR, "esp-blocked")


def test_log_and_debug_are_different_kinds():
    log = seen(Kind.LOG, Where.RESPONDER, *WRONG_KEY)
    debug = seen(Kind.DEBUG, Where.RESPONDER, *WRONG_KEY)
    assert any("preshared keys might not match" in text for text in log)
    assert any("OAK_MM_SA_SETUP" in text for text in debug)


def test_flapping_notifies_and_the_ending_are_things_too():
    flicker = ("pfs-mismatch", "responder", "asa asa")
    assert seen(Kind.FLAPPING, Where.INITIATOR, *flicker)
    assert "sends NO-PROPOSAL-CHOSEN" in seen(Kind.NOTIFY, Where.RESPONDER, *flicker)
    assert seen(Kind.ENDING, Where.BOTH, *flicker) == {"never up"}


def test_a_message_on_the_wire_is_sent_repeated_or_never_arrives():
    assert list(wire_texts("main-1", 1, 1)) == ["main-1 sent", "main-1 arrives"]
    assert list(wire_texts("main-1", 4, 0)) == [
        "main-1 sent",
        "main-1 repeated",
        "main-1 never arrives",
    ]
    assert list(wire_texts("main-1", 0, 0)) == []


def test_every_kind_has_a_weight_that_adds_up_exactly():
    assert set(WEIGHTS) == set(Kind)
    assert all((weight * 4).is_integer() for weight in WEIGHTS.values())
    assert Observable(Kind.LOG, Where.BOTH, "x").weight == WEIGHTS[Kind.LOG]
