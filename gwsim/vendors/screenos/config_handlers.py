"""Reading the lines of a NetScreen's configuration, gateways apart: one function per kind.

Each gets the words behind those it was chosen by, and raises ValueError for what it cannot take.
"""

from gwsim.vendors.screenos import config_words as read
from gwsim.vendors.screenos.config_draft import Draft, Interface, Policy, Vpn
from gwsim.vendors.screenos.config_words import TOO_SHORT, UNKNOWN
from gwsim.vendors.screenos.proposals import PHASE2_LEVELS, Phase2Proposal, phase1, phase2
from gwsim.wire.selector import Selector

_PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17}


def set_hostname(draft: Draft, words: list[str]) -> None:
    """Name the box."""
    draft.hostname = words[0]


def set_interface(draft: Draft, words: list[str]) -> None:
    """Put an interface into a zone, give it its address or its MTU.

    How it routes and who may manage the box through it does not matter here.
    """
    name, what = words[0], words[1]
    interface = draft.interfaces.setdefault(name, Interface())
    if what == "zone":
        interface.zone = words[2]
    elif what == "ip" and "/" in words[2]:
        address, _, prefix = words[2].partition("/")
        interface.network = read.network(address, prefix)
        interface.address = address
    elif what == "mtu":
        interface.mtu = read.number(words[2], 68, 65535)
    elif what not in ("route", "nat", "manage", "manageable", "manage-ip", "ip"):
        raise ValueError(UNKNOWN)


def set_address(draft: Draft, words: list[str]) -> None:
    """Add an entry to the address book of a zone."""
    zone, name, address = words[0], words[1], words[2]
    mask = words[3] if len(words) > 3 else address.partition("/")[2] or "32"
    draft.addresses[zone, name] = read.network(address.partition("/")[0], mask)


def set_service(draft: Draft, words: list[str]) -> None:
    """Define a service by protocol and destination port."""
    if len(words) < 7 or words[1] not in ("protocol", "+"):
        raise ValueError(UNKNOWN)
    protocol = _PROTOCOLS.get(words[2]) or read.number(words[2], 1, 255)
    low, _, high = words[6].partition("-")
    port = read.number(low, 0, 65535)
    if high and high != low and (port, high) != (0, "65535"):
        raise ValueError("a range of ports does not go into a proxy ID")
    draft.services[words[0]] = (protocol, port)


def set_route(draft: Draft, words: list[str]) -> None:
    """Note a network behind an interface."""
    if words[1] != "interface":
        raise ValueError(UNKNOWN)
    if "/" not in words[0]:
        raise ValueError(f"{words[0]!r} is not a network")
    network = read.network(*read.halves(words[0]))
    if network.prefix:
        draft.routes.append((words[2], network))


def set_phase1_proposal(draft: Draft, words: list[str]) -> None:
    """Define a phase 1 proposal."""
    if len(words) < 8:
        raise ValueError(TOO_SHORT)
    name, who, group, _esp, cipher, hash_, unit, count = words[:8]
    if who != "preshare":
        raise ValueError("only pre-shared keys are known here")
    lasts = read.seconds(unit, count)
    try:
        draft.phase1[name] = phase1(read.group(group), cipher, read.short(hash_), lasts)
    except KeyError as unknown:
        raise ValueError(f"{unknown.args[0]!r} is not an algorithm") from None


def set_phase2_proposal(draft: Draft, words: list[str]) -> None:
    """Define a phase 2 proposal."""
    if len(words) < 7:
        raise ValueError(TOO_SHORT)
    name, group, protocol, cipher, hash_, unit, count = words[:7]
    if protocol != "esp":
        raise ValueError("only ESP is known here")
    kilobytes = None
    if words[7:8] == ["kbyte"]:
        kilobytes = read.number(words[8], 0, 0xFFFFFFFF) or None
    pfs = None if group == "no-pfs" else read.group(group)
    try:
        transform = phase2(cipher, read.short(hash_))
    except KeyError as unknown:
        raise ValueError(f"{unknown.args[0]!r} is not an algorithm") from None
    draft.phase2[name] = Phase2Proposal(transform, pfs, read.seconds(unit, count), kilobytes)


