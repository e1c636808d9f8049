"""The control door: questions and answers, and who may ask."""

import asyncio
import json
import socket
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.daemon.control import Control, bind_private
from gwsim.daemon.door import Door, DoorError


def fail(_: object) -> None:
    raise ValueError("no connection 'x'")


HANDLERS = {"echo": lambda question: question.get("say"), "status": lambda _: {}, "fail": fail}


async def asked(path: Path, *questions: dict[str, object]) -> list[object]:
    """Open a control door, ask from another thread as a command line would, close it."""
    control = Control(path, HANDLERS)
    await control.open()

    def ask() -> list[object]:
        with Door(path) as door:
            return [door.ask(**question) for question in questions]  # type: ignore[arg-type]

    try:
        return await asyncio.to_thread(ask)
    finally:
        control.close()


def test_questions_are_answered_in_order(tmp_path: Path) -> None:
    path = tmp_path / "c"
    answers = asyncio.run(asked(path, {"name": "echo", "say": [1]}, {"name": "status"}))
    assert answers == [[1], {}]
    assert not path.exists()


def test_an_error_comes_back_in_words(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="no connection 'x'"):
        asyncio.run(asked(tmp_path / "c", {"name": "fail"}))


def test_an_unknown_question_is_told_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match="no such question: juggle; there are echo, fail, status"):
        asyncio.run(asked(tmp_path / "c", {"name": "juggle"}))


def test_nobody_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DoorError, match=r"nobody answers at .*/c: No such file"):
        Door(tmp_path / "c")


@pytest.mark.parametrize("line", [b"[]", b'"ask"', b"{}", b'{"ask": 5}', b'{"ask": ["echo"]}'])
def test_what_is_no_question_is_told_how_one_looks(line: bytes) -> None:
    reply = json.loads(Control(Path("unused"), HANDLERS).answer(line))
    assert reply == {"error": 'a question is an object with a name: {"ask": "..."}'}


@given(st.binary(max_size=200))
def test_noise_is_answered_with_an_error_and_breaks_nothing(noise: bytes) -> None:
    reply = json.loads(Control(Path("unused"), HANDLERS).answer(noise))
    assert set(reply) == {"error"}


def test_only_the_owner_may_open_the_door(tmp_path: Path) -> None:
    with bind_private(tmp_path / "c", socket.SOCK_STREAM):
        assert stat.S_IMODE((tmp_path / "c").stat().st_mode) == 0o600


def test_a_door_that_a_killed_node_left_is_replaced(tmp_path: Path) -> None:
    bind_private(tmp_path / "c", socket.SOCK_STREAM).close()
    with bind_private(tmp_path / "c", socket.SOCK_STREAM):
        assert (tmp_path / "c").is_socket()


def test_a_door_that_is_alive_is_not_taken(tmp_path: Path) -> None:
    with bind_private(tmp_path / "c", socket.SOCK_STREAM) as alive:
        alive.listen()
        with pytest.raises(FileExistsError, match="running already"):
            bind_private(tmp_path / "c", socket.SOCK_STREAM)


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "c").write_text("precious", encoding="utf-8")
    with pytest.raises(FileExistsError, match="in the way"):
        bind_private(tmp_path / "c", socket.SOCK_STREAM)
    assert (tmp_path / "c").read_text(encoding="utf-8") == "precious"
