"""What has been read of a FortiGate's configuration so far, and how it becomes ours in the end."""

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
from gwsim.vendors.fortios.behaviour import BEHAVIOUR, DEFAULTS, USUAL_DPD
from gwsim.vendors.vendor import Ignored
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

ANYWHERE = Selector.parse("0.0.0.0/0")

Suite = tuple[int, int | None, int]
"""Cipher, key bits and hash of a phase 1."""


@dataclass(slots=True)
class Interface:
    """One interface; `network` None where it has no address."""

    address: str = ""
    network: Selector | None = None
    mtu: int = 1500


@dataclass(slots=True)
class Phase1:
    """One tunnel; what is not said is the device's default. `unusable` says why it cannot be."""

    number: int
    interface: str = ""
    local: str = ""
    dynamic: bool = False
    remote: str | None = None
    psk: bytes | None = field(default=None, repr=False)
    aggressive: bool = False
    passive: bool = False
    suites: tuple[Suite, ...] = tuple(
        dict.fromkeys((t.encryption, t.key_bits, t.hash) for t in DEFAULTS.phase1)
    )
    groups: tuple[int, ...] = tuple(dict.fromkeys(t.group for t in DEFAULTS.phase1))
    seconds: int = DEFAULTS.phase1_lifetime
    dpd: Dpd | None = USUAL_DPD
    dpd_count: int = USUAL_DPD.count
    dpd_interval: float = USUAL_DPD.idle
    nat_traversal: bool = DEFAULTS.nat_traversal
    forced: bool = False
    name: str = ""
    name_type: int = IdType.FQDN
    unusable: str = ""

    def transforms(self) -> tuple[Phase1Transform, ...]:
        """Give every suite with every group, as a FortiGate offers them."""
        return tuple(
            Phase1Transform(encryption, digest, group, key_bits=bits, lifetime_seconds=self.seconds)
            for encryption, bits, digest in self.suites
            for group in self.groups
        )


@dataclass(slots=True)
class End:
    """One end of a pair of selectors, in the form it is written in; `name` of an address object."""

    selector: Selector = ANYWHERE
    form: str = "subnet"
    first: int = 0
    last: int = 0
    name: str = ""
    port: int = 0


@dataclass(slots=True)
class Phase2:
    """One pair of selectors."""

    phase1: str = ""
    transforms: tuple[Phase2Transform, ...] = DEFAULTS.phase2
    pfs: bool = True
    group: int = DEFAULTS.pfs_group or 0
    replay: bool = True
    auto_start: bool = False
    transport: bool = False
    life: str = "seconds"
    seconds: int = DEFAULTS.phase2_lifetime
    kilobytes: int = 5120
    source: End = field(default_factory=End)
    destination: End = field(default_factory=End)
    protocol: int = 0


@dataclass(slots=True)
class Policy:
    """One firewall policy: what it joins."""

    interfaces: list[str] = field(default_factory=list)
    enabled: bool = True


@dataclass(slots=True)
class Route:
    """One static route."""

    network: Selector = ANYWHERE
    device: str = ""


