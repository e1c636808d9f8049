"""The configuration of a NetScreen, written from ours as `get config` prints it.

Every child is a policy-based VPN: two address-book entries, a service and a pair of policies from
which its proxy IDs follow. Source: vendor sheet, ScreenOS configuration grammar; `config_reader`
reads it back.
"""

from collections.abc import Iterator

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection, Identity, Phase1Transform
from gwsim.vendors.screenos.behaviour import PHASE1_LIFETIME, PHASE2_LIFETIME
from gwsim.vendors.screenos.proposals import phase1_words, phase2_words
from gwsim.vendors.surroundings import inside_address, inside_network
from gwsim.wire.numbers import AuthenticationMethod
from gwsim.wire.selector import Selector

OUTSIDE, INSIDE = "Untrust", "Trust"
OUTSIDE_PREFIX = 24
"""Our configuration knows no mask for the outside address; it matters to nobody here."""

STARS = "*****"
PROTOCOLS: dict[int, str] = {1: "icmp", 6: "tcp", 17: "udp"}

Entry = tuple[int, Connection, ChildConfig]


def running_config(config: GatewayConfig, secrets: bool = False) -> str:
    """Write the configuration; keys are starred unless `secrets` are wanted.

    A range of addresses becomes the smallest network around it: an address book has no ranges.
    """
    pairs = [(c, child) for c in config.endpoint.connections for child in c.children]
    entries = [(number, *pair) for number, pair in enumerate(pairs, 1)]
    lines = [
        *_services(config, entries),
        f"set hostname {config.name}",
        *_interfaces(config),
        *_addresses(config, entries),
        *_phase1_proposals(config),
        *_phase2_proposals(entries),
        *_gateways(config, secrets),
        *(["set ike initial-contact"] if config.endpoint.behaviour.initial_contact else []),
        *_vpns(config, entries),
        *_policies(config, entries),
        *_routes(config),
    ]
    return "\n".join(lines) + "\n"


def _interfaces(config: GatewayConfig) -> Iterator[str]:
    outside, inside = config.outside_interface, config.inside_interface
    yield f'set interface "{outside}" zone "{OUTSIDE}"'
    yield f'set interface "{inside}" zone "{INSIDE}"'
    yield f"set interface {outside} ip {config.endpoint.address}/{OUTSIDE_PREFIX}"
    yield f"set interface {outside} route"
    network = inside_network(config)
    if network is not None:
        yield f"set interface {inside} ip {inside_address(network)}/{network.prefix}"
    if config.mtu != 1500:
        yield f"set interface {outside} mtu {config.mtu}"


def _routes(config: GatewayConfig) -> Iterator[str]:
    yield f"set route 0.0.0.0/0 interface {config.outside_interface}"
    for network in config.inside[1:]:
        yield f"set route {network} interface {config.inside_interface}"


def service_name(protocol: int, port: int) -> str:
    """Name a service: `ANY`, `ICMP-ANY`, `TCP-ANY`, or one of our own, `tcp-80`."""
    if not protocol:
        return "ANY"
    name = PROTOCOLS.get(protocol, f"proto-{protocol}")
    if not port:
        return f"{name.upper()}-ANY" if protocol in PROTOCOLS else name
    return f"{name}-{port}"


