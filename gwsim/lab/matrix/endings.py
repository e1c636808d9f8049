"""How a run ended: never up, up without traffic, up and gone again."""

from gwsim.lab.matrix.cell import Ending
from gwsim.lab.record import Record
from gwsim.lab.runtimes.hosts import Echo

_LATEST = 2
"""How many of the last pings decide whether a tunnel still works."""


def ending(record: Record, pairs: tuple[int, int], forth: int, back: int) -> Ending:
    """Judge a run: how many pairs of IPsec SAs each end had, and what arrived protected."""
    if record.clear_text():
        return Ending.CLEAR
    if not any(pairs):
        return Ending.NEVER_UP
    if not all(pairs):
        return Ending.HALF_UP
    if not forth and not back:
        return Ending.NO_TRAFFIC
    if not forth or not back:
        return Ending.ONE_WAY
    return _working(record.echoes)


def _working(echoes: tuple[Echo, ...]) -> Ending:
    """Judge a tunnel that has carried both ways by what came back of the pings."""
    ordinary = [echo for echo in echoes if echo.size == echoes[0].size]
    if not any(echo.answered for echo in ordinary[-_LATEST:]):
        return Ending.LOST
    begun = next(place for place, echo in enumerate(echoes) if echo.answered is not None)
    missing = [echo for echo in echoes[begun:] if echo.answered is None]
    return Ending.LOSSY if missing else Ending.UP
