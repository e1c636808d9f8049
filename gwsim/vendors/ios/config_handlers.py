"""What each line of a router's configuration does to what has been read so far.

A handler gets the draft and the line as its rule matched it, and raises ValueError, with the
reason, for what makes no sense. The rules are in `config_reader`.
"""

import re
from dataclasses import replace
from typing import TypeVar

from gwsim.ike.config import Dpd, Phase2Transform
from gwsim.vendors.ios.config import PROTOCOLS
from gwsim.vendors.ios.config_draft import (
    Draft,
    Interface,
    MapEntry,
    Policy,
    TransformSet,
)
from gwsim.vendors.ios.names import (
    ESP_AUTHENTICATION,
    POLICY_ENCRYPTION,
    POLICY_HASH,
    TRANSFORM_SET,
)
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import EspTransform, IdType
from gwsim.wire.selector import Selector

T = TypeVar("T")

GROUPS = (1, 2, 5, 14, 15, 16, 19, 20, 21, 24)
"""Diffie-Hellman groups that can be had."""

DEFAULT_PFS_GROUP = 1
"""What `set pfs` means without a group."""

_CIPHERS = {name: key for key, name in TRANSFORM_SET.items()}
_CIPHERS |= {"esp-aes 128": _CIPHERS["esp-aes"], "esp-gcm 128": _CIPHERS["esp-gcm"]}
_DIGESTS = {name: key for key, name in ESP_AUTHENTICATION.items() if name}
_POLICY_CIPHERS = {name: key for key, name in POLICY_ENCRYPTION.items()}
_POLICY_CIPHERS |= {"aes 128": _POLICY_CIPHERS["aes"]}
_POLICY_HASHES = {name: key for key, name in POLICY_HASH.items()}
_PROTOCOLS = {name: number for number, name in PROTOCOLS.items()}
_PORTS = {"telnet": 23, "smtp": 25, "domain": 53, "www": 80, "isakmp": 500}
_ALL_ONES = 0xFFFFFFFF


def hostname(draft: Draft, m: re.Match[str]) -> None:
    """Name the box."""
    draft.hostname = m["name"]


def interface(draft: Draft, m: re.Match[str]) -> None:
    """Open an interface."""
    draft.interfaces.setdefault(m["name"], Interface())


def interface_address(draft: Draft, m: re.Match[str]) -> None:
    """Give an interface its address and network."""
    draft.interfaces[m["name"]].network = _subnet(m["address"], m["mask"])
    draft.interfaces[m["name"]].address = m["address"]


def interface_map(draft: Draft, m: re.Match[str]) -> None:
    """Put a crypto map on an interface."""
    draft.interfaces[m["name"]].map = m["map"]


def interface_mtu(draft: Draft, m: re.Match[str]) -> None:
    """Set an interface's MTU."""
    draft.interfaces[m["name"]].mtu = int(m["mtu"])


def interface_df(draft: Draft, m: re.Match[str]) -> None:
    """Say what becomes of the DF bit."""
    draft.interfaces[m["name"]].df = m["df"]


def route(draft: Draft, m: re.Match[str]) -> None:
    """Note a network that is not directly connected; the default route leads outside."""
    network = _subnet(m["network"], m["mask"])
    if network.prefix:
        draft.routes.append(network)


def _subnet(address: str, mask: str) -> Selector:
    """Cut the host bits off an address by its mask."""
    return _by_wildcard(address, parse_address(mask) ^ _ALL_ONES, mask)


def _by_wildcard(address: str, hosts: int, said: str) -> Selector:
    if hosts & (hosts + 1):
        raise ValueError(f"{said} has holes")
    first = parse_address(address) & (hosts ^ _ALL_ONES)
    return Selector(first, first | hosts, id_type=IdType.IPV4_ADDR_SUBNET)


def policy(draft: Draft, m: re.Match[str]) -> None:
    """Open a phase 1 policy."""
    draft.policies.setdefault(int(m["number"]), Policy())


def policy_line(draft: Draft, m: re.Match[str]) -> None:
    """Set one value of a phase 1 policy."""
    policy = draft.policies.setdefault(int(m["number"]), Policy())
    what, value = m["what"], m["value"].strip()
    if what == "authentication":
        policy.psk = value == "pre-share"
    elif what.startswith("encr"):
        policy.encryption, policy.key_bits = _known(_POLICY_CIPHERS, value)
    elif what == "hash":
        policy.hash = _known(_POLICY_HASHES, value)
    elif what == "group":
        policy.group = _group(value)
    else:
        policy.lifetime = _number(value)


def key(draft: Draft, m: re.Match[str]) -> None:
    """Set the key for a peer or a network of peers."""
    if m["kind"] == "6":
        raise ValueError("the key is encrypted")
    mask = m["mask"] or ("0.0.0.0" if m["address"] == "0.0.0.0" else "255.255.255.255")
    draft.keys.append((_subnet(m["address"], mask), m["key"].encode()))


def keepalive(draft: Draft, m: re.Match[str]) -> None:
    """Switch dead peer detection on; on demand unless it is said to be periodic."""
    retry = float(m["retry"] or 2)
    on_demand = m["kind"] != "periodic"
    draft.dpd = Dpd(idle=float(m["idle"]), retry=retry, count=5, on_demand=on_demand)


def nat_keepalive(draft: Draft, m: re.Match[str]) -> None:
    """Set the interval of NAT keepalives."""
    draft.keepalive = float(m["seconds"])


def nat_t_off(draft: Draft, m: re.Match[str]) -> None:
    """Switch NAT traversal off."""
    draft.nat_t = False


