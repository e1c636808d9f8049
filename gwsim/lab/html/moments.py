"""When to look at the gateways of a run, and which of these looks tells most about it."""

from collections.abc import Iterable, Sequence

from gwsim.ike.states import State
from gwsim.lab.history import Stay
from gwsim.lab.plan import Plan
from gwsim.lab.scenario import Scenario

AT_REST = frozenset({State.ESTABLISHED, State.INSTALLED, State.CLOSED})
"""The states in which a negotiation waits for nothing."""

TELLING = 1.0
"""Seconds in one state from which on a negotiation is stuck rather than under way."""

_GRID = 24
_MOST = 6


def looks(scenario: Scenario, plan: Plan) -> tuple[float, ...]:
    """List the moments at which a report needs snapshots: those of the scenario, and a grid."""
    grid = (round(plan.duration * step / _GRID, 3) for step in range(1, _GRID))
    return tuple(sorted({*grid, *_asked(scenario), plan.duration}))


def key_moment(scenario: Scenario, plan: Plan, stays: Iterable[Stay]) -> float:
    """Choose the moment at which the gateways show most of what is the matter.

    That is the first of the scenario's own moments at which something is stuck; without one, the
    last look during the longest wait; without any wait, the scenario's last moment, or the end.
    """
    stuck = [stay for stay in stays if waits(stay, plan.duration) >= TELLING]
    own = [moment for moment in _points(scenario) if moment <= plan.duration]
    for moment in own:
        if any(stay.spell.holds(moment) for stay in stuck):
            return moment
    longest = max(stuck, key=lambda stay: waits(stay, plan.duration), default=None)
    if longest is not None:
        during = [moment for moment in looks(scenario, plan) if longest.spell.holds(moment)]
        if during:
            return during[-1]
    return own[-1] if own else plan.duration


def shown_moments(scenario: Scenario, plan: Plan, key: float) -> tuple[float, ...]:
    """List the moments whose screens a report shows, the key moment first."""
    others = {*_points(scenario), plan.duration} - {key}
    return (key, *sorted(moment for moment in others if moment <= plan.duration)[:_MOST])


def waits(stay: Stay, end: float) -> float:
    """Give for how long, in seconds, a negotiation waited here for its peer; 0 when at rest."""
    if stay.state in AT_REST:
        return 0.0
    return min(stay.spell.until, end) - stay.spell.since


def _points(scenario: Scenario) -> Sequence[float]:
    return sorted({block.at for block in scenario.expect if block.at is not None})


def _asked(scenario: Scenario) -> set[float]:
    return {moment for block in scenario.expect for moment in block.span if moment is not None}
