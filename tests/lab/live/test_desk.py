"""The door of a process without an event loop, turned by a selector."""

import json
import select
import selectors
import socket
import tempfile
from pathlib import Path

import pytest

from gwsim.lab.live.desk import Desk


class Turned:
    """A desk, a client of it, and the loop between them."""

    def __init__(self, folder):
        self.selector = selectors.DefaultSelector()
        self.path = Path(folder) / "d"
        handlers = {"echo": lambda asked: asked["say"], "length": lambda asked: len(asked["say"])}
        self.desk = Desk(self.path, self.selector, handlers)
        self.client = socket.socket(socket.AF_UNIX)
        self.client.setblocking(False)
        self.client.connect(str(self.path))
        self.turn()

    def turn(self):
        for key, _ in self.selector.select(1):
            key.data()

    def say(self, octets):
        """Send all of it; the desk has its turn after every piece that the line takes."""
        while octets:
            octets = octets[self.client.send(octets) :]
            self.turn()

    def hear(self):
        """Give what the desk says once it has taken in all that was sent."""
        while not select.select([self.client], [], [], 0)[0]:
            self.turn()
        return self.client.recv(100)

    def close(self):
        self.client.close()
        self.turn()
        self.desk.close()
        self.selector.close()


@pytest.fixture
def turned():
    # Unix sockets have short names, and pytest's own directories have long ones.
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        made = Turned(folder)
        yield made
        made.close()


def question(name, say):
    return json.dumps({"ask": name, "say": say}).encode() + b"\n"


def test_a_question_in_pieces_is_answered_once_it_is_whole(turned):
    first, second = question("echo", "one"), question("echo", "two")
    turned.say(first[:7])
    with pytest.raises(BlockingIOError):
        turned.client.recv(100)
    turned.say(first[7:] + second)
    assert turned.hear() == b'{"answer":"one"}\n{"answer":"two"}\n'


def test_a_configuration_of_many_peers_is_not_too_long(turned):
    turned.say(question("length", "x" * 1_000_000))
    assert turned.hear() == b'{"answer":1000000}\n'


def test_who_hangs_up_in_the_middle_disturbs_nobody(turned):
    turned.say(b'{"ask": "ec')
    turned.client.close()
    turned.turn()
    turned.client = socket.socket(socket.AF_UNIX)
    turned.client.connect(str(turned.path))
    turned.turn()
    turned.say(question("echo", "still here"))
    assert turned.hear() == b'{"answer":"still here"}\n'
