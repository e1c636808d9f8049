"""One attempt at a phase 1 and everything under it, as a bystander sees it.

What stands in the clear is kept: offers and choice, vendor IDs, NAT-D hashes, notifies. Of what is
encrypted there are label, sender and count. All of it is bounded, whatever a file holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from gwsim.wire.payloads import (
    Delete,
    Identification,
    NatDiscovery,
    Notification,
    Payload,
    SecurityAssociation,
    VendorId,
)

MOST_VENDOR_IDS = 40
MOST_NOTIFIES = 40

_OFFERS = ("main-1", "aggr-1", "quick-1")
_CHOICES = ("main-2", "aggr-2", "quick-2")


@dataclass(slots=True)
class Seen:
    """Messages of one label: who sent them, how often, when first and last, to which port."""

    sender: str
    first: float
    last: float
    port: int
    count: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A notify or a delete that could be read."""

    at: float
    sender: str
    payload: Notification | Delete
    clear: bool


@dataclass(slots=True)
class Attempt:
    """A phase 1 by its initiator's cookie; ends are addresses as captured.

    `offers` and `choices` are SA payloads by the label that carried them. `nat_d` holds the
    hashes each end sent, that of the other's address first. `floated` is when the first message
    on port 4500 came. `complete` is true when its beginning is in the capture. `identities` are
    what each end calls itself, `selectors` the proxy IDs of the last quick mode that was read,
    the initiator's first.
    """

    cookie: bytes
    initiator: str
    responder: str
    since: float
    complete: bool
    labels: dict[str, Seen] = field(default_factory=dict)
    offers: dict[str, SecurityAssociation] = field(default_factory=dict)
    choices: dict[str, SecurityAssociation] = field(default_factory=dict)
    vendor_ids: dict[str, dict[bytes, None]] = field(default_factory=dict)
    nat_d: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    identities: dict[str, Identification] = field(default_factory=dict)
    selectors: tuple[Identification, ...] = ()
    said: list[Said] = field(default_factory=list)
    hidden: dict[str, Seen] = field(default_factory=dict)
    responder_cookie: bytes = b""
    floated: float | None = None
    quick_modes: int = 0
    installed: int = 0
    last_quick: str = ""

    def count(self, label: str) -> int:
        """How many messages of a label were seen, repeats included."""
        seen = self.labels.get(label)
        return seen.count if seen else 0

    def note(self, label: str, sender: str, at: float, port: int) -> None:
        """Count a message; informational ones that nobody can read are counted by sender."""
        book, key = (self.hidden, sender) if label == "info" else (self.labels, label)
        seen = book.setdefault(key, Seen(sender, at, at, port))
        seen.last, seen.port = at, port
        seen.count += 1

    def learn(
        self, label: str, sender: str, at: float, payloads: Iterable[Payload], clear: bool
    ) -> None:
        """Keep what the payloads of a message tell."""
        hashes: list[bytes] = []
        names: list[Identification] = []
        for payload in payloads:
            match payload:
                case SecurityAssociation() if label in _OFFERS:
                    self.offers.setdefault(label, payload)
                case SecurityAssociation() if label in _CHOICES:
                    self.choices.setdefault(label, payload)
                case VendorId(data):
                    known = self.vendor_ids.setdefault(sender, {})
                    if len(known) < MOST_VENDOR_IDS:
                        known[data] = None
                case NatDiscovery(data):
                    hashes.append(data)
                case Identification():
                    names.append(payload)
                case Notification() | Delete():
                    if len(self.said) < MOST_NOTIFIES:
                        self.said.append(Said(at, sender, payload, clear))
        if hashes:
            self.nat_d[sender] = tuple(hashes)
        if names and label.startswith("quick"):
            self.selectors = tuple(names)
        elif names:
            self.identities[sender] = names[0]

    @property
    def mode(self) -> str:
        """Main or aggressive mode, "" when the capture does not tell."""
        for family, name in (("main", "main mode"), ("aggr", "aggressive mode")):
            if any(label.startswith(family) for label in self.labels):
                return name
        return ""
