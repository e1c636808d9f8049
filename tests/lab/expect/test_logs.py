"""Log lines are found by text or pattern, bare or as printed, and counted."""

import pytest

from gwsim.ike.states import State
from gwsim.lab.expect.logs import log_probes
from gwsim.lab.expect.probe import decide
from gwsim.lab.expectations import GatewayExpectation, TimeKind

from .made import state, subject

EVENTS = (
    state(1.0, State.MAIN_WAIT_2),
    state(2.0, State.MAIN_WAIT_4),
    state(40.0, State.MAIN_WAIT_2, sa=2),
)


def judge(log, until, since=0.0, kind=TimeKind.AT):
    wanted = GatewayExpectation(log=log).log
    assert wanted is not None
    return [decide(p, kind, since, until).seen for p in log_probes(subject(*EVENTS), wanted)]


@pytest.mark.parametrize(
    ("log", "until", "ok"),
    [
        ("moved to MAIN_WAIT_4", 1.5, False),
        ("moved to MAIN_WAIT_4", 2.0, True),
        ({"text": "MAIN_WAIT_2", "count": 2}, 90.0, True),
        ({"text": "MAIN_WAIT_2", "count": 1}, 90.0, False),
        ({"text": "MAIN_WAIT_2", "at_least": 2}, 39.0, False),
        ({"text": "MAIN_WAIT_2", "at_most": 1}, 39.0, True),
        ({"text": "ESTABLISHED", "none": True}, 90.0, True),
        ({"text": "MAIN_WAIT_4", "none": True}, 90.0, False),
        ({"pattern": r"WAIT_[34]$"}, 90.0, True),
        ({"pattern": r"^%TOY"}, 90.0, False),
        ("%TOY-700: moved to", 90.0, True),
        ("08:00:40", 90.0, True),
    ],
)
def test_lines_up_to_the_moment_are_counted(log, until, ok):
    assert [seen.ok for seen in judge(log, until)] == [ok]


def test_every_line_of_a_list_is_judged_by_itself():
    assert [s.ok for s in judge(["MAIN_WAIT_2", "nonsense", "MAIN_WAIT_4"], 9.0)] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(("since", "number"), [(1.0, 2), (1.5, 1), (40.0, 1), (41.0, 0)])
def test_within_a_span_only_its_own_lines_count(since, number):
    log = {"text": "MAIN_WAIT_2", "count": number}
    [seen] = judge(log, 90.0, since=since, kind=TimeKind.THROUGHOUT)
    assert seen.ok
    assert seen.text == f"{number or 'no'} such line{'' if number == 1 else 's'}"


def test_a_line_that_is_missing_where_nothing_was_written_is_told_too():
    [seen] = judge("moved to MAIN_WAIT_2", 0.5)
    assert seen.text == "no such lines"


def test_a_line_that_is_missing_is_told_with_the_nearest_one():
    [seen] = judge("moved to MAIN_WAIT_44", 9.0)
    assert seen.text == "no such lines; the nearest is 'moved to MAIN_WAIT_4'"


def test_nothing_is_called_near_that_is_not():
    [seen] = judge("Zzzz!", 9.0)
    assert seen.text == "no such lines"
