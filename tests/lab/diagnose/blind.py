"""Blind tests: somebody else's lab, seen through its gateways' screens and logs only.

The lab has other names, addresses, keys, algorithms and seeds than the one of the matrix. All
cells, and how many of them are found:

    python -m tests.lab.diagnose.blind [--step N] [--vendors asa,ios] [--view both|initiator|...]
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

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


class Found(StrEnum):
    ALONE = "first, alone"
    SHARED = "first, with others that look the same"
    CHANCE = "first, with others that look different"
    NOT = "not first"


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--vendors", default=",".join(VENDORS))
    parser.add_argument("--view", default="both", choices=["both", *map(str, ENDS)])
    parser.add_argument("--jobs", type=int, default=2)
    told = parser.parse_args()
    vendors = told.vendors.split(",")
    ends = ENDS if told.view == "both" else (Where(told.view),)
    counts: Counter[Found] = Counter()
    shares: dict[Found, list[int]] = defaultdict(list)
    for pair in [(one, other) for one in vendors for other in vendors]:
        known = knowledge(_in_question(pair, ends, vendors), told.jobs)
        for number, at in sampled([pair], told.step):
            for outcome in tried(at, known, number, ends):
                counts[outcome.found] += 1
                shares[outcome.found].append(len(outcome.ranking.first))
                if outcome.found in (Found.NOT, Found.CHANCE):
                    _complain(outcome)
        print(pair, dict(counts), flush=True)
    for found, number in counts.items():
        each = sum(shares[found]) / number
        print(f"{number:6} {found.value} (causes on the first place: {each:.1f})")


def _in_question(pair: Pair, ends: Sequence[Where], vendors: Sequence[str]) -> list[Pair]:
    """Whoever sees one end only does not know what the other one is."""
    if len(ends) == 2:
        return [pair]
    if ends[0] is Where.INITIATOR:
        return [(pair[0], other) for other in vendors]
    return [(other, pair[1]) for other in vendors]


def _complain(outcome: Outcome) -> None:
    first = outcome.ranking.first[0]
    mine = next(one for one in outcome.ranking.candidates if one.cause == outcome.at.cause)
    print(outcome.found.value, outcome.at, file=sys.stderr)
    print("  first:", first.cause, first.cost, first.contradictions[:4], file=sys.stderr)
    print("  right:", mine.cost, mine.contradictions[:6], file=sys.stderr)


if __name__ == "__main__":
    main()
