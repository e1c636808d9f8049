"""Traffic in bulk: the batch form of the data plane, with the gateway's policy and books.

A packet that goes this way leaves the same marks as one that went by `Gateway.receive_inside`,
`receive_udp` or `receive_esp`; only that the events of packets alike are one event.
"""

from collections.abc import Callable
from functools import cached_property

from gwsim.esp.batch import Flow
from gwsim.esp.dataplane import DataPlane
from gwsim.esp.inner import Inner
from gwsim.esp.opener import Opener
from gwsim.esp.sa import SaPair
from gwsim.esp.sealer import Sealer
from gwsim.esp.selectors import admits
from gwsim.gateway.forwarding import Forwarding
from gwsim.gateway.journal import Journal

KNOWN_FOR = 1.0
"""Seconds after which everything is looked up again: what a path was learned to carry ages."""


class Bulk:
    """The way through one gateway for packets in large numbers.

    Call `begin` before a round of packets, `report` after one or a few.
    """

    def __init__(
        self,
        plane: DataPlane,
        journal: Journal,
        forwarding: Forwarding,
        is_running: Callable[[], bool],
    ) -> None:
        self._plane = plane
        self._journal = journal
        self._forwarding = forwarding
        self._is_running = is_running
        self._now = 0.0
        self._until = 0.0
        self._revision = -1
        self._open = False

    @cached_property
    def sealer(self) -> Sealer:
        """The way out; it takes megabytes, which a gateway without such traffic never needs."""
        return Sealer(self._carrier)

    @cached_property
    def opener(self) -> Opener:
        """The way in."""
        return Opener(self._pair, self._admits)

    def begin(self, now: float) -> None:
        """Begin a round of packets; nothing goes this way while the box or its link is down."""
        self._now = now
        is_open = self._is_running() and self._journal.link_up
        changed = self._revision != self._plane.revision or is_open is not self._open
        if changed or now >= self._until:
            self._open = is_open
            self.sealer.forget()
            self.opener.forget()
            self._revision = self._plane.revision
            self._until = now + KNOWN_FOR

    @property
    def unreported(self) -> bool:
        """Whether something passed that is in no book yet."""
        return bool(self.sealer.touched or self.opener.touched)

    def report(self, now: float) -> None:
        """Write down what passed since the last time."""
        for flows in (self.sealer.touched, self.opener.touched):
            for flow in flows:
                self._report(flow, now)
            flows.clear()

    def _report(self, flow: Flow, now: float) -> None:
        pair = flow.pair
        connection, child = pair.child
        tally = self._journal.tallies[connection, child]
        if flow.inbound:
            tally.decapsulated += flow.packets
        else:
            tally.encapsulated += flow.packets
        spi = pair.inbound.spi if flow.inbound else pair.outbound.spi
        self._journal.passed(
            now,
            flow.inbound,
            flow.inner.summary,
            flow.octets,
            pair.outbound.destination,
            connection,
            spi,
            flow.packets,
        )
        self._forwarding.endpoint.note_traffic(pair.outbound.destination, flow.inbound, now)
        flow.packets = flow.octets = 0

    def _pair(self, spi: int) -> SaPair | None:
        return self._plane.pair(spi) if self._open else None

    def _carrier(self, inner: Inner) -> tuple[SaPair, int, str] | None:
        if not self._open or not self._plane.spd.by_address or self._forwarding.translates:
            return None
        if self._forwarding.is_own(inner.destination):
            return None
        found = self._plane.carrier(inner, self._now)
        return None if found is None else (*found, self._plane.settings.df)

    def _admits(self, pair: SaPair, inner: Inner) -> bool:
        parameters = pair.inbound.parameters
        local, remote = parameters.local, parameters.remote
        by_address = not (local.protocol or local.port or remote.protocol or remote.port)
        return (
            by_address
            and admits(local, remote, inner, inbound=True)
            and not self._forwarding.is_own(inner.destination)
            and self._forwarding.is_inside(inner.destination)
            and not self._forwarding.is_filtered(inner)
        )