@dataclass(slots=True)
class Draft:
    """Everything read so far, by the names the configuration uses.

    `groups` are groups of address objects, `zones` those of interfaces.
    """

    hostname: str = "FortiGate"
    interfaces: dict[str, Interface] = field(default_factory=dict)
    zones: dict[str, list[str]] = field(default_factory=dict)
    addresses: dict[str, Selector] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    phase1: dict[str, Phase1] = field(default_factory=dict)
    phase2: dict[str, Phase2] = field(default_factory=dict)
    policies: dict[str, Policy] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    keepalive: float = BEHAVIOUR.keepalive

    def finish(self) -> tuple[GatewayConfig, list[Ignored]]:
        """Put it all together, and give the tunnels that are left out.

        Raises ValueError when none is left.
        """
        left_out: list[Ignored] = []
        kept: dict[str, Phase1] = {}
        outside = address = ""
        for name, tunnel in self.phase1.items():
            own = tunnel.local or self._interface(tunnel.interface).address
            why = tunnel.unusable or self._lacking(name, tunnel, own)
            if not why and address not in ("", own):
                why = f"another tunnel has {address}, and one address is all there is here"
            if why:
                left_out.append(Ignored(tunnel.number, f'edit "{name}"', why))
            else:
                outside, address = outside or tunnel.interface, own
                kept[name] = tunnel
        if not kept:
            raise ValueError("no tunnel is bound to an interface that has an address")
        return self._gateway(outside, address, kept), left_out

    def _interface(self, name: str) -> Interface:
        return self.interfaces.get(name, Interface())

    def _lacking(self, name: str, tunnel: Phase1, own: str) -> str:
        """Say what a tunnel lacks, nothing where it lacks nothing."""
        if not own:
            return f"interface {tunnel.interface!r} has no address"
        if tunnel.remote is None and not tunnel.dynamic:
            return "no remote-gw"
        if not self._passes(name):
            return "no policy configured"
        return ""

    def _passes(self, name: str) -> bool:
        """Say whether a policy lets traffic into a tunnel, as far as can be known.

        A text without policies is a part of a configuration. An interface in a policy of which
        nothing else is known may hold the tunnel.
        """
        known = {*self.interfaces, *self.phase1, *self.zones}
        used = {i for p in self.policies.values() if p.enabled for i in p.interfaces}
        holders = {zone for zone, members in self.zones.items() if name in members}
        return not self.policies or bool(used & {name, "any", *holders}) or not used <= known

    def _gateway(self, outside: str, address: str, kept: dict[str, Phase1]) -> GatewayConfig:
        insides = {
            name: interface.network
            for name, interface in self.interfaces.items()
            if interface.network is not None and name != outside and name not in self.phase1
        }
        routed = [
            r.network
            for r in self.routes.values()
            if r.device and r.device != outside and r.device not in self.phase1
        ]
        return GatewayConfig(
            name=self.hostname,
            vendor="fortios",
            endpoint=EndpointConfig(
                address=address,
                connections=tuple(self._connection(n, address, t) for n, t in kept.items()),
                behaviour=replace(BEHAVIOUR, keepalive=self.keepalive),
            ),
            inside=tuple(str(network) for network in (*insides.values(), *routed)),
            outside_interface=outside,
            inside_interface=next(iter(insides), DEFAULTS.inside_interface),
            mtu=self._interface(outside).mtu,
        )

    def _connection(self, name: str, address: str, tunnel: Phase1) -> Connection:
        children = {n: p for n, p in self.phase2.items() if p.phase1 == name}
        interval, count = tunnel.dpd_interval, tunnel.dpd_count
        return Connection(
            name=name,
            local=address,
            remote=tunnel.remote,
            psk=tunnel.psk,
            phase1=tunnel.transforms(),
            children=tuple(self._child(n, p) for n, p in children.items()),
            aggressive=tunnel.aggressive,
            accept_main=not tunnel.aggressive,
            accept_aggressive=tunnel.aggressive,
            local_id=Identity(tunnel.name_type, tunnel.name) if tunnel.name else None,
            dpd=tunnel.dpd and replace(tunnel.dpd, idle=interval, retry=interval, count=count),
            nat_traversal=tunnel.nat_traversal,
            force_encapsulation=tunnel.forced,
            may_initiate=not tunnel.passive and not tunnel.dynamic,
            auto_start=any(p.auto_start for p in children.values()),
        )

    def _child(self, name: str, phase2: Phase2) -> ChildConfig:
        return ChildConfig(
            name=name,
            local=self._selector(phase2.source, phase2.protocol),
            remote=self._selector(phase2.destination, phase2.protocol),
            transforms=phase2.transforms,
            pfs_group=phase2.group if phase2.pfs else None,
            transport=phase2.transport,
            lifetime_seconds=None if phase2.life == "kbs" else phase2.seconds,
            lifetime_kilobytes=None if phase2.life == "seconds" else phase2.kilobytes,
            replay_window=DEFAULTS.replay_window if phase2.replay else 0,
        )

    def _selector(self, end: End, protocol: int) -> Selector:
        selector = end.selector
        if end.form == "ip":
            selector = Selector(end.first, end.first, id_type=IdType.IPV4_ADDR)
        elif end.form == "range":
            selector = Selector(end.first, end.last, id_type=IdType.IPV4_ADDR_RANGE)
        elif end.form == "name":
            selector = self.address(end.name) or ANYWHERE
        return replace(selector, protocol=protocol, port=end.port)

    def address(self, name: str) -> Selector | None:
        """Find an address object, or the only one of a group; None where it is not known."""
        members = self.groups.get(name, [name])
        return self.addresses.get(members[0]) if len(members) == 1 else None
