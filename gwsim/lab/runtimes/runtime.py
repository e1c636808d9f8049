"""The interface of a runtime: what the runner needs to make a plan come true, wherever.

A runtime that has real time sleeps in `advance` where `sim` jumps; everything else is the same,
so one scenario file gets one verdict on each.
"""

from dataclasses import dataclass
from typing import Protocol

from gwsim.gateway.snapshot import Snapshot
from gwsim.lab.plan import Act, Plan
from gwsim.lab.record import Record


@dataclass(frozen=True, slots=True)
class Watch:
    """A span in which every change of a gateway's screens matters, seconds from the start.

    A runtime takes snapshots of the gateway whenever something happened to it, or as often as it
    can.
    """

    gateway: str
    since: float
    until: float


class Runtime(Protocol):
    """A place in which a plan runs: started once, stopped once, never used again."""

    def start(self, plan: Plan, watches: tuple[Watch, ...] = ()) -> None:
        """Boot gateways, hosts and the internet between them; the clock stands at 0."""

    def now(self) -> float:
        """Give the seconds since the start."""

    def catch_up(self) -> None:
        """Take note of real time that has passed by itself; where time is virtual, none has."""

    def advance(self, seconds: float) -> None:
        """Let time pass, and everything happen that happens in it."""

    def act(self, act: Act) -> None:
        """Do one thing of the timeline, now."""

    def snapshot(self, gateway: str) -> Snapshot:
        """Take a snapshot of a gateway and keep it for the record; KeyError for no gateway."""

    def record(self) -> Record:
        """Give everything that happened so far; the last snapshots are of this moment."""

    def stop(self) -> Record:
        """End the run and give everything that happened."""

    def abandon(self) -> None:
        """Give up a run that broke off, leaving nothing behind; nothing to do after `stop`."""
