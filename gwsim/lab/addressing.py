"""Addresses that no scenario names, chosen alike for every runtime.

Outside, a gateway and the internet share the smallest network with room for both that holds no
other gateway. Inside, the gateway's own address is the first of each network that no host has.
"""

from collections.abc import Iterable, Iterator

from gwsim.wire.ip import ALL_ONES, format_address, mask_of, parse_address
from gwsim.wire.selector import Selector

_SMALLEST, _LARGEST = 30, 8


def neighbour(outside: str, gateways: Iterable[str]) -> tuple[str, int]:
    """Give the internet's address beside a gateway's, and the prefix of the network of the two.

    `gateways` are the outside addresses of all. Raises ValueError when there is no room.
    """
    address = parse_address(outside)
    others = {parse_address(other) for other in gateways} - {address}
    for prefix in range(_SMALLEST, _LARGEST, -1):
        first = address & mask_of(prefix)
        last = first | (mask_of(prefix) ^ ALL_ONES)
        if address in (first, last):
            continue
        if any(first <= other <= last for other in others):
            break
        return format_address(last - 2 if address == last - 1 else last - 1), prefix
    if address ^ 1 in others:
        words = f"{outside} has no free address beside it"
        raise ValueError(f"{words} for the internet; let the gateways' addresses lie further apart")
    return format_address(address ^ 1), 31


def own_address(network: str, hosts: Iterable[str]) -> str:
    """Choose a gateway's address in a network behind it; `hosts` are the addresses of hosts.

    Raises ValueError when hosts have them all.
    """
    taken = {parse_address(host) for host in hosts}
    for number in _usable(network):
        if number not in taken:
            return format_address(number)
    raise ValueError(f"{network} has no room for its gateway beside the hosts")


def _usable(network: str) -> Iterator[int]:
    selector = Selector.parse(network)
    first, last = selector.first, selector.last
    if last - first < 2:
        return iter(range(first, last + 1))
    return iter(range(first + 1, last))
