"""How each side is joined to the internet, and which way leads to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from gwsim.path.config import PathConfig, Side
from gwsim.path.line import Line
from gwsim.path.nat import NatDevice
from gwsim.path.sharing import Neighbours, routes, share
from gwsim.path.transit import Transit
from gwsim.wire.ip import parse_address

MAX_KNOWN_ADDRESSES = 1024
"""For how many addresses the way is remembered."""


@dataclass(slots=True)
class Access:
    """How one side is joined to the internet: both directions of its line, and its NAT.

    `router` is the address of whoever joins the line to the internet.
    """

    side: Side
    up: Line
    down: Line
    nat: NatDevice | None
    router: str = ""


class Accesses:
    """The accesses of all sides by their names; `reconfigure` them before anything else."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._by_name: dict[str, Access] = {}

    def reconfigure(self, config: PathConfig) -> None:
        """Join all sides by what they had before, with other settings, or anew."""
        joined: dict[str, Access] = {}
        for side in config.sides:
            access = self._by_name.get(side.name)
            if access is None:
                up, down = (Line(side.link, offspring(self._rng)) for _ in range(2))
                access = Access(side, up, down, None)
            access.side, access.up.link, access.down.link = side, side.link, side.link
            access.nat = self._nat(side, access.nat, list(joined.values()))
            access.router = side.router or config.router
            joined[side.name] = access
        self._by_name = joined
        self._neighbours = Neighbours((one.side, one.nat) for one in joined.values())
        self._routes = sorted(routes(config), key=lambda route: route[0].last - route[0].first)
        self._known: dict[str, str | None] = {}

    def __getitem__(self, name: str) -> Access:
        """Give the access of a side. Raises KeyError."""
        return self._by_name[name]

    def __iter__(self) -> Iterator[Access]:
        """Go through all accesses, in the order of the configuration."""
        return iter(self._by_name.values())

    def get(self, name: str) -> Access | None:
        """Give the access of a side, None where there is none."""
        return self._by_name.get(name)

    def route(self, address: str) -> str | None:
        """Say which side has an address; addresses that were asked for are remembered."""
        if address in self._known:
            return self._known[address]
        number = parse_address(address)
        names = (name for selector, name in self._routes if selector.contains(number))
        if len(self._known) >= MAX_KNOWN_ADDRESSES:
            self._known.clear()
        name = self._known[address] = next(names, None)
        return name

    def meant(self, access: Access, transit: Transit, now: float) -> str:
        """Name the side that a packet to an access is for, one of those that share its NAT."""
        return self._neighbours.meant(access.side, access.nat, transit, now)

    def is_shared(self, access: Access) -> bool:
        """Say whether several sides stand behind the NAT of an access."""
        return self._neighbours.share(access.nat)

    def _nat(self, side: Side, old: NatDevice | None, others: list[Access]) -> NatDevice | None:
        """Give the NAT of a side: a neighbour's, its own as before, or a new one."""
        if side.nat is None:
            return None
        if mates := [other.nat for other in others if share(other.side, side)]:
            return mates[0]
        if old is None or any(other.nat is old for other in others):
            return NatDevice(side.nat, side.inside_address, offspring(self._rng))
        old.reconfigure(side.nat, side.inside_address)
        return old


def offspring(rng: Random) -> Random:
    """Make a generator of its own, so that what one station draws shifts no other's draws."""
    return Random(rng.getrandbits(64))
