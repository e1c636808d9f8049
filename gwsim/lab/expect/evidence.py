"""The record of a run with what is computed from it: histories, log lines, screens.

Everything is computed at most once and only when somebody asks, for a log of ten thousand events
is not free.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from gwsim.lab.expect.probe import Look, Probe
from gwsim.lab.history import Pair, Stay, pairs, stays
from gwsim.lab.record import GatewayRecord, Record
from gwsim.lab.source import Loc
from gwsim.vendors.registry import screen
from gwsim.vendors.vendor import LogLine, Vendor, View


class Witness:
    """One gateway's record in the words of its vendor."""

    def __init__(self, gateway: GatewayRecord, vendor: Vendor, record: Record) -> None:
        self.gateway = gateway
        self.vendor = vendor
        self._record = record

    @cached_property
    def stays(self) -> tuple[Stay, ...]:
        """Where its negotiations stood, in order of beginning."""
        return stays(self.gateway.events, self.vendor)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The lives of its pairs of IPsec SAs."""
        return pairs(self.gateway.events)

    @cached_property
    def lines(self) -> tuple[LogLine, ...]:
        """Its whole log, debug lines included."""
        return self.vendor.log(self.gateway.events, self.gateway.snapshots[-1])

    def written(self, line: LogLine) -> str:
        """Give a log line as the device prints it."""
        view = self._view(self._record.duration)
        return self.vendor.format_line(line, view.clock(line.at))

    def screen(self, command: str, at: float) -> str:
        """Give what the device printed at a moment when somebody typed this."""
        return screen(self.vendor, command, self._view(at))

    def shown(self, command: str, at: float) -> str:
        """Do the same for a command that is spelled in full; raises KeyError for any other."""
        return self.vendor.commands[command](self._view(at))

    def _view(self, at: float) -> View:
        config = self._record.config(self.gateway.name, at)
        return View(self.gateway.snapshot(at), self.gateway.until(at), self._record.epoch, config)


@dataclass(frozen=True, slots=True)
class Subject:
    """A gateway about which a block of the scenario speaks, and where that block stands.

    `peers` holds the addresses of the one peer that is meant; empty means every peer.
    """

    where: Loc
    witness: Witness
    peers: tuple[str, ...] = ()

    def means(self, peer: str) -> bool:
        """Say whether the block speaks of this peer's address."""
        return not self.peers or peer in self.peers

    def probe(
        self,
        keys: Loc,
        expected: str,
        look: Look,
        moments: Callable[[], Iterable[float]],
        adds_up: bool = False,
    ) -> Probe:
        """Make the probe of an expectation that stands at `keys` below the block."""
        name = self.witness.gateway.name
        return Probe((*self.where, *keys), name, expected, look, moments, adds_up)

    def snapshots(self) -> Iterator[float]:
        """List the moments of the gateway's snapshots."""
        return (snapshot.now for snapshot in self.witness.gateway.snapshots)


class Evidence:
    """All a scenario's expectations are judged by; `vendors` are the registry's, by name."""

    def __init__(self, record: Record, vendors: Mapping[str, Vendor]) -> None:
        self.record = record
        self._witnesses = {
            gateway.name: Witness(gateway, vendors[gateway.vendor], record)
            for gateway in record.gateways
        }

    def of(self, gateway: str) -> Witness:
        """Give the witness of one gateway; raises KeyError for a name that is not in the run."""
        return self._witnesses[gateway]
