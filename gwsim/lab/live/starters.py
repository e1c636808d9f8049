"""What labs can be left running on, by the names people give it."""

from collections.abc import Callable
from importlib import import_module
from typing import cast

from gwsim.lab.live.client import Lab
from gwsim.lab.plan import Plan

STARTERS: dict[str, str] = {
    "netns": "gwsim.lab.live.launch:start",
    "docker": "gwsim.lab.runtimes.docker:start",
}
"""Where the function is that starts a lab; imported on demand, for not every machine has it all."""

Starter = Callable[[Plan, str, float, str, str], Lab]


def start(runtime: str, plan: Plan, name: str, speed: float, scenario: str, text: str) -> Lab:
    """Start a lab and leave it running.

    `scenario` is the file and `text` its content. Raises RuntimeFailure, in words, and KeyError
    for a runtime on which nothing can be left running.
    """
    module, _, function = STARTERS[runtime].partition(":")
    starter = cast(Starter, getattr(import_module(module), function))
    return starter(plan, name, speed, scenario, text)
