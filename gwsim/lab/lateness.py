"""How well a machine kept up with a run in real time, and what is said where it did not."""

from dataclasses import dataclass

MATTERS = 0.25
"""Seconds of the plan from which on lateness may be why something did not come out as expected."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the latest thing was that was due at a moment.

    `seconds` are those of the plan; `speed` of them passed in each real one.
    """

    seconds: float
    speed: float


def late_words(lateness: Lateness | None) -> tuple[str, ...]:
    """Say that a run was too quick for its machine, if it was; None is a run without real time."""
    if lateness is None or lateness.seconds < MATTERS:
        return ()
    return (
        f"this machine was late by up to {lateness.seconds:.2f} s of the scenario's time, which"
        f" passed at {lateness.speed:g} times the real one's speed; that may be all that is wrong:"
        f" give it more time (--speed {lateness.speed / 2:g}) or less to do",
    )
