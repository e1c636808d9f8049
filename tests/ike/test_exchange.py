"""The tables hold together, and the engine does what they say and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.events import MessageReceived, Rejected
from gwsim.ike.exchange import Exchange, Protection, diagram, problems
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.states import Role, State
from gwsim.wire.numbers import PayloadType
from tests.ike.pair import Pair, facing

TABLES = (MAIN_MODE, AGGRESSIVE_MODE, QUICK_MODE)


def broken(**changes):
    """Main mode with its second step changed."""
    steps = list(MAIN_MODE.steps)
    steps[1] = replace(steps[1], **changes)
    return replace(MAIN_MODE, steps=tuple(steps))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_the_tables_contradict_themselves_nowhere(table):
    assert problems(table) == []


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"sender": Role.INITIATOR}, "the same side speaks twice"),
        ({"label": "main-4"}, "label is out of order"),
        ({"required": frozenset({PayloadType.NONE})}, "payload type 0"),
        ({"protection": Protection.ENCRYPTED}, "encrypted without a hash"),
    ],
)
def test_a_contradiction_in_a_table_is_found(changes, complaint):
    assert any(complaint in p for p in problems(broken(**changes)))


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
@pytest.mark.parametrize("role", Role)
def test_a_state_is_named_by_the_label_it_awaits(table: Exchange, role):
    for position, step in enumerate(table.steps):
        state = table.state(role, position)
        if position == 0 or step.sender is role:
            assert state is None
        else:
            assert state == State(step.label.replace("-", "_WAIT_").upper())
    assert table.state(role, len(table.steps)) is table.final


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_the_diagram_shows_every_resting_place_and_every_message_to_be_sent(table: Exchange):
    drawn = diagram(table)
    assert drawn.startswith("stateDiagram-v2\n")
    for role in Role:
        for place in table.resting_places(role):
            assert f"--> {role.value}_{place.value}: " in drawn
    for step in table.steps:
        assert f"send {step.label}" in drawn
        assert f"take {step.label}" in drawn


def test_the_resting_places_of_main_mode_are_those_of_the_vocabulary():
    assert MAIN_MODE.resting_places(Role.INITIATOR) == (
        State.MAIN_WAIT_2,
        State.MAIN_WAIT_4,
        State.MAIN_WAIT_6,
        State.ESTABLISHED,
    )
    assert MAIN_MODE.resting_places(Role.RESPONDER) == (
        State.MAIN_WAIT_3,
        State.MAIN_WAIT_5,
        State.ESTABLISHED,
    )


# Every message at every state: (mode, how many messages have been exchanged, which one comes)
MODES = {"main": (False, MAIN_MODE), "aggressive": (True, AGGRESSIVE_MODE)}


def brought_to(mode: str, count: int) -> Pair:
    """Stop a conversation after its first `count` messages have been delivered."""
    pair = facing(aggressive=MODES[mode][0], pfs_group=2)
    pair.act("A", lambda end: end.initiate("peer", "lan", 0.0))
    for _ in range(count):
        pair._deliver_next()
    return pair


def recorded(mode: str) -> list:
    """Every message of a healthy conversation, phase 1 and quick mode, from the same seed."""
    pair = brought_to(mode, 0)
    pair.settle()
    return list(pair.said)


RECORDED = {mode: recorded(mode) for mode in MODES}


def progress(pair: Pair, side: str):
    """What an end would show, apart from when it last heard something."""
    sas = tuple(
        replace(sa, last_received=0.0, last_exchange=0, dpd_received=0)
        for sa in pair.snapshot(side).sas
    )
    return sas, pair.snapshot(side).children


def awaited(pair: Pair, side: str) -> set[str]:
    """The labels that an end awaits by the names of its states."""
    sas = pair.snapshot(side).sas
    resting = [sa.state for sa in sas] + [q.state for sa in sas for q in sa.quick_modes]
    labels = {s.replace("_WAIT_", "-").lower() for s in resting if "_WAIT_" in s}
    if side == "A":
        return labels
    if not sas:
        return {"main-1", "aggr-1"}
    begun = sas[0].quick_modes or pair.snapshot(side).children
    return labels if begun or sas[0].state != "ESTABLISHED" else labels | {"quick-1"}


@given(
    mode=st.sampled_from(sorted(MODES)),
    count=st.integers(0, 9),
    number=st.integers(0, 8),
    side=st.sampled_from("AB"),
)
def test_any_message_in_any_state_advances_by_the_table_or_changes_nothing(
    mode, count, number, side
):
    """The octets are those of the conversation itself, so that even cookies and keys are right."""
    script = RECORDED[mode]
    count, number = min(count, len(script)), min(number, len(script) - 1)
    pair = brought_to(mode, count)
    message, before = script[number], progress(pair, side)
    # One's own message can come back, but not before it has been sent.
    assume(message.side != side or number < len(pair.said))
    due = message.side != side and message.label in awaited(pair, side)
    pair.forget()
    pair.hand(side, message.datagram.data)
    if due:
        assert pair.found(side, MessageReceived)[-1].label == message.label
        assert not pair.found(side, Rejected)
        assert progress(pair, side) != before
    else:
        assert progress(pair, side) == before
