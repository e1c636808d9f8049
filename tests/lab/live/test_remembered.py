"""What a node is told in mid-run is there for its next life, and only as long as it may be."""

import stat

from gwsim.lab.live.places import Place
from gwsim.lab.live.remembered import begin_life, lives, remember, remembered, taken


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
    assert lives(place, "hq") == 0
    assert [begin_life(place, "hq"), begin_life(place, "hq")] == [1, 2]
    assert lives(place, "hq") == 2
