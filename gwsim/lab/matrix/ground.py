"""What a run stands on and what must not matter: names, addresses, algorithms, the seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """One end: what its gateway is called and where it stands.

    `outside` is its public address, `private` the one it has behind a NAT, `inside` its network,
    `host` the address of somebody there.
    """

    name: str
    outside: str
    private: str
    inside: str
    host: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Two ends and what they agree upon; `phase1` and `phase2` are in the scenario language."""

    initiator: Place
    responder: Place
    psk: str = "correct horse battery staple"
    phase1: Mapping[str, Any] = field(
        default_factory=lambda: {"encryption": "aes-256", "hash": "sha1", "group": 2}
    )
    phase2: Mapping[str, Any] = field(
        default_factory=lambda: {"encryption": "aes-256", "integrity": "sha1"}
    )
    seed: int = 1


USUAL = Ground(
    Place("hq", "198.51.100.1", "192.168.1.2", "10.1.0.0/24", "10.1.0.10"),
    Place("branch", "203.0.113.1", "192.168.2.2", "10.2.0.0/24", "10.2.0.10"),
)
"""The ground on which the matrix is computed."""
