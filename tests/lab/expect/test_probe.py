"""The time of a block decides when a probe is looked at."""

from gwsim.lab.expect.probe import Probe, Seen, decide
from gwsim.lab.expectations import TimeKind


def probe(holds, moments=(), adds_up=False):
    looks = []

    def look(since, until):
        looks.append((since, until))
        return Seen(holds(until), f"at {until:g}")

    return Probe((), "hq", "it", look, lambda: moments, adds_up), looks


def test_a_moment_is_looked_at_once_and_counts_from_the_start():
    tried, looks = probe(lambda t: t == 15)
    outcome = decide(tried, TimeKind.AT, 15.0, 15.0)
    assert (outcome.seen.ok, outcome.at, looks) == (True, 15.0, [(0.0, 15.0)])


def test_the_end_is_a_moment():
    tried, looks = probe(lambda t: False)
    assert not decide(tried, TimeKind.END, 0.0, 60.0).seen.ok
    assert looks == [(0.0, 60.0)]


def test_by_a_moment_it_is_enough_that_it_held_once():
    tried, _ = probe(lambda t: t == 7, moments=(3.0, 7.0, 9.0))
    outcome = decide(tried, TimeKind.BY, 0.0, 20.0)
    assert (outcome.seen.ok, outcome.at) == (True, 7.0)


def test_by_a_moment_what_comes_later_is_too_late():
    tried, looks = probe(lambda t: t == 25, moments=(25.0,))
    outcome = decide(tried, TimeKind.BY, 5.0, 20.0)
    assert (outcome.seen.ok, outcome.seen.text, outcome.at) == (False, "at 20", 20.0)
    assert looks == [(0.0, 5.0), (0.0, 20.0)]


def test_throughout_the_first_moment_that_fails_decides():
    tried, _ = probe(lambda t: t < 12, moments=(1.0, 12.0, 14.0, 50.0))
    outcome = decide(tried, TimeKind.THROUGHOUT, 10.0, 30.0)
    assert (outcome.seen.ok, outcome.at) == (False, 12.0)


def test_throughout_everything_must_hold_at_every_moment():
    tried, looks = probe(lambda t: True, moments=(1.0, 12.0, 50.0))
    assert decide(tried, TimeKind.THROUGHOUT, 10.0, 30.0).seen.ok
    assert looks == [(10.0, 10.0), (10.0, 12.0), (10.0, 30.0)]


def test_what_adds_up_is_judged_once_for_the_whole_span():
    tried, looks = probe(lambda t: True, moments=(12.0,), adds_up=True)
    assert decide(tried, TimeKind.THROUGHOUT, 10.0, 30.0).seen.ok
    assert looks == [(10.0, 30.0)]
