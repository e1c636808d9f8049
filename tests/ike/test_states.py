"""Roles and states say what their names say."""

from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.states import Role, State
from gwsim.wire.labels import LABELS


def test_the_other_role_of_the_other_is_ours():
    for role in Role:
        assert role.other is not role
        assert role.other.other is role


def test_a_state_that_waits_is_named_by_a_label():
    for state in State:
        if "_WAIT_" in state:
            assert state.replace("_WAIT_", "-").lower() in LABELS


def test_every_state_is_a_resting_place_of_some_table_or_the_end():
    tables = (MAIN_MODE, AGGRESSIVE_MODE, QUICK_MODE)
    reached = {place for t in tables for role in Role for place in t.resting_places(role)}
    assert set(State) == reached | {State.CLOSED}
