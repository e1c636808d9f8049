"""What each `set` of a FortiGate's configuration does to what has been read so far.

A handler gets the draft, the name of the entry and the values, and raises ValueError with the
reason for what makes no sense or cannot be had. Which handler reads what is the table at the end,
and `config_reader` goes by it.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from gwsim.ike.config import Dpd, Phase2Transform
from gwsim.vendors.fortios.config import LOCALID_TYPES
from gwsim.vendors.fortios.config_draft import (
    ANYWHERE,
    Draft,
    End,
    Interface,
    Phase1,
    Phase2,
    Policy,
    Route,
    Suite,
)
from gwsim.vendors.fortios.names import (
    COMBINED,
    GROUPS,
    PHASE1_CIPHERS,
    PHASE1_HASHES,
    PHASE2_CIPHERS,
    PHASE2_HASHES,
    phase1_proposal,
    phase2_proposal,
)
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector

Handler = Callable[[Draft, str, list[str]], None]
T = TypeVar("T")

ENCRYPTED = "ENC"

_SUITES: dict[str, Suite] = {
    phase1_proposal(encryption, bits, digest): (encryption, bits, digest)
    for encryption, bits in PHASE1_CIPHERS
    for digest in PHASE1_HASHES
}
_TRANSFORMS = {
    phase2_proposal(transform, bits, digest): Phase2Transform(
        transform, None if transform in COMBINED else digest, bits
    )
    for transform, bits in PHASE2_CIPHERS
    for digest in PHASE2_HASHES
}
_GROUPS = {str(int(group)): int(group) for group in GROUPS}
_ALL_ONES = 0xFFFFFFFF


def nothing(draft: Draft, entry: str, values: list[str]) -> None:
    """Pass over what is known and means nothing to a tunnel."""


def entered(draft: Draft, section: str, entry: str, number: int) -> None:
    """Begin an entry, or go on with one that was begun before."""
    if section in PHASE1_SECTIONS:
        draft.phase1.setdefault(entry, Phase1(number))
    elif section in PHASE2_SECTIONS:
        draft.phase2.setdefault(entry, Phase2())
    elif section == "firewall policy":
        draft.policies.setdefault(entry, Policy())
    elif section == "router static":
        draft.routes.setdefault(entry, Route())
    elif section == "system interface":
        draft.interfaces.setdefault(entry, Interface())


def _hostname(draft: Draft, entry: str, values: list[str]) -> None:
    draft.hostname = values[0]


def _interface_ip(draft: Draft, entry: str, values: list[str]) -> None:
    network = _subnet(values)
    if network.first:
        draft.interfaces[entry].address = _address(values[0].partition("/")[0])
        draft.interfaces[entry].network = network


def _interface_mtu(draft: Draft, entry: str, values: list[str]) -> None:
    draft.interfaces[entry].mtu = _number(values, 68, 65535)


def _zone(draft: Draft, entry: str, values: list[str]) -> None:
    draft.zones[entry] = values


def _address_subnet(draft: Draft, entry: str, values: list[str]) -> None:
    draft.addresses[entry] = _subnet(values)


def _group(draft: Draft, entry: str, values: list[str]) -> None:
    draft.groups[entry] = values


def _policy_interfaces(draft: Draft, entry: str, values: list[str]) -> None:
    draft.policies[entry].interfaces += values


def _policy_status(draft: Draft, entry: str, values: list[str]) -> None:
    draft.policies[entry].enabled = _choice(values, _SWITCH)


def _route_dst(draft: Draft, entry: str, values: list[str]) -> None:
    draft.routes[entry].network = _subnet(values)


def _route_device(draft: Draft, entry: str, values: list[str]) -> None:
    draft.routes[entry].device = values[0]


def _p1_type(draft: Draft, entry: str, values: list[str]) -> None:
    tunnel = draft.phase1[entry]
    tunnel.dynamic = _choice(values, {"static": False, "dynamic": True}, "a peer by address")


def _p1_interface(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].interface = values[0]


def _p1_local_gw(draft: Draft, entry: str, values: list[str]) -> None:
    address = _address(values[0])
    draft.phase1[entry].local = "" if address == "0.0.0.0" else address


def _p1_version(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] != "1":
        draft.phase1[entry].unusable = "IKEv2 is not spoken here"
        raise ValueError("IKEv2 is not spoken here")


def _p1_authmethod(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] != "psk":
        draft.phase1[entry].unusable = "it has no pre-shared key"
        raise ValueError("only pre-shared keys can be had here")


def _p1_keylife(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].seconds = _number(values, 120, 172800)


def _p1_mode(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].aggressive = _choice(values, {"main": False, "aggressive": True})


def _p1_passive(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].passive = _choice(values, _SWITCH)


def _p1_proposal(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].suites = _known(values, _SUITES)
    _complain(values, _SUITES)


def _p1_dhgrp(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].groups = _known(values, _GROUPS)
    _complain(values, _GROUPS)


def _p1_localid(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].name = values[0]


def _p1_localid_type(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {word: kind for kind, word in LOCALID_TYPES.items()}
    kinds |= {"auto": IdType.FQDN, "fqdn": IdType.FQDN}
    draft.phase1[entry].name_type = _choice(values, kinds)


def _p1_dpd(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {"disable": None, "on-idle": Dpd(), "on-demand": Dpd(on_demand=True)}
    # `enable` is what FortiOS 5.2 and earlier call probing at every silence.
    draft.phase1[entry].dpd = _choice(values, kinds | {"enable": Dpd()})


def _p1_dpd_count(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].dpd_count = _number(values, 0, 10)


def _p1_dpd_interval(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase1[entry].dpd_interval = float(_number(values, 0, 3600))


def _p1_nattraversal(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {"enable": (True, False), "disable": (False, False), "forced": (True, True)}
    tunnel = draft.phase1[entry]
    tunnel.nat_traversal, tunnel.forced = _choice(values, kinds)


def _p1_keepalive(draft: Draft, entry: str, values: list[str]) -> None:
    draft.keepalive = float(_number(values, 5, 900))


def _p1_remote(draft: Draft, entry: str, values: list[str]) -> None:
    address = _address(values[0])
    draft.phase1[entry].remote = None if address == "0.0.0.0" else address


def _p1_key(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] == ENCRYPTED and len(values) > 1:
        raise ValueError("the key is encrypted")
    draft.phase1[entry].psk = values[0].encode()


def _p1_peertype(draft: Draft, entry: str, values: list[str]) -> None:
    if values[0] != "any":
        raise ValueError("peers are not told apart by their names here")


def _p2_phase1(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].phase1 = values[0]


def _p2_proposal(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].transforms = _known(values, _TRANSFORMS)
    _complain(values, _TRANSFORMS)


def _p2_pfs(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].pfs = _choice(values, _SWITCH)


def _p2_dhgrp(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].group = _known(values, _GROUPS)[0]
    _complain(values, _GROUPS)
    if len(values) > 1:
        raise ValueError("only the first group is used")


def _p2_replay(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].replay = _choice(values, _SWITCH)


def _p2_auto(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].auto_start = _choice(values, _SWITCH)


def _p2_encapsulation(draft: Draft, entry: str, values: list[str]) -> None:
    kinds = {"tunnel-mode": False, "transport-mode": True}
    draft.phase2[entry].transport = _choice(values, kinds)


def _p2_life(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].life = _choice(values, {w: w for w in ("seconds", "kbs", "both")})


def _p2_seconds(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].seconds = _number(values, 120, 172800)


def _p2_kilobytes(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].kilobytes = _number(values, 1, 0xFFFFFFFF)


def _p2_protocol(draft: Draft, entry: str, values: list[str]) -> None:
    draft.phase2[entry].protocol = _number(values, 0, 255)


def _end(end: Callable[[Phase2], End], set_it: Callable[[End, list[str]], None]) -> Handler:
    def handler(draft: Draft, entry: str, values: list[str]) -> None:
        set_it(end(draft.phase2[entry]), values)

    return handler


def _form(end: End, values: list[str]) -> None:
    end.form = _choice(values, {w: w for w in ("subnet", "ip", "range", "name")})


def _end_subnet(end: End, values: list[str]) -> None:
    end.selector = _subnet(values)


def _first(end: End, values: list[str]) -> None:
    end.first = parse_address(values[0])
    end.last = max(end.first, end.last)


def _last(end: End, values: list[str]) -> None:
    end.last = max(end.first, parse_address(values[0]))


def _name(end: End, values: list[str]) -> None:
    end.name = values[0]


def _port(end: End, values: list[str]) -> None:
    end.port = _number(values, 0, 65535)


def _source(phase2: Phase2) -> End:
    return phase2.source


def _destination(phase2: Phase2) -> End:
    return phase2.destination


_SWITCH = {"enable": True, "disable": False}


def _choice(values: list[str], kinds: Mapping[str, T], wanted: str = "") -> T:
    if values[0] not in kinds:
        raise ValueError(f"{wanted or ', '.join(kinds)} can be had here, {values[0]} not")
    return kinds[values[0]]


def _number(values: list[str], least: int, most: int) -> int:
    text = values[0]
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise ValueError(f"{text} is not a number from {least} to {most}")
    return int(text)


def _known(values: list[str], table: Mapping[str, T]) -> tuple[T, ...]:
    found = tuple(table[value] for value in dict.fromkeys(values) if value in table)
    if not found:
        raise ValueError(f"{' '.join(values)} is not known here")
    return found


def _complain(values: list[str], table: Iterable[str]) -> None:
    others = [value for value in values if value not in set(table)]
    if others:
        raise ValueError(f"without {' '.join(others)}, which is not known here")


def _address(text: str) -> str:
    parse_address(text)
    return text


def _subnet(values: list[str]) -> Selector:
    """Read `10.1.0.0 255.255.255.0` or `10.1.0.0/24`; host bits are those of an interface."""
    if len(values) == 1 and "/" in values[0]:
        address, _, length = values[0].partition("/")
        spread = _ALL_ONES >> _number([length], 0, 32)
    else:
        address, mask = values[0], values[1]
        spread = parse_address(mask) ^ _ALL_ONES
        if spread & (spread + 1):
            raise ValueError(f"{mask} has holes")
    first = parse_address(address) & ~spread
    return ANYWHERE if spread == _ALL_ONES else Selector(first, first | spread)


_PHASE1: dict[str, Handler] = {
    "type": _p1_type,
    "interface": _p1_interface,
    "local-gw": _p1_local_gw,
    "ike-version": _p1_version,
    "authmethod": _p1_authmethod,
    "keylife": _p1_keylife,
    "mode": _p1_mode,
    "peertype": _p1_peertype,
    "passive-mode": _p1_passive,
    "proposal": _p1_proposal,
    "dhgrp": _p1_dhgrp,
    "localid": _p1_localid,
    "localid-type": _p1_localid_type,
    "dpd": _p1_dpd,
    "dpd-retrycount": _p1_dpd_count,
    "dpd-retryinterval": _p1_dpd_interval,
    "nattraversal": _p1_nattraversal,
    "keepalive": _p1_keepalive,
    "remote-gw": _p1_remote,
    "psksecret": _p1_key,
    "net-device": nothing,
    "comments": nothing,
    "wizard-type": nothing,
    "add-route": nothing,
}

_PHASE2: dict[str, Handler] = {
    "phase1name": _p2_phase1,
    "proposal": _p2_proposal,
    "pfs": _p2_pfs,
    "dhgrp": _p2_dhgrp,
    "replay": _p2_replay,
    "auto-negotiate": _p2_auto,
    "keepalive": nothing,
    "encapsulation": _p2_encapsulation,
    "keylife-type": _p2_life,
    "keylifeseconds": _p2_seconds,
    "keylifekbs": _p2_kilobytes,
    "protocol": _p2_protocol,
    "comments": nothing,
    "src-addr-type": _end(_source, _form),
    "src-subnet": _end(_source, _end_subnet),
    "src-start-ip": _end(_source, _first),
    "src-end-ip": _end(_source, _last),
    "src-name": _end(_source, _name),
    "src-port": _end(_source, _port),
    "dst-addr-type": _end(_destination, _form),
    "dst-subnet": _end(_destination, _end_subnet),
    "dst-start-ip": _end(_destination, _first),
    "dst-end-ip": _end(_destination, _last),
    "dst-name": _end(_destination, _name),
    "dst-port": _end(_destination, _port),
}

_POLICY: dict[str, Handler] = {
    "srcintf": _policy_interfaces,
    "dstintf": _policy_interfaces,
    "vpntunnel": _policy_interfaces,
    "status": _policy_status,
    "name": nothing,
    "uuid": nothing,
    "srcaddr": nothing,
    "dstaddr": nothing,
    "action": nothing,
    "schedule": nothing,
    "service": nothing,
    "comments": nothing,
    "logtraffic": nothing,
}

PHASE1_SECTIONS = ("vpn ipsec phase1-interface", "vpn ipsec phase1")
PHASE2_SECTIONS = ("vpn ipsec phase2-interface", "vpn ipsec phase2")

HANDLERS: dict[str, dict[str, Handler]] = {
    "system global": {"hostname": _hostname},
    "system interface": {
        "ip": _interface_ip,
        "mtu": _interface_mtu,
        "mtu-override": nothing,
        "vdom": nothing,
        "type": nothing,
        "alias": nothing,
        "allowaccess": nothing,
        "snmp-index": nothing,
    },
    "system zone": {"interface": _zone},
    "firewall address": {"subnet": _address_subnet, "uuid": nothing, "comment": nothing},
    "firewall addrgrp": {"member": _group, "uuid": nothing, "comment": nothing},
    "vpn ipsec phase1-interface": _PHASE1,
    "vpn ipsec phase1": _PHASE1,
    "vpn ipsec phase2-interface": _PHASE2,
    "vpn ipsec phase2": _PHASE2,
    "firewall policy": _POLICY,
    "router static": {
        "dst": _route_dst,
        "device": _route_device,
        "gateway": nothing,
        "distance": nothing,
        "comment": nothing,
    },
}
"""Who reads a `set`, by the section it is in and the word after it."""
