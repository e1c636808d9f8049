"""The course of a run tells each kind of thing once, with its first and last time."""

from functools import cache

import pytest

from gwsim.capture.trace import TraceEntry
from gwsim.lab.html.course import course, stops
from gwsim.lab.load import load_scenario
from gwsim.lab.messages import trace_of
from gwsim.lab.runner import run
from tests.lab.html.runs import FILTERED, HEALTHY, ONE_SIDED_PFS, REBOOT, STUCK, judged


@cache
def played(file):
    """The record of a scenario of the library."""
    return run(load_scenario(f"scenarios/{file}.yaml")).record


def told(text):
    record = judged(text).record
    return course(record, trace_of(record))


def test_a_healthy_run_goes_wrong_nowhere():
    turns = told(HEALTHY)
    assert stops(turns) == ()
    words = [(turn.who, turn.words) for turn in turns if turn.tone == "good"]
    assert ("hq", "completes phase 1 as initiator (main mode)") in words
    assert ("branch", "completes phase 2: 10.2.0.0/24 to 10.1.0.0/24") in words


def test_what_happens_again_is_counted():
    (refusal,) = [turn for turn in told(STUCK) if turn.words.startswith("refuses main-5")]
    record = judged(STUCK).record
    times = [e.at for e in record.gateway("branch").events if type(e).__name__ == "Rejected"]
    assert (refusal.who, refusal.count) == ("branch", len(times))
    assert (refusal.at, refusal.last) == (times[0], times[-1])


def test_it_stops_at_what_went_wrong_first():
    assert stops(told(STUCK))[0].words.startswith("refuses main-5: payload malformed")
    assert stops(told(ONE_SIDED_PFS))[0].words.startswith("refuses quick-1: PFS group")


def test_what_the_path_did_is_the_internets():
    lost = [turn for turn in told(FILTERED) if turn.who == "the internet"]
    assert [turn.words for turn in lost] == ["does not deliver esp from hq (dropped: esp-blocked)"]


def test_algorithms_are_named_and_weak_ones_marked():
    words = [turn.words for turn in told(HEALTHY)]
    assert "agrees on phase 1: aes-cbc-256, sha1, modp-1024 (weak: group 2: 1024-bit MODP)" in words


def test_a_reboot_and_the_acts_of_the_timeline_are_told():
    turns = told(REBOOT)
    assert ("branch", "has rebooted and forgotten everything") in [
        (turn.who, turn.words) for turn in turns
    ]
    assert ("", "hq.server pings branch.pc 4 times") in [(turn.who, turn.words) for turn in turns]


@pytest.mark.parametrize(
    ("file", "who", "tone", "words"),
    [
        ("nat/udp-4500-blocked", "branch", "note", "sees itself behind NAT"),
        ("nat/udp-4500-blocked", "hq", "note", "sees the peer behind NAT"),
        ("life/dead-peer", "hq", "bad", "gets no answer to 3 probes: the peer counts as dead"),
        ("life/dead-peer", "hq", "bad", "ends phase 2: peer does not answer"),
        ("life/link-flap", "branch", "bad", "loses its line"),
        ("life/link-flap", "branch", "note", "has its line back"),
        ("life/link-flap", "branch", "bad", "cannot send info-dpd: its line is down"),
        ("life/rekey", "hq", "note", "ends phase 2: replaced by rekeying"),
        ("contact/answer-only", "hq", "bad", "cannot begin a tunnel: this side may only answer"),
        ("traffic/replay", "branch", "bad", "drops a packet from outside: replayed"),
        (
            "phase1/group-mismatch",
            "hq",
            "bad",
            "is told NO-PROPOSAL-CHOSEN, and does nothing about it",
        ),
        ("phase2/pfs-flapping", "hq", "bad", "is told NO-PROPOSAL-CHOSEN"),
    ],
)
def test_what_the_library_shows_is_told(file, who, tone, words):
    record = played(file)
    found = [(turn.who, turn.words, turn.tone) for turn in course(record, trace_of(record))]
    assert (who, words, tone) in found


def test_a_new_configuration_is_told_with_what_is_new():
    record = played("life/repair")
    (turn,) = [t for t in course(record, trace_of(record)) if "configured anew" in t.words]
    assert (turn.who, turn.tone) == ("branch", "note")


def entry(fate):
    return TraceEntry(1.0, "hq", "branch", "main-1", "udp", "a:500", "b:500", 100, "SA", fate)


def test_a_line_that_is_down_is_no_doing_of_the_internet():
    (turn,) = [t for t in course(judged(HEALTHY).record, [entry("not sent")]) if t.tone == "bad"]
    assert (turn.who, turn.words) == ("hq", "cannot send main-1: its line is down")


def test_what_is_still_on_its_way_is_not_lost():
    turns = course(judged(HEALTHY).record, [entry("in flight"), entry("delivered")])
    assert not stops(turns)
