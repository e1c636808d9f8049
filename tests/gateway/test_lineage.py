"""What a flow has carried outlives the pairs that carried it, and not the flow."""

from gwsim.gateway.events import TrafficPassed
from gwsim.gateway.lineage import Lineage, inbound_counters, outbound_counters
from gwsim.gateway.outputs import EspOut
from gwsim.gateway.snapshot import SaCounters
from tests.esp.planes import packet
from tests.gateway.boxes import up


def carrying(*lengths: int):
    """A gateway with one pair that has sent packets of these lengths."""
    play = up()
    for length in lengths:
        pieces = 3 if length > 1500 else 1
        play.inside(packet(length)).sends(*[EspOut] * pieces).tells(*[TrafficPassed] * pieces)
    [pair] = play.gateway._plane.pairs()
    return pair


def test_what_a_pair_counted_is_the_flows_as_long_as_another_is_left():
    old, new = carrying(84, 100), carrying(84)
    lineage = Lineage()
    lineage.end(old, [new])
    inward, outward = lineage.before(new)
    assert (outward.packets, outward.octets) == (2, 184)
    assert outward.sequence == 0
    assert inward == SaCounters()
    lineage.end(carrying(84), [new])
    assert lineage.before(new)[1].packets == 3


def test_a_flow_without_pairs_has_carried_nothing():
    old, new = carrying(84), carrying()
    lineage = Lineage()
    lineage.end(old, [new])
    lineage.end(new, [])
    assert lineage.before(carrying()) == (SaCounters(), SaCounters())


def test_a_box_that_stops_forgets():
    old, new = carrying(84), carrying()
    lineage = Lineage()
    lineage.end(old, [new])
    lineage.forget()
    assert lineage.before(new) == (SaCounters(), SaCounters())


def test_counters_are_those_of_the_sa():
    pair = carrying(84, 3000)
    counted = outbound_counters(pair.outbound)
    assert (counted.packets, counted.cut, counted.pieces) == (4, 1, 3)
    assert counted.sequence == pair.outbound.sequence
    assert inbound_counters(pair.inbound).replay_window == pair.inbound.window.width
