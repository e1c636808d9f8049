"""Routes that bring packets to a node's TUN devices, and from there to where they belong.

A gateway, with `inside` and `outside` the interfaces that have its addresses::

    from inside            -> table 7701 -> TUN, but for the networks inside themselves
    from here to a tunnel  -> table 7701, so that a ping typed on the gateway is protected too;
                              table 7703 when the gateway itself is an end of the tunnel
    marked                 -> main: what the node itself sends
    from outside, not for us -> table 7702 -> second TUN: clear text that must be looked at
    from a TUN             -> main: inside or out, as the destination says

An internet node has a TUN for each side: what comes from a side's interface goes to its TUN, what
is written to the TUN leaves by that interface for the side's gateway. What the node itself says to
a network of a side (that a packet's time to live is over) goes the same way.

Devices and their routes end with the process, rules do not: they are taken away at the end, and
those that a killed node left are replaced at the start.
"""

import errno
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET
from typing import Any, TypeVar

from pyroute2 import IPRoute
from pyroute2.netlink.exceptions import NetlinkError

from gwsim.daemon.silence import silence
from gwsim.daemon.sockets import MARK
from gwsim.gateway.config import GatewayConfig
from gwsim.path.config import PathConfig, Side
from gwsim.wire.ip import mask_of, parse_address
from gwsim.wire.selector import Selector

FROM_INSIDE = 7701
FROM_OUTSIDE = 7702
FROM_ITSELF = 7703
FROM_SIDES = 7720
TO_SIDES = 7820
"""Routing tables; those of an internet node's sides count up from these."""

_TABLES = range(7700, 7920)
_PRIORITY = 100
_QUEUE = 5000
_ONLINK = 4
_LINK_SCOPE = 253

T = TypeVar("T")
_journal = logging.getLogger(__name__)


class RoutingError(RuntimeError):
    """The machine's interfaces or settings do not allow what the node needs; the text says what."""


@dataclass(frozen=True, slots=True)
class Interface:
    """An address of an interface."""

    index: int
    name: str
    address: str
    prefix: int

    def reaches(self, address: str) -> bool:
        """Say whether an address is in the network of this one."""
        mask = mask_of(self.prefix)
        return parse_address(self.address) & mask == parse_address(address) & mask

    def within(self, network: Selector) -> bool:
        """Say whether this address lies in a network."""
        return network.contains(parse_address(self.address))


def kernel(work: Callable[[Any], T]) -> T:
    """Do some work with a netlink socket, from inside an event loop or not.

    Raises RoutingError, in words, when the kernel refuses.
    """

    def run() -> T:
        with IPRoute() as ipr:
            return work(ipr)

    try:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(run).result()
    except NetlinkError as error:
        advice = "; it takes the capability NET_ADMIN" if error.code == errno.EPERM else ""
        raise RoutingError(f"the kernel refused a route or a rule: {error}{advice}") from None


def interfaces() -> tuple[Interface, ...]:
    """List all IPv4 addresses of interfaces that are not the loopback."""

    def look(ipr: Any) -> tuple[Interface, ...]:
        names = {link["index"]: link.get("ifname") for link in ipr.get_links()}
        return tuple(
            Interface(found["index"], names[found["index"]], address, found["prefixlen"])
            for found in ipr.get_addr(family=AF_INET)
            if (address := found.get("local") or found.get("address"))
            and names.get(found["index"], "lo") != "lo"
        )

    return kernel(look)


def require_forwarding() -> None:
    """Let the kernel forward between interfaces; raises RoutingError when it may not."""
    _set("net/ipv4/ip_forward", "1")
    if _get("net/ipv4/ip_forward") != "1":
        raise RoutingError(
            "IPv4 forwarding is off and cannot be switched on from here:"
            " start with `--sysctl net.ipv4.ip_forward=1`"
        )
    for name in ("all", "default"):
        _set(f"net/ipv4/conf/{name}/rp_filter", "0")


def inside_of(config: GatewayConfig, found: Iterable[Interface]) -> set[str]:
    """Name the interfaces of a gateway that have an address in one of the networks behind it."""
    networks = [Selector.parse(network) for network in config.inside]
    own = config.endpoint.address
    return {one.name for one in found if one.address != own and any(map(one.within, networks))}


def _outside_of(config: GatewayConfig, found: Iterable[Interface]) -> str:
    """Name the interface with the outside address; raises RoutingError when there is none."""
    own = config.endpoint.address
    for one in found:
        if one.address == own:
            return one.name
    have = ", ".join(f"{one.address} on {one.name}" for one in found) or "none at all"
    raise RoutingError(f"no interface has the outside address {own}; there are {have}")


