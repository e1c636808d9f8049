"""The running configuration of a router, written from ours.

Every child has a crypto map entry and a crypto ACL of its own, numbered in tens. Masks of access
lists are wildcards. Source: vendor sheet, IOS configuration grammar; `config_reader` reads it
back.
"""

from collections.abc import Iterator

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection, Phase1Transform, Phase2Transform
from gwsim.vendors.crypto_maps import Entry, ace_end, entries_of, policies_of, transform_sets_of
from gwsim.vendors.ios.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.ios.names import (
    ESP_AUTHENTICATION,
    POLICY_ENCRYPTION,
    POLICY_HASH,
    set_encryption,
)
from gwsim.vendors.ios.show_ipsec import MAP
from gwsim.vendors.surroundings import (
    OUTSIDE_MASK,
    inside_address,
    inside_network,
    routed_inside,
)
from gwsim.wire.ip import format_address
from gwsim.wire.numbers import AuthenticationMethod, IdType
from gwsim.wire.selector import Selector

STEP = 10
"""Policies and map entries are numbered in tens, as everybody does it."""

PROTOCOLS = {0: "ip", 1: "icmp", 6: "tcp", 17: "udp", 47: "gre", 50: "esp", 51: "ahp"}


def running_config(config: GatewayConfig, secrets: bool = True) -> str:
    """Write the running configuration; a router shows its keys unless it encrypts them."""
    entries = entries_of(config, STEP)
    lines = [
        f"hostname {config.name}",
        "!",
        *_policies(config),
        *_keys(config, secrets),
        *_globals(config),
        "crypto logging session",
        "!",
        *_transform_sets(entries),
        *_replay(entries),
        *_crypto_map(entries),
        *_interfaces(config, bool(entries)),
        *_access_lists(entries),
        "end",
    ]
    return "\n".join(lines) + "\n"


def _policies(config: GatewayConfig) -> Iterator[str]:
    for number, transform in policies_of(config, STEP):
        yield from _policy(number, transform)


def _policy(number: int, transform: Phase1Transform) -> Iterator[str]:
    """What is at its default is left out, as `show running-config` does; rsa-sig is one."""
    usual = DEFAULTS.phase1[0]
    cipher = (transform.encryption, transform.key_bits)
    yield f"crypto isakmp policy {number}"
    if cipher != (usual.encryption, usual.key_bits):
        yield f" encr {POLICY_ENCRYPTION.get(cipher, transform.encryption)}"
    if transform.hash != usual.hash:
        yield f" hash {POLICY_HASH.get(transform.hash, transform.hash)}"
    if transform.authentication == AuthenticationMethod.PRE_SHARED_KEY:
        yield " authentication pre-share"
    if transform.group != usual.group:
        yield f" group {transform.group}"
    if transform.lifetime_seconds not in (usual.lifetime_seconds, None):
        yield f" lifetime {transform.lifetime_seconds}"


def _keys(config: GatewayConfig, secrets: bool) -> Iterator[str]:
    for connection in config.endpoint.connections:
        if connection.psk is not None:
            key = connection.psk.decode("ascii", "backslashreplace") if secrets else "<removed>"
            where = connection.remote or "0.0.0.0"
            yield f"crypto isakmp key {key} address {where}"


def _globals(config: GatewayConfig) -> Iterator[str]:
    connections = config.endpoint.connections
    if not config.endpoint.enabled:
        yield "no crypto isakmp enable"
    if connections and not any(c.accept_aggressive for c in connections):
        yield "crypto isakmp aggressive-mode disable"
    for connection in connections[:1]:
        if connection.local_id is not None and connection.local_id.id_type == IdType.FQDN:
            yield "crypto isakmp identity hostname"
        if connection.dpd is not None:
            kind = "" if connection.dpd.on_demand else " periodic"
            idle, retry = connection.dpd.idle, connection.dpd.retry
            yield f"crypto isakmp keepalive {idle:.0f} {retry:.0f}{kind}"
        if not connection.nat_traversal:
            yield "no crypto ipsec nat-transparency udp-encapsulation"
    if config.endpoint.behaviour.keepalive != BEHAVIOUR.keepalive:
        yield f"crypto isakmp nat keepalive {config.endpoint.behaviour.keepalive:.0f}"


