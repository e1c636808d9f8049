"""The control door of a node: a unix socket, one line of JSON for a question, one for its answer.

    {"ask": "snapshot"}                  {"answer": {...}}
    {"ask": "events", "cursor": 17}      {"answer": {"items": [...], "cursor": 40, "lost": 0}}
    {"ask": "juggle"}                    {"error": "no such question: juggle; there are ..."}

The socket has mode 0600: who may open it may do everything.
"""

import asyncio
import json
import logging
import os
import signal
import socket
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LONGEST_LINE = 32 << 20
"""Octets a question may have; a configuration is the longest there is."""

Handler = Callable[[Mapping[str, Any]], Any]

_journal = logging.getLogger(__name__)


class Control:
    """Answers questions with the functions it was given, one at a time, in order."""

    def __init__(self, path: Path, handlers: Mapping[str, Handler]) -> None:
        self._path = path
        self._handlers = dict(handlers)
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen; a socket that a node killed before left there is replaced.

        Raises OSError, for example when another node answers at this path.
        """
        listener = bind_private(self._path, socket.SOCK_STREAM)
        self._server = await asyncio.start_unix_server(
            self._serve, sock=listener, limit=LONGEST_LINE
        )

    def close(self) -> None:
        """Stop listening and take the socket away."""
        if self._server is not None:
            self._server.close()
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(self.answer(line) + b"\n")
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.CancelledError) as error:
            _journal.debug("a control connection ended: %r", error)
        finally:
            writer.close()

    def answer(self, line: bytes) -> bytes:
        """Answer one question."""
        try:
            return json.dumps({"answer": self._ask(line)}, separators=(",", ":")).encode()
        except (ValueError, LookupError, OSError, TypeError, RuntimeError) as error:
            words = str(error) or type(error).__name__
            return json.dumps({"error": words}).encode()

    def _ask(self, line: bytes) -> Any:
        question = json.loads(line)
        if not isinstance(question, dict) or not isinstance(question.get("ask"), str):
            raise ValueError('a question is an object with a name: {"ask": "..."}')
        handler = self._handlers.get(question["ask"])
        if handler is None:
            known = ", ".join(sorted(self._handlers))
            raise ValueError(f"no such question: {question['ask']}; there are {known}")
        return handler(question)


def end_this_process(_: Mapping[str, Any]) -> None:
    """Answer `stop`: end as SIGTERM would have this process end."""
    os.kill(os.getpid(), signal.SIGTERM)


def bind_private(path: Path, kind: socket.SocketKind) -> socket.socket:
    """Make a non-blocking unix socket that only its owner may use.

    A socket nobody listens on any more is replaced; raises FileExistsError for one that is alive
    and for a file that is something else.
    """
    _clear(path, kind)
    made = socket.socket(socket.AF_UNIX, kind)
    made.setblocking(False)
    before = os.umask(0o177)
    try:
        made.bind(str(path))
    except OSError:
        made.close()
        raise
    finally:
        os.umask(before)
    return made


def _clear(path: Path, kind: socket.SocketKind) -> None:
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise FileExistsError(f"{path} is in the way of a socket")
    with socket.socket(socket.AF_UNIX, kind) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
        else:
            raise FileExistsError(f"a node is running already: {path} answers")
