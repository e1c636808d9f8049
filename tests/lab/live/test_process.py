"""Processes that are forked: how they end, and how others are ended."""

import os
import signal
import subprocess
import sys

import pytest

from gwsim.lab.live.process import end_processes, fork, last_words, undivided


@pytest.fixture
def deaf():
    """This process takes no notice of SIGTERM, by a handler of its own."""
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, before)


def exit_code(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_child_ends_by_a_signal_that_its_parent_would_not_end_by(deaf):
    assert exit_code(fork(lambda: os.kill(os.getpid(), signal.SIGTERM))) == -signal.SIGTERM


def test_what_is_done_undivided_is_done_before_a_signal_is_heard():
    heard = []
    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("signal"))
    with undivided():
        signal.raise_signal(signal.SIGTERM)
        heard.append("done")
    signal.signal(signal.SIGTERM, before)
    assert heard == ["done", "signal"]


@pytest.mark.parametrize(("command", "number"), [("sleep", 1), ("nohup sleep", 9)])
def test_processes_are_hung_up_and_those_that_do_not_care_killed(command, number):
    them = subprocess.Popen([*command.split(), "600"], stdout=subprocess.DEVNULL)
    wait = f"while open('/proc/{them.pid}/comm').read() != 'sleep\\n': pass"
    subprocess.run([sys.executable, "-c", wait], check=True)
    end_processes(lambda: [them.pid] if them.poll() is None else [], 0.2)
    assert them.wait() == -number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"level": "info", "text": "ready"}\n', "ready"),
        (
            '{"text": "ready"}\nhq cannot run here: no TUN device\n',
            "hq cannot run here: no TUN device",
        ),
        ("Traceback\nKeyError: 7\n", "KeyError: 7"),
        ("[1]", "[1]"),
        ("", ""),
    ],
)
def test_of_a_journal_the_last_sentence_is_told(tmp_path, text, words):
    (tmp_path / "hq.journal").write_text(text)
    assert last_words(tmp_path / "hq.journal") == words
    assert last_words(tmp_path / "branch.journal") == ""
