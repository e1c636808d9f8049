"""The books of a gateway: what leaves it, in order, what happened, and drops by cause."""

from collections import Counter, defaultdict

from gwsim.esp.outcomes import Dropped
from gwsim.gateway.events import DropCause, PacketDropped, TrafficPassed
from gwsim.gateway.outputs import InsideOut, Output
from gwsim.gateway.policy import ChildKey, Tally
from gwsim.ike.events import Event


class Journal:
    """Outputs, events and counters of one gateway.

    `drops` counts packets refused without an SA to count them at, `tallies` what belongs to a
    child's policy entry. `link_up` is the state of the outside interface: what should leave there
    while it is down is dropped and counted.
    """

    def __init__(self) -> None:
        self.link_up = True
        self.drops: Counter[DropCause] = Counter()
        self.tallies: defaultdict[ChildKey, Tally] = defaultdict(Tally)
        self._outputs: list[Output] = []
        self._events: list[Event] = []

    def send(self, output: Output) -> None:
        """Let something leave; the outside must be up for all but what goes inside."""
        if self.link_up or isinstance(output, InsideOut):
            self._outputs.append(output)
        else:
            self.drops[DropCause.LINK_DOWN] += 1

    def note(self, event: Event) -> None:
        """Write an event down."""
        self._events.append(event)

    def passed(
        self,
        now: float,
        inbound: bool,
        packet: tuple[str, str, int],
        length: int,
        peer: str = "",
        connection: str = "",
        spi: int = 0,
        packets: int = 1,
    ) -> None:
        """Write down that packets crossed, protected when they have an SPI; octets in all."""
        source, destination, protocol = packet
        self.note(
            TrafficPassed(
                at=now,
                peer=peer,
                connection=connection,
                inbound=inbound,
                protected=spi != 0,
                source=source,
                destination=destination,
                protocol=protocol,
                spi=spi,
                length=length,
                packets=packets,
            )
        )

    def dropped(self, now: float, dropped: Dropped, peer: str) -> None:
        """Write down what the data plane refused, and count it at its policy entry."""
        cause = DropCause(dropped.cause.value)
        self._count(dropped, cause)
        self.note(
            PacketDropped(
                at=now,
                peer=peer,
                connection=dropped.connection,
                cause=cause,
                inbound=dropped.inbound,
                source=dropped.source,
                destination=dropped.destination,
                protocol=dropped.protocol,
                spi=dropped.spi,
                sequence=dropped.sequence,
                inner=dropped.inner,
                local=dropped.local,
                remote=dropped.remote,
                child=dropped.child,
                length=dropped.length,
            )
        )

    def _count(self, dropped: Dropped, cause: DropCause) -> None:
        """Count a packet at its policy entry, or by its cause when it came to none."""
        if not dropped.child:
            self.drops[cause] += 1
        elif dropped.inbound:
            self.tallies[dropped.connection, dropped.child].receive_errors += 1
        else:
            self.tallies[dropped.connection, dropped.child].send_errors += 1

    def refused(
        self,
        now: float,
        cause: DropCause,
        inbound: bool,
        packet: tuple[str, str, int],
        length: int,
        peer: str = "",
        child: ChildKey = ("", ""),
    ) -> None:
        """Count and write down a packet that the gateway itself refused."""
        self.drops[cause] += 1
        source, destination, protocol = packet
        self.note(
            PacketDropped(
                at=now,
                peer=peer,
                connection=child[0],
                cause=cause,
                inbound=inbound,
                source=source,
                destination=destination,
                protocol=protocol,
                child=child[1],
                length=length,
            )
        )

    def outputs(self) -> list[Output]:
        """Hand over what is to leave."""
        outputs, self._outputs = self._outputs, []
        return outputs

    def events(self) -> list[Event]:
        """Hand over what happened."""
        events, self._events = self._events, []
        return events

    def forget(self) -> None:
        """Set all counters back to nothing, as a reboot does."""
        self.drops.clear()
        self.tallies.clear()
