"""Directories of labs: private, locked while the lab runs, swept up when it crashed."""

import fcntl
import os
import stat
import tempfile
from dataclasses import replace

import pytest

from gwsim.lab.live import places
from gwsim.lab.live.places import PlaceError, State, find, running, sweep, take


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def state(name):
    return State(
        name=name,
        title="A lab",
        runtime="netns",
        keeper=1,
        speed=1.0,
        epoch="2026-03-02T09:00:00",
        started=0.0,
        networks={"hq": 5},
        kinds={"hq": "gateway"},
        ports={"hq": "outside"},
        vendors={"hq": "asa"},
        addresses={"hq": "198.51.100.1"},
    )


def test_a_lab_has_a_directory_that_only_its_owner_may_enter(home):
    place, lock = take("one")
    assert place.path == home / "gwsim" / "one"
    assert stat.S_IMODE(place.path.stat().st_mode) == 0o700
    assert [found.name for found in running()] == ["one"]
    os.close(lock)


def test_what_is_written_about_a_lab_is_read_back():
    place, lock = take("one")
    with pytest.raises(PlaceError, match="just starting or ending"):
        place.state()
    place.write_state(state("one"))
    assert place.state() == state("one")
    os.close(lock)


def test_a_name_is_taken_as_long_as_the_lab_runs():
    place, lock = take("one")
    place.write_state(state("one"))
    with pytest.raises(PlaceError, match=r"one is running already.*gwsim down one.*--name"):
        take("one")
    os.close(lock)
    _, lock = take("one")
    os.close(lock)


def test_a_lab_that_is_just_going_is_waited_for(monkeypatch):
    former, lock = take("one")
    with former.watched() as held:
        assert held()
        monkeypatch.setattr(places.time, "sleep", lambda _: os.close(lock))
        place, lock = take("one")
        place.write_state(state("one"))
        assert not held()  # another of the same name is none of its business
    os.close(lock)


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(places, "TURNING", 0.0)
    _, lock = take("one")
    with pytest.raises(PlaceError, match="one is running already"):
        take("one")
    os.close(lock)


@pytest.mark.parametrize("name", ["", "Two", "-x", "a b", "../x", "x" * 33, "_keeper"])
def test_a_bad_name_is_refused(name):
    with pytest.raises(PlaceError, match="no name for a lab"):
        take(name)


def test_what_a_crash_left_is_swept_up_and_what_runs_is_not():
    dead, lock = take("dead")
    (dead.path / "hq.sock").touch()
    _, alive = take("alive")
    os.close(lock)
    assert sweep() == ["dead"]
    assert not dead.path.exists()
    assert [found.name for found in running()] == ["alive"]
    os.close(alive)


def test_without_a_name_the_only_lab_is_meant():
    with pytest.raises(PlaceError, match="no lab is running"):
        find()
    _, first = take("one")
    assert find().name == "one"
    with pytest.raises(PlaceError, match="no lab called two"):
        find("two")
    _, second = take("two")
    with pytest.raises(PlaceError, match=r"several labs are running.*one, two"):
        find()
    assert find("two").name == "two"
    for lock in (first, second):
        os.close(lock)


def test_a_lab_that_only_a_run_needs_is_not_in_the_way():
    _, passing = take("run-1-1")
    assert find().name == "run-1-1"
    _, lock = take("one")
    assert find().name == "one"
    for descriptor in (passing, lock):
        os.close(descriptor)


def test_a_directory_that_others_may_enter_is_refused(home):
    (home / "gwsim").mkdir(mode=0o755)
    (home / "gwsim").chmod(0o755)
    with pytest.raises(PlaceError, match="mode 0700"):
        running()


def test_a_link_in_place_of_the_directory_is_refused(home):
    (home / "elsewhere").mkdir(mode=0o700)
    (home / "gwsim").symlink_to(home / "elsewhere")
    with pytest.raises(PlaceError, match="in the way"):
        places.base()


def test_what_is_no_lab_is_never_swept_up(home):
    _, lock = take("one")
    (home / "gwsim" / "My Notes").mkdir()
    (home / "gwsim" / "notes.txt").touch()
    os.close(lock)
    assert sweep() == ["one"]
    assert (home / "gwsim" / "My Notes").exists()


def test_without_a_runtime_directory_labs_are_in_the_one_for_temporary_files(tmp_path, monkeypatch):
    """`su` and cron leave XDG_RUNTIME_DIR unset, or naming what does not exist."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for runtime in ("", str(tmp_path / "nowhere")):
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        assert places.base() == tmp_path / f"gwsim-{os.getuid()}"


def test_a_full_disk_is_told_with_what_to_do():
    place, lock = take("one")
    (place.path / f".lab.json.{os.getpid()}").symlink_to("/dev/full")
    with pytest.raises(PlaceError, match=r"No space left.*make room.*XDG_RUNTIME_DIR"):
        place.write_state(state("one"))
    assert place.turning
    os.close(lock)


def test_a_directory_that_cannot_be_made_is_told_with_what_to_do(home, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "")
    monkeypatch.setattr(tempfile, "tempdir", str(home / "nowhere"))
    with pytest.raises(PlaceError, match=r"nowhere/gwsim-\d+ cannot be written.*XDG_RUNTIME_DIR"):
        running()


def test_a_lock_that_cannot_be_made_is_told_with_what_to_do(home):
    running()
    (home / "gwsim" / "_lock").unlink()
    (home / "gwsim" / "_lock").mkdir()
    with pytest.raises(PlaceError, match=r"gwsim cannot be written.*XDG_RUNTIME_DIR"):
        take("one")


def test_who_keeps_a_lab_has_signed():
    place, lock = take("one")
    assert place.signed() == 0
    place.sign(lock)
    assert place.signed() == os.getpid()
    os.close(lock)


@pytest.mark.parametrize("text", ["", "[]", '{"faults": []}', "\xff"])
def test_a_state_that_is_none_is_told_with_what_to_do(text):
    place, lock = take("one")
    (place.path / "lab.json").write_text(text, encoding="latin-1")
    with pytest.raises(PlaceError, match=r"cannot be read from .*lab.json.*gwsim down one"):
        place.state()
    os.close(lock)


def test_a_state_whose_values_are_of_another_kind_is_none():
    place, lock = take("one")
    place.write_state(replace(state("one"), networks=7))
    with pytest.raises(PlaceError, match="cannot be read"):
        place.state()
    os.close(lock)


def test_a_lab_is_changed_by_one_at_a_time():
    place, lock = take("one")
    other = os.open(place.path / "_change", os.O_RDWR | os.O_CREAT)
    with place.changing(), pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(other)
    with place.changing():
        pass
    os.close(lock)
