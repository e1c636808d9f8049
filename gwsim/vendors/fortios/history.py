"""What became of a tunnel's negotiations since its connection was made: counts and times.

`IKE SA: created 1/2  established 1/1  time 60/60/60 ms` counts what there is and what there was
since the connection was created, which is deleted with its last IKE SA.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gwsim.gateway.events import GatewayStarted, TrafficPassed
from gwsim.ike.events import (
    Event,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    StateChanged,
)

TICK = 10
"""Times are counted in milliseconds, ten of them at a time."""


@dataclass(slots=True)
class Tally:
    """Negotiations of one phase: how many began, and how long the finished ones took (ms)."""

    created: int = 0
    times: list[int] = field(default_factory=list)
    begun: dict[int, float] = field(default_factory=dict)

    def begin(self, number: int, at: float) -> None:
        """Count one that begins."""
        self.created += 1
        self.begun[number] = at

    def finish(self, number: int, at: float) -> None:
        """Count one that is done."""
        took = at - self.begun.get(number, at)
        self.times.append(int(took * 1000) // TICK * TICK)

    def line(self, created: int, established: int) -> str:
        """Write it beside what there is now."""
        text = f"created {created}/{self.created}"
        if not self.times:
            return text
        low, high = min(self.times), max(self.times)
        mean = sum(self.times) // len(self.times) // TICK * TICK
        return f"{text}  established {established}/{len(self.times)}  time {low}/{mean}/{high} ms"


@dataclass(slots=True)
class Connection:
    """A tunnel's connection: when it was made, its negotiations, its living IKE SAs."""

    created: float
    phase1: Tally = field(default_factory=Tally)
    phase2: Tally = field(default_factory=Tally)
    alive: set[int] = field(default_factory=set)


class History:
    """Follows events: connections by the name of their tunnel, octets and last packets."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.connections: dict[str, Connection] = {}
        self.octets: dict[str, tuple[int, int]] = {}
        self.last: dict[tuple[int, bool], float] = {}
        for event in events:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case GatewayStarted():
                self.connections.clear()
                self.octets.clear()
                self.last.clear()
            case StateChanged(old=None, phase=1):
                connection = self._connection(event)
                connection.phase1.begin(event.sa, event.at)
                connection.alive.add(event.sa)
            case StateChanged(old=None, phase=2):
                self._connection(event).phase2.begin(event.message_id, event.at)
            case PhaseOneCompleted():
                self._connection(event).phase1.finish(event.sa, event.at)
            case PhaseTwoCompleted():
                self._connection(event).phase2.finish(event.message_id, event.at)
            case PhaseOneClosed():
                self._close(event)
            case PhaseTwoClosed():
                sent, received = self.octets.get(event.connection, (0, 0))
                both = sent + event.bytes_out, received + event.bytes_in
                self.octets[event.connection] = both
            case TrafficPassed(protected=True):
                self.last[event.spi, event.inbound] = event.at

    def _connection(self, event: Event) -> Connection:
        return self.connections.setdefault(event.connection, Connection(event.at))

    def _close(self, event: PhaseOneClosed) -> None:
        connection = self._connection(event)
        connection.alive.discard(event.sa)
        if not connection.alive:
            del self.connections[event.connection]
