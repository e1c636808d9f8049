"""Every row of docs/folklore.md is true: its scenario shows what its last column says."""

import re
from pathlib import Path

import pytest

from tests.docs.claims import CHECKS
from tests.docs.seen import seen

DOCUMENT = Path(__file__).parents[2] / "docs" / "folklore.md"
ROWS = {
    cells[0]: cells
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| [A-Z][0-9]+ \|", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}


def test_every_row_has_a_check_and_every_check_a_row():
    assert list(ROWS) == list(CHECKS)


@pytest.mark.parametrize("row", ROWS)
def test_what_a_row_says_is_what_happens(row):
    _, claim, verdict, scenario, happens = ROWS[row]
    assert re.match(r"[A-E](, [A-E])*: .", claim)
    assert re.fullmatch(r"true|false|true only if .+", verdict)
    assert happens
    run = seen(scenario)
    assert run.run.verdict.passed
    assert CHECKS[row](run)
