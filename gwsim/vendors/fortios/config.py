"""The configuration of a FortiGate, written from ours.

`show` leaves out what is at its default, `show full-configuration` writes that as well. Every
tunnel has its own interface, the routes to it and policies for both directions: without a policy
a FortiGate does not negotiate. Source: vendor sheet, FortiOS configuration grammar, and captures;
`config_reader` reads it back.
"""

from collections.abc import Iterable, Iterator

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection, Dpd, Identity, Phase1Transform
from gwsim.vendors.fortios.behaviour import DEFAULTS, KEEPALIVE, USUAL_DPD
from gwsim.vendors.fortios.names import phase1_proposal, phase2_proposal
from gwsim.vendors.surroundings import (
    OUTSIDE_MASK,
    inside_address,
    inside_network,
    routed_inside,
)
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

HIDDEN_KEY = "ENC ****************"
"""What stands for a key where it must not be read; a device shows it encrypted."""

LOCALID_TYPES: dict[int, str] = {IdType.USER_FQDN: "user-fqdn", IdType.KEY_ID: "keyid"}
"""How names are announced that are not those of a host."""


def configuration(config: GatewayConfig, secrets: bool = True, full: bool = False) -> str:
    """Write the whole configuration as far as it is ours."""
    parts = [
        _section("system global", [f"    set hostname {_quoted(config.name)}"]),
        _section("system interface", _interfaces(config)),
        phase1_interface(config, secrets, full),
        phase2_interface(config, secrets, full),
        _section("firewall policy", _policies(config)),
        _section("router static", _routes(config)),
    ]
    return "".join(parts)


def phase1_interface(config: GatewayConfig, secrets: bool = True, full: bool = False) -> str:
    """Write `config vpn ipsec phase1-interface`: one entry for each peer."""
    entries = [
        _entry(connection.name, _phase1(config, connection, secrets, full))
        for connection in config.endpoint.connections
    ]
    return _section("vpn ipsec phase1-interface", _joined(entries))


def phase2_interface(config: GatewayConfig, secrets: bool = True, full: bool = False) -> str:
    """Write `config vpn ipsec phase2-interface`: one entry for each pair of selectors."""
    entries = [
        _entry(child.name, _phase2(connection, child, full))
        for connection in config.endpoint.connections
        for child in connection.children
    ]
    return _section("vpn ipsec phase2-interface", _joined(entries))


def _section(path: str, lines: Iterable[str]) -> str:
    inner = "".join(f"{line}\n" for line in lines)
    return f"config {path}\n{inner}end\n"


def _joined(entries: Iterable[list[str]]) -> list[str]:
    return [line for entry in entries for line in entry]


def _entry(name: str, settings: Iterable[str]) -> list[str]:
    lines = [f"        set {line}" for line in settings]
    return [f"    edit {_quoted(name)}", *lines, "    next"]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _interfaces(config: GatewayConfig) -> list[str]:
    outside = [f"ip {config.endpoint.address} {OUTSIDE_MASK}"]
    if config.mtu != 1500:
        outside += ["mtu-override enable", f"mtu {config.mtu}"]
    entries = [_entry(config.outside_interface, outside)]
    network = inside_network(config)
    if network is not None:
        inside = [f"ip {inside_address(network)} {network.mask}"]
        entries.append(_entry(config.inside_interface, inside))
    return _joined(entries)


def _phase1(
    config: GatewayConfig, connection: Connection, secrets: bool, full: bool
) -> Iterator[str]:
    lifetime = connection.phase1[0].lifetime_seconds or DEFAULTS.phase1_lifetime
    if connection.remote is None:
        yield "type dynamic"
    yield f"interface {_quoted(config.outside_interface)}"
    if full:
        yield "ike-version 1"
    if lifetime != DEFAULTS.phase1_lifetime or full:
        yield f"keylife {lifetime}"
    if connection.aggressive or full:
        yield f"mode {'aggressive' if connection.aggressive else 'main'}"
    yield "peertype any"
    yield "net-device disable"
    if not connection.may_initiate and connection.remote is not None:
        yield "passive-mode enable"
    yield f"proposal {' '.join(_proposals(connection.phase1))}"
    yield from _localid(connection.local_id)
    yield from _dpd(connection.dpd, full)
    yield f"dhgrp {' '.join(_groups(connection.phase1))}"
    yield from _natt(config, connection, full)
    if connection.remote is not None:
        yield f"remote-gw {connection.remote}"
    if connection.psk is not None:
        key = connection.psk.decode("ascii", "backslashreplace")
        yield f"psksecret {_quoted(key) if secrets else HIDDEN_KEY}"
    yield from _dpd_numbers(connection.dpd, full)


def _proposals(transforms: Iterable[Phase1Transform]) -> list[str]:
    words = (phase1_proposal(t.encryption, t.key_bits, t.hash) for t in transforms)
    return list(dict.fromkeys(words))


def _groups(transforms: Iterable[Phase1Transform]) -> list[str]:
    return list(dict.fromkeys(str(int(t.group)) for t in transforms))