class GatewayRoutes:
    """The routes of one gateway; `tun` and `tun_outside` are names of devices that exist."""

    def __init__(self, tun: str, tun_outside: str) -> None:
        self._tun = tun
        self._tun_outside = tun_outside
        self._outside: set[str] = set()
        self._inside: set[str] = set()
        self._silent: set[str] = set()

    def apply(self, config: GatewayConfig) -> None:
        """Make all routes and rules of a configuration, in place of any that were there."""
        found = interfaces()
        self._outside = {_outside_of(config, found)}
        self._inside = inside_of(config, found)
        kernel(lambda ipr: self._lay(ipr, config))
        _quiet((self._tun, self._tun_outside))

    def _lay(self, ipr: Any, config: GatewayConfig) -> None:
        tun, tun_outside = (_up(ipr, name) for name in (self._tun, self._tun_outside))
        _flush(ipr)
        for network in map(Selector.parse, config.inside):
            if network.prefix is not None:
                address = f"{network.address}/{network.prefix}"
                ipr.route("add", dst=address, type="throw", table=FROM_INSIDE)
        _default(ipr, FROM_INSIDE, tun)
        _default(ipr, FROM_OUTSIDE, tun_outside)
        _default(ipr, FROM_ITSELF, tun, prefsrc=config.endpoint.address)
        ipr.rule("add", priority=_PRIORITY, fwmark=MARK, table=254)
        for rule in self._rules(config):
            ipr.rule("add", priority=_PRIORITY + 1, **rule)
        silence(ipr, self._silent)

    def _rules(self, config: GatewayConfig) -> Iterator[dict[str, Any]]:
        """Say which table a packet goes by: by where it comes from, or by what a tunnel carries."""
        for name in sorted(self._inside):
            yield {"iifname": name, "table": FROM_INSIDE}
        for ends in _protected(config):
            yield {"iifname": "lo", **ends}
        for name in self._outside - self._inside:
            yield {"iifname": name, "table": FROM_OUTSIDE}

    def silence(self, outside: bool, inside: bool) -> None:
        """Let nothing in from outside, or from inside, or let it in again."""
        self._silent = (self._outside if outside else set()) | (self._inside if inside else set())
        kernel(lambda ipr: silence(ipr, self._silent))

    def change_outside(self, old: str, new: str) -> None:
        """Give the outside interface another address, and keep its way to the internet."""
        found = [one for one in interfaces() if one.address in (old, new)]
        if any(one.address == new for one in found) or not found:
            return
        interface = found[0]

        def work(ipr: Any) -> None:
            default = [
                route.get("gateway")
                for route in ipr.get_routes(family=AF_INET, table=254, oif=interface.index)
                if route["dst_len"] == 0 and route.get("gateway")
            ]
            index, prefix = interface.index, interface.prefix
            # In this order: a second address of a network goes when the first one goes.
            ipr.addr("del", index=index, address=old, prefixlen=prefix)
            ipr.addr("add", index=index, address=new, prefixlen=prefix)
            for gateway in default[:1]:
                ipr.route("replace", dst="0.0.0.0/0", gateway=gateway, oif=index, flags=_ONLINK)

        kernel(work)

    def clear(self) -> None:
        """Take all rules and routes away."""
        kernel(_flush)


def _protected(config: GatewayConfig) -> Iterator[dict[str, Any]]:
    """Give source and destination of what tunnels carry, as far as a rule can say it."""
    for connection in config.endpoint.connections:
        for child in connection.children:
            local, remote = child.local, child.remote
            if local.prefix is None or remote.prefix is None:
                continue
            to = {"dst": remote.address, "dst_len": remote.prefix}
            if local.prefix == 32 and local.address == config.endpoint.address:
                # Who sends from here has mostly no source address yet when the rule is asked.
                yield {"table": FROM_ITSELF, **to}
            else:
                source = {"src": local.address, "src_len": local.prefix}
                yield {"table": FROM_INSIDE, **source, **to}


