"""Things happen when they are due, each at its own time, and in order of planning at one time."""

from hypothesis import given
from hypothesis import strategies as st

from gwsim.path.agenda import Agenda


@given(st.lists(st.integers(0, 9).map(float)), st.floats(0, 9))
def test_what_is_due_happens_in_order_and_the_rest_waits(moments, now):
    agenda, happened = Agenda(), []
    for number, moment in enumerate(moments):
        agenda.at(moment, lambda at, number=number: happened.append((at, number)))
    agenda.run(now)
    planned = sorted((moment, number) for number, moment in enumerate(moments))
    assert happened == [one for one in planned if one[0] <= now]
    assert len(agenda) == len(planned) - len(happened)
    assert agenda.next() == min((m for m in moments if m > now), default=None)


def test_what_comes_of_it_at_once_happens_too():
    agenda, happened = Agenda(), []
    agenda.at(1.0, lambda at: agenda.at(at + 0.5, happened.append))
    agenda.run(2.0)
    assert happened == [1.5]
