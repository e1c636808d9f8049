"""Pasted text becomes claims, whatever stands before a line and whatever its numbers are."""

import pytest

from gwsim.lab.diagnose.knowledge import Knowledge
from gwsim.lab.diagnose.observables import Kind
from gwsim.lab.diagnose.observations import EndView, Observations, Sighting
from gwsim.lab.diagnose.reading import Claim, read, typed
from gwsim.lab.faults.stage import Where
from tests.lab.diagnose.known import few

REJECTED = (
    "2011-07-04 12:01:59 system info  00536 Rejected an IKE packet on ethernet3 from "
    "192.88.99.7:500 to 192.88.99.8:500 with cookies 0123456789abcdef and fedcba9876543210 "
    "because Phase 1 negotiations failed. (The preshared keys might not match.)"
)
SCREEN = """\
1   IKE Peer: 192.88.99.8
    Type    : L2L             Role    : initiator
    Rekey   : no              State   : MM_WAIT_MSG6
"""


def claims(told: Observations) -> tuple[Claim, ...]:
    return read(told, few()).claims


def things(claim: Claim, known: Knowledge) -> set[tuple[Kind, str]]:
    return {(known.things[n].kind, known.things[n].text) for n in claim.any_of}


def responder(**view: object) -> Observations:
    return Observations(EndView("asa"), EndView("screenos", **view))  # type: ignore[arg-type]


def test_a_line_of_a_real_device_is_recognised_behind_its_time_stamp():
    known = few()
    (claim,) = claims(responder(log=(REJECTED.replace("ethernet3", "ethernet0/0"),)))
    assert claim.holds
    assert {kind for kind, _ in things(claim, known)} <= {Kind.LOG, Kind.DEBUG}
    assert "preshared keys might not match" in str(things(claim, known))


def test_a_line_that_differs_by_a_name_is_taken_for_the_same_message():
    assert len(claims(responder(log=(REJECTED,)))) == 1


def test_a_few_words_of_a_line_are_enough():
    (claim,) = claims(responder(log=("preshared keys might not match",)))
    assert any("Rejected an IKE packet" in text for _, text in things(claim, few()))


def test_a_message_said_a_hundred_times_is_one_claim():
    lines = tuple(REJECTED.replace("12:01", f"12:{n:02}") for n in range(60))
    assert len(claims(responder(log=lines))) == 1


def test_a_line_nobody_knows_is_handed_back():
    told = read(responder(log=("%LINEPROTO-5-UPDOWN: whatever happened here", "")), few())
    assert told.unknown == ("%LINEPROTO-5-UPDOWN: whatever happened here",)
    assert not told.claims


def test_a_screen_is_recognised_with_and_without_its_command():
    for text in (SCREEN, f"fw1# sh cry isa sa\n{SCREEN}"):
        told = Observations(EndView("asa", screens=(text,)), EndView("screenos"))
        said = {text for claim in claims(told) for _, text in things(claim, few())}
        assert "Rekey : no State : MM_WAIT_MSG6" in said
        commands = {few().things[n].command for claim in claims(told) for n in claim.any_of}
        assert commands == {"show crypto isakmp sa"}


def test_a_screen_that_is_a_log_is_read_as_one():
    (claim,) = claims(responder(screens=(f"ns5gt-> get event\n{REJECTED}",)))
    assert {kind for kind, _ in things(claim, few())} <= {Kind.LOG, Kind.DEBUG}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("asa# show crypto isakmp sa\nrest", "show crypto isakmp sa"),
        ("asa# sh isa sa\nrest", "show crypto isakmp sa"),
        ("asa# show the moon\nrest", ""),
        ("IKEv1 SAs:\nrest", ""),
    ],
)
def test_the_command_is_read_as_the_device_reads_it(text: str, command: str):
    assert typed(text, "asa")[0] == command
    assert typed(text, None) == ("", text)


def test_states_flapping_and_counters_are_claims():
    told = Observations(
        EndView("asa", state=("MM_WAIT_MSG6",), flapping=False, counters={"encrypted": 0}),
        EndView("screenos"),
    )
    said = {(claim.text, claim.holds) for claim in claims(told)}
    assert ("initiator: MM_WAIT_MSG6", True) in said
    assert ("initiator: phase 1 comes up again and again", False) in said
    assert ("initiator: encaps 0", False) in said


def test_what_is_whole_claims_that_the_rest_did_not_happen():
    quiet = claims(responder(whole=frozenset({Kind.LOG})))
    assert quiet
    assert not any(claim.holds for claim in quiet)
    assert {few().things[n].kind for claim in quiet for n in claim.any_of} == {Kind.LOG}


def test_a_capture_says_what_was_sent_and_what_never_came():
    lost = Observations(wire=(Sighting("main-5", Where.INITIATOR, 4, 0),))
    said = {claim.text: claim.holds for claim in claims(lost)}
    assert said == {
        "initiator: main-5 sent": True,
        "initiator: main-5 repeated": True,
        "initiator: main-5 never arrives": True,
    }
    one_place = Observations(wire=(Sighting("main-5", Where.INITIATOR, 1),))
    assert {claim.text: claim.holds for claim in claims(one_place)} == {
        "initiator: main-5 sent": True,
    }


def test_what_a_capture_should_have_and_has_not_did_not_arrive():
    missing = Observations(wire=(Sighting("main-6", Where.RESPONDER, 0, 0),))
    [claim] = claims(missing)
    assert (claim.text, claim.holds) == ("responder: main-6 is not seen", False)
    assert {few().things[number].text for number in claim.any_of} == {"main-6 arrives"}
