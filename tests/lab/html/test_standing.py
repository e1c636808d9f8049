"""Where a gateway stands is what its history says at that moment, in both vocabularies."""

from gwsim.ike.states import State
from gwsim.lab.html.standing import awaited, peer_names, standing
from tests.lab.html.runs import HEALTHY, STUCK, THREE, evidence, judged


def at(text, name, moment):
    return standing(evidence(text).of(name), judged(text).record, moment)


def test_a_stuck_negotiation_says_what_it_waits_for():
    found = at(STUCK, "hq", 10.0)
    (place,) = found.places
    assert (found.vendor, found.tunnels, found.nothing) == ("Cisco ASA", 0, "")
    assert (place.word, place.state, place.awaits) == ("MM_WAIT_MSG6", "MAIN_WAIT_6", "main-6")
    assert (place.role, place.peer, place.phase) == ("initiator", "branch", 1)
    assert place.since + place.lasted == 10.0


def test_an_established_tunnel_waits_for_nothing_and_counts_its_pairs():
    found = at(HEALTHY, "branch", 10.0)
    assert [(place.word, place.awaits) for place in found.places] == [("MM_ACTIVE", "")]
    assert found.tunnels == 1


def test_where_nothing_is_under_way_the_reason_is_told():
    assert at(STUCK, "hq", 0.5).nothing == "No negotiation has begun here."
    assert "the last negotiation ended in MM_WAIT_MSG6 at" in at(STUCK, "hq", 60.0).nothing


def test_peers_are_called_by_name_behind_a_nat_too():
    names = peer_names(judged(THREE).record)
    assert (names["203.0.113.9"], names["203.0.113.1"]) == ("south", "north")


def test_a_state_awaits_the_label_in_its_name():
    assert awaited(State.AGGR_WAIT_2) == "aggr-2"
    assert awaited(State.QUICK_WAIT_3) == "quick-3"
    assert awaited(State.INSTALLED) == ""
