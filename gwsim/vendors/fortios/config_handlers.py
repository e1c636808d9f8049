"""What each `set` of a FortiGate's configuration does to what has been read so far.

A handler gets the draft, the name of the entry and the values, and raises ValueError with the
reason for what makes no sense or cannot be had. Which handler reads what is the table at the end,
and `config_reader` goes by it.
"""

from gwsim.vendors.fortios.config_draft import (
    Draft,
    Interface,
    Phase1,
    Phase2,
    Policy,
    Route,
)
from gwsim.vendors.fortios.config_phase1 import PHASE1
from gwsim.vendors.fortios.config_phase2 import PHASE2
from gwsim.vendors.fortios.config_values import (
    SWITCH,
    Handler,
    address,
    choice,
    nothing,
    number,
    subnet,
)

PHASE1_SECTIONS = ("vpn ipsec phase1-interface", "vpn ipsec phase1")
PHASE2_SECTIONS = ("vpn ipsec phase2-interface", "vpn ipsec phase2")


def entered(draft: Draft, section: str, entry: str, line: int) -> None:
    """Begin an entry at a line, or go on with one that was begun before."""
    if section in PHASE1_SECTIONS:
        draft.phase1.setdefault(entry, Phase1(line))
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
    network = subnet(values)
    if network.first:
        draft.interfaces[entry].address = address(values[0].partition("/")[0])
        draft.interfaces[entry].network = network


def _interface_mtu(draft: Draft, entry: str, values: list[str]) -> None:
    draft.interfaces[entry].mtu = number(values, 68, 65535)


def _zone(draft: Draft, entry: str, values: list[str]) -> None:
    draft.zones[entry] = values


def _address_subnet(draft: Draft, entry: str, values: list[str]) -> None:
    draft.addresses[entry] = subnet(values)


def _group(draft: Draft, entry: str, values: list[str]) -> None:
    draft.groups[entry] = values


def _policy_interfaces(draft: Draft, entry: str, values: list[str]) -> None:
    draft.policies[entry].interfaces += values


def _policy_status(draft: Draft, entry: str, values: list[str]) -> None:
    draft.policies[entry].enabled = choice(values, SWITCH)


def _route_dst(draft: Draft, entry: str, values: list[str]) -> None:
    draft.routes[entry].network = subnet(values)


def _route_device(draft: Draft, entry: str, values: list[str]) -> None:
    draft.routes[entry].device = values[0]


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
    **dict.fromkeys(PHASE1_SECTIONS, PHASE1),
    **dict.fromkeys(PHASE2_SECTIONS, PHASE2),
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
