"""One thing that is expected, and how a block's time decides when to look for it.

A probe is asked about a span. What is there at a moment (a state, a screen) is looked at at the
end of the span; what adds up (log lines, messages, packets) is counted within it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gwsim.lab.expectations import TimeKind
from gwsim.lab.source import Loc


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: whether it is as expected, and what there was, in words."""

    ok: bool
    text: str


Look = Callable[[float, float], Seen]
"""Tries an expectation on a span."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One expectation in the form in which it can be tried.

    `where` is its place in the scenario, `gateway` whom it is about ("" for all), `expected` says
    it in words. `look` tries it, `moments` lists when its outcome may have changed. `adds_up`
    tells counting probes from those that look at a moment.
    """

    where: Loc
    gateway: str
    expected: str
    look: Look
    moments: Callable[[], Iterable[float]]
    adds_up: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a probe came out: what was seen, and at which moment that was decided."""

    seen: Seen
    at: float


def decide(probe: Probe, kind: TimeKind, since: float, until: float) -> Outcome:
    """Try a probe as the time of its block demands.

    At a moment and at the end: once. By a moment: until it holds. Throughout: at every moment,
    except that what adds up is judged by what came together in the whole span.
    """
    if kind is TimeKind.BY:
        return _by(probe, since, until)
    if kind is TimeKind.THROUGHOUT and not probe.adds_up:
        return _throughout(probe, since, until)
    start = since if kind is TimeKind.THROUGHOUT else 0.0
    return Outcome(probe.look(start, until), until)


def _by(probe: Probe, since: float, until: float) -> Outcome:
    for moment in _instants(probe, since, until):
        seen = probe.look(0.0, moment)
        if seen.ok:
            return Outcome(seen, moment)
    return Outcome(seen, until)


def _throughout(probe: Probe, since: float, until: float) -> Outcome:
    for moment in _instants(probe, since, until):
        seen = probe.look(since, moment)
        if not seen.ok:
            return Outcome(seen, moment)
    return Outcome(seen, until)


def _instants(probe: Probe, since: float, until: float) -> list[float]:
    within = {moment for moment in probe.moments() if since <= moment <= until}
    return sorted(within | {since, until})
