"""`python -m gwsim.lab.live.container [SERVICE]`: what an engine starts in a container."""

import os
import sys
from importlib import import_module
from pathlib import Path

from gwsim.lab.live.container.kinds import container_of
from gwsim.lab.live.order import ORDER_FILE, ContainerOrder, order_from_json
from gwsim.lab.runtimes.failure import RuntimeFailure

TRAINING = "gwsim.lab.live.training"
"""What makes a service's order of the scenario; imported where nobody has given one."""


def main(arguments: list[str]) -> int:
    """Live as one container of a lab; the exit status for the engine."""
    try:
        container_of(_order(arguments)).serve()
    except RuntimeFailure as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _order(arguments: list[str]) -> ContainerOrder:
    """Read the order that came into this container, or make one from the scenario."""
    told = Path(ORDER_FILE)
    if not told.exists():
        made: ContainerOrder = import_module(TRAINING).training_order(
            arguments[0] if arguments else "", os.environ
        )
        return made
    order = order_from_json(told.read_text(encoding="utf-8"))
    if order.secret:
        told.unlink()
    return order


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
