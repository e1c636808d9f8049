"""What a FortiGate knows while it writes its log: the events so far, and what was made of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.events import (
    Event,
    Message,
    MessageReceived,
    MessageSent,
    ProposalAccepted,
    Rejected,
)
from gwsim.vendors.fortios.text import Text
from gwsim.vendors.vendor import LogLine
from gwsim.wire.ip import SocketAddress
from gwsim.wire.numbers import IKE_PORT
from gwsim.wire.selector import Selector

INTERFACE_INDEX = 3
"""The number of the outside interface, `ifindex=3`; the loopback and others come before it."""

Key = tuple[int, int]
"""An IKE SA and a message id."""


@dataclass(slots=True)
class Story:
    """The events of one gateway and what has been told of them; `index` is the one at hand.

    `matched` holds the IKE SAs whose tunnel is known, `cookies` their cookies and `ends` where
    they talk from and to; `quick` numbers the quick modes and `children` names their phase 2.
    `heard` and `sent` hold the last message of each negotiation, `chosen` the suite of a
    phase 2, `held` a line that is told later.
    By tunnel: `alive` its IKE SAs, `latest` the one that spoke last, `up` its inbound SPIs and
    `since` when the first came up.
    """

    events: tuple[Event, ...]
    snapshot: Snapshot
    index: int = 0
    matched: set[int] = field(default_factory=set)
    cookies: dict[int, tuple[str, str]] = field(default_factory=dict)
    ends: dict[int, tuple[SocketAddress, SocketAddress]] = field(default_factory=dict)
    latest: dict[str, int] = field(default_factory=dict)
    quick: dict[Key, int] = field(default_factory=dict)
    children: dict[Key, str] = field(default_factory=dict)
    heard: dict[Key, MessageReceived] = field(default_factory=dict)
    sent: dict[Key, MessageSent] = field(default_factory=dict)
    chosen: dict[Key, ProposalAccepted] = field(default_factory=dict)
    held: dict[int, LogLine] = field(default_factory=dict)
    alive: dict[str, set[int]] = field(default_factory=dict)
    up: dict[str, set[int]] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    octets: dict[str, tuple[int, int]] = field(default_factory=dict)

    def line(self, event: Event, text: Text, message_id: int = 0, /, **values: object) -> LogLine:
        """Write a line of debug output about an event."""
        key = (event.sa, message_id)
        head = text.head.value.format(
            who=self.who(event),
            id=event.sa,
            child=self.children.get(key, event.connection),
            quick=self.quick.get(key, 0),
        )
        return LogLine(event.at, head + text.words.format(**values), debug=True)

    def who(self, event: Event) -> str:
        """Name the tunnel an event is about, by its cookies until it is known."""
        if event.sa in self.cookies and event.sa not in self.matched:
            return "/".join(self.cookies[event.sa])
        return event.connection

    def know(self, event: Message | Rejected) -> None:
        """Remember cookies and ends of an IKE SA from a message."""
        if event.sa:
            self.latest[event.connection] = event.sa
            self.cookies[event.sa] = (event.initiator_cookie, event.responder_cookie)
            self.ends[event.sa] = (event.local, event.remote)

    def sa_of(self, event: Event) -> int:
        """Give the IKE SA of an event, or where it names none the one its tunnel used last."""
        return event.sa or self.latest.get(event.connection, 0)

    def places(self, event: Event) -> dict[str, object]:
        """Give the two ends of an IKE SA, for filling in."""
        own, peer = (self.snapshot.outside, IKE_PORT), (event.peer, IKE_PORT)
        local, remote = self.ends.get(self.sa_of(event), (own, peer))
        return ends(local, remote)

    def quick_of(self, sa: int) -> int:
        """Give the message id of the quick mode of which an IKE SA heard or spoke last."""
        for key in reversed(self.children):
            if key[0] == sa:
                return key[1]
        return 0

    def begin_quick(self, event: Event, message_id: int, child: str) -> None:
        """Number a quick mode, and name its phase 2 as far as it is known."""
        key = (event.sa, message_id)
        self.quick[key] = len(self.quick)
        self.children[key] = child or event.connection

    def refusal(self) -> Rejected | None:
        """Give the refusal that the message at hand answers: the event just before it."""
        previous = self.events[self.index - 1] if self.index else None
        return previous if isinstance(previous, Rejected) and previous.notify else None

    def at_once(self) -> Iterator[Event]:
        """Give the following events that tell of the same IKE SA and moment."""
        here = self.events[self.index]
        for index in range(self.index + 1, len(self.events)):
            event = self.events[index]
            if event.at != here.at:
                return
            if event.sa == here.sa:
                yield event

    def forget(self) -> None:
        """Lose everything, as a reboot does."""
        for known in (
            self.matched,
            self.cookies,
            self.ends,
            self.latest,
            self.quick,
            self.children,
            self.heard,
            self.sent,
            self.chosen,
            self.held,
            self.alive,
            self.up,
            self.since,
            self.octets,
        ):
            known.clear()


def ends(local: SocketAddress, remote: SocketAddress) -> dict[str, object]:
    """Spell two ends for filling in."""
    return {
        "index": INTERFACE_INDEX,
        "local": local[0],
        "local_port": local[1],
        "remote": remote[0],
        "remote_port": remote[1],
    }


def cookie_pair(event: Message | Rejected, message_id: int = 0) -> str:
    """Write cookies, and a message id behind them where there is one: `ab../cd..:31008365`."""
    pair = f"{event.initiator_cookie}/{event.responder_cookie}"
    return f"{pair}:{message_id:08x}" if message_id else pair


def span(selector: str) -> str:
    """Write a selector as protocol, first and last address, port: `0:10.1.0.0-10.1.0.255:0`."""
    s = Selector.parse(selector)
    return f"{s.protocol}:{s.address}-{s.last_address}:{s.port}"


def masked(selector: str) -> str:
    """Write a selector as protocol, address with mask, port: `0:10.1.0.0/255.255.255.0:0`."""
    s = Selector.parse(selector)
    return f"{s.protocol}:{s.address}/{s.mask}:{s.port}"
