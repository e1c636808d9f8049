"""The exact labels of messages, told beside the wire.

An internet node cannot look into an encrypted informational message, nor can it name one whose
header is wrong; the sender knows what it is. It says so on a unix datagram socket before the
message itself leaves, by a digest of its octets, so that no clock and no address needs to agree.

    digest 16 | label, the rest
"""

import contextlib
import socket
from collections import OrderedDict
from hashlib import blake2b
from pathlib import Path

from gwsim.daemon.control import bind_private
from gwsim.wire.labels import LABELS

REMEMBERED = 4096
"""How many hints are kept for messages that have not been seen yet."""

_DIGEST = 16


def _digest(payload: bytes) -> bytes:
    return blake2b(payload, digest_size=_DIGEST).digest()


class HintSender:
    """Tells labels to whoever listens at `path`; with nobody there they are told to no one."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)

    def tell(self, payload: bytes, label: str) -> None:
        """Say what a UDP payload is, marker included."""
        with contextlib.suppress(OSError):
            self._socket.sendto(_digest(payload) + label.encode(), self._path)

    def close(self) -> None:
        """Tell no more."""
        self._socket.close()


class HintBook:
    """Listens at `path` and remembers what was told."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._socket = bind_private(path, socket.SOCK_DGRAM)
        self._labels: OrderedDict[bytes, str] = OrderedDict()

    def fileno(self) -> int:
        """The descriptor to wait on."""
        return self._socket.fileno()

    def hear(self) -> None:
        """Take in all that has been told."""
        with contextlib.suppress(BlockingIOError):
            while True:
                hint = self._socket.recv(256)
                label = hint[_DIGEST:].decode(errors="replace")
                if label in LABELS:
                    self._labels[hint[:_DIGEST]] = label
                    if len(self._labels) > REMEMBERED:
                        self._labels.popitem(last=False)

    def label(self, payload: bytes) -> str:
        """Give the label of a UDP payload, "" if nobody told it."""
        self.hear()
        return self._labels.get(_digest(payload), "")

    def close(self) -> None:
        """Stop listening and take the socket away."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
