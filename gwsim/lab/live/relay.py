"""A way to a door from outside of the containers: `python -m gwsim.lab.live.relay LAB NAME`.

An engine can run this in a container wherever that container is; what comes in here goes to the
door and the other way round. It waits for a door that is not there yet.
"""

import os
import select
import socket
import sys
import time

_PATIENCE = 90.0
_PAUSE = 0.02
_LONGEST = 1 << 16


def main(arguments: list[str]) -> int:
    """Carry octets until either end has enough; 1 when nobody opens the door."""
    lab, name = arguments
    path = f"/run/lab/gwsim/{lab}/{name}.sock"
    until = time.monotonic() + _PATIENCE
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        while door.connect_ex(path):
            if time.monotonic() > until:
                return 1
            time.sleep(_PAUSE)
        _carry(door)
    return 0


def _carry(door: socket.socket) -> None:
    while True:
        ready, _, _ = select.select([0, door.fileno()], [], [])
        if 0 in ready:
            asked = os.read(0, _LONGEST)
            if not asked:
                return
            door.sendall(asked)
        if door.fileno() in ready:
            answer = door.recv(_LONGEST)
            if not answer:
                return
            while answer:
                answer = answer[os.write(1, answer) :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
