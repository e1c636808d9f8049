"""The same fault in several worlds at once: strongSwan against itself, and ours in its place.

Clocks run ten times as fast at either end, ours by its own setting and strongSwan by shorter
waits, so that seconds here stand for tens of seconds there.
"""

import re
import time
from collections import Counter
from pathlib import Path

from gwsim.ike.events import Event, GaveUp, MessageSent
from gwsim.wire.payloads import Delete, Notification, Payload
from tests.peers.faults import Conduct, Fault
from tests.peers.ours import Ours
from tests.peers.record import Seen
from tests.peers.spaces import eventually
from tests.peers.strongswan import Charon, StrongSwan
from tests.peers.world import World

HURRY = 10.0
REFERENCE = "strongSwan"
ENOUGH = 3
"""How often a message is said, the first time included, if nobody answers.

Once more than that may only mean that a busy machine was slow to answer.
"""

PATIENCE = {REFERENCE: 12.0, "asa": 17.0, "ios": 21.0, "screenos": 12.0, "fortios": 19.0}
"""Seconds after which both ends have said a thing that often, if they ever do."""

_WINDOW = 20.0
_SPEECHLESS = 1.0
_LOOK_EVERY = 0.1
_NOTIFY_NUMBERS = {
    "NO_PROP": 14,
    "INVAL_PAYLOAD": 1,
    "PLD_MAL": 16,
    "INVAL_KE": 17,
    "INVAL_ID": 18,
    "INVAL_HASH": 23,
    "AUTH_FAILED": 24,
}
_SENT = re.compile(r"generating INFORMATIONAL_V1 request \d+ \[ (.*) \]")
_NOTIFY = re.compile(r"N\(\(?(\w+)\)?\)")


class Corner:
    """One world, with somebody in the west and strongSwan in the east."""

    def __init__(self, folder: Path, who: str) -> None:
        self.who = who
        self.world = World(folder)
        how = Charon(HURRY)
        self.east = StrongSwan(self.world.spaces, "east", "east", folder / "east", how)
        self.west: StrongSwan | Ours
        if who == REFERENCE:
            self.west = StrongSwan(self.world.spaces, "west", "west", folder / "west", how)
        else:
            self.west = Ours(self.world.spaces, "west", folder / "west", who, HURRY, patient=True)
        self._mark = 0
        self._known, self._news = 0, 0.0

    def open(self) -> None:
        """Start both ends."""
        self.east.start()
        self.west.start()

    def close(self) -> None:
        """End both ends and take the world away."""
        self.west.stop()
        self.east.stop()
        self.world.close()

    def prepare(self, fault: Fault) -> None:
        """Begin a case: nothing is up, both are told, and the line does what it shall do."""
        self.west.clear()
        self.east.clear()
        assert eventually(lambda: not self.west.states())
        self.west.configure(fault.told("west"))
        self.east.configure(fault.told("east"))
        self.world.begin()
        fault.line(self.world)
        if isinstance(self.west, Ours):
            self.west.news()
        else:
            self._mark = len(self.west.log())

    def begin(self, initiator: str) -> None:
        """Let one end begin."""
        self._known, self._news = 0, time.monotonic()
        (self.west if initiator == "west" else self.east).initiate(wait=False)

    def settled(self) -> bool:
        """Whether nothing new is to be expected: somebody repeats himself, or all is decided."""
        said = self._said()
        now = time.monotonic()
        if len(set(said)) != self._known:
            self._known, self._news = len(set(said)), now
        if not said:
            return now > self._news + _SPEECHLESS
        if _repeated(self._sent()):
            return now > self._news + PATIENCE[self.who] / HURRY + _LOOK_EVERY
        return not self._half_open() and self._decided()

    def _said(self) -> list[tuple[str, str]]:
        return [(seen.source, seen.label) for seen in self._sent()]

    def _sent(self) -> list[Seen]:
        return [
            seen
            for record in (self.world.west_side, self.world.east_side)
            for seen in record.messages()
            if self._is_own(seen, record is self.world.west_side) and seen.label != "info"
        ]

    @staticmethod
    def _is_own(seen: Seen, west_side: bool) -> bool:
        """Whether a message was sent on that side of the internet, and not only arrived there."""
        return seen.of_west == west_side

    def _half_open(self) -> bool:
        return any(state != "ESTABLISHED" for state in (*self.west.states(), *self.east.states()))

    def _decided(self) -> bool:
        """Whether phase 2 stands, was refused, or was never reached."""
        west, east = bool(self.west.children()), bool(self.east.children())
        labels = [seen.label for seen in self.world.west_side.messages()]
        if "quick-1" in labels:
            return (west and east and "quick-3" in labels) or labels[-1].startswith("info")
        return not self.west.states() or not self.east.states()

    def conduct(self) -> Conduct:
        """Write down what west did."""
        own = [seen for seen in self.world.west_side.messages() if seen.of_west]
        named = [seen for seen in own if not seen.label.startswith("info")]
        states = self.west.states()
        news = self.west.news() if isinstance(self.west, Ours) else []
        in_vain = any(isinstance(event, GaveUp) and event.phase == 1 for event in news)
        phase1 = "half-open" if states or in_vain else "none"
        if "ESTABLISHED" in states:
            phase1 = "established"
        return Conduct(
            said=tuple(dict.fromkeys(seen.label for seen in named)),
            again=_repeated(named),
            notifies=tuple(dict.fromkeys(self._notifies(news))),
            phase1=phase1,
            phase2=bool(self.west.children()),
        )

    def _notifies(self, news: list[Event]) -> list[str]:
        """Ask west what its informational messages said, for most of them are encrypted."""
        if isinstance(self.west, Ours):
            sent = [event for event in news if isinstance(event, MessageSent)]
            told = [e for e in sent if e.label.startswith("info")]
            return [_words(p, e.encrypted) for e in told for p in e.payloads if _counts(p)]
        return [
            words
            for content in _SENT.findall(self.west.log()[self._mark :])
            for words in _read(content)
        ]


