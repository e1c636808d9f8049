"""A model of the data plane: which SAs an end would send on, and which it can receive on.

It obeys the four instructions as the real one does: of the active pairs of a child that are not
retired the newest is used for sending; every pair receives until it is removed.
"""

from dataclasses import dataclass

from gwsim.ike.events import ChildActivated, ChildKeys, ChildRemoved, ChildRetired, Event


@dataclass
class Installed:
    """One pair of SAs, for one pair of selectors."""

    inbound: int
    outbound: int
    traffic: tuple[str, str, str]
    active: bool
    retired: bool = False


class Plane:
    """The SAs of one end, oldest first."""

    def __init__(self) -> None:
        self.pairs: dict[int, Installed] = {}

    def obey(self, event: Event) -> None:
        """Carry out an instruction; any other event is none of its business."""
        match event:
            case ChildKeys():
                assert event.inbound_spi not in self.pairs, "an inbound SPI is used twice"
                traffic = (event.connection, event.local, event.remote)
                self.pairs[event.inbound_spi] = Installed(
                    event.inbound_spi, event.outbound_spi, traffic, event.active
                )
            case ChildActivated():
                self.pairs[event.inbound_spi].active = True
            case ChildRetired():
                self.pairs[event.inbound_spi].retired = True
            case ChildRemoved():
                del self.pairs[event.inbound_spi]

    def sending(self) -> list[int]:
        """List the outbound SPIs in use, one for each traffic."""
        chosen = {p.traffic: p.outbound for p in self.pairs.values() if p.active and not p.retired}
        return list(chosen.values())

    def receiving(self) -> set[int]:
        """List the inbound SPIs that are known."""
        return set(self.pairs)
