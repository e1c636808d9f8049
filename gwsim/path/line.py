"""One direction of a link: what becomes of a packet between its two ends.

A line keeps packets in order whatever the jitter, as a queue does; only a packet that is held
back on purpose is overtaken. It has no timer of its own: it says when a packet will be at the
other end, and when to wake it for one that waits to be overtaken.
"""

from dataclasses import dataclass, replace
from random import Random

from gwsim.path.config import Link
from gwsim.path.events import PathAction
from gwsim.path.rewriting import Rewriting
from gwsim.path.transit import Mishap, Transit, pieces

PATIENCE = 2.0
"""Seconds a reordered packet waits for another one to overtake it, unless a rule says else."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The packet will be at the other end at a time."""

    transit: Transit
    at: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """The packet waits to be overtaken; `Line.release` it at `until`."""

    transit: Transit
    until: float


Outcome = Arrival | Waiting | Mishap


class Line:
    """One direction of a link; `link` may be exchanged while packets are on it."""

    def __init__(self, link: Link, rng: Random) -> None:
        self.link = link
        self._rng = rng
        self._last_arrival = 0.0
        self._held: list[Transit] = []

    def enter(self, transit: Transit, now: float, hold: float = 0.0) -> list[Outcome]:
        """Take a packet; `hold` above 0 holds it back for at most so many seconds."""
        link = self.link
        if not link.up:
            return [Mishap(PathAction.LINK_DOWN, transit)]
        if link.mtu is None or len(transit.data) <= link.mtu:
            return self._carry(transit, now, hold)
        cut = self.cut(transit)
        if not cut:
            return [Mishap(PathAction.TOO_BIG, transit, f"the MTU is {link.mtu}")]
        outcomes: list[Outcome] = [Mishap(PathAction.FRAGMENTED, transit, f"into {len(cut)}")]
        for piece in cut:
            outcomes += self._carry(piece, now, hold)
        return outcomes

    def unhindered(self, length: int, now: float) -> float | None:
        """Take a packet to which nothing but time happens, and say when it is at the other end.

        None where it is too long or another one waits to be overtaken; then it was not taken.
        What the link does by chance is not asked: the caller knows that it does nothing.
        """
        link = self.link
        if self._held or (link.mtu is not None and length > link.mtu):
            return None
        due = now + link.latency
        self._last_arrival = due if due > self._last_arrival else self._last_arrival
        return self._last_arrival

    def cut(self, transit: Transit) -> list[Transit]:
        """Give a packet as it goes onto this line: whole, in fragments, or not at all."""
        if not self.link.up:
            return []
        if self.link.mtu is None or len(transit.data) <= self.link.mtu:
            return [transit]
        return [] if transit.dont_fragment else pieces(transit, self.link.mtu)

    def release(self, transit: Transit, now: float) -> list[Outcome]:
        """Let a packet go that nothing has overtaken; nothing happens when something has."""
        waiting = [held for held in self._held if held is not transit]
        if len(waiting) == len(self._held):
            return []
        self._held = waiting
        return [Arrival(transit, self._arrival(now))]

    def _carry(self, transit: Transit, now: float, hold: float) -> list[Outcome]:
        """Do to one packet that fits what this line does to packets."""
        if chance(self.link.loss, self._rng):
            return [Mishap(PathAction.LOST, transit)]
        outcomes: list[Outcome] = []
        if chance(self.link.corrupt, self._rng):
            transit = damaged(transit, self._rng, mend=False)
            outcomes.append(Mishap(PathAction.CORRUPTED, transit))
        # What finds another packet waiting overtakes it: of two reordered ones only one waits.
        if all(held.number == transit.number for held in self._held):
            if not hold and chance(self.link.reorder, self._rng):
                outcomes.append(Mishap(PathAction.REORDERED, transit))
                hold = PATIENCE
            if hold:
                self._held.append(transit)
                return [*outcomes, Waiting(transit, now + hold)]
        return outcomes + self._send(transit, now)

    def _send(self, transit: Transit, now: float) -> list[Outcome]:
        """Send a packet, perhaps twice, and behind it whatever waited to be overtaken."""
        arrival = self._arrival(now)
        outcomes: list[Outcome] = [Arrival(transit, arrival)]
        if chance(self.link.duplicate, self._rng):
            again = transit.again()
            outcomes += [Mishap(PathAction.DUPLICATED, again), Arrival(again, arrival)]
        overtaken, self._held = self._held, []
        outcomes.extend(Arrival(held, arrival) for held in overtaken)
        return outcomes

    def _arrival(self, now: float) -> float:
        """Say when what enters now is at the other end: never before what entered earlier."""
        delay = self.link.latency
        if self.link.jitter:
            delay = max(0.0, delay + self._rng.uniform(-self.link.jitter, self.link.jitter))
        self._last_arrival = max(self._last_arrival, now + delay)
        return self._last_arrival


def chance(probability: float, rng: Random) -> bool:
    """Toss a coin; what is certain costs no random number."""
    return probability >= 1 or (probability > 0 and rng.random() < probability)


def damaged(transit: Transit, rng: Random, mend: bool) -> Transit:
    """Flip one bit of a packet behind its transport header; see `Rewriting.flip`."""
    rewriting = Rewriting(transit.data)
    rewriting.flip(rng, mend)
    return replace(transit, data=rewriting.octets)
