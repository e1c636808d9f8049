"""Whether the node of this container answers: `python -m gwsim.lab.live.alive`, a health check.

It imports next to nothing, for it is run every few seconds.
"""

import os
import socket
import sys
from glob import glob


def main() -> int:
    """Connect to the node's own door and, in the internet, to that of the lab; 0 if they answer."""
    node = os.environ.get("GWSIM_NODE", "*")
    doors = glob(f"/run/lab/gwsim/*/{node}.sock")  # noqa: PTH207 (pathlib costs time here)
    if node == "internet":
        doors += glob("/run/lab/gwsim/*/_keeper.sock") or [""]  # noqa: PTH207
    for door in doors:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(2)
            if probe.connect_ex(door):
                return 1
    return 0 if doors else 1


if __name__ == "__main__":
    sys.exit(main())
