"""What both ends of a test agree on, said once: a tunnel as a value that either side can read.

Proposals are written as strongSwan writes them, `aes256-sha1-modp1024`; addresses and networks are
those of the side called `west`, mirrored for `east`. A fault is two ends that were told different
tunnels.
"""

from dataclasses import dataclass, replace

from gwsim.ike.config import Dpd, Phase1Transform, Phase2Transform
from gwsim.lab.algorithms import ENCRYPTIONS, GROUPS, HASHES, INTEGRITIES
from gwsim.wire.numbers import EspTransform

WEST, EAST = "198.51.100.1", "203.0.113.1"
WEST_PUBLIC, EAST_PUBLIC = "203.0.113.254", "198.51.100.254"
"""How each is seen from the other side when it is behind a NAT: an address of the far network."""

WEST_NET, EAST_NET = "10.1.0.0/24", "10.2.0.0/24"
WEST_HOST, EAST_HOST = "10.1.0.10", "10.2.0.10"
WEST_OTHER, EAST_OTHER = "10.1.0.200", "10.2.0.200"
KEY = "correct horse battery staple"

_COMBINED = {
    "gcm8": EspTransform.AES_GCM_8,
    "gcm12": EspTransform.AES_GCM_12,
    "gcm16": EspTransform.AES_GCM_16,
}


@dataclass(frozen=True, slots=True)
class Tunnel:
    """One tunnel as one end is told about it.

    `pairs` are (networks of west, networks of east), each a child of its own; a service stands
    behind an address as in `10.1.0.0/24[tcp/80]`. `dpd` is the delay between probes in seconds,
    0 for none. `west` and `east` are the identities that are said and expected; `hidden` names the
    sides that are behind a NAT and seen at their public address.
    """

    ike: str = "aes128-sha1-modp1024"
    esp: str = "aes128-sha1"
    pairs: tuple[tuple[str, str], ...] = ((WEST_NET, EAST_NET),)
    psk: str | None = KEY
    aggressive: bool = False
    transport: bool = False
    dpd: float = 0.0
    forced: bool = False
    hidden: frozenset[str] = frozenset()
    west: str = WEST
    east: str = EAST
    peer: str = ""
    ike_lifetime: int = 86400
    lifetime: int = 28800

    def told(self, **changes: object) -> "Tunnel":
        """Give the tunnel as somebody is told who got something wrong."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def address_of(self, side: str) -> str:
        """Where the other end finds a side."""
        if side == "west":
            return WEST_PUBLIC if side in self.hidden else WEST
        return EAST_PUBLIC if side in self.hidden else EAST

    @property
    def probes(self) -> Dpd | None:
        """Dead peer detection as ours does it: as often as the peer, and dead at the third."""
        return Dpd(self.dpd, self.dpd, 3) if self.dpd else None


def phase1_transform(text: str, lifetime: int) -> Phase1Transform:
    """Read `aes256-sha1-modp1024`."""
    cipher, digest, group = text.split("-")
    encryption, bits = ENCRYPTIONS[cipher]
    return Phase1Transform(
        encryption, HASHES[digest], GROUPS[group], bits, lifetime_seconds=lifetime
    )


def phase2_transform(text: str) -> tuple[Phase2Transform, int | None]:
    """Read `aes128-sha1`, `aes128gcm16`, each maybe with a group for PFS behind it."""
    cipher, *rest = text.split("-")
    group = GROUPS[rest.pop()] if rest and rest[-1] in GROUPS else None
    if cipher[6:] in _COMBINED:
        return Phase2Transform(_COMBINED[cipher[6:]], None, int(cipher[3:6])), group
    transforms = {"des": EspTransform.DES, "3des": EspTransform.TRIPLE_DES}
    transforms["null"] = EspTransform.NULL
    bits = None if cipher in transforms else int(cipher.removeprefix("aes"))
    transform = transforms.get(cipher, EspTransform.AES_CBC)
    return Phase2Transform(transform, INTEGRITIES[rest[0]], bits), group
