"""The device's own log, line by line into a file, and what debug commands show into another."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from gwsim.daemon.logfiles import debug_beside
from gwsim.gateway.events import TrafficPassed
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event
from gwsim.vendors.vendor import LogLine, Vendor

LONGEST = 4000
"""How many events are looked back on; then the older half is let go."""


class VendorLog:
    """Appends to the log file of one gateway, and to the one of its debug output.

    A vendor tells a story from its beginning, so each time the whole of it is told and what is
    new at its end is written; events must come in whole turns of the gateway, for some vendors
    look ahead to the end of one. Passing traffic is in no vendor's story.
    """

    def __init__(self, vendor: Vendor, path: Path, calendar: datetime) -> None:
        self._vendor = vendor
        self._calendar = calendar
        self._events: list[Event] = []
        self._told = 0
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self._debug = debug_beside(path).open("a", encoding="utf-8", buffering=1)

    def write(self, events: Sequence[Event], take_snapshot: Callable[[], Snapshot]) -> None:
        """Write the lines that go with new events; a snapshot is taken only if there are any."""
        worth = [event for event in events if not isinstance(event, TrafficPassed)]
        if not worth:
            return
        snapshot = take_snapshot()
        self._events += worth
        lines = self._story(snapshot)
        for line in lines[self._told :]:
            file = self._debug if line.debug else self._file
            # A full disk ends no device: its lines stay in memory until there is room again.
            with suppress(OSError):
                file.write(self._format(line) + "\n")
        self._told = len(lines)
        if len(self._events) > LONGEST:
            self._events = self._events[-LONGEST // 2 :]
            self._told = len(self._story(snapshot))

    def _story(self, snapshot: Snapshot) -> list[LogLine]:
        """Tell the whole story so far; a device that takes its time says some lines later."""
        now = self._events[-1].at
        return [line for line in self._vendor.log(tuple(self._events), snapshot) if line.at <= now]

    def close(self) -> None:
        """End the files."""
        for file in (self._file, self._debug):
            with suppress(OSError):
                file.close()

    def _format(self, line: LogLine) -> str:
        return self._vendor.format_line(line, self._calendar + timedelta(seconds=line.at))
