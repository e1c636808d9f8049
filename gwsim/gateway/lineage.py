"""What the pairs of a flow have counted that are gone, for as long as the flow has others.

A flow is what one pair after the other carries: each renews the one before. When the last of them
goes, the flow has ended, and what counts as the next one begins at nothing.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from gwsim.esp.drops import Drop
from gwsim.esp.sa import InboundSa, OutboundSa, SaPair
from gwsim.gateway.snapshot import SaCounters

Flow = tuple[str, str, str, str]
"""A connection, its child and what is carried: our side and the peer's."""

_SUMS = (
    "packets",
    "octets",
    "errors",
    "replayed",
    "too_old",
    "bad_icv",
    "bad_padding",
    "bad_selector",
    "dummies",
    "cut",
    "pieces",
    "too_big_sent",
    "too_big_received",
)


class Lineage:
    """The sums of each flow: what came in and what went out on pairs that are gone."""

    def __init__(self) -> None:
        self._sums: dict[Flow, tuple[SaCounters, SaCounters]] = {}

    def end(self, pair: SaPair, left: Iterable[SaPair]) -> None:
        """Take over what a pair has counted, unless no other of its flow is left."""
        flow = _flow(pair)
        if all(_flow(other) != flow for other in left):
            self._sums.pop(flow, None)
            return
        inward, outward = self.before(pair)
        self._sums[flow] = (
            _added(inward, inbound_counters(pair.inbound)),
            _added(outward, outbound_counters(pair.outbound)),
        )

    def before(self, pair: SaPair) -> tuple[SaCounters, SaCounters]:
        """Give the sums of a pair's flow: in and out."""
        return self._sums.get(_flow(pair), (SaCounters(), SaCounters()))

    def forget(self) -> None:
        """Let all flows end, as a box does that stops."""
        self._sums.clear()


def _flow(pair: SaPair) -> Flow:
    parameters = pair.inbound.parameters
    return (*pair.child, str(parameters.local), str(parameters.remote))


def _added(one: SaCounters, other: SaCounters) -> SaCounters:
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in _SUMS})


def inbound_counters(sa: InboundSa) -> SaCounters:
    """Freeze what a receiving SA has counted."""
    errors: Counter[Drop] = sa.errors
    return SaCounters(
        packets=sa.packets,
        octets=sa.octets,
        errors=errors.total(),
        replayed=errors[Drop.REPLAYED],
        too_old=errors[Drop.TOO_OLD],
        bad_icv=errors[Drop.BAD_ICV],
        bad_padding=errors[Drop.BAD_PADDING],
        bad_selector=errors[Drop.BAD_SELECTOR],
        dummies=sa.dummies,
        sequence=sa.window.top,
        window=sa.window.bits,
        replay_window=sa.window.width,
    )


def outbound_counters(sa: OutboundSa) -> SaCounters:
    """Freeze what a sending SA has counted."""
    return SaCounters(
        packets=sa.packets,
        octets=sa.octets,
        errors=sa.errors.total(),
        sequence=sa.sequence,
        cut=sa.cut,
        pieces=sa.pieces,
        too_big_sent=sa.too_big_sent,
        too_big_received=sa.too_big_received,
    )
