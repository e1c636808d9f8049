"""Blind tests: a lab elsewhere, other algorithms, and only what its gateways show.

A sample in main mode, of every theme with every vendor that has screens, at either end;
`python -m tests.lab.diagnose.blind` tries all there are.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from gwsim.lab.diagnose.knowledge import Pair
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import Theme
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates, every
from tests.lab.diagnose.blind import (
    DID_NOT_BITE,
    ENDS,
    VIEWS,
    Found,
    lines,
    read,
    table,
    tried,
    written,
)
from tests.lab.diagnose.known import few, known

ORDINARY = tuple(f.name for f in CATALOGUE.values() if f.theme is not Theme.CRAFTED)
FAULTS: dict[Pair, tuple[str, ...] | None] = {
    ("asa", "screenos"): None,
    ("ios", "asa"): (HEALTHY, *ORDINARY),
    ("screenos", "fortios"): (HEALTHY, *ORDINARY),
    ("fortios", "ios"): (HEALTHY, *ORDINARY),
    ("pix", "asa"): (HEALTHY, *ORDINARY),
}
PAIRS = list(FAULTS)
STEP = 4


def sample(pair: Pair) -> list[tuple[int, Coordinates]]:
    """Every fourth cell of each theme, from another start for each pair.

    What chance decides is left out.
    """
    themes: dict[Theme, list[tuple[int, Coordinates]]] = defaultdict(list)
    for number, at in enumerate(every(FAULTS[pair], pairs=[pair], settings=["main"])):
        if at.fault != HEALTHY and at.stage.samples == 1:
            themes[CATALOGUE[at.fault].theme].append((number, at))
    start = PAIRS.index(pair) % STEP
    return [one for cells in themes.values() for one in cells[start % len(cells) :: STEP]]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_cause_comes_first_by_what_both_gateways_show_and_by_one_of_them(pair: Pair):
    """It may share its place with causes that look exactly the same, never stand behind one."""
    cells = known(pair, FAULTS[pair])
    alone = 0
    wrong = []
    tries = 0
    for number, at in sample(pair):
        outcomes = tried(at, cells, number, ENDS, ENDS[:1], ENDS[1:])
        tries += bool(outcomes)
        alone += any(one.found is Found.ALONE for one in outcomes)
        wrong += [one for one in outcomes if one.found not in (Found.ALONE, Found.SHARED)]
    assert [(one.at, one.found) for one in wrong] == []
    assert tries > 15
    assert alone > tries // 10


def test_every_theme_is_tried_with_every_pair():
    for pair in PAIRS:
        themes = {CATALOGUE[at.fault].theme for _, at in sample(pair)}
        assert themes == set(Theme) - ({Theme.CRAFTED} if FAULTS[pair] else set())


def test_what_was_tried_is_written_down_and_read_back(tmp_path: Path):
    """So that a trial of hours can be broken off."""
    pair = ("asa", "screenos")
    key = Coordinates("psk-mismatch", "", Where.RESPONDER, "main", *pair)
    port = Coordinates("udp-4500-blocked", "", Where.BOTH, "main", *pair)
    done = [*lines(key, few(), 3), *lines(port, few(), 4)]
    file = tmp_path / "blind.jsonl"
    file.write_text("".join(map(written, done)))
    assert read(file) == done
    assert [line.view for line in done] == [*VIEWS, ""]
    assert done[0].found == Found.ALONE
    assert done[-1].found == DID_NOT_BITE
    assert f"1 both       {Found.ALONE}" in table(done)
    assert read(tmp_path / "nothing") == []
