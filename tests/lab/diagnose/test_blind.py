"""Blind tests: a lab elsewhere, other algorithms, and only what its gateways show.

A sample of all cells in main mode; `python -m tests.lab.diagnose.blind` tries all there are.
"""

import pytest

from gwsim.lab.diagnose.knowledge import Pair
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import Theme
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates, every
from tests.lab.diagnose.blind import ENDS, Found, tried
from tests.lab.diagnose.known import known

ORDINARY = tuple(f.name for f in CATALOGUE.values() if f.theme is not Theme.CRAFTED)
FAULTS: dict[Pair, tuple[str, ...] | None] = {
    ("asa", "screenos"): None,
    ("ios", "asa"): (HEALTHY, *ORDINARY),
}
PAIRS = list(FAULTS)
STEP = 4


def sample(pair: Pair) -> list[tuple[int, Coordinates]]:
    """Every fourth cell, from another start for each pair; what chance decides is left out."""
    cells = [
        at
        for at in every(FAULTS[pair], pairs=[pair], settings=["main"])
        if at.fault != HEALTHY and at.stage.samples == 1
    ]
    return list(enumerate(cells))[PAIRS.index(pair) :: STEP]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_cause_comes_first_by_what_both_gateways_show_and_by_one_of_them(pair: Pair):
    """It may share its place with causes that look exactly the same, never stand behind one."""
    cells = known(pair, FAULTS[pair])
    alone = 0
    wrong = []
    tries = 0
    for number, at in sample(pair):
        outcomes = tried(at, cells, number, ENDS, ENDS[:1], ENDS[1:])
        tries += bool(outcomes)
        alone += any(one.found is Found.ALONE for one in outcomes)
        wrong += [one for one in outcomes if one.found not in (Found.ALONE, Found.SHARED)]
    assert [(one.at, one.found) for one in wrong] == []
    assert tries > 20
    assert alone > tries // 5
