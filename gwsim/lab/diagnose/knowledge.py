"""All cells of the matrix for a pair of vendors, as what can be seen in each, kept on disk.

They are computed when they are first wanted and kept in the user's cache folder under the digest
of gwsim's own source text. So they are never older than the engine that made them.
"""

import gzip
import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, replace
from functools import cache, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import gwsim
from gwsim.lab.diagnose.observables import Kind, Observable, observables
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.cell import Cell
from gwsim.lab.matrix.compute import compute
from gwsim.lab.matrix.coordinates import Coordinates, every
from gwsim.lab.matrix.ground import USUAL
from gwsim.vendors.registry import VENDORS

Pair = tuple[str, str]
Watch = Callable[[Iterator[Cell], int], Iterator[Cell]]
"""Something that hands cells on and may show how many there are (of so many)."""


@dataclass(frozen=True, slots=True)
class Known:
    """One cell in which a fault bit: where it stands, and the numbers of what can be seen.

    `loose` are those that are left to chance: seen with some seeds and not with others.
    """

    at: Coordinates
    seen: frozenset[int]
    loose: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """The cells of one or several pairs of vendors; `things` are what `Known.seen` numbers.

    `believed` holds the numbers of those whose wording is general knowledge only.
    """

    things: tuple[Observable, ...]
    believed: frozenset[int]
    cells: tuple[Known, ...]


@lru_cache(maxsize=8)
def numbers(knowledge: Knowledge) -> Mapping[Observable, int]:
    """Give the number of each thing."""
    return {thing: number for number, thing in enumerate(knowledge.things)}


def _numbering() -> defaultdict[Observable, int]:
    """Make a table that numbers things from 0 as they are asked for."""
    return defaultdict(count().__next__)


def learn(cells: Iterable[Cell]) -> Knowledge:
    """Take in cells; what did not bite explains nothing and is left out."""
    number_of = _numbering()
    believed: set[int] = set()
    known = []
    for cell in cells:
        if not cell.bit:
            continue
        seen = set()
        for thing, doubtful in observables(cell):
            seen.add(number_of[thing])
            if doubtful:
                believed.add(number_of[thing])
        known.append(Known(cell.at, frozenset(seen)))
    return Knowledge(tuple(number_of), frozenset(believed), _loosened(known))


def _loosened(cells: Sequence[Known]) -> tuple[Known, ...]:
    """Note in cells of one place that differ by their seeds what is left to chance."""
    alike: dict[Coordinates, list[Known]] = defaultdict(list)
    for cell in cells:
        alike[cell.at].append(cell)
    loose = {
        at: frozenset().union(*(one.seen for one in same))
        - frozenset.intersection(*(one.seen for one in same))
        for at, same in alike.items()
        if len(same) > 1
    }
    return tuple(replace(cell, loose=loose.get(cell.at, frozenset())) for cell in cells)


def together(parts: Sequence[Knowledge]) -> Knowledge:
    """Put the knowledge of several pairs into one."""
    if len(parts) == 1:
        return parts[0]
    number_of = _numbering()
    believed: set[int] = set()
    cells = []
    for part in parts:
        new = [number_of[thing] for thing in part.things]
        believed |= {new[number] for number in part.believed}
        cells += [Known(cell.at, frozenset(new[n] for n in cell.seen)) for cell in part.cells]
    return Knowledge(tuple(number_of), frozenset(believed), _loosened(cells))


def wanted(pair: Pair) -> Iterator[tuple[Coordinates, int]]:
    """Walk through the cells of a pair with the seeds; what is left to chance has several."""
    for at in every(pairs=[pair]):
        for seed in range(USUAL.seed, USUAL.seed + at.stage.samples):
            yield at, seed


def computed(pair: Pair, jobs: int = 1, watch: Watch = lambda cells, total: cells) -> Knowledge:
    """Compute everything about a pair."""
    cells, seeds = zip(*wanted(pair), strict=True)
    grounds = [replace(USUAL, seed=seed) for seed in seeds]
    return learn(watch(compute(cells, jobs, grounds=grounds), len(cells)))