def _repeated(sent: list[Seen]) -> frozenset[str]:
    """Give the labels of what was sent again and again, octet for octet."""
    counts = Counter((seen.label, seen.message) for seen in sent)
    return frozenset(label for (label, _), count in counts.items() if count >= ENOUGH)


def _counts(payload: Payload) -> bool:
    return isinstance(payload, Notification | Delete)


def _words(payload: Payload, encrypted: bool) -> str:
    if isinstance(payload, Notification):
        return f"{payload.notify_type} {'protected' if encrypted else 'clear'}"
    return "delete"


def _read(content: str) -> list[str]:
    """Read `HASH N(NO_PROP)` as strongSwan writes it in its log."""
    how = "protected" if "HASH" in content else "clear"
    found = [f"{_NOTIFY_NUMBERS.get(name, name)} {how}" for name in _NOTIFY.findall(content)]
    return found + ["delete"] * (" D" in content)


class Arena:
    """All corners; `play` gives what whoever stands in the west did about a fault."""

    def __init__(self, folder: Path, vendors: tuple[str, ...]) -> None:
        self.corners: list[Corner] = []
        for who in (REFERENCE, *vendors):
            (folder / who).mkdir()
            self.corners.append(Corner(folder / who, who))

    def open(self) -> None:
        """Start everybody."""
        for corner in self.corners:
            corner.open()

    def close(self) -> None:
        """End everything."""
        for corner in self.corners:
            corner.close()

    def play(self, fault: Fault, initiator: str) -> dict[str, Conduct]:
        """Try a fault in all corners at the same time, and wait until all is said."""
        for corner in self.corners:
            corner.prepare(fault)
        found: dict[str, Conduct] = {}
        for corner in self.corners:
            corner.begin(initiator)

        def all_settled() -> bool:
            for corner in self.corners:
                if corner.who not in found and corner.settled():
                    found[corner.who] = corner.conduct()
            return len(found) == len(self.corners)

        eventually(all_settled, _WINDOW, _LOOK_EVERY)
        return found
