"""The vocabulary of what happens to packets."""

from gwsim.path.events import FATES, PathAction


def test_some_actions_end_the_way_of_a_packet_and_others_do_not():
    assert PathAction.FORWARDED in FATES
    assert PathAction.DROPPED in FATES
    on_the_way = set(PathAction) - FATES
    assert on_the_way == {
        "entered",
        "reached",
        "left",
        "translated",
        "fragmented",
        "delayed",
        "duplicated",
        "reordered",
        "corrupted",
        "replayed",
    }


def test_actions_read_as_their_words():
    assert f"{PathAction.TOO_BIG}" == "too-big"