def knowledge(
    pairs: Sequence[Pair],
    jobs: int = 1,
    watch: Callable[[Pair], Watch] = lambda pair: lambda cells, total: cells,
    folder: Path | None = None,
) -> Knowledge:
    """Give what is known of some pairs: kept from before, or computed now and kept.

    `watch` makes what shows the progress for a pair; `folder` is where it is kept, not given the
    user's cache folder. Where nothing can be kept it is computed every time.
    """
    return together(list(parts(pairs, jobs, watch, folder)))


def parts(
    pairs: Sequence[Pair],
    jobs: int = 1,
    watch: Callable[[Pair], Watch] = lambda pair: lambda cells, total: cells,
    folder: Path | None = None,
) -> Iterator[Knowledge]:
    """Do what `knowledge` does pair by pair, each as soon as it is there, in the order given."""
    place = cache_folder() if folder is None else folder
    for pair in pairs:
        part = _kept(place, pair)
        if part is None:
            part = computed(pair, jobs, watch(pair))
            _keep(place, pair, part)
        yield part


def cache_folder() -> Path:
    """Give the folder in which this user's programs keep what they can compute again.

    Whoever has no home, as in many a container, gets one in which nothing can be kept.
    """
    try:
        root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        root = os.devnull
    return Path(root) / "gwsim" / "matrix"


def is_kept(pair: Pair, folder: Path | None = None) -> bool:
    """Say whether a pair's cells need not be computed."""
    try:
        return _file(cache_folder() if folder is None else folder, pair).is_file()
    except OSError:
        return False  # a folder that this user may not look into


def kept_pairs(folder: Path | None = None) -> tuple[Pair, ...]:
    """List the pairs of vendors whose cells need not be computed."""
    every_pair = ((one, other) for one in VENDORS for other in VENDORS)
    return tuple(pair for pair in every_pair if is_kept(pair, folder))


@cache
def digest() -> str:
    """Give a digest of gwsim's source text: whatever changes it may change a cell."""
    root = Path(gwsim.__file__).parent
    total = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        total.update(str(file.relative_to(root)).encode())
        total.update(file.read_bytes())
    return total.hexdigest()[:16]


def _file(folder: Path, pair: Pair) -> Path:
    return folder / f"{digest()}-{pair[0]}-{pair[1]}.json.gz"


def _kept(folder: Path, pair: Pair) -> Knowledge | None:
    try:
        with gzip.open(_file(folder, pair), "rt", encoding="utf-8") as file:
            return _from_json(json.load(file))
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None  # not there, or not whole: it is computed again


def _keep(folder: Path, pair: Pair, part: Knowledge) -> None:
    """Keep a pair's cells, all or nothing; those of older versions of this pair go."""
    target = _file(folder, pair)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.{os.getpid()}")
        with gzip.open(draft, "wt", encoding="utf-8") as file:
            json.dump(_to_json(part), file)
        draft.replace(target)
        for old in folder.glob(f"*-{pair[0]}-{pair[1]}.json.gz"):
            if old != target:
                old.unlink()


def _to_json(part: Knowledge) -> dict[str, Any]:
    return {
        "things": [astuple(thing) for thing in part.things],
        "believed": sorted(part.believed),
        "cells": [[astuple(cell.at), sorted(cell.seen)] for cell in part.cells],
    }


def _from_json(data: Mapping[str, Any]) -> Knowledge:
    things = tuple(Observable(Kind(k), Where(e), text, cmd) for k, e, text, cmd in data["things"])
    cells = tuple(Known(_at(*place), frozenset(seen)) for place, seen in data["cells"])
    return Knowledge(things, frozenset(data["believed"]), _loosened(cells))


def _at(fault: str, variant: str, where: str, setting: str, first: str, second: str) -> Coordinates:
    return Coordinates(fault, variant, Where(where), setting, first, second)
