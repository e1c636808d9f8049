"""A tunnel as several screens need it: what is configured, what there is, what it has carried."""

from dataclasses import dataclass

from gwsim.crypto.esp_suites import EspSuite
from gwsim.gateway.snapshot import IpsecSaSnapshot, TunnelSnapshot
from gwsim.ike.config import Connection, Dpd
from gwsim.ike.snapshot import IkeSaSnapshot
from gwsim.vendors.fortios.behaviour import DEFAULTS, KEEPALIVE
from gwsim.vendors.fortios.history import History
from gwsim.vendors.vendor import View

_OUTER, _UDP, _ESP, _TRAILER = 20, 8, 8, 2


@dataclass(frozen=True, slots=True)
class Tunnel:
    """A phase 1 by its name and its number from 1, with its phase 2s.

    `peer` is "" for a dialup tunnel that nobody uses, `sa` the newest IKE SA that is established,
    `pairs` the IPsec SAs, newest last. `last_in` and `last_out` are when packets passed (s), None
    for never; octets are those of inner packets, by all IPsec SAs so far.
    """

    name: str
    number: int
    peer: str
    selectors: tuple[TunnelSnapshot, ...]
    pairs: tuple[IpsecSaSnapshot, ...]
    sa: IkeSaSnapshot | None
    dpd: Dpd | None
    auto_negotiate: bool
    keepalive: float
    path_mtu: int
    octets_in: int
    octets_out: int
    last_in: float | None
    last_out: float | None

    @property
    def up(self) -> int:
        """How many phase 2s are up."""
        return sum(selector.up for selector in self.selectors)

    @property
    def sent(self) -> int:
        """Packets that were protected."""
        return sum(selector.encapsulated for selector in self.selectors)

    @property
    def received(self) -> int:
        """Packets that were taken out."""
        return sum(selector.decapsulated for selector in self.selectors)

    @property
    def send_errors(self) -> int:
        """Packets that could not be sent."""
        return sum(selector.send_errors for selector in self.selectors)

    @property
    def receive_errors(self) -> int:
        """Packets that an SA refused."""
        return sum(selector.receive_errors for selector in self.selectors)

    @property
    def ports(self) -> tuple[int, int]:
        """Our port and the peer's, both 0 unless ESP is carried in UDP."""
        for pair in reversed(self.pairs):
            child = pair.negotiated
            return (child.local_port, child.peer_port) if child.udp else (0, 0)
        return (0, 0)


def tunnels(view: View) -> list[Tunnel]:
    """List the tunnels in the order of the configuration."""
    names = dict.fromkeys(tunnel.connection for tunnel in view.snapshot.tunnels)
    history = History(view.events)
    return [_tunnel(view, history, name, number) for number, name in enumerate(names, 1)]


def _tunnel(view: View, history: History, name: str, number: int) -> Tunnel:
    snapshot = view.snapshot
    selectors = tuple(tunnel for tunnel in snapshot.tunnels if tunnel.connection == name)
    pairs = tuple(pair for pair in snapshot.ipsec if pair.negotiated.connection == name)
    sas = [sa for sa in snapshot.ike.sas if sa.connection == name and sa.established is not None]
    past_out, past_in = history.octets.get(name, (0, 0))
    configured = _configured(view, name)
    keepalive = KEEPALIVE if view.config is None else view.config.endpoint.behaviour.keepalive
    return Tunnel(
        name=name,
        number=number,
        peer=pairs[-1].negotiated.peer if pairs else selectors[0].peer,
        selectors=selectors,
        pairs=pairs,
        sa=sas[-1] if sas else None,
        dpd=DEFAULTS.dpd if configured is None else configured.dpd,
        auto_negotiate=configured is not None and configured.auto_start,
        keepalive=keepalive,
        path_mtu=pairs[-1].path_mtu if pairs else snapshot.mtu,
        octets_in=past_in + sum(pair.inbound.octets for pair in pairs),
        octets_out=past_out + sum(pair.outbound.octets for pair in pairs),
        last_in=_last(history, [pair.negotiated.inbound_spi for pair in pairs], inbound=True),
        last_out=_last(history, [pair.negotiated.outbound_spi for pair in pairs], inbound=False),
    )


def _configured(view: View, name: str) -> Connection | None:
    connections = () if view.config is None else view.config.endpoint.connections
    return next((c for c in connections if c.name == name), None)


def _last(history: History, spis: list[int], inbound: bool) -> float | None:
    moments = [history.last[spi, inbound] for spi in spis if (spi, inbound) in history.last]
    return max(moments, default=None)


def plaintext_mtu(pair: IpsecSaSnapshot) -> int:
    """Give the largest packet that fits into the path when it is protected.

    1438 of 1500 octets for AES with SHA1, 1422 with NAT-T.
    """
    child = pair.negotiated
    suite = EspSuite(child.transform, child.key_bits, child.authentication)
    if not suite.valid():
        return pair.path_mtu
    room = pair.path_mtu - _OUTER - _ESP - suite.iv_length - suite.icv_length
    room -= _UDP if child.udp else 0
    block = max(suite.block_size, 4)
    return room // block * block - _TRAILER