def disable(draft: Draft, m: re.Match[str]) -> None:
    """Do not speak IKE at all."""
    draft.enabled = False


def am_disable(draft: Draft, m: re.Match[str]) -> None:
    """Refuse aggressive mode."""
    draft.aggressive = False


def identity(draft: Draft, m: re.Match[str]) -> None:
    """Say by what we call ourselves."""
    draft.identity = IdType.FQDN if m["who"] == "hostname" else IdType.IPV4_ADDR


def transform_set(draft: Draft, m: re.Match[str]) -> None:
    """Define a transform set, in tunnel mode until said otherwise."""
    cipher: tuple[int, int | None] = (EspTransform.NULL, None)
    digest: int | None = None
    for word in re.findall(r"\S+(?: \d+)?", m["words"]):
        if word in _CIPHERS:
            cipher = _CIPHERS[word]
        elif word in _DIGESTS:
            digest = _DIGESTS[word]
        else:
            raise ValueError(f"{word} is not known here")
    draft.transform_sets[m["name"]] = TransformSet(Phase2Transform(cipher[0], digest, cipher[1]))


def transform_set_mode(draft: Draft, m: re.Match[str]) -> None:
    """Set the mode of a transform set."""
    if m["name"] in draft.transform_sets:
        draft.transform_sets[m["name"]].transport = m["mode"] == "transport"


def lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set the lifetime of entries that have none of their own."""
    if m["unit"] == "seconds":
        draft.seconds = _number(m["value"])
    else:
        draft.kilobytes = None if m["value"] == "disable" else _number(m["value"])


def replay(draft: Draft, m: re.Match[str]) -> None:
    """Set the replay window of all SAs."""
    draft.replay_window = int(m["size"]) if m["size"] else 0


def _entry(draft: Draft, m: re.Match[str]) -> MapEntry:
    maps = draft.dynamic_maps if m["kind"] == "dynamic-map" else draft.maps
    return maps.setdefault(m["name"], {}).setdefault(int(m["number"]), MapEntry())


def entry(draft: Draft, m: re.Match[str]) -> None:
    """Open an entry of a crypto map."""
    _entry(draft, m)


def dynamic(draft: Draft, m: re.Match[str]) -> None:
    """Refer an entry to a dynamic map."""
    _entry(draft, m).dynamic = m["dynamic"]


def match_address(draft: Draft, m: re.Match[str]) -> None:
    """Name the crypto ACL of an entry."""
    _entry(draft, m).acl = m["acl"]


def peer(draft: Draft, m: re.Match[str]) -> None:
    """Name the peer of an entry; a router would try further ones in turn."""
    entry = _entry(draft, m)
    parse_address(m["peer"])
    if entry.peer is not None:
        raise ValueError("only the first peer is used")
    entry.peer = m["peer"]


def sets(draft: Draft, m: re.Match[str]) -> None:
    """Name the transform sets of an entry, best first."""
    _entry(draft, m).transform_sets = tuple(m["names"].split())


def pfs(draft: Draft, m: re.Match[str]) -> None:
    """Demand PFS for an entry."""
    _entry(draft, m).pfs_group = _group(m["group"]) if m["group"] else DEFAULT_PFS_GROUP


def entry_lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set an entry's own lifetimes."""
    entry = _entry(draft, m)
    if m["unit"] == "seconds":
        entry.seconds = _number(m["value"])
    else:
        entry.unlimited = m["value"] == "disable"
        entry.kilobytes = None if entry.unlimited else _number(m["value"])


def acl(draft: Draft, m: re.Match[str]) -> None:
    """Open an access list."""
    draft.acls.setdefault(m["name"], [])


def ace(draft: Draft, m: re.Match[str]) -> None:
    """Add the proxy IDs that one line of an access list stands for."""
    protocol = _PROTOCOLS.get(m["protocol"], -1)
    if m["protocol"].isdigit():
        protocol = int(m["protocol"])
    if not 0 <= protocol <= 255:
        raise ValueError(f"{m['protocol']} is not a protocol known here")
    source, rest = _end(m["ends"].split())
    destination, rest = _end(rest)
    if rest and rest[0] not in ("log", "log-input"):
        raise ValueError(f"{' '.join(rest)} is not understood")
    draft.acls.setdefault(m["name"], []).append(
        (replace(source, protocol=protocol), replace(destination, protocol=protocol))
    )


def _end(words: list[str]) -> tuple[Selector, list[str]]:
    """Read one end of an ACE from the front of the words: the addresses, and what is left."""
    match words:
        case ["any", *rest]:
            found = Selector.parse("any")
        case ["host", address, *rest]:
            number = parse_address(address)
            found = Selector(number, number, id_type=IdType.IPV4_ADDR)
        case [address, wildcard, *rest]:
            found = _by_wildcard(address, parse_address(wildcard), wildcard)
        case _:
            raise ValueError("an address is missing")
    if rest[:1] == ["eq"] and len(rest) > 1:
        return replace(found, port=_port(rest[1])), rest[2:]
    if rest[:1] in (["range"], ["gt"], ["lt"], ["neq"]):
        raise ValueError(f"ports with {rest[0]} do not fit into a proxy ID")
    return found, rest


def _port(word: str) -> int:
    number = int(word) if word.isascii() and word.isdigit() else _PORTS.get(word, -1)
    if not 0 <= number <= 65535:
        raise ValueError(f"{word} is not a port known here")
    return number


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


def nothing(draft: Draft, m: re.Match[str]) -> None:
    """Understood, and of no consequence here."""
