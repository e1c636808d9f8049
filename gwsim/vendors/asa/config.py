"""The running configuration of an ASA (8.4 and later), written from ours.

Every child has a crypto map entry and a crypto ACL of its own, numbered as the screens and the
log number them. What is at its default is left out, as `show running-config` does. Source: vendor
sheet, ASA configuration grammar; `config_reader` reads it back.
"""

from collections.abc import Iterator

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection, Phase1Transform, Phase2Transform
from gwsim.vendors.asa.behaviour import BEHAVIOUR, DEFAULTS
from gwsim.vendors.asa.names import (
    ESP_AUTHENTICATION,
    POLICY_HASH,
    esp_encryption,
    policy_encryption,
)
from gwsim.vendors.asa.show_ipsec import access_list, acl_name
from gwsim.vendors.asa.story import map_name
from gwsim.vendors.crypto_maps import Entry, entries_of, policies_of, transform_sets_of
from gwsim.vendors.surroundings import (
    OUTSIDE_MASK,
    inside_address,
    inside_network,
    routed_inside,
)
from gwsim.wire.numbers import AuthenticationMethod, IdType

DYNAMIC_GROUP = "DefaultL2LGroup"
"""The tunnel-group of peers that have no fixed address."""


def running_config(config: GatewayConfig, secrets: bool = False) -> str:
    """Write the running configuration; keys are starred unless `secrets` are wanted."""
    entries = entries_of(config)
    lines = [
        f"hostname {config.name}",
        *_interfaces(config),
        *_access_lists(config, entries),
        *_routes(config),
        *([f"mtu {config.outside_interface} {config.mtu}"] if config.mtu != 1500 else []),
        *_transform_sets(entries),
        *_ipsec_globals(config, entries),
        *_crypto_map(config, entries),
        *_isakmp(config),
        *_policies(config),
        *_tunnel_groups(config, secrets),
    ]
    return "\n".join(lines) + "\n"


def _interfaces(config: GatewayConfig) -> Iterator[str]:
    yield "!"
    yield "interface GigabitEthernet0/0"
    yield f" nameif {config.outside_interface}"
    yield " security-level 0"
    yield f" ip address {config.endpoint.address} {OUTSIDE_MASK}"
    network = inside_network(config)
    if network is not None:
        yield "!"
        yield "interface GigabitEthernet0/1"
        yield f" nameif {config.inside_interface}"
        yield " security-level 100"
        yield f" ip address {inside_address(network)} {network.mask}"
    yield "!"


def _routes(config: GatewayConfig) -> Iterator[str]:
    for network, router in routed_inside(config):
        yield f"route {config.inside_interface} {network.address} {network.mask} {router} 1"


