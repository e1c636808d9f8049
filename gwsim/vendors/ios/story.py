"""What a router knows while it writes its log: the events so far, and what was made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import Event, MessageReceived, MessageSent, NatDetected, Rejected
from gwsim.ike.states import Role, State
from gwsim.vendors.ios.fsm import READY
from gwsim.vendors.ios.numbering import Numbering
from gwsim.vendors.ios.states import DELETED, IDLE, WORDS, place
from gwsim.vendors.ios.text import Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire.selector import Selector

E = TypeVar("E", bound=Event)


Partner = tuple[str, str]
"""With whom a session is: the connection and the address, which several peers may hide behind."""


def partner(event: Event) -> Partner:
    """Tell with whom what an event tells of is."""
    return event.connection, event.peer


@dataclass(slots=True)
class Story:
    """The events of one gateway and what has been told of them; `index` is the one at hand.

    `roles` holds who we are in each SA, `machine` where its machine stands, `heard` the last
    message each SA or quick mode (SA, message id) took, `nat` what NAT detection found,
    `identities` what the peer of an SA calls itself, `spis` our SPI by quick mode. By partner: `up`
    the inbound SPIs in use, `ends` the port it talks from and its identity. `last_line` is when a
    rate-limited message was last written (s).
    """

    events: tuple[Event, ...]
    snapshot: Snapshot
    index: int = 0
    numbers: Numbering = field(default_factory=Numbering)
    roles: dict[int, Role] = field(default_factory=dict)
    machine: dict[int, str] = field(default_factory=dict)
    heard: dict[tuple[int, int], MessageReceived] = field(default_factory=dict)
    nat: dict[int, NatDetected] = field(default_factory=dict)
    spis: dict[tuple[int, int], int] = field(default_factory=dict)
    identities: dict[int, str] = field(default_factory=dict)
    up: dict[Partner, set[int]] = field(default_factory=dict)
    ends: dict[Partner, tuple[int, str]] = field(default_factory=dict)
    last_line: dict[str, float] = field(default_factory=dict)

    def line(self, event: Event, text: Text, **values: object) -> LogLine:
        """Write a message about an event; one without mnemonic is debug output."""
        head = text.head.value.format(conn=self.numbers.isakmp(event.sa))
        return LogLine(
            at=event.at,
            text=head + text.words.format(**{"idle": IDLE, "peer": event.peer, **values}),
            id=f"{text.facility}-{text.severity}-{text.mnemonic}" if text.mnemonic else "",
            severity=str(text.severity),
            debug=not text.mnemonic,
        )

    def stands(self, sa: int) -> str:
        """Say where the machine of an SA stands."""
        return self.machine.get(sa, READY)

    def where(self, sa: int, state: State | None, word: str | None = None) -> str:
        """Say our role in an SA and where it stands: by the word given, else by its state."""
        role = self.roles.get(sa, Role.RESPONDER)
        return place(role, word or WORDS.get(state or State.CLOSED, DELETED["main"]))

    def at_once(self, kind: type[E]) -> Iterator[E]:
        """Give the following events of a kind that tell of the same SA and moment."""
        here = self.events[self.index]
        for index in range(self.index + 1, len(self.events)):
            event = self.events[index]
            if event.at != here.at:
                return
            if isinstance(event, kind) and event.sa == here.sa:
                yield event

    def refused(self) -> Rejected | None:
        """Give the refusal that the message at hand answers: the event just before it."""
        previous = self.events[self.index - 1] if self.index else None
        return previous if isinstance(previous, Rejected) and previous.notify else None

    def answered(self) -> MessageSent | None:
        """Give the message that answers the refusal at hand: the event just after it."""
        here, following = self.events[self.index], self.events[self.index + 1 : self.index + 2]
        for event in following:
            if isinstance(here, Rejected) and here.notify and isinstance(event, MessageSent):
                return event
        return None

    def forget(self) -> None:
        """Lose everything, as a reboot does."""
        for known in (
            self.roles,
            self.machine,
            self.heard,
            self.nat,
            self.spis,
            self.up,
            self.ends,
            self.identities,
        ):
            known.clear()


def proxy(selector: str) -> str:
    """Print a selector the way messages give proxies: address/mask/protocol/port."""
    s = Selector.parse(selector)
    return f"{s.address}/{s.mask}/{s.protocol}/{s.port}"


def address_of_struct(sa: int) -> int:
    """Invent the place in memory of an SA; a router prints it, and nobody can use it."""
    return 0x66440000 + sa * 0x4A0
