"""The doors of a lab that is behind an engine: one program in a container leads to all of them.

To run a program in a container takes an engine a moment and the machine some work, so it is run
once (`gwsim.lab.live.relay`) and all doors share it. One thread at a time may use them.
"""

import struct
from contextlib import suppress
from typing import Any

_FRAME = struct.Struct(">BxxxL")
_STANDARD_OUTPUT = 1
_NOBODY = b"\n"


class Relay:
    """The program, running in a container of a lab.

    It is `broken` once an answer failed to come: nobody knows any more whose the next one is.
    Raises OSError, or the engine's APIError where it cannot be run.
    """

    def __init__(self, client: Any, container: str, lab: str, timeout: float) -> None:
        command = ["python", "-m", "gwsim.lab.live.relay", lab]
        made = client.api.exec_create(container, command, stdin=True, user="root")
        self._stream = client.api.exec_start(made["Id"], socket=True)
        self._socket = getattr(self._stream, "_sock", self._stream)
        self._socket.settimeout(timeout)
        self._raw = b""
        self._said = b""
        self.broken = False

    def way(self, door: str) -> "Way":
        """Give the way to a door, by name."""
        return Way(self, door)

    def send(self, data: bytes) -> None:
        """Send all of it to the program."""
        if self.broken:
            raise OSError("the connection to the lab is broken")
        self._guarded(self._socket.sendall, data)

    def readline(self) -> bytes:
        """Give the next line that the program writes, b"" when it has ended."""
        while b"\n" not in self._said:
            if not self._guarded(self._read_frame):
                self.broken = True
                return b""
        line, _, self._said = self._said.partition(b"\n")
        return line + b"\n"

    def close(self) -> None:
        """End the connection, and with it the program."""
        self.broken = True
        with suppress(OSError):
            self._stream.close()
        self._socket.close()

    def _guarded(self, work: Any, *told: bytes) -> Any:
        try:
            return work(*told)
        except OSError:
            self.broken = True
            raise

    def _read_frame(self) -> bool:
        """Read what the engine wraps in frames: which stream, how many octets, and those."""
        head: bytes = self._read(_FRAME.size)
        if len(head) < _FRAME.size:
            return False
        stream, length = _FRAME.unpack(head)
        data = self._read(length)
        if stream == _STANDARD_OUTPUT:
            self._said += data
        return bool(len(data) == length)

    def _read(self, count: int) -> bytes:
        while len(self._raw) < count:
            fresh = self._socket.recv(1 << 16)
            if not fresh:
                break
            self._raw += fresh
        taken, self._raw = self._raw[:count], self._raw[count:]
        return taken


class Way:
    """What carries lines to one door and back (interface: `Wire`)."""

    def __init__(self, relay: Relay, door: str) -> None:
        self._relay = relay
        self._door = door.encode()

    def sendall(self, data: bytes) -> None:
        """Send a question, one line."""
        self._relay.send(self._door + b" " + data)

    def readline(self) -> bytes:
        """Give the answer, b"" when nobody gave one."""
        line = self._relay.readline()
        return b"" if line == _NOBODY else line

    def close(self) -> None:
        """Leave the way to others, who may still be on it."""
