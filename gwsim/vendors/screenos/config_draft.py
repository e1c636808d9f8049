"""What has been read of a NetScreen's configuration so far, and how it becomes ours in the end."""

from dataclasses import dataclass, field, replace
from typing import TypeVar

from gwsim.gateway.config import GatewayConfig, PolicyRule
from gwsim.ike.config import (
    ChildConfig,
    Connection,
    Dpd,
    EndpointConfig,
    Identity,
    Phase1Transform,
)
from gwsim.vendors.screenos.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.screenos.proposals import (
    Phase2Proposal,
    predefined_phase1,
    predefined_phase2,
)
from gwsim.wire.selector import Selector

REPLAY_WINDOW = 64
CONTACTS = ("main-5", "main-6", "aggr-2", "aggr-3")
ANY = Selector.parse("any")

T = TypeVar("T")
Pair = tuple[Selector, Selector]


@dataclass(slots=True)
class Interface:
    """One interface; None and empty mean that nothing was said."""

    zone: str = ""
    address: str = ""
    network: Selector | None = None
    mtu: int = 1500


@dataclass(slots=True)
class IkeGateway:
    """One `set ike gateway`; proposals by name."""

    address: str | None = None
    aggressive: bool = False
    peer_id: Identity | None = None
    local_id: Identity | None = None
    interface: str = ""
    psk: bytes | None = field(default=None, repr=False)
    proposals: tuple[str, ...] = ()
    nat_traversal: bool = DEFAULTS.nat_traversal
    interval: float = 0.0
    retries: int = 5


@dataclass(slots=True)
class Vpn:
    """One `set vpn`; `proxy` are proxy IDs given by hand, `routed` that it has an interface."""

    gateway: str
    replay: bool = False
    transport: bool = False
    proposals: tuple[str, ...] = ()
    proxy: Pair | None = None
    routed: bool = False
    auto_start: bool = False


@dataclass(slots=True)
class Policy:
    """One policy between two zones; `vpn` is empty where it has no tunnel."""

    source_zone: str
    zone: str
    source: str
    destination: str
    service: str
    action: str
    vpn: str = ""


