"""A control door for a process without an event loop; it speaks as `gwsim.daemon.control` does."""

import selectors
import socket
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from gwsim.daemon.control import LONGEST_LINE, Control, Handler, bind_private

_AT_ONCE = 1 << 16


class Desk:
    """Answers one-line questions on a unix socket, whenever the selector says there is one."""

    def __init__(
        self, path: Path, selector: selectors.BaseSelector, handlers: Mapping[str, Handler]
    ) -> None:
        self._answer = Control(path, handlers).answer
        self._selector = selector
        self._listener = bind_private(path, socket.SOCK_STREAM)
        self._listener.listen(16)
        self._pending: dict[socket.socket, bytes] = {}
        selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        """Take no more questions; connections stay open until the process ends."""
        self._selector.unregister(self._listener)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(BlockingIOError):
            connection, _ = self._listener.accept()
            connection.setblocking(True)
            connection.settimeout(5)
            self._pending[connection] = b""
            self._selector.register(
                connection, selectors.EVENT_READ, partial(self._read, connection)
            )

    def _read(self, connection: socket.socket) -> None:
        try:
            octets = connection.recv(_AT_ONCE)
            *lines, rest = (self._pending[connection] + octets).split(b"\n")
            self._pending[connection] = rest
            for line in lines:
                connection.sendall(self._answer(line) + b"\n")
        except OSError:
            octets = b""
        if not octets or len(self._pending[connection]) > LONGEST_LINE:
            self._selector.unregister(connection)
            del self._pending[connection]
            connection.close()
