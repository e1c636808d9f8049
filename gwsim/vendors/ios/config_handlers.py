"""What each line of a router's configuration does to what has been read so far.

A handler gets the draft and the line as its rule matched it, and raises ValueError, with the
reason, for what makes no sense. The rules are in `config_reader`.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from gwsim.ike.config import Dpd, Phase2Transform
from gwsim.vendors.crypto_maps import MapEntry, TransformSet
from gwsim.vendors.ios.config import PROTOCOLS
from gwsim.vendors.ios.config_draft import Draft, Interface, Policy
from gwsim.vendors.ios.names import (
    ESP_AUTHENTICATION,
    POLICY_ENCRYPTION,
    POLICY_HASH,
    TRANSFORM_SET,
)
from gwsim.vendors.line_grammar import (
    by_wildcard,
    group,
    host,
    number,
    port,
    protocol,
    subnet,
    word_of,
)
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import EspTransform, IdType
from gwsim.wire.selector import Selector

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


def hostname(draft: Draft, m: re.Match[str]) -> None:
    """Name the box."""
    draft.hostname = m["name"]


def interface(draft: Draft, m: re.Match[str]) -> None:
    """Open an interface."""
    draft.interfaces.setdefault(m["name"], Interface())


def interface_address(draft: Draft, m: re.Match[str]) -> None:
    """Give an interface its address and network."""
    draft.interfaces[m["name"]].network = subnet(m["address"], m["mask"])
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
    network = subnet(m["network"], m["mask"])
    if network.prefix:
        draft.routes.append(network)


def policy(draft: Draft, m: re.Match[str]) -> None:
    """Open a phase 1 policy."""
    draft.policies.setdefault(int(m["number"]), Policy())


def policy_line(draft: Draft, m: re.Match[str]) -> None:
    """Set one value of a phase 1 policy."""
    set_policy(draft, int(m["number"]), m["what"], m["value"].strip())


def set_policy(draft: Draft, number_: int, what: str, value: str) -> None:
    """Set a value of the phase 1 policy with this number."""
    policy = draft.policies.setdefault(number_, Policy())
    if what == "authentication":
        policy.psk = value == "pre-share"
    elif what.startswith("encr"):
        policy.encryption, policy.key_bits = word_of(_POLICY_CIPHERS, value)
    elif what == "hash":
        policy.hash = word_of(_POLICY_HASHES, value)
    elif what == "group":
        policy.group = group(value)
    else:
        policy.lifetime = number(value)


def key(draft: Draft, m: re.Match[str]) -> None:
    """Set the key for a peer or a network of peers."""
    if m["kind"] == "6":
        raise ValueError("the key is encrypted")
    add_key(draft, m["key"], m["address"], m["mask"])


def add_key(draft: Draft, key: str, address: str, mask: str | None) -> None:
    """Keep a key for whoever is behind an address and its mask."""
    mask = mask or ("0.0.0.0" if address == "0.0.0.0" else "255.255.255.255")
    draft.keys.append((subnet(address, mask), key.encode()))


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
    define_transform_set(draft, m["name"], m["words"])


def define_transform_set(draft: Draft, name: str, words: str) -> None:
    """Make a transform set of its words."""
    cipher: tuple[int, int | None] = (EspTransform.NULL, None)
    digest: int | None = None
    for word in re.findall(r"\S+(?: \d+)?", words):
        if word in _CIPHERS:
            cipher = _CIPHERS[word]
        elif word in _DIGESTS:
            digest = _DIGESTS[word]
        else:
            raise ValueError(f"{word} is not known here")
    draft.transform_sets[name] = TransformSet(Phase2Transform(cipher[0], digest, cipher[1]))


def lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set the lifetime of entries that have none of their own."""
    if m["unit"] == "seconds":
        draft.seconds = number(m["value"])
    else:
        draft.kilobytes = None if m["value"] == "disable" else number(m["value"])


def entry(draft: Draft, m: re.Match[str]) -> None:
    """Open an entry of a crypto map."""
    draft.entry(m)


def peer(draft: Draft, m: re.Match[str]) -> None:
    """Name the peer of an entry; a router would try further ones in turn."""
    entry = draft.entry(m)
    parse_address(m["peer"])
    if entry.peer is not None:
        raise ValueError("only the first peer is used")
    entry.peer = m["peer"]


def pfs(draft: Draft, m: re.Match[str]) -> None:
    """Demand PFS for an entry."""
    draft.entry(m).pfs_group = group(m["group"]) if m["group"] else DEFAULT_PFS_GROUP


def entry_lifetime(draft: Draft, m: re.Match[str]) -> None:
    """Set one of an entry's own lifetimes."""
    _live(draft.entry(m), m["unit"], m["value"])


def entry_lifetimes(draft: Draft, m: re.Match[str]) -> None:
    """Set an entry's own lifetimes, both in one line."""
    words = m["lives"].split()
    if len(words) % 2:
        raise ValueError(f"{words[-1]} of what")
    for unit, value in zip(words[::2], words[1::2], strict=True):
        _live(draft.entry(m), unit, value)


def _live(entry: MapEntry, unit: str, value: str) -> None:
    if unit == "seconds":
        entry.seconds = number(value)
    elif unit == "kilobytes":
        entry.unlimited = value == "disable"
        entry.kilobytes = None if entry.unlimited else number(value)
    else:
        raise ValueError(f"{unit} is not known here")


def acl(draft: Draft, m: re.Match[str]) -> None:
    """Open an access list."""
    draft.acls.setdefault(m["name"], [])


def ace(draft: Draft, m: re.Match[str]) -> None:
    """Add the proxy IDs that one line of an access list stands for; it has wildcards."""
    _add_ace(draft, m, by_wildcard)


def masked_ace(draft: Draft, m: re.Match[str]) -> None:
    """Add those of a line that has masks."""
    _add_ace(draft, m, subnet)


def _add_ace(draft: Draft, m: re.Match[str], network: Callable[[str, str], Selector]) -> None:
    service = protocol(m["protocol"], _PROTOCOLS)
    source, rest = _end(m["ends"].split(), network)
    destination, rest = _end(rest, network)
    if rest and rest[0] not in ("log", "log-input"):
        raise ValueError(f"{' '.join(rest)} is not understood")
    draft.acls.setdefault(m["name"], []).append(
        (replace(source, protocol=service), replace(destination, protocol=service))
    )


def _end(words: list[str], network: Callable[[str, str], Selector]) -> tuple[Selector, list[str]]:
    """Read one end of an ACE from the front of the words: the addresses, and what is left."""
    match words:
        case ["any", *rest]:
            found = Selector.parse("any")
        case ["host", address, *rest]:
            found = host(address)
        case [address, extent, *rest]:
            found = network(address, extent)
        case _:
            raise ValueError("an address is missing")
    if rest[:1] == ["eq"] and len(rest) > 1:
        return replace(found, port=port(rest[1], _PORTS)), rest[2:]
    if rest[:1] in (["range"], ["gt"], ["lt"], ["neq"]):
        raise ValueError(f"ports with {rest[0]} do not fit into a proxy ID")
    return found, rest
