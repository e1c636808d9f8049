"""Blind tests: somebody else's lab, seen through its gateways' screens and logs only.

The lab has other names, addresses, keys, algorithms and seeds than the one of the matrix. All
cells, seen from both ends and from either, and how many of them are found:

    python -m tests.lab.diagnose.blind [--step N] [--vendors asa,ios] [--output FILE]

What is in the file already is not tried again.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from gwsim.lab.diagnose.diagnosis import Ranking, diagnose
from gwsim.lab.diagnose.knowledge import Knowledge, Pair, knowledge
from gwsim.lab.diagnose.observables import Kind
from gwsim.lab.diagnose.observations import EndView, Observations
from gwsim.lab.expect.evidence import Witness
from gwsim.lab.faults.stage import Where
from gwsim.lab.history import stays
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates, every
from gwsim.lab.matrix.ground import Ground, Place
from gwsim.lab.matrix.screens import plain_commands
from gwsim.lab.matrix.summary import run_cell
from gwsim.lab.record import Record
from gwsim.vendors.registry import VENDORS

SUITES = (
    ({"encryption": "3des", "hash": "md5", "group": 5}, {"encryption": "3des", "integrity": "md5"}),
    (
        {"encryption": "aes-128", "hash": "sha1", "group": 2},
        {"encryption": "aes-128", "integrity": "sha1"},
    ),
    (
        {"encryption": "aes-192", "hash": "md5", "group": 5},
        {"encryption": "aes-192", "integrity": "sha1"},
    ),
    (
        {"encryption": "3des", "hash": "sha1", "group": 2},
        {"encryption": "aes-256", "integrity": "md5"},
    ),
)
ENDS = (Where.INITIATOR, Where.RESPONDER)
VIEWS = {"both": ENDS, "initiator": ENDS[:1], "responder": ENDS[1:]}
DID_NOT_BITE = "did not bite"


class Found(StrEnum):
    ALONE = "first, alone"
    SHARED = "first, with others that look the same"
    CHANCE = "first, with others that look different"
    NOT = "not first"


RIGHT = (Found.ALONE, Found.SHARED)


@dataclass(frozen=True, slots=True)
class Outcome:
    at: Coordinates
    found: Found
    ranking: Ranking


def elsewhere(number: int) -> Ground:
    """A lab of somebody else; each number gives another."""
    chance = random.Random(number)
    phase1, phase2 = SUITES[number % len(SUITES)]
    near, far = chance.sample(range(20, 220), 2)
    return Ground(
        _place(near, "198.51.100", 16),
        _place(far, "203.0.113", 17),
        psk=f"key number {number}",
        phase1=phase1,
        phase2=phase2,
        seed=1000 + number,
    )


def _place(number: int, outside: str, private: int) -> Place:
    inside = f"10.{number}.{private}"
    behind = f"172.{private}.{number}.2"
    return Place(f"site{number}", f"{outside}.{number}", behind, f"{inside}.0/24", f"{inside}.7")


def views(record: Record, ground: Ground, looking_at: Iterable[Where]) -> Observations:
    """What the gateways show: their logs, and their screens whenever somebody looked."""
    places = {Where.INITIATOR: ground.initiator.name, Where.RESPONDER: ground.responder.name}
    shown = {where: _view(record, places[where]) for where in looking_at}
    return Observations(
        shown.get(Where.INITIATOR, EndView()), shown.get(Where.RESPONDER, EndView())
    )


def _view(record: Record, name: str) -> EndView:
    gateway = record.gateway(name)
    vendor = VENDORS[gateway.vendor]
    witness = Witness(gateway, vendor, record)
    moments = [snapshot.now for snapshot in gateway.snapshots]
    log = [witness.written(line) for line in witness.lines if not line.debug]
    return EndView(
        vendor=gateway.vendor,
        log=tuple(part for line in log for part in line.splitlines()),
        screens=tuple(
            f"{vendor.prompt(gateway.snapshot(at))}{command}\n{witness.screen(command, at)}"
            for command in plain_commands(vendor)
            for at in moments
        ),
        whole=frozenset({Kind.LOG, Kind.SCREEN}),
    )


def glimpses(record: Record, ground: Ground) -> Iterator[Observations]:
    """What somebody has who did not look at much: one state, one screen, or one line, of one end.

    Nobody says that this is all there was.
    """
    for where, name in zip(ENDS, (ground.initiator.name, ground.responder.name), strict=True):
        whole = _view(record, name)
        vendor = VENDORS[record.gateway(name).vendor]
        last = [stay for stay in stays(record.gateway(name).events, vendor) if stay.phase == 1]
        standing = [stay.word for stay in last if stay.word and stay.spell.holds(record.duration)]
        parts = [EndView(whole.vendor, state=(standing[-1] if standing else "none",))]
        parts += (EndView(whole.vendor, screens=(screen,)) for screen in whole.screens)
        parts += (EndView(whole.vendor, log=(line,)) for line in dict.fromkeys(whole.log))
        for part in parts:
            ends = (part, EndView()) if where is Where.INITIATOR else (EndView(), part)
            yield Observations(*ends)


def tried(
    at: Coordinates, known: Knowledge, number: int, *looking_at: Sequence[Where]
) -> list[Outcome]:
    """Diagnose one lab, once for each choice of ends; nothing where its fault did not bite."""
    ground = elsewhere(number)
    record, told = run_cell(at, ground)
    found = []
    for ends in looking_at if told.bit else ():
        ranking = diagnose(views(record, ground, ends), known, look_further=False)
        found.append(Outcome(at, _judged(at, ranking), ranking))
    return found


def _judged(at: Coordinates, ranking: Ranking) -> Found:
    first = {one.cause: one for one in ranking.first}
    if at.cause not in first:
        return Found.NOT
    if len(first) == 1:
        return Found.ALONE
    against = [set(one.contradictions) for one in first.values()]
    return Found.SHARED if all(one == against[0] for one in against) else Found.CHANCE


def sampled(pairs: Sequence[Pair], step: int) -> Iterator[tuple[int, Coordinates]]:
    """Every so-manieth cell, another lab for each; every fault comes about with every pair."""
    for place, pair in enumerate(pairs):
        cells = [at for at in every(pairs=[pair]) if at.fault != HEALTHY]
        yield from list(enumerate(cells))[place % step :: step]


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one cell seen in one way; `against` is what contradicts the right cause."""

    cell: tuple[str, ...]
    view: str
    found: str
    first: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def lines(at: Coordinates, known: Knowledge, number: int) -> Iterator[Line]:
    """Try a cell in all ways of looking; the other end's vendor is known, its screens are not."""
    cell = (at.fault, at.variant, at.where.value, at.setting, *at.pair)
    outcomes = tried(at, known, number, *VIEWS.values())
    if not outcomes:
        yield Line(cell, "", DID_NOT_BITE)
    for view, outcome in zip(VIEWS, outcomes, strict=False):
        candidates = outcome.ranking.candidates
        mine = next((one for one in candidates if one.cause == at.cause), None)
        right = outcome.found in RIGHT or mine is None
        against = () if right else mine.contradictions[:6]
        first = tuple(one.cause for one in outcome.ranking.first)
        yield Line(cell, view, outcome.found.value, first, against)


