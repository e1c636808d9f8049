"""From what is seen to the cause, and to what to look at next."""

import json

import pytest

from gwsim.lab.diagnose.diagnosis import Ranking, diagnose, pairs_for
from gwsim.lab.diagnose.discriminator import Discriminator
from gwsim.lab.diagnose.observables import Kind
from gwsim.lab.diagnose.observations import EndView, Observations, Sighting
from gwsim.lab.diagnose.report import to_json, to_text
from gwsim.lab.faults.stage import Where
from tests.lab.diagnose.known import few
from tests.lab.matrix.cells import computed

KEY, PORT = "psk-mismatch", "udp-4500-blocked"
TWO_STATES = Observations(
    EndView("asa", state=("MM_WAIT_MSG6",)), EndView("screenos", state=("OAK_MM_KEY_EXCH",))
)


def causes(ranking: Ranking) -> list[str]:
    return [one.cause for one in ranking.first]


def look(ranking: Ranking) -> Discriminator:
    assert ranking.next_look is not None
    return ranking.next_look


def test_two_states_alone_do_not_tell_a_wrong_key_from_a_blocked_port():
    ranking = diagnose(TWO_STATES, few())
    assert {KEY, PORT} <= set(causes(ranking))
    assert "cannot tell" in to_text(ranking)


def test_the_next_look_is_the_decryption_error_at_the_responder():
    found = look(diagnose(TWO_STATES, few()))
    assert found.thing.end is Where.RESPONDER
    assert found.command == "get event"
    assert "preshared keys might not match" in found.thing.text
    assert KEY in found.there
    assert PORT in found.missing
    assert not found.believed


def test_with_the_error_the_key_is_first_and_alone():
    lines = ("Rejected an IKE packet because Phase 1 negotiations failed.", "preshared keys might")
    told = Observations(TWO_STATES.initiator, EndView("screenos", log=lines[1:]))
    ranking = diagnose(told, few())
    assert causes(ranking) == [KEY]
    assert "Enter the same key on both ends" in to_text(ranking)


def test_without_the_error_in_the_whole_log_the_port_is_first():
    shown = computed(PORT, "both", "asa screenos", "nat").responder.messages
    log = tuple(message.text for message in shown if not message.debug)
    view = EndView("screenos", log=log, whole=frozenset({Kind.LOG}))
    quiet = diagnose(Observations(TWO_STATES.initiator, view), few())
    places = {one.cause: quiet.place(one) for one in quiet.candidates}
    assert places[PORT] < places[KEY]


def test_a_capture_tells_them_apart_too():
    lost = (Sighting("main-5", Where.INITIATOR, 4, 0),)
    ranking = diagnose(Observations(TWO_STATES.initiator, TWO_STATES.responder, wire=lost), few())
    assert causes(ranking) == [PORT]


def test_up_without_traffic_is_told_from_never_up():
    up = diagnose(Observations(EndView("asa"), EndView("screenos"), ("up, no traffic",)), few())
    assert "esp-blocked" in causes(up)
    assert KEY not in causes(up)
    said = ("it never comes up",)
    never = diagnose(Observations(EndView("asa"), EndView("screenos"), said), few())
    assert KEY in causes(never)
    assert "esp-blocked" not in causes(never)
    assert all(cause in to_text(never, top=1) for cause in causes(never))


def test_a_cause_that_is_contradicted_says_by_what():
    ranking = diagnose(TWO_STATES, few())
    blocked = next(one for one in ranking.candidates if one.cause == "udp-500-blocked")
    assert any("OAK_MM_KEY_EXCH" in text for text in blocked.contradictions)
    assert 0 <= blocked.fit < 1
    assert ranking.place(blocked) > 1


def test_both_directions_of_a_blocked_port_are_told_apart_by_the_responder():
    deaf = EndView("screenos", state=("none",))
    told = Observations(EndView("asa", state=("MM_WAIT_MSG2",)), deaf)
    first = next(one for one in diagnose(told, few()).first if one.cause == "udp-500-blocked")
    assert Where.RESPONDER not in first.places


def test_who_does_not_know_the_vendors_asks_about_all_of_them():
    assert pairs_for(Observations(EndView("asa"), EndView("ios"))) == (("asa", "ios"),)
    assert ("asa", "screenos") in pairs_for(Observations(EndView("asa")))
    with pytest.raises(KeyError):
        pairs_for(Observations(EndView("cisco")))


def test_nothing_is_asked_of_an_end_that_nobody_knows():
    told = Observations(EndView("asa", state=("MM_WAIT_MSG6",)))
    found = diagnose(told, few()).next_look
    assert found is None or found.thing.end is not Where.RESPONDER or found.thing.kind is Kind.WIRE


def test_json_holds_places_causes_and_the_next_look():
    data = json.loads(to_json(diagnose(TWO_STATES, few())))
    assert data["causes"][0]["place"] == 1
    assert {KEY, PORT} <= {one["cause"] for one in data["causes"] if one["place"] == 1}
    assert data["next"]["command"] == "get event"
    assert data["unknown"] == []
