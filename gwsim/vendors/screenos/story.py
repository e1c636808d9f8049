"""What a NetScreen knows while it writes its log: the events so far, and what is still to be said.

A `Story` walks the events once, in order. Some lines of the debug buffer come after the packet
that caused them is done with, whatever events it causes: they wait in `after_notify` and
`after_packet` until the next event belongs to something else. Others have a moment of their own,
at which nothing may happen that is an event: they wait in `later`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import (
    ChildRemoved,
    Event,
    LifetimeCompared,
    Message,
    MessageReceived,
    NegotiationStarted,
    PhaseOneClosed,
    PhaseTwoClosed,
    ProposalAccepted,
    ProxyIdAccepted,
    StateChanged,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.screenos import numbering
from gwsim.vendors.screenos.states import ENDED, progress
from gwsim.vendors.screenos.text import Text
from gwsim.vendors.vendor import LogLine

WIDTH = 15
BOX = "0.0.0.0"
_FIRST = ("main-1", "aggr-1")

# What a notification brings about, told before its processing is said to be over.
_CONSEQUENCES = (PhaseOneClosed, PhaseTwoClosed, ChildRemoved, StateChanged, LifetimeCompared)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line, and whether the debug buffer shows it; only the buffer when `line.debug`."""

    line: LogLine
    buffered: bool


@dataclass(slots=True)
class Story:
    """The events of one gateway and what has been told of them.

    `packet` is the one being processed. By number of the ISAKMP SA: `started` its beginning,
    `accepted` its phase 1 proposal, `states` where it stands, `first` when its first packet was
    seen (s), `cookies` the initiator's. By SA and message id: `chosen` the phase 2 proposal,
    `children` the VPN. `peers` has the peer identities of gateways that completed a phase 1 before;
    `nodes` are the SPIs and addresses, by VPN (connection and child), of pairs that were
    deactivated; `refilled` is when the last key pair of the store will have been made anew (s).
    `unfinished` says that the packet is not yet said to be done, `rebooted` that the box was reset.
    """

    snapshot: Snapshot
    packet: MessageReceived | None = None
    now: float = 0.0
    started: dict[int, NegotiationStarted] = field(default_factory=dict)
    accepted: dict[int, ProposalAccepted] = field(default_factory=dict)
    chosen: dict[tuple[int, int], ProposalAccepted] = field(default_factory=dict)
    children: dict[tuple[int, int], str] = field(default_factory=dict)
    states: dict[int, State] = field(default_factory=dict)
    first: dict[int, float] = field(default_factory=dict)
    peers: dict[str, int] = field(default_factory=dict)
    cookies: dict[int, str] = field(default_factory=dict)
    nodes: dict[tuple[str, str], tuple[tuple[int, str], ...]] = field(default_factory=dict)
    refilled: float = 0.0
    unfinished: bool = False
    rebooted: bool = False
    after_notify: list[Entry] = field(default_factory=list)
    after_packet: list[Entry] = field(default_factory=list)
    later: list[Entry] = field(default_factory=list)

    def before(self, event: Event) -> Iterator[Entry]:
        """Say what had to wait, if this event has nothing to do with what it waited for."""
        over = event.at != self.now or isinstance(event, MessageReceived)
        self.now = event.at
        if over or not isinstance(event, _CONSEQUENCES):
            yield from self.end_notify()
        if over:
            yield from self.end_packet()
            yield from self.due(event.at)
            self.packet = event if isinstance(event, MessageReceived) else None

    def note(self, event: Event) -> None:
        """Remember what later lines will need of an event."""
        match event:
            case NegotiationStarted(phase=1):
                self.started[event.sa] = event
            case NegotiationStarted() | ProxyIdAccepted():
                self.children[event.sa, event.message_id] = event.child
            case Message():
                self.cookies[event.sa] = event.initiator_cookie
                if event.label in _FIRST:
                    self.first.setdefault(event.sa, event.at)
            case ProposalAccepted(phase=1):
                self.accepted[event.sa] = event
            case ProposalAccepted() if self.packet:
                self.chosen[event.sa, self.packet.message_id] = event
            case StateChanged(phase=1):
                self.states[event.sa] = event.new

    def end_notify(self) -> list[Entry]:
        """Take what waits for the end of a notification."""
        waiting, self.after_notify = self.after_notify, []
        return waiting

    def end_packet(self) -> list[Entry]:
        """Take what waits for the end of a packet."""
        waiting, self.after_packet = self.after_packet, []
        if self.packet is not None and self.unfinished:
            waiting.append(self.done(self.packet, self.states.get(self.packet.sa)))
        self.unfinished = False
        return waiting

    def delay(self, at: float, entries: Iterable[Entry]) -> None:
        """Let lines wait for a moment of their own."""
        self.later += [replace(entry, line=replace(entry.line, at=at)) for entry in entries]

    def due(self, now: float) -> list[Entry]:
        """Take the delayed lines whose moment has come, in the order of their moments."""
        found = sorted((e for e in self.later if e.line.at <= now), key=lambda e: e.line.at)
        self.later = [entry for entry in self.later if entry.line.at > now]
        return found

    def done(self, event: Event, state: State | None) -> Entry:
        """Say that a packet is done with and how far its ISAKMP SA has come."""
        reached = progress(state) if state else ENDED
        flags = f"{reached.flags:04x}"
        return self.tag(event, f"IKE msg done: PKI state<0> IKE state<{reached.step}/{flags}>")

    def log(self, event: Event, text: Text, **values: object) -> Entry:
        """Write a message of the event log."""
        words = text.words.format(peer=event.peer, **values)
        return Entry(LogLine(event.at, words, text.type, text.level), text.buffered)

    def tag(self, event: Event, words: str) -> Entry:
        """Write a debug line about a peer: `IKE<2.2.2.2> words`."""
        return self.bare(event, f"IKE<{event.peer}> {words}")

    def wide(self, event: Event, words: str) -> Entry:
        """Write a debug line about a message: `IKE<2.2.2.2        > words`."""
        return self.bare(event, f"IKE<{event.peer:<{WIDTH}}> {words}")

    def box(self, event: Event, words: str) -> Entry:
        """Write a debug line that is bound to no peer: `IKE<0.0.0.0        > words`."""
        return self.bare(event, f"IKE<{BOX:<{WIDTH}}> {words}")

    def bare(self, event: Event, words: str) -> Entry:
        """Write a debug line as it is."""
        return Entry(LogLine(event.at, words, debug=True), True)

    def handle(self, sa: int) -> int:
        """Give the number by which a peer identity is known: made of the SA's cookie."""
        return int(self.cookies.get(sa, "0")[:7], 16)

    def sa_index(self, event: Event, child: str = "") -> int:
        """Give the SA index of a child of the event's connection."""
        return numbering.index_of(self.snapshot, event.connection, child)

    def peer_entry(self, event: Event) -> int:
        """Give the number of the event's IKE gateway."""
        return numbering.peer_entry(self.snapshot, event.connection)

    def role(self, sa: int) -> Role:
        """Give our role in an ISAKMP SA."""
        begun = self.started.get(sa)
        return begun.role if begun else Role.RESPONDER


def little_endian(number: int) -> str:
    """Write a 32-bit number as a little-endian box prints one it took from the wire."""
    return number.to_bytes(4, "big")[::-1].hex()
