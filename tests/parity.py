"""Every scenario on a real network and in the simulation: `python -m tests.parity RUNTIME`.

One line for each scenario as soon as it is over: `same` or what is not. One that differs, or could
not begin, is played once more at the end, alone and as slowly as its own clock, before it counts:
a machine that has too much to do makes handshakes late. The exit status is 1 if any differs then.

    python -m tests.parity docker --jobs 2 nat/udp-4500-blocked.yaml contact
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from gwsim.lab.compile import compile_scenario
from gwsim.lab.history import stays
from gwsim.lab.load import load_scenario
from gwsim.lab.report import verdict_text
from gwsim.lab.runner import run
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.registry import make_runtime
from gwsim.vendors.registry import VENDORS

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SPEED = 4.0
STORIES = (
    "phase1/psk-mismatch.yaml",
    "nat/udp-4500-blocked.yaml",
    "phase2/pfs-only-screenos-asa-initiates.yaml",
    "phase2/proxy-id-not-mirrored.yaml",
    "healthy/asa-screenos.yaml",
    "healthy/behind-nat.yaml",
)
"""The classic faults, and tunnels that have none."""


@dataclass(frozen=True)
class Told:
    """What came of a run, without its times."""

    passed: bool
    bites: tuple
    states: tuple
    labels: tuple
    text: str


def tell(runtime, story, speed=SPEED):
    """Play a story and tell what came of it.

    Where several negotiations go on at a time, at a gateway with several peers, the order in which
    they take their steps is chance.
    """
    played = run(
        load_scenario(SCENARIOS / story),
        runtime=make_runtime(runtime, None if runtime == "sim" else speed),
    )
    several = len(played.record.gateways) > 2
    states, labels = [], []
    for gateway in played.record.gateways:
        found = stays(gateway.events, VENDORS[gateway.vendor])
        words = [(stay.phase, stay.role, stay.word or stay.state) for stay in found]
        sent = [p.label for p in played.record.departures if p.gateway == gateway.name]
        for told, steps in ((states, words), (labels, sent)):
            seen = dict.fromkeys(steps)
            told.append((gateway.name, tuple(sorted(seen, key=str) if several else seen)))
    bites = tuple((bite.fault, bite.bit) for bite in played.verdict.bites)
    text = verdict_text(played.verdict)
    return Told(played.verdict.passed, bites, tuple(states), tuple(labels), text)


def differences(found, simulated):
    """Say in words what is not as in the simulation."""
    said = [] if found.passed else [found.text]
    for what in ("bites", "states", "labels"):
        one, other = getattr(found, what), getattr(simulated, what)
        if one != other:
            said.append(f"{what}: {one}\n  in the simulation: {other}")
    return said


@dataclass(frozen=True)
class Compared:
    """What is not as in the simulation, in words, and whether a story was played once more."""

    story: str
    said: tuple
    again: bool


def compared(runtime, stories, at_once, speed=SPEED):
    """Play stories on a runtime, so many at a time, and give how each compares when it is over.

    The longest come first: no processor is idle while the last one of them goes on.
    """
    again = []
    with ProcessPoolExecutor(at_once, get_context("spawn")) as pool:
        longest_first = sorted(stories, key=duration, reverse=True)
        playing = {pool.submit(_compare, runtime, one, speed): one for one in longest_first}
        for played in as_completed(playing):
            if played.result():
                again.append(playing[played])
            else:
                yield Compared(playing[played], (), again=False)
    for story in sorted(again):
        yield Compared(story, _compare(runtime, story, 1.0), again=True)


def _compare(runtime, story, speed):
    try:
        return tuple(differences(tell(runtime, story, speed), tell("sim", story)))
    except RuntimeFailure as error:
        return (str(error),)


def duration(story):
    """Give how many seconds of its own clock a story takes."""
    return compile_scenario(load_scenario(SCENARIOS / story).scenario).duration


def stories(wanted=("",)):
    """List the scenarios of files and folders below the collection; all if none is named."""
    named = [SCENARIOS / name for name in wanted]
    files = [file for one in named for file in (one.rglob("*.yaml") if one.is_dir() else (one,))]
    return sorted(str(file.relative_to(SCENARIOS)) for file in files)


def main(words):
    parser = argparse.ArgumentParser(prog="python -m tests.parity")
    parser.add_argument("runtime", choices=("netns", "docker"))
    parser.add_argument("scenario", nargs="*", help="files or folders of scenarios; all if none")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--speed", type=float, default=SPEED)
    told = parser.parse_intermixed_args(words)
    files = stories(told.scenario or ("",))
    differing = 0
    for one in compared(told.runtime, files, told.jobs, told.speed):
        differing += bool(one.said)
        words = "\n".join(one.said) or ("same, slowly" if one.again else "same")
        print(f"{one.story}: {words}", flush=True)
    print(f"{len(files)} scenarios, {differing} not as in the simulation")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
