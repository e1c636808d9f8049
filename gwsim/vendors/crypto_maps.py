"""Crypto maps, by which Cisco's devices say what is protected: theirs made ours, ours written.

An entry of a map names a peer, an access list and transform sets; a dynamic map has the entries of
peers that have no fixed address. Entries of one peer share its ISAKMP SA, so they become one
connection with a child for each line of their access lists.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection, Phase1Transform, Phase2Transform
from gwsim.wire.selector import Selector

Entry = tuple[int, Connection, ChildConfig]
"""An entry of a map as ours are written: its number and the child it is for."""


@dataclass(slots=True)
class TransformSet:
    """One transform set and its mode."""

    transform: Phase2Transform
    transport: bool = False


@dataclass(slots=True)
class MapEntry:
    """One entry of a crypto map, static or dynamic; None and empty mean that nothing was said."""

    acl: str = ""
    peer: str | None = None
    transform_sets: tuple[str, ...] = ()
    pfs_group: int | None = None
    seconds: int | None = None
    kilobytes: int | None = None
    unlimited: bool = False
    dynamic: str = ""


E = TypeVar("E", bound=MapEntry)


@dataclass(slots=True, kw_only=True)
class CryptoMaps(Generic[E]):
    """All crypto maps of a device, with what their entries name and what they have by default.

    `blank` makes an entry of which nothing was said. Lifetimes are seconds and kilobytes (None:
    no limit), the replay window counts packets.
    """

    blank: Callable[[], E]
    acls: dict[str, list[tuple[Selector, Selector]]] = field(default_factory=dict)
    transform_sets: dict[str, TransformSet] = field(default_factory=dict)
    maps: dict[str, dict[int, E]] = field(default_factory=dict)
    dynamic_maps: dict[str, dict[int, E]] = field(default_factory=dict)
    seconds: int
    kilobytes: int | None
    replay_window: int

    def entry(self, m: re.Match[str]) -> E:
        """Give the entry that a line speaks of, new if need be: kind, name and number."""
        maps = self.dynamic_maps if m["kind"] == "dynamic-map" else self.maps
        return maps.setdefault(m["name"], {}).setdefault(int(m["number"]), self.blank())

    def by_peer(self, name: str) -> dict[str | None, list[tuple[str, E]]]:
        """Give the complete entries of a map by peer, None for any, each with its label."""
        found: dict[str | None, list[tuple[str, E]]] = {}
        for number, entry in sorted(self.maps[name].items()):
            if entry.dynamic:
                templates = sorted(self.dynamic_maps.get(entry.dynamic, {}).items())
                named = [(f"{entry.dynamic} {n}", e) for n, e in templates if self._complete(e)]
                if named:
                    found.setdefault(None, []).extend(named)
            elif entry.peer is not None and self._complete(entry):
                found.setdefault(entry.peer, []).append((f"{name} {number}", entry))
        return found

    def _complete(self, entry: E) -> bool:
        """Say whether an entry has its ACL and a transform set; one that lacks is passed by."""
        return entry.acl in self.acls and any(
            name in self.transform_sets for name in entry.transform_sets
        )

    def children(self, label: str, entry: E) -> list[ChildConfig]:
        """Make a child of each pair of proxy IDs of a complete entry."""
        sets = [self.transform_sets[n] for n in entry.transform_sets if n in self.transform_sets]
        pairs = self.acls[entry.acl]
        names = [label] if len(pairs) == 1 else [f"{label}.{n}" for n, _ in enumerate(pairs, 1)]
        kilobytes = self.kilobytes if entry.kilobytes is None else entry.kilobytes
        return [
            ChildConfig(
                name=name,
                local=local,
                remote=remote,
                transforms=tuple(one.transform for one in sets),
                pfs_group=entry.pfs_group,
                transport=sets[0].transport,
                lifetime_seconds=entry.seconds or self.seconds,
                lifetime_kilobytes=None if entry.unlimited else kilobytes,
                replay_window=self.replay_window,
            )
            for name, (local, remote) in zip(names, pairs, strict=True)
        ]


def entries_of(config: GatewayConfig, step: int = 1) -> list[Entry]:
    """Number the entries of our crypto map, one for each child; numbers are `step` apart."""
    pairs = [(c, child) for c in config.endpoint.connections for child in c.children]
    return [(step * number, *pair) for number, pair in enumerate(pairs, 1)]


def transform_sets_of(entries: Iterable[Entry]) -> list[tuple[Phase2Transform, bool]]:
    """List what transform sets the entries need, each once: the transform, and if for transport."""
    wanted = ((one, child.transport) for _, _, child in entries for one in child.transforms)
    return list(dict.fromkeys(wanted))


def policies_of(config: GatewayConfig, step: int) -> list[tuple[int, Phase1Transform]]:
    """Number the policies of phase 1, each once; numbers are `step` apart."""
    wanted = dict.fromkeys(t for c in config.endpoint.connections for t in c.phase1)
    return [(step * number, transform) for number, transform in enumerate(wanted, 1)]


def match_address(draft: CryptoMaps[Any], m: re.Match[str]) -> None:
    """Name the crypto ACL of an entry."""
    draft.entry(m).acl = m["acl"]


def sets(draft: CryptoMaps[Any], m: re.Match[str]) -> None:
    """Name the transform sets of an entry, best first."""
    draft.entry(m).transform_sets = tuple(m["names"].split())


def dynamic(draft: CryptoMaps[Any], m: re.Match[str]) -> None:
    """Refer an entry to a dynamic map."""
    draft.entry(m).dynamic = m["dynamic"]


def transform_set_mode(draft: CryptoMaps[Any], m: re.Match[str]) -> None:
    """Set the mode of a transform set."""
    if m["name"] not in draft.transform_sets:
        raise ValueError(f"there is no transform set {m['name']}")
    draft.transform_sets[m["name"]].transport = m["mode"] == "transport"


def replay(draft: CryptoMaps[Any], m: re.Match[str]) -> None:
    """Set the replay window of all SAs."""
    draft.replay_window = int(m["size"]) if m["size"] else 0


def ace_end(end: Selector, mask: str) -> str:
    """Write one end of a line of an access list, with its mask as the device has them."""
    if end.prefix == 32:
        where = f"host {end.address}"
    elif end.prefix == 0:
        where = "any"
    else:
        where = f"{end.address} {mask}"
    return f"{where} eq {end.port}" if end.port else where
