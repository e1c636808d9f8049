"""Which faults leave a negotiation in a state: read out of the cells that have been computed."""

from collections import defaultdict
from pathlib import Path

from gwsim.ike.states import Role, State
from gwsim.lab.diagnose.knowledge import Knowledge, Pair, kept_pairs, knowledge, numbers
from gwsim.lab.diagnose.observables import Kind, Observable
from gwsim.lab.faults.stage import Where

_MANY = 4
"""From how many pairs of vendors on they are counted and not named."""


def faults_ending_in(state: State, role: Role, folder: Path | None = None) -> tuple[str, ...]:
    """List the faults that leave an end in a state for long, with the vendors at both ends.

    Only pairs of vendors whose cells have been computed and kept count; none of them is computed
    here. `folder` is where they are kept, not given the user's cache folder.
    """
    found: dict[str, list[Pair]] = defaultdict(list)
    thing = Observable(Kind.STAY, Where(role.value), state.value)
    for pair in kept_pairs(folder):
        for cause in _causes(thing, knowledge([pair], folder=folder)):
            found[cause].append(pair)
    return tuple(f"{cause}: {_named(pairs)}" for cause, pairs in found.items())


def _causes(thing: Observable, known: Knowledge) -> tuple[str, ...]:
    number = numbers(known).get(thing)
    return tuple(dict.fromkeys(cell.at.cause for cell in known.cells if number in cell.seen))


def _named(pairs: list[Pair]) -> str:
    if len(pairs) > _MANY:
        return f"{len(pairs)} pairs of vendors"
    return ", ".join(f"{one}-{other}" for one, other in pairs)
