"""A lab's clock goes as fast as it should, unless the machine cannot keep up."""

import pytest

from gwsim.lab.live import pace
from gwsim.lab.live.pace import bearable, effort

SPEEDS = (
    (4.0, 1.0, 4.0),
    (4.0, 2.0, 4.0),
    (4.0, 8.0, 1.0),
    (1.0, 16.0, 0.5),
    (10.0, 400.0, 0.25),
    (0.1, 400.0, 0.1),
)


def test_effort_is_how_much_longer_work_takes_than_it_should(monkeypatch):
    monkeypatch.setattr(pace, "_USUAL", 0.5)
    monkeypatch.setattr("time.perf_counter", iter((100.0, 102.0)).__next__)
    assert effort() == 4.0


@pytest.mark.parametrize(("asked", "slower", "speed"), SPEEDS)
def test_a_machine_with_much_else_to_do_gets_more_time(asked, slower, speed):
    assert bearable(asked, slower) == speed
