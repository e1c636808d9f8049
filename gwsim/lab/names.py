"""What the words of one scenario can refer to, and what is wrong with one that refers to nothing.

Works on the plain data of a file, however much else is wrong with it, so that all complaints
come at once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gwsim.gateway.events import DropCause
from gwsim.ike.states import State
from gwsim.lab.base import Kind
from gwsim.lab.configurations import DEFAULT_HOST
from gwsim.lab.expectations import NEUTRAL_STATES, TUNNEL_COUNTERS
from gwsim.lab.nearest import nearest
from gwsim.lab.source import Loc
from gwsim.vendors.registry import match
from gwsim.vendors.vendor import Vendor
from gwsim.wire.ip import parse_address
from gwsim.wire.labels import FAMILIES, LABELS


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a word, and the nearest one that would be right."""

    message: str
    hint: str = ""


class Names:
    """All names of a scenario: its gateways, their vendors and hosts, its faults."""

    def __init__(self, data: Mapping[str, Any], vendors: Mapping[str, Vendor]) -> None:
        self.vendors = vendors
        given = data.get("gateways")
        gateways = given if isinstance(given, dict) else {}
        self.gateways: tuple[str, ...] = tuple(gateways)
        self.knows_gateways = bool(gateways)
        self._specs: dict[str, dict[str, Any]] = {
            name: spec if isinstance(spec, dict) else {} for name, spec in gateways.items()
        }
        self.faults = tuple(_fault_names(data.get("faults")))

    def vendor_of(self, gateway: str) -> Vendor | None:
        """Give a gateway's vendor, None when either is unknown."""
        name = self._specs.get(gateway, {}).get("vendor")
        return self.vendors.get(name) if isinstance(name, str) else None

    def hosts_of(self, gateway: str) -> tuple[str, ...]:
        """Give the names of the hosts behind a gateway."""
        hosts = self._specs.get(gateway, {}).get("hosts")
        return tuple(hosts) if isinstance(hosts, dict) and hosts else (DEFAULT_HOST,)

    def check(self, kind: Kind, word: str, loc: Loc) -> Complaint | None:
        """Look a word up; `loc` is where it stands. None when it refers to something.

        Where there are no gateways at all, that is the mistake, and not every word about one.
        """
        if kind in _OF_GATEWAYS and not self.knows_gateways:
            return None
        return _CHECKS[kind](self, word, loc)

    def unseen(self, gateway: str) -> Complaint | None:
        """Complain of a look at a screen or a log of a vendor of which none is known."""
        vendor = self.vendor_of(gateway)
        if vendor is None or not vendor.unseen:
            return None
        return Complaint(f"{gateway} is {vendor.name}, and {vendor.unseen}")

    def command(self, gateway: str, typed: str) -> Complaint | None:
        """Look up a command, abbreviated as the vendor allows; `gateway` must have a vendor."""
        vendor = self.vendor_of(gateway)
        if vendor is None:
            return None
        if vendor.unseen:
            return self.unseen(gateway)
        found = match(vendor, typed)
        if isinstance(found, str):
            return None
        if found:
            listed = ", ".join(found[:4])
            return Complaint(f"{typed!r} is not a whole command of {vendor.name}: {listed}")
        commands = (*vendor.commands, *vendor.parametric)
        other = next((v for v in self.vendors.values() if isinstance(match(v, typed), str)), None)
        if other is not None:
            message = f"{typed!r} is a command of {other.name}, and {gateway} is {vendor.name}"
            return Complaint(message)
        return Complaint(f"{vendor.name} has no command {typed!r}", nearest(typed, commands))


def _fault_names(faults: object) -> Iterable[str]:
    for fault in faults if isinstance(faults, list) else ():
        if isinstance(fault, str):
            yield fault
        elif isinstance(fault, dict):
            yield from fault


def _gateway(names: Names, word: str, loc: Loc) -> Complaint | None:
    if word in names.gateways:
        return None
    return Complaint(f"there is no gateway {word!r}", nearest(word, names.gateways))


def _host(names: Names, word: str, loc: Loc) -> Complaint | None:
    gateway, dot, host = word.partition(".")
    if gateway not in names.gateways:
        hosts = [f"{name}.{host}" for name in names.gateways for host in names.hosts_of(name)]
        return Complaint(f"there is no host {word!r}", nearest(word, (*names.gateways, *hosts)))
    known = names.hosts_of(gateway)
    if not dot or host in known:
        return None
    near = nearest(host, known)
    return Complaint(f"{gateway} has no host {host!r}", f"{gateway}.{near}" if near else "")


def _destination(names: Names, word: str, loc: Loc) -> Complaint | None:
    try:
        parse_address(word)
    except ValueError:
        return _host(names, word, loc)
    return None


def _vendor(names: Names, word: str, loc: Loc) -> Complaint | None:
    if word in names.vendors:
        return None
    known = ", ".join(names.vendors)
    return Complaint(
        f"there is no vendor {word!r}; known are {known}", nearest(word, names.vendors)
    )


def _fault(names: Names, word: str, loc: Loc) -> Complaint | None:
    if word in names.faults:
        return None
    return Complaint(f"this scenario has no fault {word!r}", nearest(word, names.faults))


def _state(names: Names, word: str, loc: Loc) -> Complaint | None:
    """A state is checked against the vendor of the gateway under whose name it stands."""
    if word in NEUTRAL_STATES or word in State.__members__:
        return None
    gateway = next((part for part in loc[2:3] if part in names.gateways), "")
    vendor = names.vendor_of(str(gateway))
    if vendor is None or word in vendor.state_words:
        return None
    for other in names.vendors.values():
        if word in other.state_words:
            return Complaint(f"{word!r} is a state of {other.name}, and {gateway} is {vendor.name}")
    legal = (*vendor.state_words, *State.__members__, *NEUTRAL_STATES)
    return Complaint(f"{vendor.name} has no state {word!r}", nearest(word, legal))


def _label(names: Names, word: str, loc: Loc) -> Complaint | None:
    legal = (*LABELS, *FAMILIES)
    if word in legal:
        return None
    return Complaint(f"there is no message label {word!r}", nearest(word, legal))


def _direction(names: Names, word: str, loc: Loc) -> Complaint | None:
    source, arrow, destination = word.partition("->")
    wrong = [end for end in (source, destination) if end.strip() not in names.gateways]
    if arrow and not wrong:
        same = source.strip() == destination.strip()
        return Complaint(f"{word!r} leads nowhere: one gateway to another") if same else None
    if not arrow or len(names.gateways) < 2:
        return Complaint(f"{word!r} is not a direction such as {'->'.join(names.gateways[:2])!r}")
    return Complaint(f"there is no gateway {wrong[0].strip()!r}", nearest(wrong[0], names.gateways))


def _counter(names: Names, word: str, loc: Loc) -> Complaint | None:
    legal = (*DropCause, *TUNNEL_COUNTERS)
    if word in legal:
        return None
    return Complaint(f"there is no counter {word!r}", nearest(word, legal))


_OF_GATEWAYS = frozenset((Kind.GATEWAY, Kind.HOST, Kind.DESTINATION, Kind.DIRECTION))
"""What can only be looked up among gateways."""

_CHECKS: dict[Kind, Callable[[Names, str, Loc], Complaint | None]] = {
    Kind.GATEWAY: _gateway,
    Kind.HOST: _host,
    Kind.DESTINATION: _destination,
    Kind.VENDOR: _vendor,
    Kind.FAULT: _fault,
    Kind.STATE: _state,
    Kind.LABEL: _label,
    Kind.DIRECTION: _direction,
    Kind.COUNTER: _counter,
}
