"""What is to happen later, each thing at its own time; things of one time in order of planning."""

from collections.abc import Callable
from heapq import heappop, heappush

Happen = Callable[[float], None]
"""Something that happens when its time has come, which it is told."""


class Agenda:
    """Things to come; there is no clock here, `run` says what time it is."""

    def __init__(self) -> None:
        self._queue: list[tuple[float, int, Happen]] = []
        self._planned = 0

    def __len__(self) -> int:
        """How many things are to come."""
        return len(self._queue)

    def at(self, due: float, happen: Happen) -> None:
        """Plan something for a moment, in seconds."""
        self._planned += 1
        heappush(self._queue, (due, self._planned, happen))

    def run(self, now: float) -> None:
        """Let happen whatever was due by now, and what comes of it."""
        while self._queue and self._queue[0][0] <= now:
            due, _, happen = heappop(self._queue)
            happen(due)

    def next(self) -> float | None:
        """Say when something happens next, None when nothing is to come."""
        return self._queue[0][0] if self._queue else None
