"""What an ASA knows while it writes its log: the events so far, and what was made of them.

A `Story` walks the events once, in order. It knows which tunnel-groups were found, which sessions
are up, what each negotiation went through, and finds the crypto map entry of a child.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event, NatDetected
from gwsim.vendors.asa.history import History
from gwsim.vendors.asa.text import Head, Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire.selector import Selector

E = TypeVar("E", bound=Event)

Partner = tuple[str, str]
"""With whom a session is: the connection and the address, which several peers may hide behind."""


def partner(event: Event) -> Partner:
    """Tell with whom what an event tells of is."""
    return event.connection, event.peer


@dataclass(slots=True)
class Session:
    """A LAN-to-LAN session: when it came up and the octets its finished SAs carried."""

    since: float
    sent: int = 0
    received: int = 0


@dataclass(slots=True)
class Story:
    """The events of one gateway and what has been told of them; `index` is the one at hand.

    `landed` holds the numbers of SAs whose tunnel-group is known, `up` the established ones by
    partner, `acquired` the child each negotiation was begun for, `spis` new ones not yet told, both
    by SA, `queued` partners with waiting acquires, `last_line` when a rate-limited message was last
    written (s), `flows` the inbound SPIs in use by peer, local and remote selector.
    """

    events: tuple[Event, ...]
    snapshot: Snapshot
    index: int = 0
    landed: set[int] = field(default_factory=set)
    up: dict[Partner, set[int]] = field(default_factory=dict)
    sessions: dict[Partner, Session] = field(default_factory=dict)
    histories: dict[tuple[int, int], History] = field(default_factory=dict)
    nat: dict[int, NatDetected] = field(default_factory=dict)
    acquired: dict[int, str] = field(default_factory=dict)
    spis: dict[int, int] = field(default_factory=dict)
    queued: set[Partner] = field(default_factory=set)
    last_line: dict[str, float] = field(default_factory=dict)
    flows: dict[tuple[str, str, str], set[int]] = field(default_factory=dict)

    def line(self, event: Event, text: Text, **values: object) -> LogLine:
        """Write a message about an event; what is not of severity 0 to 6 is debug output."""
        return LogLine(
            at=event.at,
            text=self._head(event, text.head) + text.words.format(**values),
            id=text.id,
            severity=str(text.severity),
            debug=text.severity == 7,
        )

    def _head(self, event: Event, head: Head) -> str:
        if head is Head.NONE or not event.peer:
            return ""
        if head is Head.GROUP and self.knows_group(event):
            return f"Group = {event.peer}, IP = {event.peer}, "
        return f"IP = {event.peer}, "

    def knows_group(self, event: Event) -> bool:
        """Say whether the tunnel-group of the SA, or without one of the peer, is known."""
        return event.sa in self.landed or (
            not event.sa and any(peer == event.peer for _, peer in self.sessions)
        )

    def at_once(self, kind: type[E]) -> Iterator[E]:
        """Give the following events of a kind that tell of the same SA and moment."""
        here = self.events[self.index]
        for index in range(self.index + 1, len(self.events)):
            event = self.events[index]
            if event.at != here.at:
                return
            if isinstance(event, kind) and event.sa == here.sa:
                yield event

    def before(self, kind: type[E], sa: int) -> E | None:
        """Give the latest event of a kind about an SA before the one at hand."""
        for index in range(self.index - 1, -1, -1):
            event = self.events[index]
            if isinstance(event, kind) and event.sa == sa:
                return event
        return None

    def flow(self, peer: str, local: str, remote: str) -> set[int]:
        """Give the inbound SPIs that carry a flow: one, or two while it is renewed."""
        return self.flows.setdefault((peer, local, remote), set())

    def history(self, event: Event, message_id: int = 0) -> History | None:
        """Find the history of a negotiation of the event's SA."""
        return self.histories.get((event.sa, message_id))

    def entry(self, connection: str, child: str) -> int:
        """Give the sequence number of a child's crypto map entry, 0 when it has none.

        Without a child it is that of the connection's first one.
        """
        for tunnel in self.snapshot.tunnels:
            if tunnel.connection == connection and child in ("", tunnel.child):
                return tunnel.policy_id
        return 0

    @property
    def map(self) -> str:
        """The name of the crypto map on the outside interface."""
        return map_name(self.snapshot.outside_interface)


def map_name(interface: str) -> str:
    """Name the crypto map of an interface as the wizard of an ASA does."""
    return f"{interface}_map"


def proxy(selector: str) -> str:
    """Print a selector the way messages give proxies: address/mask/protocol/port."""
    s = Selector.parse(selector)
    return f"{s.address}/{s.mask}/{s.protocol}/{s.port}"


def proxy_address(selector: str) -> str:
    """Print the address of a selector alone, `N/A` for none."""
    return Selector.parse(selector).address if selector else "N/A"


def duration(seconds: float) -> str:
    """Print a time span: `0h:00m:33s`, `2d 16h:38m:29s`."""
    whole = int(seconds)
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    clock = f"{hours}h:{minutes:02}m:{left:02}s"
    return f"{days}d {clock}" if days else clock
