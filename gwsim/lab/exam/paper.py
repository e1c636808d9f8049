"""What an exam asks: hidden faults on ground of their own, drawn by level and seed.

A draw is kept when it makes a fair question: every fault bites, users feel it to the end, and
without the faults everything works. The same level and seed give the same paper.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from gwsim.lab.acts import Ping, TimelineEntry
from gwsim.lab.compile import compile_scenario
from gwsim.lab.faults.catalogue import CATALOGUE, parameters_of, witnesses
from gwsim.lab.faults.fault import FaultKind, Theme
from gwsim.lab.faults.stage import Where
from gwsim.lab.library import files_below, shipped
from gwsim.lab.load import Loaded, load_scenario, load_text
from gwsim.lab.matrix.coordinates import Coordinates, places
from gwsim.lab.matrix.ground import Ground, Place
from gwsim.lab.matrix.setting import SETTINGS
from gwsim.lab.matrix.staging import staged
from gwsim.lab.record import Record
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.scenario import FaultUse, Scenario
from gwsim.vendors.registry import VENDORS

LEVELS = ("beginner", "intermediate", "advanced")

EVERY = 5.0
"""Seconds between two pings of the user who complains."""

LASTS = 7200.0
"""Seconds for which that user goes on."""

TRIAL = 150.0
"""Seconds for which a draw is tried out."""

_BETWEEN = "-mismatch"
_TRIES = 400
_NAMES = (
    ("hq", "branch"),
    ("london", "leeds"),
    ("core", "plant"),
    ("paris", "lyon"),
    ("office", "depot"),
)
_WORDS = ("amber", "birch", "copper", "delta", "ember", "fjord", "garnet", "harbor", "indigo")
_CIPHERS = ("aes-128", "aes-256", "3des")
_GROUPS = (2, 5, 14)


@dataclass(frozen=True, slots=True)
class Answer:
    """One hidden fault: its name in the catalogue, and the gateway at which it sits.

    `at` is "" for what sits at no end in particular: on the way, or between two ends that do not
    fit, of which neither is the guilty one.
    """

    fault: str
    at: str


@dataclass(frozen=True, slots=True)
class Paper:
    """An exam: what makes it again, the broken scenario, and what is wrong with it."""

    level: str
    seed: int
    scenario: Scenario
    answers: tuple[Answer, ...]


class NoPaper(LookupError):
    """No fair question came up for a level; the text is for people."""


def draw(level: str, seed: int, faults: int = 0) -> Paper:
    """Draw a paper with so many hidden faults (0: two for `advanced`, else one).

    Raises NoPaper when none is found, for lack of scenarios of that level.
    """
    rng = Random(f"exam/{level}/{seed}")
    known = by_level()[level]
    number = faults or (2 if level == LEVELS[-1] else 1)
    for _ in range(_TRIES if known else 0):
        scenario = _drawn(rng, known, number, seed)
        if scenario is not None and _fair(scenario):
            return Paper(level, seed, scenario, tuple(map(_answer, scenario.faults)))
    raise NoPaper(f"no question with {number} faults was found for level {level}; try another seed")


def by_level() -> Mapping[str, tuple[str, ...]]:
    """List what each level asks: faults whose easiest scenario is of that level.

    The last level also asks what the one before does.
    """
    easiest: dict[str, str] = {}
    scenarios = [load_scenario(file).scenario for file in files_below(shipped())]
    for scenario in sorted(scenarios, key=lambda one: LEVELS.index(one.level)):
        for use in scenario.faults:
            easiest.setdefault(use.name, scenario.level)
    own = {
        level: tuple(name for name in CATALOGUE if easiest.get(name) == level and asked(name))
        for level in LEVELS
    }
    *_, before, last = LEVELS
    return own | {last: own[before] + own[last]}


def asked(name: str) -> bool:
    """Say whether an exam may hide a fault.

    Not what is over before anybody could repair it, nor what no setting can mend.
    """
    fault = CATALOGUE[name]
    return fault.kind is not FaultKind.ACT and fault.theme is not Theme.CRAFTED


def _answer(use: FaultUse) -> Answer:
    told = parameters_of(use)
    if use.name.endswith(_BETWEEN):
        return Answer(use.name, "")
    return Answer(use.name, str(getattr(told, "at", None) or getattr(told, "source", None) or ""))


def _drawn(rng: Random, known: Sequence[str], number: int, seed: int) -> Scenario | None:
    """Draw faults, vendors, names, addresses and algorithms; None for what contradicts itself."""
    ground = _ground(rng, seed)
    setting = rng.choice(list(SETTINGS))
    vendors = [name for name, vendor in VENDORS.items() if vendor.commands]
    pair = rng.choice(vendors), rng.choice(vendors)
    scenarios = []
    for name in rng.sample(known, min(number, len(known))):
        stages = [stage for stage in CATALOGUE[name].stages if "start" not in stage.parameters]
        if not stages:
            return None
        stage = rng.choice(stages)
        where = rng.choice(places(CATALOGUE[name], stage) or (Where.BOTH,))
        cell = Coordinates(name, stage.variant, where, setting, *pair)
        try:
            scenarios.append(staged(cell, ground))
        except ValueError:
            return None
    return _together(scenarios)


def _together(scenarios: Sequence[Scenario]) -> Scenario | None:
    """Put the faults of several stages into one scenario, if the stages are the same otherwise."""
    first = scenarios[0]
    if any(scenario.tunnels != first.tunnels for scenario in scenarios):
        return None
    faults = tuple(use for scenario in scenarios for use in scenario.faults)
    source, target = first.tunnels[0].between
    ping = {"from": source, "to": target, "count": int(LASTS / EVERY), "every": EVERY}
    entry = TimelineEntry(at=1.0, ping=Ping.model_validate(ping))
    return first.model_copy(
        update={"faults": faults, "timeline": (entry,), "duration": TRIAL, "title": "exam"}
    )


def _ground(rng: Random, seed: int) -> Ground:
    one, other = rng.choice(_NAMES)
    nets = rng.sample(range(1, 250), 4)
    outside = rng.randrange(2, 250), rng.randrange(2, 250)
    return Ground(
        _place(one, f"198.51.100.{outside[0]}", nets[0], nets[2]),
        _place(other, f"203.0.113.{outside[1]}", nets[1], nets[3]),
        psk=" ".join(rng.sample(_WORDS, 3)),
        phase1={
            "encryption": rng.choice(_CIPHERS),
            "hash": rng.choice(("sha1", "md5")),
            "group": rng.choice(_GROUPS),
        },
        phase2={"encryption": rng.choice(_CIPHERS), "integrity": rng.choice(("sha1", "md5"))},
        seed=seed,
    )


def _place(name: str, outside: str, inside: int, private: int) -> Place:
    host = f"10.{inside}.7.20"
    return Place(name, outside, f"192.168.{private}.2", f"10.{inside}.7.0/24", host)


def _fair(scenario: Scenario) -> bool:
    """Say whether a draw makes a question: each fault alone bites and hurts, without them it works.

    Of several faults one may hide the others until it is repaired.
    """
    try:
        alone = [scenario.model_copy(update={"faults": (use,)}) for use in scenario.faults]
        return all(map(_felt, alone)) and works(_played(without_faults(scenario)))
    except ValueError:
        return False


def _felt(scenario: Scenario) -> bool:
    record = _played(scenario)
    return not works(record) and all(said.bit for said in witnesses(scenario, record))


def without_faults(scenario: Scenario) -> Scenario:
    """Give the scenario as it was meant."""
    return scenario.model_copy(update={"faults": ()})


def _played(scenario: Scenario) -> Record:
    return play(compile_scenario(scenario), SimRuntime())


def works(record: Record, lately: float = 60.0) -> bool:
    """Say whether every ping of the last while was answered, and there were some."""
    since = record.duration - lately
    asked = [echo for echo in record.echoes if since <= echo.at <= record.duration - 1.0]
    return bool(asked) and all(echo.answered is not None for echo in asked)


def as_loaded(scenario: Scenario) -> Loaded:
    """Give a scenario that no file holds the form in which it can be run."""
    data = scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["faults"] = [
        {use.name: dict(use.parameters)} if use.parameters else use.name for use in scenario.faults
    ]
    return replace(load_text(json.dumps(data), scenario.title), scenario=scenario)
