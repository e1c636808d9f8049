"""A way to the doors of a lab from outside: `python -m gwsim.lab.live.relay LAB`.

An engine can run this in a container wherever that container is. Questions come in as lines, each
after the name of the door that is meant; what the door answers goes out as a line, in the same
order, and an empty line where nobody answered. It waits for a door that is not there yet.

    hq {"ask": "status"}        {"answer": {...}}
"""

import socket
import sys
import time
from typing import BinaryIO

DOORS = "/run/lab/gwsim/{}/{}.sock"
"""Where the doors are, by lab and name."""

PATIENCE = 5.0
"""Seconds for which a door may be shut; whoever asks waits for longer, and may ask again."""

_PAUSE = 0.02


class _Connection:
    """A connection to one door."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        until = time.monotonic() + PATIENCE
        while error := self._socket.connect_ex(path):
            if time.monotonic() > until:
                self._socket.close()
                raise OSError(error, "the door stays shut")
            time.sleep(_PAUSE)
        self._answers = self._socket.makefile("rb")

    def ask(self, question: bytes) -> bytes:
        """Give the answer with the end of its line, b"" when the door hung up before that."""
        self._socket.sendall(question)
        answer = self._answers.readline()
        return answer if answer.endswith(b"\n") else b""

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def relay(lab: str, questions: BinaryIO, answers: BinaryIO) -> None:
    """Carry questions and answers until there are no more questions."""
    doors: dict[bytes, _Connection] = {}
    for line in questions:
        name, _, question = line.partition(b" ")
        try:
            if name not in doors:
                doors[name] = _Connection(DOORS.format(lab, name.decode()))
            answer = doors[name].ask(question)
        except OSError:
            answer = b""
        if not answer and name in doors:
            doors.pop(name).close()
        answers.write(answer or b"\n")
        answers.flush()
    for door in doors.values():
        door.close()


if __name__ == "__main__":
    relay(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
