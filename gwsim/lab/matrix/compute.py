"""All cells of a matrix, side by side in processes of their own, always in the same order."""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

from gwsim.lab.matrix.cell import Cell, EndCell, Ending
from gwsim.lab.matrix.coordinates import Coordinates
from gwsim.lab.matrix.ground import USUAL, Ground
from gwsim.lab.matrix.summary import NONE, compute_cell

BROKE_OFF = "gwsim broke off, and that is a bug in gwsim"
"""What a cell says in place of a proof when its run did not come to its end."""

_CHUNK = 8
"""How many cells go to a process at a time."""


def cell(at: Coordinates, ground: Ground = USUAL, brief: bool = False) -> Cell:
    """Compute one cell; one that cannot be staged, or breaks off, says so and did not bite.

    A `brief` one is without screens and debug messages, which are most of its volume.
    """
    try:
        return compute_cell(at, ground, brief)
    except ValueError as error:
        return _empty(at, f"it cannot be staged here: {error}")
    except Exception as error:  # a bug of ours must not take the other cells along
        return _empty(at, f"{BROKE_OFF}: {error!r}")


def compute(
    cells: Sequence[Coordinates],
    jobs: int = 1,
    brief: bool = False,
    grounds: Sequence[Ground] | None = None,
) -> Iterator[Cell]:
    """Compute cells in `jobs` processes; they come in the order in which they were asked for.

    `grounds` has one for each cell; not given, all stand on the usual one.
    """
    work = partial(cell, brief=brief)
    below = [USUAL] * len(cells) if grounds is None else grounds
    if jobs <= 1 or len(cells) <= _CHUNK:
        yield from map(work, cells, below)
        return
    pool = ProcessPoolExecutor(
        min(jobs, len(cells)),
        multiprocessing.get_context("spawn"),
        signal.signal,
        (signal.SIGINT, signal.SIG_IGN),
    )
    try:
        yield from pool.map(work, cells, below, chunksize=_CHUNK)
    finally:
        pool.shutdown(cancel_futures=True)


def shortened(whole: Cell) -> Cell:
    """Leave out the screens and what only a debug command shows."""
    return replace(whole, initiator=_short(whole.initiator), responder=_short(whole.responder))


def _short(end: EndCell) -> EndCell:
    logged = tuple(message for message in end.messages if not message.debug)
    return replace(end, messages=logged, screens=())


def _empty(at: Coordinates, why: str) -> Cell:
    def nothing(vendor: str) -> EndCell:
        return EndCell(vendor, (), NONE, NONE, 0, 0, 0, 0, (), (), (), (), ())

    return Cell(
        at=at,
        bit=False,
        why=why,
        ending=Ending.NEVER_UP,
        initiator=nothing(at.initiator),
        responder=nothing(at.responder),
        wire=(),
        asked=0,
        answered=0,
        forth=0,
        back=0,
    )
