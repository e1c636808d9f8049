"""Named timers: a table from name to moment, so that a debugger can print why we are waiting."""

from enum import StrEnum


class Timer(StrEnum):
    """Everything a negotiation or an SA can be waiting for."""

    RESEND = "resend the unanswered message"
    GIVE_UP = "abandon the unanswered message"
    HALF_OPEN = "end a half-open negotiation"
    REKEY = "renew before the lifetime ends"
    EXPIRE = "lifetime ends"
    SWITCH = "send on the pair that renewed another"
    REMOVE = "remove after a replacement took over"
    LINGER = "forget a finished quick mode"
    KEEPALIVE = "refresh the NAT binding"
    DPD = "look whether the peer is alive"


class TimerTable:
    """The timers of one owner; absent means not set. Moments are seconds on the engine's clock."""

    __slots__ = ("_at",)

    def __init__(self) -> None:
        self._at: dict[Timer, float] = {}

    def set(self, timer: Timer, at: float) -> None:
        """Set or move a timer."""
        self._at[timer] = at

    def stop(self, *timers: Timer) -> None:
        """Stop timers; stopping one that is not set is fine."""
        for timer in timers:
            self._at.pop(timer, None)

    def clear(self) -> None:
        """Stop every timer."""
        self._at.clear()

    def at(self, timer: Timer) -> float | None:
        """Tell when a timer is due, or None."""
        return self._at.get(timer)

    def next(self) -> float | None:
        """Tell when the earliest timer is due, or None."""
        return min(self._at.values()) if self._at else None

    def due(self, now: float) -> list[Timer]:
        """Take out every timer that is due, earliest first."""
        if not self._at:
            return []
        late = sorted((at, t) for t, at in self._at.items() if at <= now)
        for _, timer in late:
            del self._at[timer]
        return [timer for _, timer in late]
