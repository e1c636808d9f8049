"""The same faults with strongSwan in our place: every difference is a vendor's habit, and written.

`docs/peers.md` holds what is found here. `GWSIM_UPDATE_GOLDEN=1` with this file alone, in one
process, writes its tables anew.
"""

import os
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.peers.arena import HURRY, REFERENCE, Arena, Corner
from tests.peers.conftest import new_folder
from tests.peers.explanations import EXPLANATIONS, keys_for
from tests.peers.faults import FAULTS, INITIATORS, Conduct
from tests.peers.report import differences, rows_of, written
from tests.peers.spaces import eventually
from tests.peers.stage import VENDORS
from tests.peers.strongswan import PROGRAMS

pytestmark = pytest.mark.needs(*PROGRAMS)

DOCUMENT = Path(__file__).parents[2] / "docs" / "peers.md"
UPDATE = os.environ.get("GWSIM_UPDATE_GOLDEN") == "1"

CASES = [
    (initiator, name)
    for initiator in INITIATORS
    for name, fault in FAULTS.items()
    if initiator in fault.tried
]

SCHEDULES = {
    REFERENCE: (0, 4, 11.2, 24.2),
    "asa": (0, 8, 16, 24),
    "ios": (0, 10, 20, 30),
    "screenos": (0, 4, 8, 12),
    "fortios": (0, 6, 18),
}
"""When main-1 is said and said again while nobody answers, in seconds."""

_found: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module")
def arena(peers_folder: Path) -> Iterator[Arena]:
    made = Arena(new_folder(peers_folder), VENDORS)
    try:
        made.open()
        yield made
    finally:
        made.close()
    if UPDATE and len(_found) == len(CASES):
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8"), _found), "utf-8")


@pytest.mark.parametrize(("initiator", "name"), CASES, ids=["-".join(case) for case in CASES])
def test_what_differs_is_a_habit_of_the_vendor(arena: Arena, initiator: str, name: str) -> None:
    conducts = arena.play(FAULTS[name], initiator)
    assert set(conducts) == {REFERENCE, *VENDORS}, conducts
    for vendor in VENDORS:
        for field in conducts[REFERENCE].differences(conducts[vendor]):
            assert keys_for(vendor, name, initiator, field), (
                f"{vendor} {field}: {conducts[vendor]}, but strongSwan: {conducts[REFERENCE]}"
            )
    row = rows_of(name, initiator, conducts, VENDORS)
    _found[initiator, name] = row
    assert UPDATE or row in DOCUMENT.read_text(encoding="utf-8")


def test_patience_of_each(arena: Arena) -> None:
    """Unanswered, main-1 is said again when the vendor says it; a quarter more or less is fine."""
    fault = FAULTS["blocked-500"]
    for corner in arena.corners:
        corner.prepare(fault)
    for corner in arena.corners:
        corner.begin("west")
    for corner in arena.corners:
        expected = SCHEDULES[corner.who]
        assert eventually(partial(_has_said, corner, len(expected))), corner.who
        times = [seen.at for seen in corner.world.west_side.messages()]
        offsets = [(at - times[0]) * HURRY for at in times[: len(expected)]]
        assert offsets == pytest.approx(expected, rel=0.25, abs=1.5), corner.who


def _has_said(corner: Corner, count: int) -> bool:
    return len(corner.world.west_side.messages()) >= count


def test_the_document_says_no_more_than_was_found() -> None:
    """As many rows as cases, and every habit is seen somewhere and told once."""
    text = DOCUMENT.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and "`west`" not in line]
    titles = {fault.title for fault in FAULTS.values()}
    assert sum(line.split(" | ")[0][2:] in titles for line in rows) == len(CASES)
    for one in EXPLANATIONS:
        assert text.count(f"\n* **{one.key}** ") == 1
        assert re.search(rf"\[(\w, )*{one.key}(, \w)*\]", text), one.key


def test_a_difference_is_told_in_words() -> None:
    quiet = Conduct(("main-1",), frozenset({"main-1"}), (), "half-open", False)
    loud = Conduct(("main-1",), frozenset(), ("14 clear",), "none", False)
    assert str(quiet) == "main-1 again; half-open"
    assert str(loud) == "main-1; notifies 14 clear; no SA"
    assert quiet.differences(quiet) == {}
    assert quiet.differences(loud) == {
        "repeats": "nothing",
        "notifies": "14 clear",
        "phase 1": "none",
    }
    assert differences("asa", "encryption", "west", loud, quiet) == (
        "repeats main-1, notifies nothing, phase 1 half-open [a]"
    )
