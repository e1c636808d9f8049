"""The runtimes there are, by the names people give them.

All but the first need modules of the operating system that are not everywhere; each is imported
when somebody asks for it.
"""

from importlib import import_module
from typing import cast

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.lab.runtimes.runtime import Runtime

SIM = "sim"

RUNTIMES: dict[str, str] = {
    SIM: "gwsim.lab.runtimes.sim:SimRuntime",
    "netns": "gwsim.lab.runtimes.netns:NetnsRuntime",
    "docker": "gwsim.lab.runtimes.docker:DockerRuntime",
}
"""Where each runtime's class is; all but `sim` are made with a speed too."""


def make_runtime(name: str = SIM, speed: float | None = None, capture: Wanted = NOTHING) -> Runtime:
    """Make a runtime; `speed` seconds pass in each real one where there is real time.

    `capture` is what the record is to hold for captures, by default nothing.
    Raises KeyError for a name that is none, ImportError where the machine lacks what it needs.
    """
    module, _, kind = RUNTIMES[name].partition(":")
    made = getattr(import_module(module), kind)
    return cast(Runtime, made(capture) if name == SIM else made(speed, capture))
