"""Addresses of a scenario that contradict each other, or that nobody can have.

`networks` asks here; errors and warnings are places, sentences and hints, as there.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from gwsim.lab.addressing import neighbour
from gwsim.lab.base import network_range
from gwsim.lab.resolve import public_address
from gwsim.lab.scenario import GatewaySpec, Scenario
from gwsim.lab.source import Loc
from gwsim.wire.ip import parse_address

Remark = tuple[Loc, str, str]

_SMALLEST_WITH_BROADCAST = 4
"""A network of so many addresses or more keeps its first and last for itself (RFC 3021)."""


def address_errors(scenario: Scenario) -> Iterator[Remark]:
    """Find addresses no interface can have, and those that two have."""
    yield from _hosts(scenario)
    yield from _networks(scenario)
    yield from _gateways(scenario)


def overlaps(scenario: Scenario) -> Iterator[Remark]:
    """Find networks and gateways that lie within a network of somebody else: odd, but possible."""
    for (one, first), (two, second) in combinations(scenario.gateways.items(), 2):
        for ours in first.inside:
            for theirs in second.inside:
                (low, high), (other_low, other_high) = network_range(ours), network_range(theirs)
                if low <= other_high and other_low <= high:
                    words = f"{theirs} of {two} overlaps {ours} of {one}"
                    yield ("gateways", two, "inside"), words, ""
    for name, spec in scenario.gateways.items():
        for other, network in _foreign_networks(scenario, name):
            if is_within(spec.outside, network) and not network.endswith("/0"):
                words = f"{spec.outside} lies in {network} of {other}: the way to {name} is unclear"
                yield ("gateways", name, "outside"), words, ""
        yield from _crowded(scenario, name, spec.outside)


def _crowded(scenario: Scenario, gateway: str, outside: str) -> Iterator[Remark]:
    """Where the internet finds no address beside a gateway, there is only the simulation."""
    try:
        neighbour(outside, (spec.outside for spec in scenario.gateways.values()))
    except ValueError as error:
        yield ("gateways", gateway, "outside"), f"only in process: {error}", ""


def is_inside(address: str, spec: GatewaySpec) -> bool:
    """Say whether an address belongs to one of the networks behind a gateway."""
    return any(is_within(address, network) for network in spec.inside)


def is_within(address: str, network: str) -> bool:
    """Say whether an address belongs to a network."""
    first, last = network_range(network)
    return first <= parse_address(address) <= last


def _foreign_networks(scenario: Scenario, gateway: str) -> Iterator[tuple[str, str]]:
    for other, spec in scenario.gateways.items():
        if other != gateway:
            yield from ((other, network) for network in spec.inside)


def _hosts(scenario: Scenario) -> Iterator[Remark]:
    seen: dict[str, str] = {}
    for gateway, spec in scenario.gateways.items():
        for name, address in spec.hosts.items():
            loc: Loc = ("gateways", gateway, "hosts", name)
            if not is_inside(address, spec):
                yield loc, f"{address} is not inside {gateway}: {', '.join(spec.inside)}", ""
            elif _is_reserved(address, spec):
                yield loc, f"{address} is the first or last of its network, and no host's", ""
            if address in seen:
                yield loc, f"{address} is already the address of {seen[address]}", ""
            seen[address] = f"{gateway}.{name}"


def _is_reserved(address: str, spec: GatewaySpec) -> bool:
    for network in spec.inside:
        first, last = network_range(network)
        large = last - first + 1 >= _SMALLEST_WITH_BROADCAST
        if large and parse_address(address) in (first, last):
            return True
    return False


def _networks(scenario: Scenario) -> Iterator[Remark]:
    for gateway, spec in scenario.gateways.items():
        loc: Loc = ("gateways", gateway, "inside")
        for network, times in Counter(spec.inside).items():
            if times > 1:
                yield loc, f"{network} stands here {times} times", ""
            if not network.endswith("/0") and not _is_unicast(network.partition("/")[0]):
                yield loc, f"{network} is no network of hosts", ""


def _is_unicast(address: str) -> bool:
    """Say whether an interface can have it: not of this host, of a loop, of a group or of all."""
    first = parse_address(address) >> 24
    return first not in (0, 127) and first < 224


def _gateways(scenario: Scenario) -> Iterator[Remark]:
    seen: dict[str, str] = {}
    hosts = {
        address: f"{gateway}.{name}"
        for gateway, spec in scenario.gateways.items()
        for name, address in spec.hosts.items()
    }
    for gateway, spec in scenario.gateways.items():
        loc: Loc = ("gateways", gateway, "outside")
        public = public_address(spec)
        yield from _impossible(gateway, spec)
        if public in seen and not _share_nat(spec, scenario.gateways.get(seen[public])):
            yield loc, f"{public} is already the address of {seen[public]}", ""
        seen[public] = gateway
        if not hosts.get(public, gateway).startswith(gateway):
            yield loc, f"{public} is already the address of {hosts[public]}", ""
        if spec.behind_nat and spec.behind_nat.public == spec.outside:
            loc = ("gateways", gateway, "behind_nat", "public")
            yield loc, "behind a NAT the gateway's own outside address is another one", ""


def _impossible(gateway: str, spec: GatewaySpec) -> Iterator[Remark]:
    told: list[tuple[Loc, str]] = [(("gateways", gateway, "outside"), spec.outside)]
    if spec.behind_nat:
        told.append((("gateways", gateway, "behind_nat", "public"), spec.behind_nat.public))
    for loc, address in told:
        if not _is_unicast(address):
            yield loc, f"{address} is not the address of an interface", ""


def _share_nat(one: GatewaySpec, other: GatewaySpec | None) -> bool:
    """Say whether two gateways are neighbours behind one NAT that translates ports."""
    if other is None or one.behind_nat is None or other.behind_nat is None:
        return False
    ports = one.behind_nat.ports == other.behind_nat.ports == "translate"
    return ports and one.outside != other.outside
