"""One program leads to all doors of a lab: every question gets one line, in order."""

import io
import socket
import tempfile
import threading
from pathlib import Path

import pytest

from gwsim.lab.live import relay

WHOLE, HALF = slice(None), slice(2)


def serve(path, answers):
    """A door that gives these answers, one connection each for every list, and then hangs up."""
    door = socket.socket(socket.AF_UNIX)
    door.bind(str(path))
    door.listen()

    def live():
        for cuts in answers:
            connection, _ = door.accept()
            with connection, connection.makefile("rb") as asked:
                for cut in cuts:
                    connection.sendall(asked.readline().upper()[cut])
        door.close()

    thread = threading.Thread(target=live)
    thread.start()
    return thread


@pytest.fixture
def folder(monkeypatch):
    # Unix sockets have short names, and pytest's own directories have long ones.
    with tempfile.TemporaryDirectory(prefix="gwsim-") as short:
        monkeypatch.setattr(relay, "DOORS", f"{short}/{{}}-{{}}.sock")
        yield Path(short)


def told(questions):
    answers = io.BytesIO()
    relay.relay("lab", io.BytesIO(questions), answers)
    return answers.getvalue()


def test_questions_go_to_the_doors_that_are_meant(folder):
    threads = [serve(folder / f"lab-{name}.sock", [[WHOLE, WHOLE]]) for name in ("hq", "branch")]
    assert told(b"hq one\nbranch two\nhq three\nbranch four\n") == b"ONE\nTWO\nTHREE\nFOUR\n"
    for thread in threads:
        thread.join()


def test_a_door_that_hangs_up_is_an_empty_line_and_the_next_question_knocks_again(folder):
    thread = serve(folder / "lab-hq.sock", [[WHOLE], [WHOLE]])
    assert told(b"hq one\nhq two\nhq three\n") == b"ONE\n\nTHREE\n"
    thread.join()


def test_half_an_answer_is_none_and_the_next_answer_is_whole(folder):
    """A node may be killed while it answers."""
    thread = serve(folder / "lab-hq.sock", [[WHOLE, HALF], [WHOLE]])
    assert told(b"hq one\nhq two\nhq three\n") == b"ONE\n\nTHREE\n"
    thread.join()


def test_a_door_that_stays_shut_is_an_empty_line(folder, monkeypatch):
    monkeypatch.setattr(relay, "PATIENCE", 0.0)
    assert told(b"hq one\n") == b"\n"