def set_vpn(draft: Draft, words: list[str]) -> None:
    """Define a VPN, or set one of its options."""
    name, what = words[0], words[1]
    if what == "gateway":
        draft.vpns[name] = _vpn_of(draft, words[2:])
        return
    if name not in draft.vpns:
        raise ValueError(f"VPN {name!r} is not defined")
    vpn = draft.vpns[name]
    match what:
        case "proxy-id":
            vpn.proxy = _proxy(draft, words[2:])
        case "monitor":
            vpn.auto_start = vpn.auto_start or "rekey" in words
        case "id" if words[3:5] == ["bind", "interface"]:
            vpn.routed = True
        case "bind" if words[2:3] == ["interface"]:
            vpn.routed = True
        case "id" | "bind":
            pass
        case "df-bit":
            if words[2] not in ("clear", "set", "copy"):
                raise ValueError(f"{words[2]!r} is nothing to do with a DF bit")
            draft.df = words[2]
        case _:
            raise ValueError(UNKNOWN)


def _vpn_of(draft: Draft, words: list[str]) -> Vpn:
    if words[0] not in draft.gateways:
        raise ValueError(f"gateway {words[0]!r} is not defined")
    vpn = Vpn(words[0])
    for position, word in enumerate(words):
        match word:
            case "replay" | "no-replay" if position:
                vpn.replay = word == "replay"
            case "transport" if position:
                vpn.transport = True
            case "sec-level":
                vpn.proposals = read.level(PHASE2_LEVELS, words[position + 1])
            case "proposal":
                vpn.proposals = tuple(words[position + 1 :])
                draft.phase2_proposals(vpn.proposals)
                break
    return vpn


def _proxy(draft: Draft, words: list[str]) -> tuple[Selector, Selector]:
    given = dict(zip(words[::2], words[1::2], strict=False))
    if "local-ip" not in given or "remote-ip" not in given:
        raise ValueError("a proxy ID has a local-ip and a remote-ip")
    protocol, port = draft.service(words[4]) if len(words) > 4 else (0, 0)
    local = read.network(*read.halves(given["local-ip"]))
    remote = read.network(*read.halves(given["remote-ip"]))
    return (
        Selector(local.first, local.last, protocol, 0, local.id_type),
        Selector(remote.first, remote.last, protocol, port, remote.id_type),
    )


def set_policy(draft: Draft, words: list[str]) -> None:
    """Add a policy; one with a tunnel gives its VPN the proxy IDs."""
    if words[:1] == ["id"] and len(words) > 2:
        words = words[2:]
    if words[:1] == ["name"]:
        words = words[2:]
    if len(words) < 8 or words[0] != "from" or words[2] != "to":
        raise ValueError(UNKNOWN)
    policy = Policy(words[1], words[3], words[4], words[5], words[6], words[7])
    if policy.action == "tunnel" and words[8] == "vpn":
        policy.vpn = words[9]
        if policy.vpn not in draft.vpns:
            raise ValueError(f"VPN {policy.vpn!r} is not defined")
    elif policy.action not in ("permit", "deny"):
        raise ValueError(f"{policy.action!r} is not known here")
    draft.address(policy.source_zone, policy.source)
    draft.address(policy.zone, policy.destination)
    draft.service(policy.service)
    draft.policies.append(policy)


def set_permit_all(draft: Draft, words: list[str]) -> None:
    """Let pass what no policy speaks of."""
    draft.permit_all = True


def set_initial_contact(draft: Draft, words: list[str]) -> None:
    """Announce a first contact to peers."""
    draft.initial_contact = True
