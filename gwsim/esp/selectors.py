"""The security policy database: what is protected, bypassed or discarded (RFC 4301 4.4.1).

Entries are ordered and the first that matches decides. One database serves both directions: a
packet from outside is looked up with its ends exchanged, so that clear text which ought to have
come protected finds the PROTECT entry that says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from gwsim.esp.inner import Inner
from gwsim.wire.ip import ALL_ONES
from gwsim.wire.selector import Selector

_REMEMBERED = 4096

_Flow = tuple[int, int, int, int, int]


class Action(Enum):
    """What becomes of a packet."""

    PROTECT = "protect"
    BYPASS = "bypass"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: traffic between `local` and `remote`, seen from this gateway, and its action.

    A PROTECT entry names the connection and the child that protect it; `number` counts them from 1
    in the order of the database, and is 0 for others.
    """

    action: Action
    local: Selector
    remote: Selector
    connection: str = ""
    child: str = ""
    number: int = 0


_EVERYTHING = Selector(0, ALL_ONES)


class Spd:
    """An ordered database with what to do for traffic that no entry knows.

    `by_address` says that no entry asks for a protocol or port.
    """

    def __init__(self, entries: Iterable[Entry], default: Action = Action.BYPASS) -> None:
        self.entries = tuple(entries)
        self.default = Entry(default, _EVERYTHING, _EVERYTHING)
        self.by_address = not any(
            selector.protocol or selector.port
            for entry in self.entries
            for selector in (entry.local, entry.remote)
        )
        self._known: dict[_Flow, Entry] = {}

    def outbound(self, inner: Inner) -> Entry:
        """Find the entry for a packet on its way out."""
        source, destination, protocol, source_port, destination_port = inner[:5]
        return self._find((source, destination, protocol, source_port, destination_port))

    def inbound(self, inner: Inner) -> Entry:
        """Find the entry that a packet from outside should have come under."""
        source, destination, protocol, source_port, destination_port = inner[:5]
        return self._find((destination, source, protocol, destination_port, source_port))

    def _find(self, flow: _Flow) -> Entry:
        known = self._known.get(flow)
        if known is not None:
            return known
        if len(self._known) == _REMEMBERED:
            self._known.clear()
        entry = self._known[flow] = self._search(flow)
        return entry

    def _search(self, flow: _Flow) -> Entry:
        local, remote, protocol, local_port, remote_port = flow
        for entry in self.entries:
            if entry.local.matches(local, protocol, local_port) and entry.remote.matches(
                remote, protocol, remote_port
            ):
                return entry
        return self.default


def admits(local: Selector, remote: Selector, inner: Inner, inbound: bool) -> bool:
    """Say whether a packet is traffic of an SA with these selectors (RFC 4301 5.2 step 4).

    Of a fragment other than the first, ports are not asked: they travelled in the first
    (RFC 4301 7.2 calls them opaque).
    """
    source, destination = (remote, local) if inbound else (local, remote)
    protocol, hidden = inner.protocol, inner.portless
    return source.matches(
        inner.source, protocol, source.port if hidden else inner.source_port
    ) and destination.matches(
        inner.destination, protocol, destination.port if hidden else inner.destination_port
    )
