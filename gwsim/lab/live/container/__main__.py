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
        container_of(order_of(arguments)).serve()
    except RuntimeFailure as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def order_of(arguments: list[str]) -> ContainerOrder:
    """Find out what this container is.

    A service of the training lab makes its order from the scenario. Any other is told on standard
    input, and keeps a copy for its next life unless it is secret.
    """
    if arguments:
        made: ContainerOrder = import_module(TRAINING).training_order(arguments[0], os.environ)
        return made
    kept = Path(ORDER_FILE)
    if kept.exists():
        return order_from_json(kept.read_text(encoding="utf-8"))
    told = sys.stdin.readline()
    if not told:
        raise RuntimeFailure(
            "nobody tells this container what it is: `gwsim up SCENARIO --runtime docker` does,"
            " and what is left of a lab that has ended goes with `gwsim down --all`"
        )
    order = order_from_json(told)
    if not order.secret:
        kept.touch(mode=0o600)
        kept.write_text(told, encoding="utf-8")
    return order


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
