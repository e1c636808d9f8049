"""Configurations for two endpoints that face each other, with every default in one place."""

from dataclasses import fields, replace
from typing import Any

from gwsim.ike.config import (
    Behaviour,
    ChildConfig,
    Connection,
    EndpointConfig,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.wire.selector import Selector

ADDRESS = {"A": "198.51.100.1", "B": "203.0.113.1"}
LAN = {"A": "10.1.0.0/24", "B": "10.2.0.0/24"}

AES_SHA = Phase1Transform(encryption=7, hash=2, group=2, key_bits=128)
ESP_AES_SHA = Phase2Transform(transform=12, authentication=2, key_bits=128)

# Names that two of the three values have: the alias says whose is meant.
_ALIASES = {
    "child_name": (ChildConfig, "name"),
    "child_local": (ChildConfig, "local"),
    "child_remote": (ChildConfig, "remote"),
    "dialects": (Behaviour, "nat_traversal"),
    "schedule": (Behaviour, "phase1"),
}
_KINDS = (Connection, ChildConfig, Behaviour)


def other(side: str) -> str:
    """Name the other end."""
    return "B" if side == "A" else "A"


def selector(text: str) -> Selector:
    """Read a selector such as `10.1.0.0/24 tcp/80`."""
    return Selector.parse(text)


def child(side: str, **changes: Any) -> ChildConfig:
    """Make the pair of proxy IDs that an end has by default: LAN to LAN."""
    plain = ChildConfig(
        name="lan",
        local=selector(LAN[side]),
        remote=selector(LAN[other(side)]),
        transforms=(ESP_AES_SHA,),
    )
    return replace(plain, **changes)


def two_children(side: str) -> tuple[ChildConfig, ...]:
    """LAN to LAN, and one service of it besides."""
    web = {"A": ("10.1.0.0/24", "10.2.0.9/32 tcp/80"), "B": ("10.2.0.9/32 tcp/80", "10.1.0.0/24")}
    local, remote = (selector(text) for text in web[side])
    return (child(side, name="web", local=local, remote=remote), child(side))


def connection(side: str, **changes: Any) -> Connection:
    """Make the connection from an end to the other, named `peer`."""
    plain = Connection(
        name="peer",
        local=ADDRESS[side],
        remote=ADDRESS[other(side)],
        psk=b"the same on both ends",
        phase1=(AES_SHA,),
        children=(child(side),),
    )
    return replace(plain, **changes)


def _sorted_out(changes: dict[str, Any]) -> dict[type, dict[str, Any]]:
    found: dict[type, dict[str, Any]] = {kind: {} for kind in _KINDS}
    for name, value in changes.items():
        kind, field = _ALIASES.get(name, (None, name))
        if kind is None:
            kind = next(k for k in _KINDS if name in {f.name for f in fields(k)})
        found[kind][field] = value
    return found


def endpoint(side: str, **changes: Any) -> EndpointConfig:
    """Make the configuration of an end; a change goes to the value that has a field of its name.

    Names that occur twice have an alias: `child_local`, `child_remote`, `child_name`, `dialects`
    (Behaviour.nat_traversal) and `schedule` (Behaviour.phase1).
    """
    by_kind = _sorted_out(changes)
    peer = by_kind[Connection]
    if by_kind[ChildConfig]:
        children = peer.get("children", (child(side),))
        peer["children"] = tuple(replace(c, **by_kind[ChildConfig]) for c in children)
    behaviour = replace(Behaviour(), **by_kind[Behaviour])
    return EndpointConfig(ADDRESS[side], (connection(side, **peer),), behaviour)
