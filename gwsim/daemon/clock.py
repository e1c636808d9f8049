"""The clock that all nodes of a lab share: engine seconds since a moment of the machine's clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock all nodes of a lab share, and where their chance comes from.

    Time 0 is `epoch` on the machine's monotonic clock, None the start of the node itself, inf a
    moment that will be told at the door (`begin`), up to which time stands still. From then on
    `speed` seconds pass for the engines in each real one. `calendar` is the wall-clock time at 0.
    `seed` None means the system's own randomness, as on a real gateway; a node that starts after
    0 may be one that starts again, and mixes that time into its seed.
    """

    calendar: datetime
    epoch: float | None = None
    speed: float = 1.0
    seed: str | None = None

    def __post_init__(self) -> None:
        if not self.speed > 0:
            raise ValueError(f"time passes at a speed above 0, not {self.speed}")


class Clock:
    """Tells the engines' time.

    The machine's monotonic clock is the same in every namespace and container, so nodes that are
    given the same epoch agree on the time without a word.
    """

    def __init__(self, timing: Timing, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._epoch = monotonic() if timing.epoch is None else timing.epoch
        self._speed = timing.speed
        self._late = 0.0

    def now(self) -> float:
        """Give the engine's time: seconds since the epoch, as many as passed at this speed.

        It stands at 0 until an epoch that is still to come.
        """
        return max(0.0, (self._monotonic() - self._epoch) * self._speed)

    def now_for(self, due: float) -> float:
        """Give the engine's time for what was due at a moment, and remember how late that is."""
        now = self.now()
        self._late = max(self._late, now - due)
        return now

    @property
    def late(self) -> float:
        """Engine seconds by which the latest of all was late: this machine had too much to do."""
        return self._late

    @property
    def epoch(self) -> float:
        """The moment on the machine's monotonic clock at which time begins; inf: not known yet."""
        return self._epoch

    @property
    def speed(self) -> float:
        """Seconds that pass for the engines in each real one."""
        return self._speed

    def begin(self, epoch: float, speed: float) -> None:
        """Let time begin at a moment, and pass at a speed, that were not known before."""
        self._epoch, self._speed = epoch, speed

    def real(self, at: float) -> float:
        """Give the moment on the machine's monotonic clock that is `at` on the engine's."""
        return self._epoch + at / self._speed
