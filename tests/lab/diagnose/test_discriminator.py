"""The next look is the one that separates best, as far as somebody can look there."""

from gwsim.lab.diagnose.discriminator import discriminator, place_words
from gwsim.lab.diagnose.knowledge import Knowledge, Known
from gwsim.lab.diagnose.observables import Kind, Observable
from gwsim.lab.diagnose.observations import EndView, Observations
from gwsim.lab.diagnose.ranking import ranked
from gwsim.lab.diagnose.reading import Claim
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import Coordinates

BOTH = Observations(EndView("asa"), EndView("asa"))
EVERYONE = Observable(Kind.WIRE, Where.INITIATOR, "main-1 sent")
HALF = Observable(Kind.WIRE, Where.INITIATOR, "main-3 sent")
ONE = Observable(Kind.WIRE, Where.INITIATOR, "main-5 sent")
SCREEN = Observable(Kind.SCREEN, Where.RESPONDER, "State : MM_WAIT_MSG3", "show crypto isakmp sa")
THINGS = (EVERYONE, HALF, ONE, SCREEN)
FAULTS = ("no-route", "udp-500-blocked", "psk-mismatch", "missing-psk")


def known(*seen: set[int]) -> Knowledge:
    cells = tuple(
        Known(Coordinates(fault, "", Where.BOTH, "main", "asa", "asa"), frozenset(numbers))
        for fault, numbers in zip(FAULTS, seen, strict=False)
    )
    return Knowledge(THINGS, frozenset({3}), cells)


def look(knowledge: Knowledge, told: Observations = BOTH, *asked: Claim):
    return discriminator(ranked(asked, knowledge), asked, knowledge, told)


def test_it_halves_the_causes():
    found = look(known({0}, {0}, {0, 1}, {0, 1, 2}))
    assert found is not None
    assert found.thing == HALF
    assert found.there == FAULTS[2:]
    assert found.missing == FAULTS[:2]
    assert found.gain == 1.0


def test_what_is_cheaper_to_see_wins_among_equals():
    found = look(known({0}, {0}, {0, 1, 3}, {0, 1, 3}))
    assert found is not None
    assert found.thing == SCREEN
    assert found.command == "show crypto isakmp sa"
    assert found.believed


def test_nobody_is_asked_for_the_screen_of_an_unknown_device():
    found = look(known({0}, {0}, {0, 1, 3}, {0, 1, 3}), Observations(EndView("asa")))
    assert found is not None
    assert found.thing == HALF


def test_what_has_been_seen_is_not_asked_again():
    asked = Claim("main-3", frozenset({1}), True, 1.0)
    found = look(known({0}, {0}, {0, 1}, {0, 1, 2}), BOTH, asked)
    assert found is not None
    assert found.thing == ONE


def test_where_nothing_differs_there_is_nothing_to_look_at():
    assert look(known({0}, {0})) is None
    assert look(known()) is None


def test_a_place_is_named_with_its_device():
    assert place_words(SCREEN, BOTH) == "the responder (Cisco ASA)"
    assert place_words(SCREEN, Observations()) == "the responder"
    assert place_words(Observable(Kind.ENDING, Where.BOTH, "up"), BOTH) == "the tunnel"
