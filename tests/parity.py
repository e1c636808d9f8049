"""Every scenario on a real network and in the simulation: `python -m tests.parity RUNTIME`.

One line for each scenario as soon as it is over: `same` or what is not. One that differs, or could
not begin, is played once more at the end, alone and as slowly as its own clock, before it counts:
a machine that has too much to do makes handshakes late. The exit status is 1 if any differs then.

    python -m tests.parity docker --jobs 2 nat/udp-4500-blocked.yaml contact
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from gwsim.lab.runtimes.failure import RuntimeFailure
from tests.netns.conftest import SCENARIOS
from tests.netns.test_parity import SPEED, differences, duration, tell


def compared(runtime, story, speed):
    """Give what differs between a runtime and the simulation, in words."""
    try:
        return differences(tell(runtime, story, speed), tell("sim", story))
    except RuntimeFailure as error:
        return [str(error)]


def stories(wanted):
    """List the scenarios of files and folders below the collection; all if none is named."""
    named = [SCENARIOS / name for name in wanted or ("",)]
    files = [file for one in named for file in (one.rglob("*.yaml") if one.is_dir() else (one,))]
    return sorted(str(file.relative_to(SCENARIOS)) for file in files)


def main(words):
    parser = argparse.ArgumentParser(prog="python -m tests.parity")
    parser.add_argument("runtime", choices=("netns", "docker"))
    parser.add_argument("scenario", nargs="*", help="files or folders of scenarios; all if none")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--speed", type=float, default=SPEED)
    told = parser.parse_intermixed_args(words)
    # The longest first: no processor is idle while the last one of them goes on.
    files = sorted(stories(told.scenario), key=duration, reverse=True)
    again = []
    with ProcessPoolExecutor(told.jobs, get_context("spawn")) as pool:
        playing = {pool.submit(compared, told.runtime, file, told.speed): file for file in files}
        for played in as_completed(playing):
            differs = bool(played.result())
            print(f"{playing[played]}: {'once more, later' if differs else 'same'}", flush=True)
            if differs:
                again.append(playing[played])
    differing = 0
    for file in sorted(again):
        said = compared(told.runtime, file, 1.0)
        differing += bool(said)
        print(f"{file}: {chr(10).join(said) or 'same, slowly'}", flush=True)
    print(f"{len(files)} scenarios, {differing} not as in the simulation")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
