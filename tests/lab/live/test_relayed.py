"""What comes out of a program in a container: the engine's frames, taken apart into lines."""

import socket
import struct
from contextlib import closing
from types import SimpleNamespace

import pytest

from gwsim.daemon.door import Door, DoorError
from gwsim.lab.live.relayed import Relay

OUTPUT, ERRORS = 1, 2


def frame(text, stream=OUTPUT):
    return struct.pack(">BxxxL", stream, len(text)) + text


@pytest.fixture
def wired():
    """A relay, and the engine's end of its connection."""
    ours, engine = socket.socketpair()
    api = SimpleNamespace(
        exec_create=lambda *_, **__: {"Id": "7"}, exec_start=lambda *_, **__: ours
    )
    with engine, closing(Relay(SimpleNamespace(api=api), "c", "lab", 0.1)) as relay:
        yield relay, engine


def test_a_question_goes_out_after_the_name_of_its_door(wired):
    relay, engine = wired
    engine.sendall(frame(b'{"answer": {"name": "hq"}}\n'))
    with Door("hq.sock", wire=relay.way("hq")) as door:
        assert door.status() == {"name": "hq"}
    assert engine.recv(100) == b'hq {"ask": "status"}\n'


def test_lines_do_not_depend_on_how_the_engine_cuts_them(wired):
    relay, engine = wired
    engine.sendall(frame(b"on") + frame(b"e\ntwo\nth") + frame(b"ree\n"))
    assert [relay.readline() for _ in range(3)] == [b"one\n", b"two\n", b"three\n"]


def test_what_the_program_complains_of_is_no_answer(wired):
    relay, engine = wired
    engine.sendall(frame(b"a warning\n", ERRORS) + frame(b"one\n"))
    assert relay.readline() == b"one\n"


def test_an_empty_line_says_that_nobody_answered_and_the_way_stays_open(wired):
    relay, engine = wired
    engine.sendall(frame(b"\n"))
    with Door("hq.sock", wire=relay.way("hq")) as door, pytest.raises(DoorError, match="hung up"):
        door.status()
    assert not relay.broken


def test_a_program_that_ended_leads_nowhere_any_more(wired):
    relay, engine = wired
    engine.sendall(frame(b"one\n")[:-2])
    engine.shutdown(socket.SHUT_RDWR)
    assert relay.readline() == b""
    assert relay.broken
    door = Door("hq.sock", wire=relay.way("hq"))
    with pytest.raises(DoorError, match="the connection to the lab is broken"):
        door.status()


def test_after_an_answer_that_did_not_come_in_time_none_is_taken_for_another(wired):
    relay, engine = wired
    door = Door("hq.sock", wire=relay.way("hq"))
    with pytest.raises(DoorError, match="timed out"):
        door.status()
    engine.sendall(frame(b'{"answer": "late"}\n'))
    assert relay.broken
