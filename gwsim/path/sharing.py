"""Which side an address is that of, and whose a packet is where several share a NAT."""

from collections.abc import Iterable

from gwsim.path.config import PathConfig, Side
from gwsim.path.nat import NatDevice
from gwsim.path.transit import Transit
from gwsim.wire.selector import Selector


def share(one: Side, other: Side) -> bool:
    """Say whether two sides are neighbours behind one NAT: they have one public address."""
    return one.nat is not None and other.nat is not None and one.nat.public == other.nat.public


class Neighbours:
    """The sides behind each NAT that has more than one."""

    def __init__(self, joined: Iterable[tuple[Side, NatDevice | None]] = ()) -> None:
        behind: dict[NatDevice, list[Side]] = {}
        for side, nat in joined:
            if nat is not None:
                behind.setdefault(nat, []).append(side)
        self._sides = {nat: sides for nat, sides in behind.items() if len(sides) > 1}

    def share(self, nat: NatDevice | None) -> bool:
        """Say whether a NAT has more than one side behind it."""
        return nat in self._sides

    def meant(self, side: Side, nat: NatDevice | None, transit: Transit, now: float) -> str:
        """Name the side that a packet is for, `side` itself where the NAT's table does not tell."""
        if nat is None or nat not in self._sides:
            return side.name
        inside = nat.owner(transit, now)
        owners = (one.name for one in self._sides[nat] if inside in one.addresses)
        return next(owners, side.name)


def routes(config: PathConfig) -> list[tuple[Selector, str]]:
    """List what the internet knows: the addresses of sides, of those behind NAT the public one."""
    return [
        (Selector.parse(address), side.name)
        for side in config.sides
        for address in (side.addresses if side.nat is None else (side.nat.public,))
    ]
