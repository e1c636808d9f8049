"""`get sa` and its kin: the VPNs and their pairs of IPsec SAs.

Columns: index in eight hex digits, `<` inbound or `>` outbound, gateway, port, algorithm, SPI,
seconds and kilobytes left, state (active or not, and what the VPN monitor says: `-`, it is off),
policy id, virtual system.
"""

from dataclasses import dataclass

from gwsim.gateway.snapshot import IpsecSaSnapshot, SaCounters, TunnelSnapshot
from gwsim.ike.events import MessageSent, NegotiationStarted
from gwsim.vendors.screenos import numbering, words
from gwsim.vendors.screenos.algorithms import (
    authentication_word,
    encryption_word,
    sa_algorithm,
)
from gwsim.vendors.screenos.debug_messages import transforms_of
from gwsim.vendors.vendor import View
from gwsim.wire.numbers import IKE_PORT, Phase2Attribute
from gwsim.wire.selector import Selector

HEADER = "HEX ID    Gateway         Port Algorithm     SPI      Life:sec kb Sta   PID vsys"
STAT_HEADER = "HEX ID    Gateway         Fragment   Auth-Fail   Other       Totalbytes"


@dataclass(frozen=True, slots=True)
class Algorithms:
    """What protects a VPN, in wire numbers; `group` is that of PFS, 0 for none."""

    transform: int
    key_bits: int | None
    authentication: int | None
    group: int


def get_sa(view: View) -> str:
    """List every VPN, up or down."""
    tunnels = view.snapshot.tunnels
    return _table(f"total configured sa: {len(tunnels)}", HEADER, _rows(view, tunnels))


def get_sa_active(view: View) -> str:
    """List the VPNs that are up."""
    up = [t for t in view.snapshot.tunnels if numbering.pair_of(view.snapshot, t)]
    return _table(f"Total active sa: {len(up)}", HEADER, _rows(view, tuple(up)))


def get_sa_stat(view: View) -> str:
    """List what each direction of each VPN has counted."""
    rows: list[str] = []
    for tunnel in view.snapshot.tunnels:
        pair = numbering.pair_of(view.snapshot, tunnel)
        inbound, outbound = (pair.inbound, pair.outbound) if pair else (SaCounters(), SaCounters())
        rows.append(_stat(tunnel, "<", inbound, 0))
        rows.append(_stat(tunnel, ">", outbound, outbound.pieces))
    return _table(f"total configured sa: {len(view.snapshot.tunnels)}", STAT_HEADER, rows)


def get_sa_id(view: View, typed: str) -> str:
    """Show one VPN in detail; its index is typed in hex, with or without `0x`."""
    for tunnel in view.snapshot.tunnels:
        if _number(typed) == numbering.sa_index(tunnel):
            return "".join(line + "\n" for line in _detail(view, tunnel))
    return words.NO_SUCH_SA.format(typed=typed) + "\n"


def _number(typed: str) -> int | None:
    try:
        return int(typed, 16)
    except ValueError:
        return None


def _table(first: str, header: str, rows: list[str]) -> str:
    return "".join(line + "\n" for line in (first, header, *rows))


def _rows(view: View, tunnels: tuple[TunnelSnapshot, ...]) -> list[str]:
    rows: list[str] = []
    for tunnel in tunnels:
        pair = numbering.pair_of(view.snapshot, tunnel)
        rows.append(_row(view, tunnel, pair, inbound=True))
        rows.append(_row(view, tunnel, pair, inbound=False))
    return rows


def _row(view: View, tunnel: TunnelSnapshot, pair: IpsecSaSnapshot | None, inbound: bool) -> str:
    head = f"{_head(tunnel, '<' if inbound else '>')} "
    policy = numbering.incoming_policy(tunnel) if inbound else numbering.outgoing_policy(tunnel)
    found = _algorithms(view, tunnel, pair)
    algorithm = ""
    if found:
        algorithm = sa_algorithm(found.transform, found.key_bits, found.authentication)
    if pair is None:
        return f"{head}{IKE_PORT:>4} {algorithm:<13} {0:08x} expir unlim I/I{policy:>6} 0"
    n = pair.negotiated
    spi = n.inbound_spi if inbound else n.outbound_spi
    port = n.peer_port if n.udp else IKE_PORT
    kilobytes = "unlim" if pair.kilobytes_left is None else pair.kilobytes_left
    left = "unlim" if n.expires is None else max(0, int(n.expires - view.snapshot.now))
    return f"{head}{port:>4} {algorithm:<13} {spi:08x} {left:>5} {kilobytes:>5} A/-{policy:>6} 0"


def _algorithms(
    view: View, tunnel: TunnelSnapshot, pair: IpsecSaSnapshot | None
) -> Algorithms | None:
    """Give what was negotiated; of a VPN that is down what it last offered, or would offer."""
    if pair is not None:
        n = pair.negotiated
        return Algorithms(n.transform, n.key_bits, n.authentication, n.pfs_group or 0)
    offer = _last_offer(view, tunnel)
    for transform in transforms_of(offer.payloads) if offer else ():
        return Algorithms(
            transform.transform_id,
            transform.get(Phase2Attribute.KEY_LENGTH),
            transform.get(Phase2Attribute.AUTHENTICATION_ALGORITHM),
            transform.get(Phase2Attribute.GROUP_DESCRIPTION) or 0,
        )
    return _configured(view, tunnel)


