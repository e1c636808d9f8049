"""Cells for tests, each computed once in a test run."""

from functools import cache

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.cell import Cell
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates
from gwsim.lab.matrix.summary import compute_cell


@cache
def computed(
    fault: str = HEALTHY,
    where: str = "both",
    pair: str = "asa asa",
    setting: str = "main",
    variant: str = "",
) -> Cell:
    """Give a cell; a fault with a single stage needs no variant."""
    if not variant and fault in CATALOGUE and len(CATALOGUE[fault].stages) == 1:
        variant = CATALOGUE[fault].stages[0].variant
    initiator, responder = pair.split()
    return compute_cell(Coordinates(fault, variant, Where(where), setting, initiator, responder))
