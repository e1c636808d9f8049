"""Reading `set ike gateway`: who the peer is, how it proves it, and its options."""

import re
from collections.abc import Callable

from gwsim.vendors.screenos import config_words as read
from gwsim.vendors.screenos.config_draft import Draft, IkeGateway
from gwsim.vendors.screenos.config_words import UNKNOWN
from gwsim.vendors.screenos.proposals import PHASE1_LEVELS
from gwsim.wire.ip import format_address, parse_address

_ENCRYPTED = re.compile(r"[A-Za-z0-9+/]{22,}={1,2}")
"""A key as `get config` prints it: what the device has made of it, in base 64."""

_STARS = b"*****"
"""A key that is there and cannot be read."""


def set_gateway(draft: Draft, words: list[str]) -> None:
    """Define a gateway, or set one of its options."""
    name, what, rest = words[0], words[1], words[2:]
    if what in ("address", "dynamic"):
        gateway = IkeGateway()
        _peer(draft, gateway, what, rest)
        draft.gateways[name] = gateway
    elif name not in draft.gateways:
        raise ValueError(f"gateway {name!r} is not defined")
    elif what in _GATEWAY_OPTIONS:
        _GATEWAY_OPTIONS[what](draft, draft.gateways[name], rest)
    else:
        raise ValueError(UNKNOWN)


def _peer(draft: Draft, gateway: IkeGateway, what: str, words: list[str]) -> None:
    """Read what defines a gateway: key words, each with its argument, in any order."""
    if what == "address":
        gateway.address = format_address(parse_address(words[0]))
    else:
        gateway.peer_id = read.identity(words[0])
    position = 1
    while position < len(words):
        position = _clause(draft, gateway, words, position)


def _clause(draft: Draft, gateway: IkeGateway, words: list[str], position: int) -> int:
    """Read one key word of a gateway and its argument; gives where the next one stands."""
    word = words[position].lower()
    if word in ("main", "aggressive", "aggr"):
        gateway.aggressive = word != "main"
        return position + 1
    argument = words[position + 1]
    match word:
        case "id":
            gateway.peer_id = read.identity(argument)
        case "local-id":
            gateway.local_id = read.identity(argument)
        case "outgoing-interface":
            gateway.interface = argument
        case "preshare":
            gateway.psk = _STARS if _ENCRYPTED.fullmatch(argument) else argument.encode()
        case "sec-level":
            gateway.proposals = read.level(PHASE1_LEVELS, argument)
        case "proposal":
            gateway.proposals = tuple(words[position + 1 :])
            draft.phase1_proposals(gateway.proposals)
            return len(words)
        case _:
            raise ValueError(f"{words[position]!r} is not known here")
    return position + 2


def _nat_traversal(draft: Draft, gateway: IkeGateway, words: list[str]) -> None:
    if words[:1] == ["keepalive-frequency"]:
        draft.keepalive = float(read.number(words[1], 0, 300))
    elif words[:1] != ["udp-checksum"]:
        gateway.nat_traversal = True


def _dpd_interval(draft: Draft, gateway: IkeGateway, words: list[str]) -> None:
    gateway.interval = float(read.number(words[0], 0, 28800))


def _dpd_retry(draft: Draft, gateway: IkeGateway, words: list[str]) -> None:
    gateway.retries = read.number(words[0], 1, 128)


def _dpd(draft: Draft, gateway: IkeGateway, words: list[str]) -> None:
    options = {"interval": _dpd_interval, "retry": _dpd_retry}
    if words[0] not in options:
        raise ValueError(UNKNOWN)
    options[words[0]](draft, gateway, words[1:])


_GATEWAY_OPTIONS: dict[str, Callable[[Draft, IkeGateway, list[str]], None]] = {
    "nat-traversal": _nat_traversal,
    "dpd-interval": _dpd_interval,
    "dpd-retry": _dpd_retry,
    "dpd": _dpd,
}


def unset_gateway(draft: Draft, words: list[str]) -> None:
    """Switch NAT traversal of a gateway off."""
    if words[1:] == ["nat-traversal"] and words[0] in draft.gateways:
        draft.gateways[words[0]].nat_traversal = False
    elif words[1:] != ["nat-traversal", "udp-checksum"]:
        raise ValueError(UNKNOWN)
