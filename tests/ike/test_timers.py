"""A timer table keeps moments by name and hands over what is due, in order."""

from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.timers import Timer, TimerTable


def test_a_timer_is_due_at_its_moment_and_only_once():
    table = TimerTable()
    table.set(Timer.RESEND, 8.0)
    assert table.at(Timer.RESEND) == table.next() == 8.0
    assert table.due(7.999) == []
    assert table.due(8.0) == [Timer.RESEND]
    assert table.due(8.0) == []
    assert table.next() is table.at(Timer.RESEND) is None


def test_setting_again_moves_a_timer():
    table = TimerTable()
    table.set(Timer.DPD, 5.0)
    table.set(Timer.DPD, 9.0)
    assert table.due(5.0) == []
    assert table.next() == 9.0


def test_stopping_what_is_not_set_is_fine():
    table = TimerTable()
    table.set(Timer.DPD, 5.0)
    table.stop(Timer.DPD, Timer.EXPIRE)
    assert table.next() is None


def test_clearing_stops_everything():
    table = TimerTable()
    for timer in Timer:
        table.set(timer, 1.0)
    table.clear()
    assert table.due(2.0) == []


@given(st.dictionaries(st.sampled_from(Timer), st.floats(0, 100)), st.floats(0, 100))
def test_what_is_due_comes_earliest_first_and_the_rest_stays(moments, now):
    table = TimerTable()
    for timer, at in moments.items():
        table.set(timer, at)
    due = table.due(now)
    assert [moments[t] for t in due] == sorted(m for m in moments.values() if m <= now)
    assert table.next() == min((m for m in moments.values() if m > now), default=None)
