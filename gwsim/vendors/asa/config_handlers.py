"""What each line of an ASA's configuration does to what has been read so far.

A handler gets the draft and the line as its rule matched it, and raises ValueError, with the
reason, for what makes no sense. The rules are in `config_reader`.
"""

import re
from dataclasses import replace

from gwsim.ike.config import Dpd, Identity, Phase2Transform
from gwsim.vendors.asa.config_draft import Draft, Policy, TunnelGroup
from gwsim.vendors.asa.names import (
    ESP_AUTHENTICATION,
    ESP_ENCRYPTION,
    POLICY_ENCRYPTION,
    POLICY_HASH,
)
from gwsim.vendors.crypto_maps import TransformSet
from gwsim.vendors.line_grammar import group, host, number, port, protocol, subnet, word_of
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

DEFAULT_PFS_GROUP = 2
"""What `set pfs` and aggressive mode mean without a group."""

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
    draft.interfaces[name] = subnet(m["address"], m["mask"])
    draft.addresses[name] = m["address"]


def route(draft: Draft, m: re.Match[str]) -> None:
    """Note a network behind an interface."""
    draft.routes.append((m["name"], subnet(m["network"], m["mask"])))


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
    service = protocol(m["protocol"], _PROTOCOLS)
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
                    replace(source, protocol=service, port=source_port),
                    replace(destination, protocol=service, port=destination_port),
                )
            )


def _end(draft: Draft, words: list[str]) -> tuple[list[Selector], list[str]]:
    """Read one end of an ACE from the front of the words: the addresses, and what is left."""
    match words:
        case ["any" | "any4", *rest]:
            return [Selector.parse("any")], rest
        case ["host", address, *rest]:
            return [host(address)], rest
        case ["range", first, last, *rest]:
            return [Selector.parse(f"{first}-{last}")], rest
        case ["object" | "object-group" | "group-object", name, *rest]:
            if not draft.objects.get(name):
                raise ValueError(f"there is no object {name}")
            return list(draft.objects[name]), rest
        case ["network-object", *rest]:
            return _end(draft, rest)
        case [address, mask, *rest]:
            return [subnet(address, mask)], rest
    raise ValueError("an address is missing")


def _port(words: list[str]) -> tuple[int, list[str]]:
    match words:
        case ["eq", word, *rest]:
            return port(word, _PORTS), rest
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
        policy.encryption, policy.key_bits = word_of(_POLICY_CIPHERS, value)
    elif what == "hash":
        policy.hash = word_of(_POLICY_HASHES, value)
    elif what == "group":
        policy.group = group(value)
    else:
        policy.lifetime = None if value == "none" else number(value)


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
    transform_id, key_bits = _CIPHERS[cipher]
    transform = Phase2Transform(transform_id, _DIGESTS[digest], key_bits)
    draft.transform_sets[m["name"]] = TransformSet(transform)


def lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set the lifetime of entries that have none of their own."""
    if m["unit"] == "seconds":
        draft.seconds = number(m["value"])
    else:
        draft.kilobytes = None if m["value"] == "unlimited" else number(m["value"])


def df(draft: Draft, m: re.Match[str]) -> None:
    """Say what becomes of the DF bit."""
    draft.df[m["name"]] = m["df"]


def peer(draft: Draft, m: re.Match[str]) -> None:
    """Name the peer of an entry; an ASA would try the others in turn."""
    first, *others = m["peers"].split()
    parse_address(first)
    draft.entry(m).peer = first
    if others:
        raise ValueError("only the first peer is used")


def pfs(draft: Draft, m: re.Match[str]) -> None:
    """Demand PFS for an entry."""
    draft.entry(m).pfs_group = group(m["group"]) if m["group"] else DEFAULT_PFS_GROUP


def entry_lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set an entry's own lifetimes."""
    entry = draft.entry(m)
    words = m["values"].split()
    for unit, value in zip(words[::2], words[1::2], strict=False):
        if unit == "seconds":
            entry.seconds = number(value)
        elif unit == "kilobytes":
            entry.unlimited = value == "unlimited"
            entry.kilobytes = None if entry.unlimited else number(value)
        else:
            raise ValueError(f"{unit} is not known here")


def nat_t_disable(draft: Draft, m: re.Match[str]) -> None:
    """Switch NAT traversal off for an entry."""
    draft.entry(m).nat_t = False


def connection_type(draft: Draft, m: re.Match[str]) -> None:
    """Say who may begin."""
    draft.entry(m).connection_type = m["type"]


def phase1_mode(draft: Draft, m: re.Match[str]) -> None:
    """Choose main or aggressive mode."""
    aggressive = m["mode"] == "aggressive"
    chosen = group(m["group"]) if m["group"] else DEFAULT_PFS_GROUP
    draft.entry(m).aggressive_group = chosen if aggressive else None


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