def transform_set_name(transform: Phase2Transform, transport: bool) -> str:
    """Name a transform set by what is in it: `AES-256-SHA`."""
    cipher = set_encryption(transform.transform, transform.key_bits).removeprefix("esp-")
    digest = ESP_AUTHENTICATION.get(transform.authentication, "").removeprefix("esp-")
    name = "-".join(f"{cipher} {digest.removesuffix('-hmac')}".split()).upper()
    return f"{name}-TRANSPORT" if transport else name


def _transform_sets(entries: list[Entry]) -> Iterator[str]:
    for transform, transport in transform_sets_of(entries):
        cipher = set_encryption(transform.transform, transform.key_bits)
        digest = ESP_AUTHENTICATION.get(transform.authentication, "")
        name = transform_set_name(transform, transport)
        yield f"crypto ipsec transform-set {name} {cipher} {digest} ".replace("  ", " ")
        yield f" mode {'transport' if transport else 'tunnel'}"


def _replay(entries: list[Entry]) -> Iterator[str]:
    windows = [child.replay_window for _, _, child in entries]
    if windows and windows[0] != DEFAULTS.replay_window:
        size = f"window-size {windows[0]}" if windows[0] else "disable"
        yield f"crypto ipsec security-association replay {size}"


def _crypto_map(entries: list[Entry]) -> Iterator[str]:
    dynamic = f"{MAP}-DYN"
    for number, connection, child in entries:
        fixed = connection.remote is not None
        yield (
            f"crypto map {MAP} {number} ipsec-isakmp "
            if fixed
            else (f"crypto dynamic-map {dynamic} {number}")
        )
        yield from (f" {line}" for line in _settings(number, connection, child))
    if any(connection.remote is None for _, connection, _ in entries):
        yield f"crypto map {MAP} 65535 ipsec-isakmp dynamic {dynamic} "
    if entries:
        yield "!"


def _settings(number: int, connection: Connection, child: ChildConfig) -> Iterator[str]:
    if connection.remote is not None:
        yield f"set peer {connection.remote}"
    if child.lifetime_seconds not in (DEFAULTS.phase2_lifetime, None):
        yield f"set security-association lifetime seconds {child.lifetime_seconds}"
    if child.lifetime_kilobytes != DEFAULTS.phase2_kilobytes:
        volume = child.lifetime_kilobytes or "disable"
        yield f"set security-association lifetime kilobytes {volume}"
    names = " ".join(transform_set_name(t, child.transport) for t in child.transforms)
    yield f"set transform-set {names} "
    if child.pfs_group is not None:
        yield f"set pfs group{child.pfs_group}"
    yield f"match address {acl_name(number)}"


def acl_name(number: int) -> str:
    """Name the crypto ACL of an entry."""
    return f"VPN-{number}"


def _interfaces(config: GatewayConfig, bound: bool) -> Iterator[str]:
    yield f"interface {config.outside_interface}"
    yield f" ip address {config.endpoint.address} {OUTSIDE_MASK}"
    if config.mtu != 1500:
        yield f" ip mtu {config.mtu}"
    if config.df != "copy":
        yield f" crypto ipsec df-bit {config.df}"
    if bound:
        yield f" crypto map {MAP}"
    network = inside_network(config)
    if network is not None:
        yield "!"
        yield f"interface {config.inside_interface}"
        yield f" ip address {inside_address(network)} {network.mask}"
    yield "!"
    yield from _routes(config)


def _routes(config: GatewayConfig) -> Iterator[str]:
    for network, router in routed_inside(config):
        yield f"ip route {network.address} {network.mask} {router}"


def _access_lists(entries: list[Entry]) -> Iterator[str]:
    for number, _, child in entries:
        protocol = child.local.protocol or child.remote.protocol
        word = PROTOCOLS.get(protocol, str(protocol))
        yield f"ip access-list extended {acl_name(number)}"
        yield f" permit {word} {_ace_end(child.local)} {_ace_end(child.remote)}"


def _ace_end(end: Selector) -> str:
    """One end of a line of an access list, with a wildcard in place of the mask."""
    return ace_end(end, format_address(end.first ^ end.last))
