"""What has been read of a router's configuration so far, and how it becomes ours in the end."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import (
    Behaviour,
    Connection,
    Dpd,
    EndpointConfig,
    Identity,
    Phase1Transform,
)
from gwsim.vendors.crypto_maps import CryptoMaps, MapEntry
from gwsim.vendors.ios.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.vendor import Defaults
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

ANY = "0.0.0.0"


@dataclass(slots=True)
class Policy:
    """One `crypto isakmp policy`; what is not said is the device's default."""

    psk: bool = False
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
class Interface:
    """One interface."""

    address: str = ""
    network: Selector | None = None
    map: str = ""
    mtu: int = 1500
    df: str = DEFAULTS.dont_fragment


@dataclass(slots=True, kw_only=True)
class Draft(CryptoMaps[MapEntry]):
    """Everything read so far, by the names the configuration uses.

    `keys` are pre-shared keys by network, the address and mask they are for. `vendor`, `behaviour`
    and `defaults` are whose configuration it is.
    """

    blank: Callable[[], MapEntry] = MapEntry
    vendor: str = "ios"
    behaviour: Behaviour = BEHAVIOUR
    defaults: Defaults = DEFAULTS
    hostname: str = "Router"
    interfaces: dict[str, Interface] = field(default_factory=dict)
    routes: list[Selector] = field(default_factory=list)
    policies: dict[int, Policy] = field(default_factory=dict)
    keys: list[tuple[Selector, bytes]] = field(default_factory=list)
    enabled: bool = True
    aggressive: bool = True
    nat_t: bool = True
    dpd: Dpd | None = DEFAULTS.dpd
    identity: int = IdType.IPV4_ADDR
    seconds: int = DEFAULTS.phase2_lifetime
    kilobytes: int | None = DEFAULTS.phase2_kilobytes
    replay_window: int = DEFAULTS.replay_window
    keepalive: float = BEHAVIOUR.keepalive

    def finish(self) -> GatewayConfig:
        """Put it all together. Raises ValueError when no crypto map faces a known interface."""
        for name, interface in self.interfaces.items():
            if interface.map in self.maps and interface.address:
                return self._gateway(name, interface)
        raise ValueError("no crypto map is bound to an interface that has an address")

    def _gateway(self, outside: str, interface: Interface) -> GatewayConfig:
        insides = {n: i for n, i in self.interfaces.items() if n != outside and i.network}
        networks = [str(i.network) for i in insides.values()] + [str(r) for r in self.routes]
        return GatewayConfig(
            name=self.hostname,
            vendor=self.vendor,
            endpoint=EndpointConfig(
                address=interface.address,
                connections=tuple(self._connections(interface)),
                behaviour=replace(self.behaviour, keepalive=self.keepalive),
                enabled=self.enabled,
            ),
            inside=tuple(networks),
            outside_interface=outside,
            inside_interface=next(iter(insides), self.defaults.inside_interface),
            mtu=interface.mtu,
            df=interface.df,
        )

    def _connections(self, interface: Interface) -> list[Connection]:
        """Join the entries of a peer: there is one ISAKMP SA for all of them."""
        found = self.by_peer(interface.map)
        return [
            self._connection(peer, interface.address, entries) for peer, entries in found.items()
        ]

    def _connection(
        self, peer: str | None, address: str, entries: list[tuple[str, MapEntry]]
    ) -> Connection:
        fqdn = self.identity == IdType.FQDN
        policies = [p for _, p in sorted(self.policies.items()) if p.psk]
        return Connection(
            name=peer or "dynamic",
            local=address,
            remote=peer,
            psk=self._key(peer),
            phase1=tuple(policy.transform() for policy in policies) or self.defaults.phase1,
            children=tuple(
                child for label, entry in entries for child in self.children(label, entry)
            ),
            accept_aggressive=self.aggressive,
            local_id=Identity(IdType.FQDN, self.hostname) if fqdn else None,
            dpd=self.dpd,
            nat_traversal=self.nat_t,
            may_initiate=peer is not None,
        )

    def _key(self, peer: str | None) -> bytes | None:
        """Find the key for a peer: that of the narrowest network it is in."""
        address = parse_address(peer or ANY)
        fitting = [(s.last - s.first, key) for s, key in self.keys if s.contains(address)]
        return min(fitting, default=(0, None), key=lambda found: found[0])[1]
