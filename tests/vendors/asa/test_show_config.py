"""`show running-config`: what the box is told, keys starred, and its sections."""

from dataclasses import replace

import pytest

from gwsim.vendors.asa.config import running_config
from gwsim.vendors.asa.config_reader import read_config
from gwsim.vendors.asa.show_config import COMMANDS, show_running_config
from tests.vendors.asa.pair import Pair


def test_the_whole_configuration_stands_in_its_frame(golden):
    text = Pair().show("hq", "show running-config")
    golden("show_running_config", text)
    assert text.startswith(": Saved\n") and text.endswith("\n: end\n")


def test_the_frame_does_not_keep_it_from_being_read_back():
    view = Pair().view("hq")
    framed, bare = read_config(show_running_config(view)), read_config(running_config(view.config))
    assert framed.config == bare.config


def test_no_screen_shows_the_key():
    pair = Pair({"psk": b"very secret"}, {"psk": b"very secret"})
    for command in COMMANDS:
        assert "very secret" not in pair.show("hq", command)
    assert " ikev1 pre-shared-key *****\n" in pair.show("hq", "show run tunnel-group")


@pytest.mark.parametrize("command", [name for name in COMMANDS if name.count(" ") > 1])
def test_a_section_is_a_part_of_the_whole(command):
    pair = Pair()
    whole = pair.show("hq", "show running-config").splitlines()
    words = command.removeprefix("show running-config ")
    lines = pair.show("hq", command).splitlines()
    assert lines == [line for line in whole if line in lines]
    assert all(line.startswith((f"{words} ", " ")) for line in lines)
    assert [line for line in whole if line.startswith(f"{words} ")] == [
        line for line in lines if not line.startswith(" ")
    ]


def test_the_policy_comes_with_what_is_indented_below_it():
    text = Pair().show("hq", "show run crypto ikev1")
    assert "crypto ikev1 policy 10\n authentication pre-share\n encryption" in text


def test_a_configuration_that_nobody_knows_is_a_name():
    view = replace(Pair().view("hq"), config=None)
    assert "\nhostname hq\nCryptochecksum:" in show_running_config(view)
