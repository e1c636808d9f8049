"""The configuration of a PIX 6.3, written from ours; `config_reader` reads it back.

Line by line as in real configurations of 6.3: no blocks, IKE's lines begin with `isakmp`, access
lists have masks, and entries are numbered in twenties as its device manager does. Keys are starred
unless they go to a file server.
"""

import hashlib
from collections.abc import Iterator

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection, Phase1Transform, Phase2Transform
from gwsim.vendors.crypto_maps import Entry, ace_end, entries_of, policies_of, transform_sets_of
from gwsim.vendors.ios.config import PROTOCOLS, transform_set_name
from gwsim.vendors.ios.names import (
    ESP_AUTHENTICATION,
    POLICY_ENCRYPTION,
    POLICY_HASH,
    set_encryption,
)
from gwsim.vendors.ios.pix.behaviour import DEFAULTS
from gwsim.vendors.surroundings import (
    OUTSIDE_MASK,
    inside_address,
    inside_network,
    routed_inside,
)
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

MAP = "outside_map"
STEP = 20
NO_EXTRAS = "no-xauth no-config-mode"
"""What stands behind the key of a peer that is another gateway, not a user."""

HEAD = ": Saved\n:\nPIX Version 6.3(5)\n"
TAIL = "Cryptochecksum:{checksum}\n: end\n"


def write_terminal(config: GatewayConfig, secrets: bool = False) -> str:
    """Write the whole configuration as `write terminal` prints it, checksum and all."""
    entries = entries_of(config, STEP)
    lines = [
        *_interfaces(config),
        f"hostname {config.name}",
        *_access_lists(config, entries),
        f"mtu {config.outside_interface} {config.mtu}",
        f"mtu {config.inside_interface} 1500",
        *_addresses(config),
        *_routes(config),
        "sysopt connection permit-ipsec",
        *_transform_sets(entries),
        *_crypto_map(config, entries),
        *_isakmp(config, secrets),
    ]
    body = "".join(f"{line}\n" for line in lines)
    checksum = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
    return f"{HEAD}{body}{TAIL.format(checksum=checksum)}"


def _interfaces(config: GatewayConfig) -> Iterator[str]:
    yield "interface ethernet0 auto"
    yield "interface ethernet1 auto"
    yield f"nameif ethernet0 {config.outside_interface} security0"
    yield f"nameif ethernet1 {config.inside_interface} security100"


def acl_name(interface: str, number: int) -> str:
    """Name the crypto ACL of an entry as the device manager does."""
    return f"{interface}_cryptomap_{number}"


def _access_lists(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    for number, _, child in entries:
        protocol = child.local.protocol or child.remote.protocol
        word = PROTOCOLS.get(protocol, str(protocol))
        name = acl_name(config.outside_interface, number)
        yield f"access-list {name} permit {word} {_end(child.local)} {_end(child.remote)} "


def _end(end: Selector) -> str:
    return ace_end(end, end.mask)


def _addresses(config: GatewayConfig) -> Iterator[str]:
    yield f"ip address {config.outside_interface} {config.endpoint.address} {OUTSIDE_MASK}"
    network = inside_network(config)
    if network is not None:
        host = inside_address(network)
        yield f"ip address {config.inside_interface} {host} {network.mask}"


def _routes(config: GatewayConfig) -> Iterator[str]:
    for network, router in routed_inside(config):
        yield f"route {config.inside_interface} {network.address} {network.mask} {router} 1"


def _spelled(transform: Phase2Transform) -> str:
    """Spell a transform: `esp-aes-256 esp-sha-hmac`, the key length tied on."""
    cipher = set_encryption(transform.transform, transform.key_bits).replace(" ", "-")
    return f"{cipher} {ESP_AUTHENTICATION.get(transform.authentication, '')}".rstrip()


def _set_name(transform: Phase2Transform, transport: bool) -> str:
    return f"ESP-{transform_set_name(transform, transport)}"


def _transform_sets(entries: list[Entry]) -> Iterator[str]:
    for transform, transport in transform_sets_of(entries):
        name = _set_name(transform, transport)
        yield f"crypto ipsec transform-set {name} {_spelled(transform)} "
        if transport:
            yield f"crypto ipsec transform-set {name} mode transport"


def _crypto_map(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    dynamic = f"{config.outside_interface}_dyn_map"
    for number, connection, child in entries:
        head = f"crypto dynamic-map {dynamic} {number}"
        if connection.remote is not None:
            head = f"crypto map {MAP} {number}"
            yield f"{head} ipsec-isakmp"
        yield f"{head} match address {acl_name(config.outside_interface, number)}"
        yield from (f"{head} set {what}" for what in _settings(connection, child))
    if any(connection.remote is None for _, connection, _ in entries):
        yield f"crypto map {MAP} 65535 ipsec-isakmp dynamic {dynamic}"
    if entries:
        yield f"crypto map {MAP} interface {config.outside_interface}"


def _settings(connection: Connection, child: ChildConfig) -> Iterator[str]:
    if child.pfs_group is not None:
        yield f"pfs group{child.pfs_group}"
    if connection.remote is not None:
        yield f"peer {connection.remote}"
    yield "transform-set " + " ".join(_set_name(t, child.transport) for t in child.transforms)
    lives = (child.lifetime_seconds, child.lifetime_kilobytes)
    if lives != (DEFAULTS.phase2_lifetime, DEFAULTS.phase2_kilobytes):
        values = zip(("seconds", "kilobytes"), lives, strict=True)
        said = " ".join(f"{unit} {value}" for unit, value in values if value is not None)
        yield f"security-association lifetime {said}"


def _isakmp(config: GatewayConfig, secrets: bool) -> Iterator[str]:
    connections = config.endpoint.connections
    no = "" if config.endpoint.enabled else "no "
    yield f"{no}isakmp enable {config.outside_interface}"
    for connection in connections:
        if connection.psk is not None:
            key = connection.psk.decode("ascii", "backslashreplace") if secrets else "********"
            where, mask = connection.remote or "0.0.0.0", "255.255.255.255"
            mask = mask if connection.remote else "0.0.0.0"
            yield f"isakmp key {key} address {where} netmask {mask} {NO_EXTRAS} "
    for connection in connections[:1]:
        fqdn = connection.local_id is not None and connection.local_id.id_type == IdType.FQDN
        yield f"isakmp identity {'hostname' if fqdn else 'address'}"
        if connection.dpd is not None:
            yield f"isakmp keepalive {connection.dpd.idle:.0f} {connection.dpd.retry:.0f}"
        if connection.nat_traversal:
            yield f"isakmp nat-traversal {config.endpoint.behaviour.keepalive:.0f}"
    for number, transform in policies_of(config, STEP):
        yield from _policy(number, transform)


def _policy(number: int, transform: Phase1Transform) -> Iterator[str]:
    cipher = POLICY_ENCRYPTION.get((transform.encryption, transform.key_bits), "des")
    values = {
        "authentication": "pre-share",
        "encryption": cipher.replace(" ", "-"),
        "hash": POLICY_HASH.get(transform.hash, str(transform.hash)),
        "group": transform.group,
        "lifetime": transform.lifetime_seconds or DEFAULTS.phase1_lifetime,
    }
    for what, value in values.items():
        yield f"isakmp policy {number} {what} {value}"
