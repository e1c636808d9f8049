"""Taking a snapshot: the negotiator's picture joined with what the data plane has counted."""

from gwsim.esp.dataplane import DataPlane
from gwsim.esp.path_mtu import overhead
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.journal import Journal
from gwsim.gateway.lineage import Lineage, inbound_counters, outbound_counters
from gwsim.gateway.policy import Tally, children_of
from gwsim.gateway.snapshot import IpsecSaSnapshot, SaCounters, Snapshot, TunnelSnapshot
from gwsim.ike.config import ChildConfig, Connection
from gwsim.ike.snapshot import ChildSnapshot, EndpointSnapshot

NOTHING = EndpointSnapshot((), (), ())
"""The picture of a negotiator that is not running."""


def take_snapshot(
    config: GatewayConfig,
    ike: EndpointSnapshot,
    plane: DataPlane,
    lineage: Lineage,
    journal: Journal,
    now: float,
    started: float,
    running: bool,
) -> Snapshot:
    """Freeze everything a gateway can show at `now`."""
    ipsec = tuple(_ipsec_sa(child, plane, lineage, now) for child in ike.children)
    return Snapshot(
        name=config.name,
        vendor=config.vendor,
        now=now,
        started=started,
        outside=config.endpoint.address,
        outside_interface=config.outside_interface,
        inside_interface=config.inside_interface,
        inside=config.inside,
        enabled=config.endpoint.enabled,
        link_up=journal.link_up,
        ike=ike,
        ipsec=ipsec,
        tunnels=_tunnels(config, ike, journal),
        counters=tuple(sorted((cause.value, n) for cause, n in journal.drops.items())),
        mtu=config.mtu,
        df=config.df,
        running=running,
    )


def _tunnels(
    config: GatewayConfig, ike: EndpointSnapshot, journal: Journal
) -> tuple[TunnelSnapshot, ...]:
    up = {(child.connection, child.child) for child in ike.children if not child.retired}
    found = []
    for number, (connection, child) in enumerate(children_of(config), 1):
        key = (connection.name, child.name)
        tally = journal.tallies.get(key) or Tally()
        found.append(_tunnel(number, connection, child, tally, key in up))
    return tuple(found)


def _tunnel(
    number: int, connection: Connection, child: ChildConfig, tally: Tally, up: bool
) -> TunnelSnapshot:
    return TunnelSnapshot(
        connection=connection.name,
        child=child.name,
        peer=connection.remote or "",
        local=str(child.local),
        remote=str(child.remote),
        up=up,
        encapsulated=tally.encapsulated,
        decapsulated=tally.decapsulated,
        send_errors=tally.send_errors,
        receive_errors=tally.receive_errors,
        policy_id=number,
        prefragmented=tally.prefragmented,
        fragments=tally.fragments,
        too_big_sent=tally.too_big_sent,
        too_big_received=tally.too_big_received,
    )


def _ipsec_sa(
    child: ChildSnapshot, plane: DataPlane, lineage: Lineage, now: float
) -> IpsecSaSnapshot:
    pair = plane.pair(child.inbound_spi)
    if pair is None:
        mtu = plane.settings.mtu
        return IpsecSaSnapshot(child, SaCounters(), SaCounters(), child.lifetime_kilobytes, mtu, 0)
    parameters = pair.outbound.parameters
    inward, outward = lineage.before(pair)
    mtu, known_for = plane.path_mtu(pair.outbound.destination, now)
    return IpsecSaSnapshot(
        negotiated=child,
        inbound=inbound_counters(pair.inbound),
        outbound=outbound_counters(pair.outbound),
        kilobytes_left=pair.kilobytes_left,
        path_mtu=mtu,
        overhead=overhead(parameters.suite, parameters.udp is not None, parameters.transport),
        path_mtu_seconds=int(known_for),
        inbound_before=inward,
        outbound_before=outward,
    )
