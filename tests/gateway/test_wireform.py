"""Snapshots, events and commands survive the control socket, and nothing else is let through."""

import json
from dataclasses import fields
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.gateway import commands, events, wireform
from gwsim.gateway.commands import Clear, Initiate, Reboot, SetLink, Shutdown
from gwsim.gateway.events import LinkChanged
from gwsim.gateway.snapshot import Snapshot
from gwsim.gateway.wireform import (
    COMMANDS,
    EVENTS,
    INSTRUCTIONS,
    command_from_json,
    command_to_json,
    event_from_json,
    event_to_json,
    snapshot_from_json,
    snapshot_to_json,
)
from gwsim.ike import events as ike_events
from gwsim.ike.events import ChildRetired, Event, Message
from gwsim.wire.payloads import Payload
from tests.gateway.boxes import child_keys
from tests.wire.strategies import payloads

SIMPLE = {
    str: st.text(max_size=8),
    int: st.integers(0, 1 << 64),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    bytes: st.binary(max_size=8),
    type(None): st.none(),
}


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of the type a field is declared with."""
    if hint == Payload:
        return payloads
    if isinstance(hint, UnionType):
        return st.one_of([values_of(kind) for kind in get_args(hint)])
    if get_origin(hint) is tuple:
        kinds = get_args(hint)
        if len(kinds) == 2 and kinds[1] is Ellipsis:
            return st.lists(values_of(kinds[0]), max_size=2).map(tuple)
        return st.tuples(*(values_of(kind) for kind in kinds))
    if hint in SIMPLE:
        return SIMPLE[hint]
    return st.sampled_from(hint) if not hasattr(hint, "__dataclass_fields__") else objects(hint)


def objects(kind: type) -> st.SearchStrategy[Any]:
    """Any object of a frozen dataclass."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{field.name: values_of(hints[field.name]) for field in fields(kind)})


def test_every_event_of_both_floors_has_a_form_or_is_an_instruction():
    named = [*vars(ike_events).values(), *vars(events).values()]
    known = {kind for kind in named if isinstance(kind, type) and issubclass(kind, Event)}
    assert known == {Event, Message, *EVENTS, *INSTRUCTIONS}


def test_every_command_has_a_form():
    assert set(COMMANDS) == set(get_args(commands.Command))


@settings(max_examples=40)
@given(objects(Snapshot))
def test_every_snapshot_comes_back_equal(snapshot):
    assert snapshot_from_json(snapshot_to_json(snapshot)) == snapshot


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_every_event_comes_back_equal(kind, data):
    event = data.draw(objects(kind))
    back = event_from_json(event_to_json(event))
    assert back == event
    assert type(back) is kind


@given(st.one_of([objects(kind) for kind in COMMANDS]))
def test_every_command_comes_back_equal(command):
    back = command_from_json(command_to_json(command))
    assert (back, type(back)) == (command, type(command))


def test_the_form_is_one_line_with_the_name_of_the_class():
    assert command_to_json(Reboot(5.0)) == '{"command":"Reboot","down":5.0}'
    assert event_to_json(LinkChanged(at=1.0, up=True)) == (
        '{"event":"LinkChanged","at":1.0,"peer":"","connection":"","sa":0,"up":true}'
    )


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ('{"command": "Shutdown"}', Shutdown()),
        ('{"command": "Clear", "peer": "192.0.2.1"}', Clear("all", "192.0.2.1")),
        ('{"command": "Initiate", "connection": "branch"}', Initiate("branch")),
        ('{"up": false, "command": "SetLink"}', SetLink(False)),
        ('{"command": "Reboot", "down": 5}', Reboot(5.0)),
    ],
)
def test_commands_can_be_typed_by_hand(typed, command):
    assert command_from_json(typed) == command


def test_instructions_stay_in_the_box():
    for event in (child_keys(), ChildRetired(at=1.0, inbound_spi=1, outbound_spi=2)):
        with pytest.raises(ValueError, match="is not a kind of event that has a JSON form"):
            event_to_json(event)
    for kind in INSTRUCTIONS:
        with pytest.raises(ValueError, match="unknown event"):
            event_from_json(json.dumps({"event": kind.__name__, "at": 1.0}))


class LinkChangedElsewhere(Event):
    """An event of nobody's, under a name of its own."""


def test_a_class_that_only_looks_like_one_is_refused():
    with pytest.raises(ValueError, match="LinkChangedElsewhere"):
        event_to_json(LinkChangedElsewhere(at=1.0))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "Expecting value"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "not an object with the name of its command"),
        ("{}", "not an object with the name of its command"),
        ('{"command": "Format"}', "unknown command 'Format'"),
        ('{"command": ["Reboot"]}', "unknown command"),
        ('{"command": "Reboot", "dwon": 5}', "Reboot has no field 'dwon'"),
        ('{"command": "Reboot", "down": "5"}', "Reboot.down is '5', not float"),
        ('{"command": "Reboot", "down": NaN}', "NaN is not a number"),
        ('{"command": "Reboot", "down": 1e999}', "Reboot.down is inf"),
        ('{"command": "SetLink"}', "SetLink lacks 'up'"),
    ],
)
def test_what_is_no_command_is_refused_in_words(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        command_from_json(text)


@given(st.text(max_size=40) | st.binary(max_size=20).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused_with_a_value_error(text):
    for read in (command_from_json, event_from_json, snapshot_from_json):
        with pytest.raises(ValueError, match=r"[a-z]"):
            read(text)


def test_the_lists_are_what_the_readers_go_by():
    assert set(wireform._BY_NAME["event"].values()) == set(EVENTS)
    assert set(wireform._BY_NAME["command"].values()) == set(COMMANDS)
