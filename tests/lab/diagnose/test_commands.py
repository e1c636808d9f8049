"""Every kind of thing has a command, or a capture, with which it can be seen."""

import pytest

from gwsim.lab.diagnose.commands import CAPTURE, command_for
from gwsim.lab.diagnose.observables import Kind, Observable
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import Coordinates

AT = Coordinates("psk-mismatch", "", Where.RESPONDER, "main", "asa", "screenos")
HERE, THERE = Where.INITIATOR, Where.RESPONDER

IPSEC = "show crypto ipsec sa"
LIMIT = "IKE<<ip>> Phase 1: Retransmission limit has been reached."

CASES = [
    (Observable(Kind.STAY, HERE, "MM_WAIT_MSG6"), "show crypto isakmp sa"),
    (Observable(Kind.STATE, THERE, "OAK_MM_KEY_EXCH"), "get ike cookies"),
    (Observable(Kind.SCREEN, HERE, "#pkts decaps: 0", IPSEC), IPSEC),
    (Observable(Kind.LOG, THERE, LIMIT), "get event"),
    (Observable(Kind.DEBUG, THERE, "IKE<<ip>> gen_skeyid()"), "get dbuf stream"),
    (Observable(Kind.WIRE, HERE, "main-5 repeated"), CAPTURE),
    (Observable(Kind.ENDING, Where.BOTH, "never up"), "a ping from a host behind the initiator"),
]


@pytest.mark.parametrize(("thing", "command"), CASES, ids=[str(thing.kind) for thing, _ in CASES])
def test_a_thing_is_seen_with_a_command(thing: Observable, command: str):
    assert command_for(thing, AT) == command


def test_a_device_without_a_command_line_is_watched_on_the_wire():
    at = Coordinates("psk-mismatch", "", Where.RESPONDER, "main", "asa", "contivity")
    assert command_for(Observable(Kind.STAY, THERE, "MAIN_WAIT_5"), at) == CAPTURE