def _access_lists(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    for number, _, child in entries:
        name = acl_name(config.outside_interface, number)
        yield f"{access_list((str(child.local), str(child.remote)), name)} "


def transform_set_name(transform: Phase2Transform, transport: bool) -> str:
    """Name a transform set as the wizard of an ASA does: `ESP-AES-256-SHA`."""
    cipher = esp_encryption(transform.transform, transform.key_bits).removeprefix("esp-")
    digest = ESP_AUTHENTICATION.get(transform.authentication, "esp-none").removeprefix("esp-")
    name = f"ESP-{cipher}-{digest.removesuffix('-hmac')}".upper()
    return f"{name}-TRANS" if transport else name


def _transform_sets(entries: list[Entry]) -> Iterator[str]:
    for transform, transport in transform_sets_of(entries):
        name = transform_set_name(transform, transport)
        cipher = esp_encryption(transform.transform, transform.key_bits)
        digest = ESP_AUTHENTICATION.get(transform.authentication, "esp-none")
        yield f"crypto ipsec ikev1 transform-set {name} {cipher} {digest} "
        if transport:
            yield f"crypto ipsec ikev1 transform-set {name} mode transport"


def _ipsec_globals(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    windows = [child.replay_window for _, _, child in entries]
    if windows and windows[0] != DEFAULTS.replay_window:
        size = f"window-size {windows[0]}" if windows[0] else "disable"
        yield f"crypto ipsec security-association replay {size}"
    if config.df != "copy":
        yield f"crypto ipsec df-bit {config.df}-df {config.outside_interface}"


def _crypto_map(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    name = map_name(config.outside_interface)
    dynamic = f"{config.outside_interface}_dyn_map"
    for number, connection, child in entries:
        fixed = connection.remote is not None
        kind = f"crypto map {name}" if fixed else f"crypto dynamic-map {dynamic}"
        head = f"{kind} {number}"
        yield f"{head} match address {acl_name(config.outside_interface, number)}"
        yield from (f"{head} set {what}" for what in _settings(connection, child))
    if any(connection.remote is None for _, connection, _ in entries):
        yield f"crypto map {name} 65535 ipsec-isakmp dynamic {dynamic}"
    if entries:
        yield f"crypto map {name} interface {config.outside_interface}"


def _settings(connection: Connection, child: ChildConfig) -> Iterator[str]:
    if child.pfs_group is not None:
        yield f"pfs group{child.pfs_group}"
    if connection.remote is not None:
        yield f"peer {connection.remote} "
        if not connection.may_initiate:
            yield "connection-type answer-only"
        elif not connection.may_respond:
            yield "connection-type originate-only"
        if connection.aggressive:
            yield f"ikev1 phase1-mode aggressive group{connection.phase1[0].group}"
    names = (transform_set_name(t, child.transport) for t in child.transforms)
    yield f"ikev1 transform-set {' '.join(names)}"
    if child.lifetime_seconds not in (DEFAULTS.phase2_lifetime, None):
        yield f"security-association lifetime seconds {child.lifetime_seconds}"
    if child.lifetime_kilobytes != DEFAULTS.phase2_kilobytes:
        volume = child.lifetime_kilobytes or "unlimited"
        yield f"security-association lifetime kilobytes {volume}"
    if not connection.nat_traversal:
        yield "nat-t-disable"


def _isakmp(config: GatewayConfig) -> Iterator[str]:
    connections = config.endpoint.connections
    for connection in connections[:1]:
        who = connection.local_id
        if who is not None and who.id_type == IdType.FQDN:
            yield "crypto isakmp identity hostname"
        elif who is not None and who.id_type == IdType.KEY_ID:
            yield f"crypto isakmp identity key-id {who.text}"
    if config.endpoint.behaviour.keepalive != BEHAVIOUR.keepalive:
        yield f"crypto isakmp nat-traversal {config.endpoint.behaviour.keepalive:.0f}"
    if config.endpoint.enabled:
        yield f"crypto ikev1 enable {config.outside_interface}"
    if connections and not any(c.accept_aggressive for c in connections):
        yield "crypto ikev1 am-disable"


_PROOFS: dict[int, str] = {
    AuthenticationMethod.PRE_SHARED_KEY: "pre-share",
    AuthenticationMethod.RSA_SIGNATURES: "rsa-sig",
}


def _policies(config: GatewayConfig) -> Iterator[str]:
    for number, transform in policies_of(config, step=10):
        yield from _policy(number, transform)


def _policy(number: int, transform: Phase1Transform) -> Iterator[str]:
    yield f"crypto ikev1 policy {number}"
    yield f" authentication {_PROOFS.get(transform.authentication, transform.authentication)}"
    yield f" encryption {policy_encryption(transform.encryption, transform.key_bits)}"
    yield f" hash {POLICY_HASH.get(transform.hash, str(transform.hash))}"
    yield f" group {transform.group}"
    yield f" lifetime {transform.lifetime_seconds or 'none'}"


def _tunnel_groups(config: GatewayConfig, secrets: bool) -> Iterator[str]:
    for connection in config.endpoint.connections:
        if connection.psk is None:
            continue
        name = connection.remote or DYNAMIC_GROUP
        if connection.remote is not None:
            yield f"tunnel-group {name} type ipsec-l2l"
        yield f"tunnel-group {name} ipsec-attributes"
        key = connection.psk.decode("ascii", "backslashreplace") if secrets else "*****"
        yield f" ikev1 pre-shared-key {key}"
        if connection.dpd is None:
            yield " isakmp keepalive disable"
        elif connection.dpd != DEFAULTS.dpd:
            idle, retry = connection.dpd.idle, connection.dpd.retry
            yield f" isakmp keepalive threshold {idle:.0f} retry {retry:.0f}"
