"""The screens of a NetScreen, to the last blank."""

import re
from dataclasses import replace

import pytest

from gwsim.gateway.commands import Reboot
from gwsim.vendors.registry import match
from gwsim.vendors.screenos import VENDOR
from gwsim.vendors.screenos.config import running_config
from tests.vendors.made import travelled
from tests.vendors.screenos.pair import Pair, steady


@pytest.fixture(scope="module")
def up() -> Pair:
    return Pair().ping(5).ping(6)


@pytest.mark.parametrize(
    "command",
    ["get ike cookies", "get sa", "get sa active", "get sa stat", "get sa id 1", "get event"],
)
def test_screens_of_a_tunnel_that_is_up(up, golden, command):
    golden("up_" + command.replace(" ", "_"), steady(up.show("hq", command)))


@pytest.mark.parametrize("command", ["get ike cookies", "get sa", "get sa active", "get sa id 1"])
def test_screens_of_a_negotiation_under_way(golden, command):
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(9.5)
    golden("half_open_" + command.replace(" ", "_"), steady(pair.show("hq", command)))


@pytest.mark.parametrize("command", ["get ike cookies", "get sa", "get event", "get dbuf stream"])
def test_screens_of_a_box_to_which_nothing_happened(golden, command):
    golden("idle_" + command.replace(" ", "_"), Pair().show("hq", command))


@pytest.mark.parametrize("name", ["hq", "branch"])
def test_the_debug_buffer_of_a_whole_negotiation(up, golden, name):
    golden(f"up_{name}_get_dbuf_stream", steady(up.show(name, "get dbuf stream")))


def test_the_event_log_of_a_wrong_key(golden):
    pair = Pair(branch_is={"psk": b"wrong"}).ping(60)
    golden("wrong_key_get_event", steady(pair.show("branch", "get event type 536")))


def test_the_configuration_says_how_long_it_is_and_keeps_the_key_to_itself(golden):
    pair = Pair()
    text = pair.show("hq", "get config")
    golden("get_config", text)
    head, _, body = text.partition("\n")
    assert head == f"Total Config size {len(body)}:"
    assert body == running_config(pair.view("hq").config)
    assert 'preshare "*****"' in body


def test_a_configuration_that_nobody_knows_is_a_name():
    view = replace(Pair().view("hq"), config=None)
    assert VENDOR.commands["get config"](view) == "Total Config size 16:\nset hostname hq\n"


def test_the_newest_event_stands_first(up):
    lines = up.show("hq", "get event").splitlines()
    assert lines[0] == f"Total event entries = {len(lines) - 2}"
    assert "Completed negotiations" in lines[2]
    assert "Initiated negotiations in main mode" in lines[-1]


@pytest.mark.parametrize("typed", ["536", "00536"])
def test_events_of_one_type(up, typed):
    lines = up.show("hq", f"get event type {typed}").splitlines()
    assert all(" 00536 " in line for line in lines[1:-1])
    assert lines[-1] == f"Total entries matched = {len(lines) - 2}"
    assert up.show("hq", "get event type 42").endswith("Total entries matched = 0\n")


def test_a_reset_empties_log_and_buffer():
    pair = Pair().ping(5).order("hq", Reboot(1.0)).run(7)
    assert pair.show("hq", "get event").startswith("Total event entries = 0\n")
    assert pair.show("hq", "get dbuf stream") == ""


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("get ike cook", "get ike cookies"),
        ("g sa act", "get sa active"),
        ("get sa id 0x1", "get sa id <id>"),
        ("get db str", "get dbuf stream"),
        ("get ev", "get event"),
        ("get event type 536", "get event type <type>"),
    ],
)
def test_commands_can_be_shortened(typed, command):
    assert match(VENDOR, typed) == command


def test_what_is_not_known_is_marked(up):
    first = up.show("hq", "get foo")
    assert first == " " * len("hq-> get ") + "^---unknown keyword foo\n"
    assert up.show("hq", "get sa") != up.show("hq", "get sa active")
    assert "incomplete" in up.show("hq", "get ike")


def test_no_line_but_those_of_the_layout_ends_in_a_blank(up):
    for command in VENDOR.commands:
        for line in up.show("hq", command).splitlines():
            assert not re.search(r"\s$", line)


@pytest.mark.parametrize("command", sorted(VENDOR.commands))
def test_screens_are_the_same_from_what_came_over_a_control_socket(up, command):
    view = up.view("branch")
    show = VENDOR.commands[command]
    assert show(travelled(view)) == show(view)


def test_the_prompt_is_the_name_of_the_box(up):
    assert VENDOR.prompt(up.view("hq").snapshot) == "hq-> "