def _services(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    """Define the services that are not predefined."""
    selectors = [s for _, _, child in entries for s in (child.local, child.remote)]
    selectors += [s for rule in config.rules for s in (rule.local, rule.remote)]
    for protocol, port in dict.fromkeys((s.protocol, s.port) for s in selectors):
        name = service_name(protocol, port)
        if protocol and name not in {"ICMP-ANY", "TCP-ANY", "UDP-ANY"}:
            word = PROTOCOLS.get(protocol, str(protocol))
            ports = f"src-port 0-65535 dst-port {port}-{port or 65535}"
            yield f'set service "{name}" protocol {word} {ports}'


def address_name(selector: Selector) -> str:
    """Name an address-book entry by what it holds; `Any` is predefined."""
    if selector.prefix == 0:
        return "Any"
    return f"{selector.address}/{selector.mask}"


def _addresses(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    pairs = [(child.local, child.remote) for _, _, child in entries]
    pairs += [(rule.local, rule.remote) for rule in config.rules]
    for zone, selectors in ((INSIDE, [p[0] for p in pairs]), (OUTSIDE, [p[1] for p in pairs])):
        for name, s in {address_name(s): s for s in selectors}.items():
            if name != "Any":
                yield f'set address "{zone}" "{name}" {s.address} {s.mask}'


def _phase1_name(t: Phase1Transform) -> str:
    cipher, hash_ = phase1_words(t)
    proof = "pre" if _by_key(t) else "rsa"
    name = f"{proof}-g{t.group}-{cipher}-{hash_}"
    return name if t.lifetime_seconds == PHASE1_LIFETIME else f"{name}-{t.lifetime_seconds or 0}s"


def _by_key(t: Phase1Transform) -> bool:
    return t.authentication == AuthenticationMethod.PRE_SHARED_KEY


def _phase1_proposals(config: GatewayConfig) -> Iterator[str]:
    used = (t for c in config.endpoint.connections for t in c.phase1)
    for t in dict.fromkeys(used):
        if t.lifetime_seconds != PHASE1_LIFETIME:
            cipher, hash_ = phase1_words(t)
            proof = "preshare" if _by_key(t) else "rsa-sig"
            what = f"{proof} group{t.group} esp {cipher} {_long(hash_)}"
            yield f'set ike p1-proposal "{_phase1_name(t)}" {what} second {t.lifetime_seconds or 0}'


def _long(hash_: str) -> str:
    return "sha-1" if hash_ == "sha" else hash_


def _phase2_names(child: ChildConfig) -> list[tuple[str, str]]:
    """Give each proposal of a child by name and the words that define it."""
    group = f"group{child.pfs_group}" if child.pfs_group else "no-pfs"
    seconds, kilobytes = child.lifetime_seconds or 0, child.lifetime_kilobytes
    found = []
    for t in child.transforms:
        cipher, hash_ = phase2_words(t)
        name = f"{f'g{child.pfs_group}' if child.pfs_group else 'nopfs'}-esp-{cipher}-{hash_}"
        if seconds != PHASE2_LIFETIME or kilobytes:
            name += f"-{seconds}s" + (f"-{kilobytes}k" if kilobytes else "")
        volume = f" kbyte {kilobytes}" if kilobytes else ""
        words = f"{group} esp {cipher} {_long(hash_)} second {seconds}{volume}"
        found.append((name, words))
    return found


def _phase2_proposals(entries: list[Entry]) -> Iterator[str]:
    named = dict(pair for _, _, child in entries for pair in _phase2_names(child))
    for name, words in named.items():
        if not words.endswith(f"second {PHASE2_LIFETIME}"):
            yield f'set ike p2-proposal "{name}" {words}'


def _gateways(config: GatewayConfig, secrets: bool) -> Iterator[str]:
    for c in config.endpoint.connections:
        head = f'set ike gateway "{c.name}"'
        key = ""
        if c.psk is not None:
            text = c.psk.decode(errors="backslashreplace") if secrets else STARS
            key = f' preshare "{text}"'
        names = " ".join(f'"{_phase1_name(t)}"' for t in c.phase1)
        interface = f'outgoing-interface "{config.outside_interface}"'
        yield f"{head} {_who(c)} {interface}{key} proposal {names}"
        yield from _nat_traversal(config, c)
        if c.dpd is not None:
            yield f"{head} dpd-interval {int(c.dpd.idle)}"
            yield f"{head} dpd-retry {c.dpd.count}"


def _who(c: Connection) -> str:
    """Write address, identities and mode; an identity that is the address goes without saying."""
    peer, own = c.remote_id, c.local_id
    if c.remote is None:
        address = f'dynamic "{peer.text if peer else ""}"'
    else:
        address = f"address {c.remote}"
        if peer is not None and peer != Identity.address(c.remote):
            address += f' id "{peer.text}"'
    mode = "Aggressive" if c.aggressive else "Main"
    local = f' local-id "{own.text}"' if own and own != Identity.address(c.local) else ""
    return f"{address} {mode}{local}"


def _nat_traversal(config: GatewayConfig, c: Connection) -> Iterator[str]:
    line = f'ike gateway "{c.name}" nat-traversal'
    if not c.nat_traversal:
        yield f"unset {line}"
        return
    yield f"set {line}"
    yield f"unset {line} udp-checksum"
    yield f"set {line} keepalive-frequency {int(config.endpoint.behaviour.keepalive)}"


def _vpns(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    for number, c, child in entries:
        replay = "replay" if child.replay_window else "no-replay"
        mode = "transport" if child.transport else "tunnel"
        names = " ".join(f'"{name}"' for name, _ in _phase2_names(child))
        head = f'set vpn "{child.name}"'
        yield f'{head} gateway "{c.name}" {replay} {mode} idletime 0 proposal {names}'
        if c.auto_start:
            yield f"{head} monitor rekey"
        yield f"{head} id 0x{number:x} bind zone Untrust-Tun"
        if config.df != "clear":
            yield f"{head} df-bit {config.df}"


def _policies(config: GatewayConfig, entries: list[Entry]) -> Iterator[str]:
    if config.default == "bypass":
        yield "set policy default-permit-all"
    for number, rule in enumerate(config.rules, 2 * len(entries) + 1):
        action = "permit" if rule.action == "bypass" else "deny"
        yield _policy(number, (INSIDE, OUTSIDE), (rule.local, rule.remote), action)
    for number, _, child in entries:
        tunnel = f'tunnel vpn "{child.name}" id 0x{number:x} pair-policy'
        out, back = 2 * number - 1, 2 * number
        ends = (child.local, child.remote)
        yield _policy(out, (INSIDE, OUTSIDE), ends, f"{tunnel} {back}")
        yield _policy(back, (OUTSIDE, INSIDE), ends[::-1], f"{tunnel} {out}")


def _policy(
    number: int, zones: tuple[str, str], ends: tuple[Selector, Selector], action: str
) -> str:
    """Write a policy; its service is that of the end it goes to."""
    source, destination = ends
    service = service_name(destination.protocol, destination.port)
    where = f'from "{zones[0]}" to "{zones[1]}"'
    who = f'"{address_name(source)}" "{address_name(destination)}"'
    return f'set policy id {number} {where} {who} "{service}" {action}'
