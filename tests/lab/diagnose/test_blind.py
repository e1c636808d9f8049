"""Blind tests: a lab elsewhere, other algorithms, and only what its gateways show.

Every fault comes about; `python -m tests.lab.diagnose.blind` tries all cells of all pairs.
"""

import pytest

from gwsim.lab.diagnose.knowledge import Pair
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates, every
from tests.lab.diagnose.blind import ENDS, Found, Outcome, tried
from tests.lab.diagnose.known import known

PAIRS: list[Pair] = [("asa", "screenos"), ("ios", "asa")]
STEP = 3


def sample(pair: Pair) -> list[tuple[int, Coordinates]]:
    """Every third cell, from another start for each pair; what chance decides is left out."""
    cells = [
        at
        for at in every(pairs=[pair], settings=["main"])
        if at.fault != HEALTHY and at.stage.samples == 1
    ]
    return list(enumerate(cells))[PAIRS.index(pair) :: STEP]


def outcomes(pair: Pair, ends: tuple[Where, ...] = ENDS, step: int = 1) -> list[Outcome]:
    found = (tried(at, known(pair), number, ends) for number, at in sample(pair)[::step])
    return [outcome for outcome in found if outcome is not None]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_cause_is_found_by_what_both_gateways_show(pair: Pair):
    tries = outcomes(pair)
    wrong = [one.at for one in tries if one.found not in (Found.ALONE, Found.SHARED)]
    assert wrong == []
    assert len(tries) > 40
    assert sum(one.found is Found.ALONE for one in tries) > len(tries) // 5


@pytest.mark.parametrize("end", ENDS, ids=str)
def test_one_gateway_alone_never_rules_the_cause_out(end: Where):
    tries = outcomes(PAIRS[0], (end,), step=2)
    wrong = [one.at for one in tries if one.found not in (Found.ALONE, Found.SHARED)]
    assert wrong == []
