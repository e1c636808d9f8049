"""Knowledge for tests: main mode only, computed once in a test run."""

from dataclasses import replace
from functools import cache

from gwsim.lab.diagnose.knowledge import Knowledge, Pair, learn
from gwsim.lab.matrix.compute import compute
from gwsim.lab.matrix.coordinates import Coordinates, every
from gwsim.lab.matrix.ground import USUAL

FEW = (
    "healthy",
    "udp-500-blocked",
    "psk-mismatch",
    "udp-4500-blocked",
    "phase1-hash-mismatch",
    "pfs-mismatch",
    "proxy-id-mismatch",
    "esp-blocked",
    "loss",
)


def of(cells: list[Coordinates]) -> Knowledge:
    """Learn these cells, with all the seeds that they need."""
    seeded = [(at, seed) for at in cells for seed in range(1, 1 + at.stage.samples)]
    grounds = [replace(USUAL, seed=seed) for _, seed in seeded]
    return learn(compute([at for at, _ in seeded], 2, grounds=grounds))


@cache
def known(pair: Pair = ("asa", "screenos"), faults: tuple[str, ...] | None = None) -> Knowledge:
    """What is known of a pair in main mode, of all faults or of some."""
    return of(list(every(faults, pairs=[pair], settings=["main"])))


@cache
def few(pair: Pair = ("asa", "screenos")) -> Knowledge:
    """A few faults of a pair, in main mode with and without a NAT."""
    return of(list(every(FEW, pairs=[pair], settings=["main", "nat"])))
