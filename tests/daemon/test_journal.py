"""What a node says about itself: JSON, one line each."""

import json
import logging
from collections.abc import Iterator

import pytest

from gwsim.daemon.journal import open_journal


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger("gwsim")
    before = root.handlers[:], root.level, root.propagate
    yield
    root.handlers[:], root.level, root.propagate = before


def test_a_line_says_when_how_grave_who_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    open_journal("hq")
    logging.getLogger("gwsim.daemon.node").warning("two\nlines of %s", "text")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["node"], said["from"]) == ("warning", "hq", "daemon.node")
    assert said["text"] == "two\nlines of text"
    assert said["at"].endswith("+00:00")


def test_a_failure_keeps_its_trace_on_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    open_journal("hq")
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("gwsim.daemon").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: why" in json.loads(line)["trace"]


def test_debug_is_left_out_and_a_second_opening_does_not_double_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    open_journal("hq")
    open_journal("hq")
    logging.getLogger("gwsim.daemon").debug("small")
    logging.getLogger("gwsim.daemon").info("large")
    assert len(capsys.readouterr().err.splitlines()) == 1
