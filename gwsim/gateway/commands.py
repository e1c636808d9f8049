"""What an operator can tell a gateway, as values; `wireform` gives them their JSON form."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clear:
    """Delete SAs: `what` is "ike", "ipsec" or "all"; `peer` an address, "" for every peer."""

    what: str = "all"
    peer: str = ""


@dataclass(frozen=True, slots=True)
class Initiate:
    """Start the negotiation of a child by hand ("" means the first child)."""

    connection: str
    child: str = ""


@dataclass(frozen=True, slots=True)
class Rekey:
    """Renew the newest ISAKMP SA (`phase` 1) or every pair of IPsec SAs (`phase` 2) of a peer."""

    connection: str
    phase: int = 2


@dataclass(frozen=True, slots=True)
class Reboot:
    """Lose all state without a word, as after a power failure; `down` seconds until it is back."""

    down: float = 0.0


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Delete every SA with a word to the peers (SIGTERM, orderly reload)."""


@dataclass(frozen=True, slots=True)
class SetLink:
    """Take the outside interface down or up."""

    up: bool


Command = Clear | Initiate | Rekey | Reboot | Shutdown | SetLink
