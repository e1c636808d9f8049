"""What each line of an ASA's configuration does to what has been read so far.

A handler gets the draft and the line as its rule matched it, and raises ValueError, with the
reason, for what makes no sense. The rules are in `config_reader`.
"""

import re
from dataclasses import replace
from typing import TypeVar

from gwsim.ike.config import Dpd, Identity, Phase2Transform
from gwsim.vendors.asa.config_draft import Draft, MapEntry, Policy, TransformSet, TunnelGroup
from gwsim.vendors.asa.names import (
    ESP_AUTHENTICATION,
    ESP_ENCRYPTION,
    POLICY_ENCRYPTION,
    POLICY_HASH,
)
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

T = TypeVar("T")

DEFAULT_PFS_GROUP = 2
"""What `set pfs` and aggressive mode mean without a group."""

GROUPS = (1, 2, 5, 14, 15, 16, 19, 20, 21, 24)
"""Diffie-Hellman groups that can be had."""

_NONE = "esp-none"
_NO_CIPHER = "esp-null"
_CIPHERS = {name: key for key, name in ESP_ENCRYPTION.items()}
_DIGESTS = {name: key for key, name in ESP_AUTHENTICATION.items()}
_POLICY_CIPHERS = {name: key for key, name in POLICY_ENCRYPTION.items()}
_POLICY_HASHES = {name: key for key, name in POLICY_HASH.items()}
_PROTOCOLS = {"ip": 0, "icmp": 1, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51}
_PORTS = {"ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "www": 80, "https": 443, "sip": 5060}


def hostname(draft: Draft, m: re.Match[str]) -> None:
    """Name the box."""
    draft.hostname = m["name"]


def nameif(draft: Draft, m: re.Match[str]) -> None:
    """Name the interface of a port."""
    draft.addresses[f"/{m['port']}"] = m["name"]


def interface_address(draft: Draft, m: re.Match[str]) -> None:
    """Give a named interface its address and network."""
    name = draft.addresses.pop(f"/{m['port']}", "")
    if not name:
        raise ValueError("an address on an interface without nameif")
    draft.interfaces[name] = _subnet(m["address"], m["mask"])
    draft.addresses[name] = m["address"]


def _subnet(address: str, mask: str) -> Selector:
    """Cut the host bits off an address by its mask."""
    bits = parse_address(mask)
    hosts = bits ^ 0xFFFFFFFF
    if hosts & (hosts + 1):
        raise ValueError(f"{mask} is a mask with holes")
    first = parse_address(address) & bits
    return Selector(first, first | hosts, id_type=IdType.IPV4_ADDR_SUBNET)


def _host(address: str) -> Selector:
    number = parse_address(address)
    return Selector(number, number, id_type=IdType.IPV4_ADDR)


def route(draft: Draft, m: re.Match[str]) -> None:
    """Note a network behind an interface."""
    draft.routes.append((m["name"], _subnet(m["network"], m["mask"])))


def mtu(draft: Draft, m: re.Match[str]) -> None:
    """Set an interface's MTU."""
    draft.mtu[m["name"]] = int(m["mtu"])


def object(draft: Draft, m: re.Match[str]) -> None:
    """Open a network object or group."""
    draft.objects.setdefault(m["name"], [])


def object_value(draft: Draft, m: re.Match[str]) -> None:
    """Put addresses into a network object or group."""
    words = m["value"].split()
    members, rest = _end(draft, words if words[0] != "subnet" else words[1:])
    if rest:
        raise ValueError(f"{' '.join(rest)} is too much")
    draft.objects.setdefault(m["name"], []).extend(members)


def ace(draft: Draft, m: re.Match[str]) -> None:
    """Add the proxy IDs that one line of an access list stands for."""
    protocol = _PROTOCOLS.get(m["protocol"], -1)
    if m["protocol"].isdigit():
        protocol = int(m["protocol"])
    if not 0 <= protocol <= 255:
        raise ValueError(f"{m['protocol']} is not a protocol known here")
    sources, rest = _end(draft, m["ends"].split())
    source_port, rest = _port(rest)
    destinations, rest = _end(draft, rest)
    destination_port, rest = _port(rest)
    if rest and rest[0] not in ("log", "inactive", "time-range"):
        raise ValueError(f"{' '.join(rest)} is not understood")
    if "inactive" in rest:
        return
    pairs = draft.acls.setdefault(m["name"], [])
    for source in sources:
        for destination in destinations:
            pairs.append(
                (
                    replace(source, protocol=protocol, port=source_port),
                    replace(destination, protocol=protocol, port=destination_port),
                )
            )


def _end(draft: Draft, words: list[str]) -> tuple[list[Selector], list[str]]:
    """Read one end of an ACE from the front of the words: the addresses, and what is left."""
    match words:
        case ["any" | "any4", *rest]:
            return [Selector.parse("any")], rest
        case ["host", address, *rest]:
            return [_host(address)], rest
        case ["range", first, last, *rest]:
            return [Selector.parse(f"{first}-{last}")], rest
        case ["object" | "object-group" | "group-object", name, *rest]:
            if not draft.objects.get(name):
                raise ValueError(f"there is no object {name}")
            return list(draft.objects[name]), rest
        case ["network-object", *rest]:
            return _end(draft, rest)
        case [address, mask, *rest]:
            return [_subnet(address, mask)], rest
    raise ValueError("an address is missing")


def _port(words: list[str]) -> tuple[int, list[str]]:
    match words:
        case ["eq", port, *rest]:
            number = _PORTS.get(port, -1) if not port.isdigit() else int(port)
            if not 0 <= number <= 65535:
                raise ValueError(f"{port} is not a port known here")
            return number, rest
        case [("range" | "gt" | "lt" | "neq") as operator, *_] if len(words) > 1:
            if operator != "range" or words[1].isdigit():
                raise ValueError(f"ports with {operator} do not fit into a proxy ID")
    return 0, words


def policy(draft: Draft, m: re.Match[str]) -> None:
    """Open a phase 1 policy."""
    draft.policies.setdefault(int(m["number"]), Policy())


def policy_line(draft: Draft, m: re.Match[str]) -> None:
    """Set one value of a phase 1 policy."""
    policy = draft.policies.setdefault(int(m["number"]), Policy())
    what, value = m["what"], m["value"]
    if what == "authentication":
        policy.psk = value == "pre-share"
    elif what == "encryption":
        policy.encryption, policy.key_bits = _known(_POLICY_CIPHERS, value)
    elif what == "hash":
        policy.hash = _known(_POLICY_HASHES, value)
    elif what == "group":
        policy.group = _group(value)
    else:
        policy.lifetime = None if value == "none" else _number(value)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError(f"{text} is not a number")
    return int(text)


def _group(text: str) -> int:
    number = _number(text)
    if number not in GROUPS:
        raise ValueError(f"group {number} is not known here")
    return number


def _known(table: dict[str, T], word: str) -> T:
    if word not in table:
        raise ValueError(f"{word} is not known here")
    return table[word]


def transform_set(draft: Draft, m: re.Match[str]) -> None:
    """Define a transform set, in tunnel mode until said otherwise."""
    cipher, digest = _NO_CIPHER, _NONE
    for word in m["words"].split():
        if word in _CIPHERS:
            cipher = word
        elif word in _DIGESTS:
            digest = word
        else:
            raise ValueError(f"{word} is not known here")
    number, key_bits = _CIPHERS[cipher]
    transform = Phase2Transform(number, _DIGESTS[digest], key_bits)
    draft.transform_sets[m["name"]] = TransformSet(transform)


def transform_set_mode(draft: Draft, m: re.Match[str]) -> None:
    """Set the mode of a transform set."""
    if m["name"] not in draft.transform_sets:
        raise ValueError(f"there is no transform set {m['name']}")
    draft.transform_sets[m["name"]].transport = m["mode"] == "transport"


def lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set the lifetime of entries that have none of their own."""
    if m["unit"] == "seconds":
        draft.seconds = _number(m["value"])
    else:
        draft.kilobytes = None if m["value"] == "unlimited" else _number(m["value"])


def replay(draft: Draft, m: re.Match[str]) -> None:
    """Set the replay window of all SAs."""
    draft.replay_window = int(m["size"]) if m["size"] else 0


def df(draft: Draft, m: re.Match[str]) -> None:
    """Say what becomes of the DF bit."""
    draft.df[m["name"]] = m["df"]


def _entry(draft: Draft, m: re.Match[str]) -> MapEntry:
    maps = draft.dynamic_maps if m["kind"] == "dynamic-map" else draft.maps
    return maps.setdefault(m["name"], {}).setdefault(int(m["number"]), MapEntry())


def match_address(draft: Draft, m: re.Match[str]) -> None:
    """Name the crypto ACL of an entry."""
    _entry(draft, m).acl = m["acl"]


def peer(draft: Draft, m: re.Match[str]) -> None:
    """Name the peer of an entry; an ASA would try the others in turn."""
    first, *others = m["peers"].split()
    parse_address(first)
    _entry(draft, m).peer = first
    if others:
        raise ValueError("only the first peer is used")


def sets(draft: Draft, m: re.Match[str]) -> None:
    """Name the transform sets of an entry, best first."""
    _entry(draft, m).transform_sets = tuple(m["names"].split())


def pfs(draft: Draft, m: re.Match[str]) -> None:
    """Demand PFS for an entry."""
    _entry(draft, m).pfs_group = _group(m["group"]) if m["group"] else DEFAULT_PFS_GROUP


def entry_lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set an entry's own lifetimes."""
    entry = _entry(draft, m)
    words = m["values"].split()
    for unit, value in zip(words[::2], words[1::2], strict=False):
        if unit == "seconds":
            entry.seconds = _number(value)
        elif unit == "kilobytes":
            entry.unlimited = value == "unlimited"
            entry.kilobytes = None if entry.unlimited else _number(value)
        else:
            raise ValueError(f"{unit} is not known here")


def nat_t_disable(draft: Draft, m: re.Match[str]) -> None:
    """Switch NAT traversal off for an entry."""
    _entry(draft, m).nat_t = False


def connection_type(draft: Draft, m: re.Match[str]) -> None:
    """Say who may begin."""
    _entry(draft, m).connection_type = m["type"]


def phase1_mode(draft: Draft, m: re.Match[str]) -> None:
    """Choose main or aggressive mode."""
    aggressive = m["mode"] == "aggressive"
    group = _group(m["group"]) if m["group"] else DEFAULT_PFS_GROUP
    _entry(draft, m).aggressive_group = group if aggressive else None


def dynamic(draft: Draft, m: re.Match[str]) -> None:
    """Refer an entry to a dynamic map."""
    _entry(draft, m).dynamic = m["dynamic"]


def bind(draft: Draft, m: re.Match[str]) -> None:
    """Put a crypto map on an interface."""
    draft.bound[m["name"]] = m["interface"]


def enable(draft: Draft, m: re.Match[str]) -> None:
    """Let IKE answer on an interface."""
    draft.enabled.add(m["interface"])


def am_disable(draft: Draft, m: re.Match[str]) -> None:
    """Refuse aggressive mode."""
    draft.aggressive = False


def identity(draft: Draft, m: re.Match[str]) -> None:
    """Say by what we call ourselves."""
    if m["who"] == "hostname":
        draft.identity = Identity(IdType.FQDN, "")
    elif m["who"].startswith("key-id "):
        draft.identity = Identity(IdType.KEY_ID, m["who"].removeprefix("key-id ").strip())


def nat_traversal(draft: Draft, m: re.Match[str]) -> None:
    """Switch NAT traversal on or off for all."""
    draft.nat_t = not m["no"]
    if m["keepalive"]:
        draft.keepalive = float(m["keepalive"])


def tunnel_group(draft: Draft, m: re.Match[str]) -> None:
    """Open a tunnel-group."""
    draft.groups.setdefault(m["name"], TunnelGroup())


def pre_shared_key(draft: Draft, m: re.Match[str]) -> None:
    """Set a tunnel-group's key."""
    group = draft.groups.setdefault(m["name"], TunnelGroup())
    group.psk = m["key"].encode()
    if set(m["key"]) == {"*"}:
        raise ValueError("the key is starred; more system:running-config shows it")


def keepalive(draft: Draft, m: re.Match[str]) -> None:
    """Set dead peer detection for a tunnel-group."""
    group = draft.groups.setdefault(m["name"], TunnelGroup())
    if m["off"]:
        group.dpd = None
    else:
        group.dpd = Dpd(idle=float(m["idle"]), retry=float(m["retry"] or 2), count=3)


def nothing(draft: Draft, m: re.Match[str]) -> None:
    """Understood, and of no consequence here."""