def _configured(view: View, tunnel: TunnelSnapshot) -> Algorithms | None:
    """Give the first proposal of a VPN's configuration, where that is at hand."""
    for connection in view.config.endpoint.connections if view.config else ():
        for child in connection.children:
            if (connection.name, child.name) == (tunnel.connection, tunnel.child):
                first = child.transforms[0]
                group = child.pfs_group or 0
                return Algorithms(first.transform, first.key_bits, first.authentication, group)
    return None


def _last_offer(view: View, tunnel: TunnelSnapshot) -> MessageSent | None:
    name, own = (tunnel.connection, tunnel.child), set()
    found = None
    for event in view.since_start:
        match event:
            case NegotiationStarted(phase=2) if (event.connection, event.child) == name:
                own.add((event.sa, event.message_id))
            case MessageSent(label="quick-1") if (event.sa, event.message_id) in own:
                found = event
    return found


def _head(tunnel: TunnelSnapshot, way: str) -> str:
    return f"{numbering.sa_index(tunnel):08x}{way}{tunnel.peer or '0.0.0.0':>16}"


def _stat(tunnel: TunnelSnapshot, way: str, counted: SaCounters, fragments: int) -> str:
    other = counted.errors - counted.bad_icv
    columns = f"{fragments:<10} {counted.bad_icv:<11} {other:<11} {counted.octets}"
    return f"{_head(tunnel, way)} {columns}"


def _detail(view: View, tunnel: TunnelSnapshot) -> list[str]:
    snapshot = view.snapshot
    pair = numbering.pair_of(snapshot, tunnel)
    index, state = numbering.sa_index(tunnel), "active" if pair else "inactive"
    policies = (numbering.incoming_policy(tunnel), numbering.outgoing_policy(tunnel))
    found = _algorithms(view, tunnel, pair)
    mode = "transport" if pair and pair.negotiated.transport else "tunnel"
    return [
        f"index {index - 1}, name {tunnel.child}, peer gateway ip {tunnel.peer or '0.0.0.0'}. "
        "vsys<Root>",
        f"auto key. tunnel if binding node, {mode} mode, "
        f"policy id in:<{policies[0]}> out:<{policies[1]}> vpngrp:<-1>. sa_list_nxt:<-1>.",
        f"tunnel id {index}, peer id {numbering.peer_entry(snapshot, tunnel.connection) - 1}, "
        f"NSRP Local.     site-to-site. Local interface is {snapshot.outside_interface} "
        f"<{snapshot.outside}>.",
        *([_protection(found)] if found else []),
        f"  autokey, IN {state}, OUT {state}",
        "  monitor<0>, latency: 0, availability: 0",
        f"  DF bit: {snapshot.df}",
        f"  proxy id: {_proxy_ids(tunnel)}",
        *_directions(view, pair),
    ]


def _protection(found: Algorithms) -> str:
    cipher = encryption_word(found.transform, found.key_bits)
    hash_ = authentication_word(found.authentication)
    return f"  esp, group {found.group}, {cipher} encryption, {hash_} authentication"


def _proxy_ids(tunnel: TunnelSnapshot) -> str:
    local, remote = Selector.parse(tunnel.local), Selector.parse(tunnel.remote)
    service = f"proto {local.protocol}, port {local.port}/{remote.port}"
    return f"local {local.address}/{local.mask}, remote {remote.address}/{remote.mask}, {service}"


def _directions(view: View, pair: IpsecSaSnapshot | None) -> list[str]:
    if pair is None:
        return ["nat-traversal map not available"]
    n = pair.negotiated
    nat = "nat-traversal map not available"
    if n.udp:
        nat = f"nat-traversal map: local port {n.local_port}, peer port {n.peer_port}"
    return [
        nat,
        f"incoming: SPI {n.inbound_spi:08x}",
        *_direction(view, pair, pair.inbound, 0),
        f"outgoing: SPI {n.outbound_spi:08x}",
        *_direction(view, pair, pair.outbound, pair.outbound.sequence + 1),
    ]


def _direction(view: View, pair: IpsecSaSnapshot, counted: SaCounters, following: int) -> list[str]:
    n, checks = pair.negotiated, pair.inbound.replay_window > 0
    remain = 0 if n.expires is None else max(0, int(n.expires - view.snapshot.now))
    kilobytes, left = n.lifetime_kilobytes or 0, (pair.kilobytes_left or 0) * 1024
    last, window = (counted.sequence, counted.window & 0xFFFFFFFF) if checks else (0, 0)
    return [
        f"  life {n.lifetime_seconds or 0} sec, {remain} remain, "
        f"{kilobytes} kb, {left} bytes remain",
        f"  anti-replay {'on' if checks else 'off'}, last 0x{last:x}, window 0x{window:x}, "
        "idle timeout value <0>",
        f"  next pak sequence number: 0x{following:x}",
    ]
