"""Words of which there is a list: the faults of the catalogue, and the runtimes."""

from typing import Annotated

import typer

from gwsim.cli.options import require
from gwsim.cli.output import stop
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.nearest import hint
from gwsim.lab.runtimes.registry import RUNTIMES, SIM

Runtime = Annotated[
    str, typer.Option("--runtime", metavar="RUNTIME", help="Where: " + ", ".join(RUNTIMES) + ".")
]


def require_fault(name: str) -> None:
    """End the program unless the catalogue has a fault of this name."""
    if name not in CATALOGUE:
        remedy = hint(name, CATALOGUE) or "; `gwsim faults` lists them"
        stop(f"there is no fault {name!r}{remedy}")


def require_runtime(runtime: str, speed: float | None = None) -> None:
    """End the program unless there is such a runtime, and the speed is one for it."""
    require(runtime, RUNTIMES, "runtime")
    if speed is not None and runtime == SIM:
        stop("--speed is for runtimes with real time; the simulation jumps from event to event")
