"""The faults that are tried against a real peer, and what is written down of each.

A fault is what each end is told, or what the line does. It is played with strongSwan in the west
and with every vendor of ours in its place; what west said and where it stood in the end is its
`Conduct`, and conducts are compared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.peers.tunnel import Tunnel
from tests.peers.world import World

INITIATORS = ("west", "east")


def _nothing(_: World) -> None:
    """Leave the line whole."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: `both` for either end, `west` and `east` besides for one of them.

    `tried` says who begins; a peer nobody knows cannot be called.
    """

    title: str
    both: Mapping[str, object] = field(default_factory=dict)
    west: Mapping[str, object] = field(default_factory=dict)
    east: Mapping[str, object] = field(default_factory=dict)
    line: Callable[[World], None] = _nothing
    tried: tuple[str, ...] = INITIATORS

    def told(self, side: str) -> Tunnel:
        """Give the tunnel as one end is told it."""
        own = self.west if side == "west" else self.east
        return Tunnel().told(**{**self.both, **own})


def _behind_nat(world: World) -> None:
    world.hide("west")
    world.block(4500)


_AGGRESSIVE = {"aggressive": True}
_HIDDEN = {"hidden": frozenset({"west"})}
_ELSEWHERE = (("10.1.0.0/24", "10.9.0.0/24"),)

FAULTS: dict[str, Fault] = {
    "psk": Fault("pre-shared keys differ", east={"psk": "something else"}),
    "psk-aggressive": Fault(
        "pre-shared keys differ, aggressive mode", _AGGRESSIVE, east={"psk": "something else"}
    ),
    "no-psk-east": Fault("the peer has no pre-shared key", east={"psk": None}),
    "no-psk-west": Fault("this end has no pre-shared key", west={"psk": None}),
    "encryption": Fault("phase 1 encryption differs", east={"ike": "3des-sha1-modp1024"}),
    "key-length": Fault("phase 1 key length differs", east={"ike": "aes256-sha1-modp1024"}),
    "hash": Fault("phase 1 hash differs", east={"ike": "aes128-md5-modp1024"}),
    "group": Fault("phase 1 group differs", east={"ike": "aes128-sha1-modp1536"}),
    "group-aggressive": Fault(
        "phase 1 group differs, aggressive mode",
        _AGGRESSIVE,
        east={"ike": "aes128-sha1-modp1536"},
    ),
    "unknown-here": Fault(
        "this end does not know the peer", west={"peer": "203.0.113.77"}, tried=("east",)
    ),
    "unknown-there": Fault(
        "the peer does not know this end", east={"peer": "198.51.100.77"}, tried=("west",)
    ),
    "identity-here": Fault("this end expects another identity", west={"east": "203.0.113.9"}),
    "identity-there": Fault("the peer expects another identity", east={"west": "198.51.100.9"}),
    "mode-main": Fault("main mode here, aggressive at the peer", east=_AGGRESSIVE),
    "mode-aggressive": Fault("aggressive mode here, main at the peer", west=_AGGRESSIVE),
    "pfs-here": Fault("PFS only here", west={"esp": "aes128-sha1-modp1024"}),
    "pfs-there": Fault("PFS only at the peer", east={"esp": "aes128-sha1-modp1024"}),
    "pfs-group": Fault(
        "PFS groups differ",
        west={"esp": "aes128-sha1-modp1024"},
        east={"esp": "aes128-sha1-modp1536"},
    ),
    "esp-encryption": Fault("ESP encryption differs", east={"esp": "3des-sha1"}),
    "esp-key-length": Fault("ESP key length differs", east={"esp": "aes256-sha1"}),
    "esp-integrity": Fault("ESP integrity differs", east={"esp": "aes128-md5"}),
    "selectors": Fault("selectors have nothing in common", east={"pairs": _ELSEWHERE}),
    "selectors-wider": Fault(
        "selectors are wider here", west={"pairs": (("10.1.0.0/24", "10.2.0.0/23"),)}
    ),
    "selectors-narrower": Fault(
        "selectors are narrower here", west={"pairs": (("10.1.0.0/25", "10.2.0.0/24"),)}
    ),
    "blocked-500": Fault("UDP 500 is blocked", line=lambda world: world.block(500)),
    "blocked-4500": Fault("UDP 4500 is blocked, NAT before this end", _HIDDEN, line=_behind_nat),
    "blocked-back": Fault(
        "UDP 4500 is blocked towards this end", line=lambda world: world.block(4500, "west")
    ),
}


@dataclass(frozen=True, slots=True)
class Conduct:
    """What one end did about a fault, as far as the line and the end itself show it.

    `said` are its messages in order, each once; `again` those it repeated while nobody answered.
    `notifies` are its notifications and deletes, `14 clear`, `18 protected`, `delete`. `phase1` is
    "none", "half-open" (it waits, or has waited in vain) or "established", `phase2` whether it has
    IPsec SAs.
    """

    said: tuple[str, ...]
    again: frozenset[str]
    notifies: tuple[str, ...]
    phase1: str
    phase2: bool

    def __str__(self) -> str:
        said = ", ".join(f"{one} again" if one in self.again else one for one in self.said)
        parts = [said or "says nothing"]
        if self.notifies:
            parts.append(f"notifies {', '.join(self.notifies)}")
        parts.append({"none": "no SA", "half-open": "half-open"}.get(self.phase1, "phase 1 up"))
        if self.phase2:
            parts.append("phase 2 up")
        return "; ".join(parts)

    def differences(self, other: "Conduct") -> dict[str, str]:
        """Give what differs in another conduct, by field, as it is there."""
        found = {}
        if self.said != other.said:
            found["says"] = ", ".join(other.said) or "nothing"
        if self.again != other.again:
            found["repeats"] = ", ".join(sorted(other.again)) or "nothing"
        if self.notifies != other.notifies:
            found["notifies"] = ", ".join(other.notifies) or "nothing"
        if self.phase1 != other.phase1:
            found["phase 1"] = other.phase1
        if self.phase2 != other.phase2:
            found["phase 2"] = "up" if other.phase2 else "none"
        return found
