"""The way in to a running node: questions to its control door, answers as values."""

import json
import socket
from pathlib import Path
from typing import Any, Protocol, Self


class DoorError(RuntimeError):
    """The node said no, or did not answer; the text is for people."""


class Silent(DoorError):
    """Nobody answered; `reached` says whether somebody was there to be asked."""

    def __init__(self, words: str, reached: bool) -> None:
        super().__init__(words)
        self.reached = reached


class Wire(Protocol):
    """What carries lines to a door and back; errors are OSError."""

    def sendall(self, data: bytes) -> None:
        """Send all of it."""

    def readline(self) -> bytes:
        """Give the next line with its end; b"", or a piece without one, when there is no more."""

    def close(self) -> None:
        """End the connection."""


class UnixWire:
    """A connection to a unix socket on this machine (interface: `Wire`); raises OSError."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._socket.sendall(data)

    def readline(self) -> bytes:
        """Give the next line with its end; b"", or a piece without one, when there is no more."""
        return self._lines.readline()

    def close(self) -> None:
        """End the connection."""
        self._lines.close()
        self._socket.close()


class Door:
    """One connection to the control door at `path`; raises Silent where there is no answer.

    It is used by one thread at a time and closes as a context. A `wire` that is given leads to a
    door that is not on this machine.
    """

    def __init__(self, path: Path, timeout: float = 10.0, wire: Wire | None = None) -> None:
        self._path = path
        try:
            self._wire = UnixWire(path, timeout) if wire is None else wire
        except OSError as error:
            words = f"nobody answers at {path}: {error.strerror or error}"
            raise Silent(words, reached=False) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._wire.close()

    def ask(self, name: str, **arguments: Any) -> Any:
        """Ask anything and give the answer as JSON values."""
        try:
            self._wire.sendall(json.dumps({"ask": name, **arguments}).encode() + b"\n")
            line = self._wire.readline()
        except OSError as error:
            raise Silent(f"{self._path} does not answer: {error}", reached=True) from None
        if not line.endswith(b"\n"):  # nothing, or what was said of it when the node was killed
            raise Silent(f"{self._path} hung up", reached=False)
        reply = json.loads(line)
        if "error" in reply:
            raise DoorError(reply["error"])
        return reply["answer"]

    def status(self) -> dict[str, Any]:
        """Ask any node who it is: `kind`, `name`, `pid`, `now` and what else it tells."""
        found: dict[str, Any] = self.ask("status")
        return found

    def begin(self, epoch: float, speed: float) -> None:
        """Tell any node when, on the machine's monotonic clock, time begins, and how it passes."""
        self.ask("begin", epoch=epoch, speed=speed)

    def stop(self) -> None:
        """Tell any node to end, in order."""
        self.ask("stop")