class InternetRoutes:
    """The routes of an internet node; `tun_of` gives the name of a side's device."""

    def __init__(self, tun_of: Callable[[str], str]) -> None:
        self._tun_of = tun_of
        self._interfaces: dict[str, Interface] = {}

    def apply(self, config: PathConfig) -> None:
        """Make all routes and rules of a path, in place of any that were there."""
        found = interfaces()
        for side in config.sides:
            self._find(side.name, gateway_address(side), found)
        kernel(lambda ipr: self._lay(ipr, config))
        _quiet([self._tun_of(side.name) for side in config.sides])

    def _find(self, name: str, address: str, found: Iterable[Interface]) -> None:
        """Find the interface of a side by its gateway's address; one known before will do too."""
        fitting = [one for one in found if one.reaches(address)]
        if fitting:
            self._interfaces[name] = max(fitting, key=lambda one: one.prefix)
        elif name not in self._interfaces:
            raise RoutingError(f"no interface is in a network with {name}'s {address}")

    def _lay(self, ipr: Any, config: PathConfig) -> None:
        _flush(ipr)
        for number, side in enumerate(config.sides):
            interface, tun = self._interfaces[side.name], self._tun_of(side.name)
            _default(ipr, FROM_SIDES + number, _up(ipr, tun))
            ipr.route(
                "add",
                dst="0.0.0.0/0",
                gateway=gateway_address(side),
                oif=interface.index,
                table=TO_SIDES + number,
                flags=_ONLINK,
            )
            _rule(ipr, interface.name, FROM_SIDES + number)
            _rule(ipr, tun, TO_SIDES + number)
            for network in _networks(side):
                _rule(ipr, "lo", TO_SIDES + number, **network)

    def clear(self) -> None:
        """Take all rules and routes away."""
        kernel(_flush)


def gateway_address(side: Side) -> str:
    """Give the address of a side's gateway, its first single one; raises RoutingError for none."""
    for text in side.addresses:
        selector = Selector.parse(text)
        if selector.first == selector.last:
            return selector.address
    raise RoutingError(f"side {side.name} names no single address, so its gateway is unknown")


def _up(ipr: Any, name: str) -> int:
    index: int = ipr.link_lookup(ifname=name)[0]
    ipr.link("set", index=index, state="up", txqlen=_QUEUE)
    return index


def _default(ipr: Any, table: int, index: int, **more: Any) -> None:
    ipr.route("add", dst="0.0.0.0/0", oif=index, table=table, scope=_LINK_SCOPE, **more)


def _rule(ipr: Any, name: str, table: int, **more: Any) -> None:
    ipr.rule("add", priority=_PRIORITY, iifname=name, table=table, **more)


def _networks(side: Side) -> Iterable[dict[str, Any]]:
    """Give the networks of a side, which get answers of the internet's own by its line."""
    if side.nat is None:
        for selector in map(Selector.parse, side.addresses):
            if selector.prefix not in (None, 32):
                yield {"dst": selector.address, "dst_len": selector.prefix}


def _flush(ipr: Any) -> None:
    silence(ipr, ())
    for rule in list(ipr.get_rules(family=AF_INET)):
        table = rule.get("FRA_TABLE")
        if table in _TABLES:
            with suppress(NetlinkError):
                ipr.rule("del", **_identity(rule))
        elif rule.get("FRA_FWMARK") == MARK:
            with suppress(NetlinkError):
                ipr.rule("del", priority=_PRIORITY, fwmark=MARK, table=table)
    for table in sorted({route.get("table") for route in ipr.get_routes(family=AF_INET)}):
        if table in _TABLES:
            ipr.flush_routes(family=AF_INET, table=table)


def _identity(rule: Any) -> dict[str, Any]:
    """Give what tells a rule from all others."""
    named = {
        "priority": rule.get("FRA_PRIORITY"),
        "table": rule.get("FRA_TABLE"),
        "iifname": rule.get("FRA_IIFNAME"),
        "src": rule.get("FRA_SRC"),
        "dst": rule.get("FRA_DST"),
    }
    found = {name: value for name, value in named.items() if value is not None}
    for end in ("src", "dst"):
        if end in found:
            found[f"{end}_len"] = rule[f"{end}_len"]
    return found


def _quiet(devices: Iterable[str]) -> None:
    """Let packets from anywhere in through these devices, and keep IPv6 off them."""
    for device in devices:
        _set(f"net/ipv4/conf/{device}/rp_filter", "0")
        _set(f"net/ipv4/conf/{device}/accept_local", "1")
        _set(f"net/ipv6/conf/{device}/disable_ipv6", "1")
        if _get(f"net/ipv4/conf/{device}/rp_filter") == "1" or (
            _get("net/ipv4/conf/all/rp_filter") == "1"
        ):
            _journal.warning("reverse path filtering is strict and will drop packets of %s", device)


def _set(name: str, value: str) -> None:
    with suppress(OSError):
        Path(f"/proc/sys/{name}").write_text(value, encoding="ascii")


def _get(name: str) -> str:
    try:
        return Path(f"/proc/sys/{name}").read_text(encoding="ascii").strip()
    except OSError:
        return ""
