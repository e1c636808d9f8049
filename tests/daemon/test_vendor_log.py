"""The vendor's log file: every line once, in order, whatever pieces the events come in."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gwsim.daemon import vendor_log
from gwsim.daemon.logfiles import debug_beside
from gwsim.daemon.vendor_log import VendorLog
from gwsim.gateway.commands import Clear
from gwsim.gateway.events import TrafficPassed
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event
from gwsim.vendors.registry import VENDORS
from gwsim.vendors.vendor import LogLine
from tests.esp.planes import packet
from tests.gateway.test_two_gateways import wire

CALENDAR = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class Pieces(list[Event]):
    """Events, and how many there were after each turn of the gateway."""

    def __init__(self) -> None:
        super().__init__()
        self.edges: set[int] = set()

    def __iadd__(self, more: Iterable[Event]) -> Self:  # type: ignore[misc]
        self.extend(more)
        self.edges.add(len(self))
        return self


LAB = wire()
PIECES = Pieces()
LAB.events["hq"] = PIECES
LAB.send("hq", packet(100)).run(100.0)
LAB.hq.command(Clear(), 100.0)
LAB.settle()
EVENTS = tuple(PIECES)
SNAPSHOT = LAB.hq.snapshot(100.0)
WITH_A_LOG = sorted(name for name, one in VENDORS.items() if one.log(EVENTS, SNAPSHOT))


def written(path: Path, cuts: Iterable[int], vendor: str = "asa") -> list[str]:
    for file in (path, debug_beside(path)):
        file.unlink(missing_ok=True)
    log = VendorLog(VENDORS[vendor], path, CALENDAR)
    for start, end in pairwise([0, *sorted(cuts), len(EVENTS)]):
        log.write(EVENTS[start:end], lambda: SNAPSHOT)
    log.close()
    texts = (file.read_text(encoding="utf-8") for file in (path, debug_beside(path)))
    return [line for text in texts for line in text.splitlines()]


@pytest.mark.parametrize("vendor", WITH_A_LOG)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.sets(st.sampled_from(sorted(PIECES.edges))))
def test_how_many_turns_are_written_at_once_does_not_matter(
    tmp_path: Path, vendor: str, cuts: set[int]
) -> None:
    lines = written(tmp_path / "log", cuts, vendor)
    assert lines
    assert lines == written(tmp_path / "log", [], vendor)


def test_lines_are_as_the_device_writes_them(tmp_path: Path) -> None:
    first = written(tmp_path / "log", [])[0]
    assert first.startswith("Mar 01 2026 09:00:00: %ASA-")


def test_what_debug_commands_show_is_not_in_the_log(tmp_path: Path) -> None:
    written(tmp_path / "fw.log", [], "screenos")
    log, debug = ((tmp_path / f"fw.{kind}").read_text("utf-8") for kind in ("log", "debug"))
    assert "Completed negotiations" in log
    assert "Construct" not in log
    assert "Construct" in debug
    assert "Completed negotiations" not in debug


def test_an_old_file_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("from a former life\n", encoding="utf-8")
    VendorLog(VENDORS["asa"], path, CALENDAR).close()
    assert path.read_text(encoding="utf-8") == "from a former life\n"


def test_a_full_disk_ends_no_device(tmp_path: Path) -> None:
    for name in ("log", "log.debug"):
        (tmp_path / name).symlink_to("/dev/full")
    log = VendorLog(VENDORS["asa"], tmp_path / "log", CALENDAR)
    log.write(EVENTS, lambda: SNAPSHOT)
    log.close()


def test_passing_traffic_costs_no_snapshot(tmp_path: Path) -> None:
    def refuse() -> Snapshot:
        raise AssertionError("a snapshot for traffic")

    log = VendorLog(VENDORS["asa"], tmp_path / "log", CALENDAR)
    traffic = [event for event in EVENTS if isinstance(event, TrafficPassed)]
    assert traffic
    log.write(traffic, refuse)
    log.close()
    assert (tmp_path / "log").read_text(encoding="utf-8") == ""


def test_no_more_than_so_much_of_a_story_is_told_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor_log, "LONGEST", 10)
    told = []

    def tell(events: tuple[Event, ...], snapshot: Snapshot) -> tuple[LogLine, ...]:
        told.append(len(events))
        return ()

    log = VendorLog(replace(VENDORS["asa"], log=tell), tmp_path / "log", CALENDAR)
    for event in EVENTS:
        log.write([event], lambda: SNAPSHOT)
    log.close()
    assert len(told) > 20
    assert max(told) <= 11


def test_a_long_story_is_cut_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vendor_log, "LONGEST", 10)
    path = tmp_path / "log"
    log = VendorLog(VENDORS["asa"], path, CALENDAR)
    drops = [event for event in EVENTS if not isinstance(event, TrafficPassed)]
    counts = []
    for _ in range(20):
        log.write(drops[:1], lambda: SNAPSHOT)
        log.write(drops, lambda: SNAPSHOT)
        counts.append(len(path.read_text(encoding="utf-8").splitlines()))
    log.close()
    assert all(later > earlier for earlier, later in pairwise(counts))
