"""What has been read of an ASA's configuration so far, and how it becomes ours in the end."""

from dataclasses import dataclass, field, replace

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import (
    ChildConfig,
    Connection,
    Dpd,
    EndpointConfig,
    Identity,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.vendors.asa.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

DYNAMIC_GROUP = "DefaultL2LGroup"


@dataclass(slots=True)
class Policy:
    """One `crypto ikev1 policy`; what is not said is the device's default."""

    psk: bool = True
    encryption: int = DEFAULTS.phase1[0].encryption
    key_bits: int | None = DEFAULTS.phase1[0].key_bits
    hash: int = DEFAULTS.phase1[0].hash
    group: int = DEFAULTS.phase1[0].group
    lifetime: int | None = DEFAULTS.phase1_lifetime

    def transform(self) -> Phase1Transform:
        """Give the transform this policy stands for."""
        return Phase1Transform(
            self.encryption,
            self.hash,
            self.group,
            key_bits=self.key_bits,
            lifetime_seconds=self.lifetime,
        )


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
    nat_t: bool = True
    connection_type: str = "bi-directional"
    aggressive_group: int | None = None
    dynamic: str = ""


@dataclass(slots=True)
class TunnelGroup:
    """The IPsec attributes of a tunnel-group."""

    psk: bytes | None = None
    dpd: Dpd | None = DEFAULTS.dpd


@dataclass(slots=True)
class Draft:
    """Everything read so far, by the names the configuration uses."""

    hostname: str = "ciscoasa"
    interfaces: dict[str, Selector] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    routes: list[tuple[str, Selector]] = field(default_factory=list)
    objects: dict[str, list[Selector]] = field(default_factory=dict)
    acls: dict[str, list[tuple[Selector, Selector]]] = field(default_factory=dict)
    transform_sets: dict[str, TransformSet] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
    maps: dict[str, dict[int, MapEntry]] = field(default_factory=dict)
    dynamic_maps: dict[str, dict[int, MapEntry]] = field(default_factory=dict)
    bound: dict[str, str] = field(default_factory=dict)
    groups: dict[str, TunnelGroup] = field(default_factory=dict)
    enabled: set[str] = field(default_factory=set)
    mtu: dict[str, int] = field(default_factory=dict)
    df: dict[str, str] = field(default_factory=dict)
    seconds: int = DEFAULTS.phase2_lifetime
    kilobytes: int | None = DEFAULTS.phase2_kilobytes
    replay_window: int = DEFAULTS.replay_window
    keepalive: float = BEHAVIOUR.keepalive
    nat_t: bool = True
    aggressive: bool = True
    identity: Identity | None = None

    def finish(self) -> GatewayConfig:
        """Put it all together. Raises ValueError when no crypto map faces a known interface."""
        for name, interface in self.bound.items():
            if name in self.maps and interface in self.addresses:
                return self._gateway(name, interface)
        raise ValueError("no crypto map is bound to an interface that has an address")

    def _gateway(self, name: str, outside: str) -> GatewayConfig:
        insides = [nameif for nameif in self.interfaces if nameif != outside]
        networks = [str(self.interfaces[nameif]) for nameif in insides]
        networks += [str(network) for nameif, network in self.routes if nameif != outside]
        return GatewayConfig(
            name=self.hostname,
            vendor="asa",
            endpoint=EndpointConfig(
                address=self.addresses[outside],
                connections=tuple(self._connections(name, self.addresses[outside])),
                behaviour=replace(BEHAVIOUR, keepalive=self.keepalive),
                enabled=outside in self.enabled,
            ),
            inside=tuple(networks),
            outside_interface=outside,
            inside_interface=insides[0] if insides else "inside",
            mtu=self.mtu.get(outside, 1500),
            df=self.df.get(outside, "copy"),
        )

    def _connections(self, name: str, address: str) -> list[Connection]:
        """Join the entries of a peer: an ASA has one tunnel-group for all of them."""
        found: dict[str | None, list[tuple[str, MapEntry]]] = {}
        for number, entry in sorted(self.maps[name].items()):
            if entry.dynamic:
                templates = self.dynamic_maps.get(entry.dynamic, {})
                named = ((f"{entry.dynamic} {n}", e) for n, e in sorted(templates.items()))
                usable = [(label, e) for label, e in named if self._complete(e)]
                if usable:
                    found.setdefault(None, []).extend(usable)
            elif entry.peer is not None and self._complete(entry):
                found.setdefault(entry.peer, []).append((f"{name} {number}", entry))
        return [self._connection(peer, address, entries) for peer, entries in found.items()]

    def _complete(self, entry: MapEntry) -> bool:
        """Say whether an entry has its ACL and a transform set; an ASA by-passes one that lacks."""
        return entry.acl in self.acls and any(
            n in self.transform_sets for n in entry.transform_sets
        )

    def _connection(
        self, peer: str | None, address: str, entries: list[tuple[str, MapEntry]]
    ) -> Connection:
        group = self.groups.get(peer or DYNAMIC_GROUP, TunnelGroup())
        first = entries[0][1]
        policies = [p.transform() for _, p in sorted(self.policies.items()) if p.psk]
        if first.aggressive_group is not None:
            policies = [p for p in policies if p.group == first.aggressive_group] or policies
        return Connection(
            name=peer or DYNAMIC_GROUP,
            local=address,
            remote=peer,
            psk=group.psk,
            phase1=tuple(policies) or DEFAULTS.phase1,
            children=tuple(child for label, e in entries for child in self._children(label, e)),
            aggressive=first.aggressive_group is not None,
            accept_aggressive=self.aggressive,
            local_id=self._own_identity(),
            dpd=group.dpd,
            nat_traversal=self.nat_t and first.nat_t,
            may_initiate=first.connection_type != "answer-only" and peer is not None,
            may_respond=first.connection_type != "originate-only",
        )

    def _own_identity(self) -> Identity | None:
        if self.identity is not None and self.identity.id_type == IdType.FQDN:
            return Identity(IdType.FQDN, self.hostname)
        return self.identity

    def _children(self, label: str, entry: MapEntry) -> list[ChildConfig]:
        sets = [self.transform_sets[n] for n in entry.transform_sets if n in self.transform_sets]
        pairs = self.acls.get(entry.acl, [])
        names = [label] if len(pairs) == 1 else [f"{label}.{n}" for n, _ in enumerate(pairs, 1)]
        kilobytes = entry.kilobytes if entry.kilobytes is not None else self.kilobytes
        return [
            ChildConfig(
                name=name,
                local=local,
                remote=remote,
                transforms=tuple(s.transform for s in sets),
                pfs_group=entry.pfs_group,
                transport=bool(sets) and sets[0].transport,
                lifetime_seconds=entry.seconds or self.seconds,
                lifetime_kilobytes=None if entry.unlimited else kilobytes,
                replay_window=self.replay_window,
            )
            for name, (local, remote) in zip(names, pairs, strict=True)
        ]