def table(done: Sequence[Line]) -> str:
    """How many cells came out how, for each way of looking, and every one that was missed."""
    counts = Counter((line.view, line.found) for line in done)
    told = [f"{counts[key]:6} {key[0]:10} {key[1]}" for key in sorted(counts)]
    for line in done:
        if line.view and line.found not in RIGHT:
            told.append(f"{' '.join(line.cell)}, {line.view}: {line.found}")
            told.append(f"    first: {', '.join(line.first[:5])}; against: {line.against[:3]}")
    return "\n".join(told)


def written(line: Line) -> str:
    """A line as it stands in a file."""
    return json.dumps(asdict(line)) + "\n"


def read(file: Path) -> list[Line]:
    """Read the lines of a trial that was broken off."""
    entries = map(json.loads, file.read_text().splitlines()) if file.is_file() else ()
    return [Line(**{key: _frozen(value) for key, value in one.items()}) for one in entries]


def _frozen(value: str | list[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--vendors", default=",".join(VENDORS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--output", type=Path, default=Path("blind.jsonl"))
    told = parser.parse_args()
    vendors = told.vendors.split(",")
    done = read(told.output)
    tried_before = {line.cell for line in done}
    for pair in [(one, other) for one in vendors for other in vendors]:
        cells = [
            (number, at)
            for number, at in sampled([pair], told.step)
            if (at.fault, at.variant, at.where.value, at.setting, *at.pair) not in tried_before
        ]
        known = knowledge([pair] if cells else [], told.jobs)
        with told.output.open("a") as file:
            for number, at in cells:
                found = list(lines(at, known, number))
                file.writelines(map(written, found))
                file.flush()
                done += found
    print(table(done))


if __name__ == "__main__":
    main()
