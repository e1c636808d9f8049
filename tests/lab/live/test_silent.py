"""Why a node does not answer is said in words: what became of it, and what helps."""

import os
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest

from gwsim.daemon.door import DoorError
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.live.outside import RunningLab
from gwsim.lab.live.places import DOCKER, TRAINING, Place
from gwsim.lab.live.remembered import begin_life, hold, note_end, note_process
from gwsim.lab.live.silent import keeper_silence, process_silence, silence
from gwsim.lab.live.state import state_of
from gwsim.lab.load import load_scenario

PLAN = plan_for_people(
    load_scenario("scenarios/healthy/asa-screenos.yaml").scenario, datetime(2026, 3, 1), play=False
)
BY_NAME = "`docker {} gwsim-one-hq`"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "one").mkdir()
    return Place(tmp_path / "one")


def state(runtime=DOCKER, keeper=0):
    return replace(state_of(PLAN, "one", 1.0, "", "", runtime), keeper=keeper)


def known(pid=0, lives=1, ended="", at=0.0, stays=False):
    """What a keeper tells of a node."""
    return {"pid": pid, "lives": lives, "ended": ended, "at": at, "stays": stays}


@contextmanager
def process(stopped):
    """A process that does nothing, or may not even do that."""
    with subprocess.Popen(["sleep", "60"]) as child:
        if stopped:
            child.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        try:
            yield child.pid
        finally:
            child.kill()


def test_a_process_that_is_stopped_is_told_from_one_that_hangs(place):
    with process(stopped=True) as pid:
        words = process_silence(place, "hq", known(pid), reached=True)
        assert words == f"its process {pid} is stopped: `kill -CONT {pid}` lets it go on"
        assert f"`kill -CONT {pid}` lets it go on" in keeper_silence(place, state("netns", pid))
    with process(stopped=False) as pid:
        words = process_silence(place, "hq", known(pid), reached=True)
        assert f"its process {pid} hangs" in words
        assert f"`kill -9 {pid}` gives it a new life" in words
        assert "`gwsim down one` ends it" in keeper_silence(place, state("netns", pid))


def test_a_process_that_ended_is_back_in_a_moment_or_never(place):
    dead = known(ended="signal 9", at=time.monotonic())
    words = process_silence(place, "hq", dead, reached=False)
    assert words == "it ended 0.0 s ago (signal 9) and is back in a moment: ask again"
    words = process_silence(place, "hq", known(7, 2, "signal 9"), reached=False)
    assert words == "it is just starting after signal 9: ask again"
    dead = known(lives=21, ended="signal 6", stays=True)
    words = process_silence(place, "hq", dead, reached=False)
    assert words.startswith("it ended 21 times, last by signal 6, and does not come back")
    assert "`gwsim logs hq --journal`" in words


def test_in_a_container_the_remedy_is_the_engines(place, monkeypatch):
    ended = f"its container has ended: {BY_NAME.format('start')} brings it back"
    assert silence(place, state(), "hq", reached=False) == ended
    held = hold(place, "hq")
    begin_life(place, "hq")
    note_end(place, "hq", "signal 9", time.monotonic())
    assert "(signal 9) and is back in a moment" in silence(place, state(), "hq", reached=False)
    begin_life(place, "hq")
    with process(stopped=True) as pid:
        note_process(place, "hq", pid)
        assert silence(place, state(), "hq", reached=False) == "it is just starting: ask again"
        assert f"stopped: {BY_NAME.format('restart')} gives it" in silence(
            place, state(), "hq", reached=True
        )
        monkeypatch.setenv("GWSIM_NODE", "hq")
        assert f"`docker compose exec hq kill -CONT {pid}` lets it go on" in silence(
            place, state(), "hq", reached=True
        )
    os.close(held)
    assert silence(place, state(), "hq", reached=False) == ended
    training = replace(state(), name=TRAINING)
    assert "`docker compose start hq` brings it back" in silence(place, training, "hq", False)


def test_a_node_that_somebody_started_by_itself_is_started_again_by_him(place):
    words = silence(place, state("node"), "hq", reached=False)
    assert words == "its process has ended: start it again where you had started it"


def test_whoever_asks_at_a_door_hears_it_in_words(place):
    place.write_state(state())
    lab = RunningLab(place)
    shut = pytest.raises(DoorError, match=r"^hq does not answer: its container has ended")
    with shut, lab.door("hq"):
        raise AssertionError("there is no door")
    shut = pytest.raises(DoorError, match=r"^the lab one does not answer: its container has ended")
    with shut, lab.asked():
        raise AssertionError("there is no door")
