"""What a node is told in mid-run is there for its next life, and only as long as it may be."""

import os
import stat

from gwsim.lab.live.places import Place
from gwsim.lab.live.remembered import (
    Life,
    begin_life,
    hold,
    is_held,
    life,
    note_end,
    note_process,
    remember,
    remembered,
    taken,
)


def test_a_node_finds_what_it_was_told_last(tmp_path):
    place = Place(tmp_path)
    assert remembered(place, "hq") == ""
    remember(place, "hq", "one")
    remember(place, "hq", "two")
    assert remembered(place, "hq") == "two"
    assert remembered(place, "branch") == ""
    [file] = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_taken_leaves_no_file(tmp_path):
    place = Place(tmp_path)
    assert taken(place, "hq") == ""
    remember(place, "hq", "one")
    assert taken(place, "hq") == "one"
    assert list(tmp_path.iterdir()) == []


def test_lives_are_counted(tmp_path):
    place = Place(tmp_path)
    assert life(place, "hq") == Life()
    assert [begin_life(place, "hq"), begin_life(place, "hq")] == [1, 2]
    assert life(place, "hq") == Life(number=2)


def test_of_a_life_its_process_is_known_and_how_the_last_one_ended(tmp_path):
    place = Place(tmp_path)
    begin_life(place, "hq")
    note_process(place, "hq", 7)
    assert life(place, "hq") == Life(1, pid=7)
    note_end(place, "hq", "signal 9", 12.5)
    assert life(place, "hq") == Life(1, ended="signal 9", at=12.5)
    begin_life(place, "hq")
    note_process(place, "hq", 8)
    assert life(place, "hq") == Life(2, 8, "signal 9", 12.5)
    begin_life(place, "hq")  # of that end nobody has seen anything
    assert life(place, "hq").ended == ""


def test_a_container_is_there_as_long_as_somebody_holds_it(tmp_path):
    place = Place(tmp_path)
    assert not is_held(place, "hq")
    once, again = hold(place, "hq"), hold(place, "hq")
    os.close(once)
    assert is_held(place, "hq")
    assert is_held(place, "hq")
    os.close(again)
    assert not is_held(place, "hq")
