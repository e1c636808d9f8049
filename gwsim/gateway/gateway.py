"""One box as seen from its cables: packets and the time go in, outputs and events come out.

The negotiator asks for nothing but time and datagrams, the data plane for nothing but keys. This
is where they meet: instructions of the one become SAs of the other, traffic of the other becomes
a wish to the one. Instructions carry keys and never leave `events`.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from gwsim.esp.dataplane import DataPlane
from gwsim.esp.outcomes import Wish
from gwsim.gateway.bulk import Bulk
from gwsim.gateway.commands import Clear, Command, Initiate, Reboot, Rekey, SetLink, Shutdown
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import (
    DropCause,
    GatewayStarted,
    GatewayStopped,
    LinkChanged,
    Reconfigured,
)
from gwsim.gateway.forwarding import Forwarding
from gwsim.gateway.installation import inbound_parameters, outbound_parameters
from gwsim.gateway.journal import Journal
from gwsim.gateway.keys import ExportedKeys, esp_key
from gwsim.gateway.lineage import Lineage
from gwsim.gateway.observe import NOTHING, take_snapshot
from gwsim.gateway.outputs import Output, udp_out
from gwsim.gateway.policy import ChildKey, differences, settings_of, spd_of
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.config import Connection, DpdAction, EndpointConfig
from gwsim.ike.endpoint import Endpoint
from gwsim.ike.events import (
    AcquireFailed,
    ChildActivated,
    ChildKeys,
    ChildRemoved,
    ChildRetired,
    CloseReason,
    Event,
    PeerMoved,
    PhaseOneClosed,
    PhaseTwoClosed,
    QuickModeClosed,
)
from gwsim.wire.encapsulation import Encapsulated, classify, unwrap_ike
from gwsim.wire.errors import WireError
from gwsim.wire.ip import ESP, UDP, Ipv4Packet, SocketAddress, parse_udp
from gwsim.wire.numbers import IKE_PORT, NAT_T_PORT

_IKE_PORTS = (IKE_PORT, NAT_T_PORT)


class Gateway:
    """A VPN gateway without sockets and clock.

    `now` is in seconds and never goes back; `rng` is the only source of chance. After every call
    the owner empties `outputs` and `events` and asks `next_timer`. `config` is the configuration
    in force. `bulk` is another way in for packets in large numbers.
    """

    def __init__(
        self,
        config: GatewayConfig,
        rng: Random,
        now: float,
        _make_endpoint: Callable[[EndpointConfig, Random, float], Endpoint] = Endpoint,
    ) -> None:
        self.config = config
        self._rng = rng
        self._make_endpoint = _make_endpoint
        self._journal = Journal()
        self._plane = DataPlane(settings_of(config), spd_of(config))
        self._lineage = Lineage()
        self._endpoint = _make_endpoint(config.endpoint, rng, now)
        self._forwarding = Forwarding(config, self._plane, self._journal, self._endpoint)
        self.bulk = Bulk(self._plane, self._journal, self._forwarding, lambda: self._running)
        self._running = True
        self._started = now
        self._back_at: float | None = None
        self._ready: list[ChildKey] = []
        self._journal.note(GatewayStarted(at=now, reboot=False))

    @property
    def running(self) -> bool:
        """Whether it has power, and has come up."""
        return self._running

    # what arrives

    def receive_udp(
        self,
        payload: bytes,
        source: SocketAddress,
        destination: SocketAddress,
        now: float,
        tos: int = 0,
    ) -> None:
        """Take a UDP datagram for port 500 or 4500 as it stands on the wire.

        `tos` is that octet of the IP header, which matters to what travels inside ESP.
        """
        if not self._hears() or not self._endpoint.config.enabled:
            return
        if destination[1] == NAT_T_PORT:
            self._receive_nat_t(payload, source, destination, now, tos)
        else:
            self._endpoint.receive_datagram(payload, source, destination, now)
        self._pump(now)

    def _receive_nat_t(
        self,
        payload: bytes,
        source: SocketAddress,
        destination: SocketAddress,
        now: float,
        tos: int,
    ) -> None:
        """Tell apart what shares port 4500 (RFC 3948 2)."""
        try:
            kind = classify(payload)
        except WireError:
            packet = (source[0], destination[0], UDP)
            self._journal.refused(now, DropCause.MALFORMED, True, packet, len(payload), source[0])
            return
        if kind is Encapsulated.IKE:
            self._endpoint.receive_datagram(unwrap_ike(payload), source, destination, now)
        elif kind is Encapsulated.ESP:
            ports = source[1], destination[1]
            self._forwarding.esp(payload, source[0], destination[0], ports, tos, now)

    def receive_esp(
        self, payload: bytes, source: str, destination: str, now: float, tos: int = 0
    ) -> None:
        """Take an ESP packet, SPI to ICV, that came as IP protocol 50."""
        if self._hears():
            self._forwarding.esp(payload, source, destination, None, tos, now)
            self._pump(now)

    def receive_outside(self, packet: bytes, now: float) -> None:
        """Take an IPv4 packet from outside, whatever it is; fragments wait for their others."""
        if not self._hears():
            return
        whole = self._forwarding.join_outside(packet, now)
        if whole is not None and not self._receive_own(whole, now):
            self._forwarding.outside(whole, now)
            self._pump(now)

    def _receive_own(self, packet: Ipv4Packet, now: float) -> bool:
        """Take a packet for the gateway that has a door of its own; False when it has none."""
        if packet.destination != self.config.endpoint.address:
            return False
        if packet.protocol == ESP:
            self.receive_esp(packet.payload, packet.source, packet.destination, now, packet.tos)
            return True
        if packet.protocol != UDP:
            return False
        try:
            udp = parse_udp(packet.payload, packet.source, packet.destination)
        except WireError:
            return False
        if udp.destination_port not in _IKE_PORTS:
            return False
        source = (packet.source, udp.source_port)
        destination = (packet.destination, udp.destination_port)
        self.receive_udp(udp.payload, source, destination, now, packet.tos)
        return True

    def receive_inside(self, packet: bytes, now: float) -> None:
        """Take an IPv4 packet from a host behind the gateway."""
        if self._running:
            self._forwarding.inside(packet, now)
            self._pump(now)

    def _hears(self) -> bool:
        """Say whether something from outside can come in, and count it when it cannot."""
        if self._running and not self._journal.link_up:
            self._journal.drops[DropCause.LINK_DOWN] += 1
        return self._running and self._journal.link_up

    # time

    def next_timer(self) -> float | None:
        """Tell when `handle_timer` is wanted next, None for never."""
        return self._endpoint.next_timer() if self._running else self._back_at

    def handle_timer(self, now: float) -> None:
        """Do everything that is due."""
        if self._back_at is not None and self._back_at <= now:
            self._boot(now)
        if self._running:
            self._endpoint.handle_timer(now)
            self._pump(now)

    # what leaves

    def outputs(self) -> list[Output]:
        """Hand over, once and in order, what is to be sent."""
        return self._journal.outputs()

    def events(self) -> list[Event]:
        """Hand over, once and in order, what happened."""
        return self._journal.events()

    def snapshot(self, now: float) -> Snapshot:
        """Freeze everything that can be shown."""
        ike = self._endpoint.snapshot() if self._running else NOTHING
        return take_snapshot(
            self.config,
            ike,
            self._plane,
            self._lineage,
            self._journal,
            now,
            self._started,
            self._running,
        )

    def exported_keys(self) -> ExportedKeys:
        """Give the keys of every living SA, for a capture the user asked for."""
        pairs = self._plane.pairs()
        sas = [sa for pair in pairs for sa in (pair.inbound.parameters, pair.outbound.parameters)]
        return ExportedKeys(self._endpoint.exported_keys(), tuple(esp_key(sa) for sa in sas))

    # the operator

    def command(self, command: Command, now: float) -> None:
        """Do what an operator says; a box that is down understands nothing but a reboot.

        Raises ValueError for a connection or child that is not configured.
        """
        match command:
            case Reboot(down):
                self._reboot(down, now)
            case SetLink(up):
                self._set_link(up, now)
            case _ if self._running:
                self._tell_endpoint(command, now)
        if self._running:
            self._pump(now)

    def _tell_endpoint(self, command: Command, now: float) -> None:
        match command:
            case Clear(what, peer):
                self._endpoint.clear(what, peer, now)
            case Initiate(connection, child):
                name = _child_of(self._connection(connection), child)
                self._endpoint.initiate(connection, name, now, "operator")
            case Rekey(connection, phase):
                self._endpoint.rekey(self._connection(connection).name, phase, now)
            case Shutdown():
                self._endpoint.shutdown(now)
                self._pump(now)
                self._stop(now)

    def _connection(self, name: str) -> Connection:
        known = {connection.name: connection for connection in self.config.endpoint.connections}
        if name not in known:
            raise ValueError(f"{self.config.name} has no connection {name!r}, only {list(known)}")
        return known[name]

    def _set_link(self, up: bool, now: float) -> None:
        if up != self._journal.link_up:
            self._journal.link_up = up
            self._journal.note(LinkChanged(at=now, up=up))

    def _stop(self, now: float) -> None:
        """Stand still; packets held and all SAs are gone."""
        if self._running:
            self._journal.note(GatewayStopped(at=now))
        self._running = False
        self._back_at = None
        self._plane.clear()
        self._lineage.forget()

    def _reboot(self, down: float, now: float) -> None:
        """Lose all state without a word and come back `down` seconds later."""
        self._stop(now)
        self._journal.forget()
        self._back_at = now + down
        if down <= 0:
            self._boot(now)

    def _boot(self, now: float) -> None:
        self._endpoint = self._make_endpoint(self.config.endpoint, self._rng, now)
        self._forwarding.reset(self._endpoint)
        self._running = True
        self._started = now
        self._back_at = None
        self._journal.note(GatewayStarted(at=now, reboot=True))

    def reconfigure(self, config: GatewayConfig, now: float) -> None:
        """Take a new configuration; a box that is down finds it when it comes back."""
        what = differences(self.config, config)
        self.config = config
        self._plane.reconfigure(settings_of(config), spd_of(config))
        self._forwarding.configure(config)
        self._journal.note(Reconfigured(at=now, what=what))
        if self._running:
            self._endpoint.reconfigure(config.endpoint, now)
            self._pump(now)

    # between negotiator and data plane

    def _pump(self, now: float) -> None:
        """Carry datagrams, events and requests until neither side has anything more to say.

        Datagrams go first: the peer must have quick-3 before the first packet on the new SA.
        """
        busy = True
        while busy:
            busy = False
            for datagram in self._endpoint.datagrams_to_send():
                self._journal.send(udp_out(datagram))
                busy = True
            while (event := self._endpoint.next_event()) is not None:
                self._digest(event, now)
                busy = True
            while self._ready:
                self._forwarding.release(self._ready.pop(0), now)
            for request in self._plane.requests():
                if request.wish is Wish.REKEY:
                    self._endpoint.rekey_child(request.inbound_spi, now)
                else:
                    self._endpoint.expire_child(request.inbound_spi, now)
                busy = True

    def _digest(self, event: Event, now: float) -> None:
        """Carry out an instruction, or let an event pass that others may see."""
        if not self._obey(event):
            self._journal.note(self._with_octets(event))
            self._abandon(event, now)

    def _obey(self, event: Event) -> bool:
        """Carry out what is an instruction; False for what is none."""
        match event:
            case ChildKeys(connection=connection, child=child, active=active):
                inbound, outbound = inbound_parameters(event), outbound_parameters(event)
                self._plane.install(inbound, outbound, active)
                if active:
                    self._ready.append((connection, child))
            case ChildActivated(inbound_spi=spi):
                self._plane.activate(spi)
                pair = self._plane.pair(spi)
                if pair is not None:
                    self._ready.append(pair.child)
            case ChildRetired(inbound_spi=spi):
                self._plane.retire(spi)
            case ChildRemoved(inbound_spi=spi):
                pair = self._plane.remove(spi)
                if pair is not None:
                    self._lineage.end(pair, self._plane.pairs())
            case _:
                return False
        return True

    def _with_octets(self, event: Event) -> Event:
        """Say in the obituary of a pair what it carried, which its negotiator does not know."""
        if not isinstance(event, PhaseTwoClosed):
            return event
        pair = self._plane.pair(event.inbound_spi)
        if pair is None:
            return event
        return replace(event, bytes_in=pair.inbound.octets, bytes_out=pair.outbound.octets)

    def _abandon(self, event: Event, now: float) -> None:
        """Follow a peer that moved, wait for one that died, give up packets of what has failed."""
        match event:
            case PeerMoved(old=old, new=new):
                self._plane.move(old, new)
            case PhaseTwoClosed(connection=connection, child=child, reason=CloseReason.DEAD_PEER):
                if self._holds(connection):
                    self._forwarding.hold((connection, child))
            case AcquireFailed(connection=connection, child=child) if child:
                self._forwarding.abandon(connection, child, now)
            case QuickModeClosed(connection=connection, child=child, reason=reason) if child:
                if reason is not CloseReason.REKEYED:
                    self._forwarding.abandon(connection, child, now)
            case PhaseOneClosed(connection=connection, reason=reason):
                if reason is not CloseReason.REKEYED:
                    self._forwarding.abandon(connection, "", now)

    def _holds(self, connection: str) -> bool:
        """Say whether traffic is to wait for a peer of this connection that is dead."""
        named = (c for c in self.config.endpoint.connections if c.name == connection)
        return any(c.dpd is not None and c.dpd.action is DpdAction.HOLD for c in named)


def _child_of(connection: Connection, name: str) -> str:
    names = [child.name for child in connection.children]
    if name and name not in names:
        raise ValueError(f"{connection.name} has no child {name!r}, only {names}")
    if not names:
        raise ValueError(f"{connection.name} has no child")
    return name or names[0]
