"""`python -m gwsim.daemon FILE` runs the node that a node file describes."""

import sys
from pathlib import Path

from gwsim.daemon.node import run_file
from gwsim.daemon.process import NodeError


def main(arguments: list[str]) -> int:
    """Run a node until it is told to stop; the exit status for the shell."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m gwsim.daemon FILE\n")
        return 2
    try:
        run_file(Path(arguments[0]))
    except NodeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