def _localid(name: Identity | None) -> Iterator[str]:
    if name is not None and name.id_type != IdType.IPV4_ADDR:
        yield f"localid {_quoted(name.text)}"
        if name.id_type in LOCALID_TYPES:
            yield f"localid-type {LOCALID_TYPES[name.id_type]}"


def _dpd(dpd: Dpd | None, full: bool) -> Iterator[str]:
    word = "disable"
    if dpd is not None:
        word = "on-demand" if dpd.on_demand else "on-idle"
    if word != "on-demand" or full:
        yield f"dpd {word}"


def _dpd_numbers(dpd: Dpd | None, full: bool) -> Iterator[str]:
    wanted = dpd or USUAL_DPD
    if wanted.count != USUAL_DPD.count or full:
        yield f"dpd-retrycount {wanted.count}"
    if wanted.idle != USUAL_DPD.idle or full:
        yield f"dpd-retryinterval {wanted.idle:.0f}"


def _natt(config: GatewayConfig, connection: Connection, full: bool) -> Iterator[str]:
    word = "enable" if connection.nat_traversal else "disable"
    if connection.force_encapsulation:
        word = "forced"
    if word != "enable" or full:
        yield f"nattraversal {word}"
    keepalive = config.endpoint.behaviour.keepalive
    if keepalive != KEEPALIVE or full:
        yield f"keepalive {keepalive:.0f}"


def _phase2(connection: Connection, child: ChildConfig, full: bool) -> Iterator[str]:
    words = [phase2_proposal(t.transform, t.key_bits, t.authentication) for t in child.transforms]
    yield f"phase1name {_quoted(connection.name)}"
    yield f"proposal {' '.join(words)}"
    if child.pfs_group is None:
        yield "pfs disable"
    else:
        yield from ["pfs enable"] if full else []
        yield f"dhgrp {int(child.pfs_group)}"
    if not child.replay_window or full:
        yield f"replay {'enable' if child.replay_window else 'disable'}"
    if connection.auto_start or full:
        yield f"auto-negotiate {'enable' if connection.auto_start else 'disable'}"
    if child.transport or full:
        yield f"encapsulation {'transport-mode' if child.transport else 'tunnel-mode'}"
    yield from _life(child, full)
    yield from _selector("src", child.local, full)
    yield from _selector("dst", child.remote, full)
    protocol = child.local.protocol or child.remote.protocol
    if protocol or full:
        yield f"protocol {protocol}"


def _life(child: ChildConfig, full: bool) -> Iterator[str]:
    seconds = child.lifetime_seconds or DEFAULTS.phase2_lifetime
    word = "kbs" if child.lifetime_seconds is None else "both"
    if child.lifetime_kilobytes is None:
        word = "seconds"
    if word != "seconds" or full:
        yield f"keylife-type {word}"
    if child.lifetime_kilobytes is not None:
        yield f"keylifekbs {child.lifetime_kilobytes}"
    if seconds != DEFAULTS.phase2_lifetime or full:
        yield f"keylifeseconds {seconds}"


def _selector(side: str, selector: Selector, full: bool) -> Iterator[str]:
    """Write one end; a subnet of everything is the default."""
    if selector.id_type == IdType.IPV4_ADDR:
        yield f"{side}-addr-type ip"
        yield f"{side}-start-ip {selector.address}"
    elif selector.id_type == IdType.IPV4_ADDR_RANGE:
        yield f"{side}-addr-type range"
        yield f"{side}-start-ip {selector.address}"
        yield f"{side}-end-ip {selector.last_address}"
    elif selector.prefix or full:
        yield f"{side}-subnet {selector.address} {selector.mask}"
    if selector.port:
        yield f"{side}-port {selector.port}"


def _policies(config: GatewayConfig) -> list[str]:
    """Let traffic pass into each tunnel and out of it."""
    inside = config.inside_interface
    ways: list[tuple[str, str]] = []
    for connection in config.endpoint.connections:
        ways += [(inside, connection.name), (connection.name, inside)]
    lines: list[str] = []
    for number, (source, destination) in enumerate(ways, 1):
        settings = [
            f"srcintf {_quoted(source)}",
            f"dstintf {_quoted(destination)}",
            'srcaddr "all"',
            'dstaddr "all"',
            "action accept",
            'schedule "always"',
            'service "ALL"',
        ]
        lines += [f"    edit {number}", *(f"        set {line}" for line in settings), "    next"]
    return lines


def _routes(config: GatewayConfig) -> list[str]:
    """Send what each tunnel carries into it, and the networks further inside to a router there."""
    routes: list[list[str]] = []
    for connection in config.endpoint.connections:
        for subnet in dict.fromkeys(_subnet(child.remote) for child in connection.children):
            routes.append([f"dst {subnet}", f"device {_quoted(connection.name)}"])
    device = _quoted(config.inside_interface)
    for network, router in routed_inside(config):
        routes.append([f"dst {_subnet(network)}", f"gateway {router}", f"device {device}"])
    lines: list[str] = []
    for number, settings in enumerate(routes, 1):
        lines += [f"    edit {number}", *(f"        set {line}" for line in settings), "    next"]
    return lines


def _subnet(selector: Selector) -> str:
    return f"{selector.address} {selector.mask}"
