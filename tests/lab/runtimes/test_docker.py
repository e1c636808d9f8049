"""How fast time passes in containers: as asked for, unless the machine cannot keep up."""

from types import SimpleNamespace

import pytest

from gwsim.lab.runtimes.docker import DockerRuntime

SPEEDS = (
    (4.0, 1.0, 4.0),
    (4.0, 2.0, 4.0),
    (4.0, 8.0, 1.0),
    (1.0, 16.0, 0.5),
    (10.0, 400.0, 0.25),
    (0.1, 400.0, 0.1),
)


@pytest.mark.parametrize(("asked", "slower", "speed"), SPEEDS)
def test_a_machine_with_much_else_to_do_gets_more_time(asked, slower, speed):
    questions = []

    def ask(name, **fields):
        questions.append((name, fields))
        return slower

    runtime = DockerRuntime(asked)
    runtime._keeper = SimpleNamespace(ask=ask, status=lambda: {"epoch": 7.0})
    assert runtime._second_zero() == 7.0
    assert questions == [("effort", {}), ("begin", {"speed": speed})]
    assert runtime._speed == speed
