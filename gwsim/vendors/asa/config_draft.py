"""What has been read of an ASA's configuration so far, and how it becomes ours in the end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import (
    Connection,
    Dpd,
    EndpointConfig,
    Identity,
    Phase1Transform,
)
from gwsim.vendors.asa.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.crypto_maps import CryptoMaps, MapEntry
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
class Entry(MapEntry):
    """An entry of a crypto map with what only an ASA's can say."""

    nat_t: bool = True
    connection_type: str = "bi-directional"
    aggressive_group: int | None = None


@dataclass(slots=True)
class TunnelGroup:
    """The IPsec attributes of a tunnel-group."""

    psk: bytes | None = None
    dpd: Dpd | None = DEFAULTS.dpd


@dataclass(slots=True, kw_only=True)
class Draft(CryptoMaps[Entry]):
    """Everything read so far, by the names the configuration uses."""

    blank: Callable[[], Entry] = Entry
    hostname: str = "ciscoasa"
    interfaces: dict[str, Selector] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    routes: list[tuple[str, Selector]] = field(default_factory=list)
    objects: dict[str, list[Selector]] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
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
        found = self.by_peer(name)
        return [self._connection(peer, address, entries) for peer, entries in found.items()]

    def _connection(
        self, peer: str | None, address: str, entries: list[tuple[str, Entry]]
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
            children=tuple(child for label, e in entries for child in self.children(label, e)),
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