@dataclass(slots=True)
class Draft:
    """Everything read so far, by the names the configuration uses."""

    hostname: str = "netscreen"
    interfaces: dict[str, Interface] = field(default_factory=dict)
    addresses: dict[tuple[str, str], Selector] = field(default_factory=dict)
    services: dict[str, tuple[int, int]] = field(default_factory=dict)
    phase1: dict[str, Phase1Transform] = field(default_factory=dict)
    phase2: dict[str, Phase2Proposal] = field(default_factory=dict)
    gateways: dict[str, IkeGateway] = field(default_factory=dict)
    vpns: dict[str, Vpn] = field(default_factory=dict)
    policies: list[Policy] = field(default_factory=list)
    routes: list[tuple[str, Selector]] = field(default_factory=list)
    permit_all: bool = False
    initial_contact: bool = False
    keepalive: float = BEHAVIOUR.keepalive
    df: str = DEFAULTS.dont_fragment

    def phase1_proposals(self, names: tuple[str, ...]) -> tuple[Phase1Transform, ...]:
        """Give phase 1 proposals by name. Raises ValueError for one that nobody defined."""
        found = {name: self.phase1.get(name) or predefined_phase1(name) for name in names}
        return tuple(_known(name, proposal) for name, proposal in found.items())

    def phase2_proposals(self, names: tuple[str, ...]) -> tuple[Phase2Proposal, ...]:
        """Give phase 2 proposals by name. Raises ValueError for one that nobody defined."""
        found = {name: self.phase2.get(name) or predefined_phase2(name) for name in names}
        return tuple(_known(name, proposal) for name, proposal in found.items())

    def address(self, zone: str, name: str) -> Selector:
        """Give an address-book entry. Raises ValueError for one that is not in the book."""
        return ANY if name.lower() == "any" else _known(name, self.addresses.get((zone, name)))

    def service(self, name: str) -> tuple[int, int]:
        """Give protocol and port of a service. Raises ValueError for an unknown one."""
        return _known(name, self.services.get(name) or SERVICES.get(name.upper()))

    def finish(self) -> GatewayConfig:
        """Put it all together. Raises ValueError when no interface to the peers has an address."""
        outside = self._outside()
        inside = [n for n, i in self.interfaces.items() if n != outside and i.network]
        networks = [str(self.interfaces[name].network) for name in inside]
        networks += [str(network) for name, network in self.routes if name != outside]
        return GatewayConfig(
            name=self.hostname,
            vendor="screenos",
            endpoint=EndpointConfig(
                address=self.interfaces[outside].address,
                connections=tuple(self._connection(outside, *one) for one in self.gateways.items()),
                behaviour=replace(
                    BEHAVIOUR,
                    keepalive=self.keepalive,
                    initial_contact=CONTACTS if self.initial_contact else (),
                ),
            ),
            inside=tuple(networks),
            outside_interface=outside,
            inside_interface=inside[0] if inside else DEFAULTS.inside_interface,
            rules=tuple(self._rules(outside)),
            default="bypass" if self.permit_all else "discard",
            mtu=self.interfaces[outside].mtu,
            df=self.df,
        )

    def _outside(self) -> str:
        names = [gateway.interface for gateway in self.gateways.values()]
        names += [name for name, i in self.interfaces.items() if i.zone == "Untrust"]
        for name in names:
            if name in self.interfaces and self.interfaces[name].address:
                return name
        raise ValueError("no interface towards a gateway has an address")

    def _rules(self, outside: str) -> list[PolicyRule]:
        found = []
        for policy in self.policies:
            if not policy.vpn and policy.source_zone != self.interfaces[outside].zone:
                action = "bypass" if policy.action == "permit" else "discard"
                found.append(PolicyRule(*self._ends(policy), action))
        return found

    def _connection(self, outside: str, name: str, gateway: IkeGateway) -> Connection:
        vpns = {n: vpn for n, vpn in self.vpns.items() if vpn.gateway == name}
        children = [c for n, vpn in vpns.items() for c in self._children(outside, n, vpn)]
        dpd = Dpd(gateway.interval, gateway.interval, gateway.retries)
        return Connection(
            name=name,
            local=self.interfaces[outside].address,
            remote=gateway.address,
            psk=gateway.psk,
            phase1=self.phase1_proposals(gateway.proposals) or DEFAULTS.phase1,
            children=tuple(children),
            aggressive=gateway.aggressive,
            accept_main=not gateway.aggressive,
            accept_aggressive=gateway.aggressive,
            local_id=gateway.local_id,
            remote_id=gateway.peer_id,
            dpd=dpd if gateway.interval else None,
            nat_traversal=gateway.nat_traversal,
            may_initiate=gateway.address is not None,
            auto_start=any(vpn.auto_start for vpn in vpns.values()),
        )

    def _children(self, outside: str, name: str, vpn: Vpn) -> list[ChildConfig]:
        pairs = self._pairs(outside, name, vpn)
        names = [name if not n else f"{name}-{n + 1}" for n in range(len(pairs))]
        proposals = self.phase2_proposals(vpn.proposals)
        first = proposals[0] if proposals else Phase2Proposal(DEFAULTS.phase2[0], None)
        return [
            ChildConfig(
                name=child,
                local=local,
                remote=remote,
                transforms=tuple(p.transform for p in proposals) or DEFAULTS.phase2,
                pfs_group=first.pfs_group,
                transport=vpn.transport,
                lifetime_seconds=first.seconds,
                lifetime_kilobytes=first.kilobytes,
                replay_window=REPLAY_WINDOW if vpn.replay else 0,
            )
            for child, (local, remote) in zip(names, pairs, strict=True)
        ]

    def _pairs(self, outside: str, name: str, vpn: Vpn) -> list[Pair]:
        """Give a VPN's proxy IDs: its own, or those of its policies, or anything."""
        if vpn.proxy:
            return [vpn.proxy]
        zone = self.interfaces[outside].zone
        own = [policy for policy in self.policies if policy.vpn == name]
        found = [self._ends(p) for p in own if p.source_zone != zone]
        back = [self._ends(p)[::-1] for p in own if p.source_zone == zone]
        if not found:
            found, back = back, []
        if not found and vpn.routed:
            return [(ANY, ANY)]
        return [self._with_port_behind(pair, back) for pair in found]

    def _with_port_behind(self, pair: Pair, back: list[Pair]) -> Pair:
        """Take the port of our own end from the policy that leads to it."""
        for local, remote in back:
            same = (local.first, local.last, remote.first, remote.last)
            if same == (pair[0].first, pair[0].last, pair[1].first, pair[1].last):
                return local, pair[1]
        return pair

    def _ends(self, policy: Policy) -> Pair:
        protocol, port = self.service(policy.service)
        source = self.address(policy.source_zone, policy.source)
        destination = self.address(policy.zone, policy.destination)
        return replace(source, protocol=protocol), replace(
            destination, protocol=protocol, port=port
        )


def _known(name: str, found: T | None) -> T:
    if found is None:
        raise ValueError(f"{name!r} is not defined")
    return found


SERVICES: dict[str, tuple[int, int]] = {
    "ANY": (0, 0),
    "PING": (1, 0),
    "ICMP-ANY": (1, 0),
    "TCP-ANY": (6, 0),
    "UDP-ANY": (17, 0),
    "GRE": (47, 0),
    "FTP": (6, 21),
    "SSH": (6, 22),
    "TELNET": (6, 23),
    "SMTP": (6, 25),
    "MAIL": (6, 25),
    "DNS": (17, 53),
    "HTTP": (6, 80),
    "NTP": (17, 123),
    "HTTPS": (6, 443),
}
"""Predefined services: protocol and destination port, 0 for any."""
