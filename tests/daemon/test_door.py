"""The way in to a node, also when the node goes away in the middle of an answer."""

import socket
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from gwsim.daemon.control import bind_private
from gwsim.daemon.door import Door, DoorError


class Said:
    """A wire on which these lines come, whatever is asked (interface: `Wire`)."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)

    def sendall(self, data: bytes) -> None:
        assert data.endswith(b"\n")

    def readline(self) -> bytes:
        return next(self._lines, b"")

    def close(self) -> None:
        pass


@pytest.mark.parametrize("heard", [b"", b'{"answer": {"name"', b'{"answer": 1}'])
def test_a_node_that_is_killed_while_it_answers_has_hung_up(heard: bytes) -> None:
    door = Door(Path("hq.sock"), wire=Said([heard]))
    with pytest.raises(DoorError, match=r"hq\.sock hung up"):
        door.status()


def test_a_node_that_hangs_does_not_hang_who_asks_it() -> None:
    # Unix sockets have short names, and pytest's own directories have long ones.
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        path = Path(folder) / "hq.sock"
        with bind_private(path, socket.SOCK_STREAM) as hanging:
            hanging.listen()
            with Door(path, timeout=0.05) as door, pytest.raises(DoorError, match="timed out"):
                door.status()
