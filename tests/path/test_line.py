"""One direction of a link, packet by packet."""

from dataclasses import replace
from random import Random

import pytest

from gwsim.path.config import Link
from gwsim.path.events import PathAction
from gwsim.path.line import PATIENCE, Arrival, Line, Mishap, Waiting, chance, damaged
from gwsim.path.transit import read
from gwsim.wire.errors import WireError
from gwsim.wire.ip import parse_ipv4
from tests.path.packets import BRANCH, HQ, ports, udp


def transit(number=1, **options):
    data = udp(HQ, BRANCH, **options)
    return read(parse_ipv4(data), data, number, "hq", 0.0)


def line(seed=1, **link):
    return Line(Link(**link), Random(seed))


def test_a_perfect_line_takes_its_latency():
    packet = transit()
    assert line(latency=0.25).enter(packet, 1.0) == [Arrival(packet, 1.25)]


def test_a_line_that_is_down_carries_nothing():
    packet = transit()
    assert line(up=False).enter(packet, 1.0) == [Mishap(PathAction.LINK_DOWN, packet)]


def test_a_lossy_line_loses():
    packet = transit()
    assert line(loss=1.0).enter(packet, 1.0) == [Mishap(PathAction.LOST, packet)]


def test_the_share_of_lost_packets_is_the_probability():
    lossy = line(loss=0.3)
    lost = sum(isinstance(lossy.enter(transit(n), 0.0)[0], Mishap) for n in range(2000))
    assert 500 < lost < 700


def test_jitter_varies_the_latency_both_ways_and_keeps_the_order():
    jittery = line(latency=0.1, jitter=0.05)
    arrivals = [jittery.enter(transit(n), n * 0.01)[0].at for n in range(300)]
    assert arrivals == sorted(arrivals)
    lone = [line(seed, latency=0.1, jitter=0.05).enter(transit(), 0.0)[0].at for seed in range(50)]
    assert min(lone) < 0.1 < max(lone)
    assert all(0.05 <= at <= 0.15 for at in lone)


def test_jitter_never_carries_a_packet_into_the_past():
    assert all(line(s, jitter=1.0).enter(transit(), 5.0)[0].at >= 5.0 for s in range(20))


def test_what_fits_exactly_passes_and_one_octet_more_does_not():
    small = line(mtu=68)
    fitting = transit(payload=bytes(68 - 28), df=True)
    assert isinstance(small.enter(fitting, 0.0)[0], Arrival)
    [mishap] = small.enter(transit(payload=bytes(69 - 28), df=True), 0.0)
    assert (mishap.action, mishap.why) == (PathAction.TOO_BIG, "the MTU is 68")


def test_a_big_packet_that_may_be_cut_arrives_in_fragments():
    told, *arrivals = line(mtu=500, latency=0.1).enter(transit(payload=bytes(1000)), 0.0)
    assert (told.action, told.why) == (PathAction.FRAGMENTED, "into 3")
    assert [len(a.transit.data) for a in arrivals] == [500, 500, 20 + 1008 - 960]
    assert {a.at for a in arrivals} == {0.1}


def test_a_duplicate_follows_its_original():
    packet = transit()
    first, told, second = line(duplicate=1.0).enter(packet, 1.0)
    assert first.transit is packet
    assert told.action is PathAction.DUPLICATED
    assert (second.transit.copy, second.at, second.transit.data) == (1, 1.0, packet.data)


def test_noise_is_noticed_by_udp():
    packet = transit()
    told, arrival = line(corrupt=1.0).enter(packet, 0.0)
    assert told.action is PathAction.CORRUPTED
    with pytest.raises(WireError, match="checksum of a UDP datagram"):
        ports(arrival.transit.data)


def test_mended_damage_is_not():
    ports(damaged(transit(), Random(1), mend=True).data)


def test_a_reordered_packet_waits_until_the_next_has_overtaken_it():
    shuffling = line(latency=0.1)
    first, second = transit(1), transit(2)
    assert shuffling.enter(first, 0.0, hold=3.0) == [Waiting(first, 3.0)]
    assert shuffling.enter(second, 1.0) == [Arrival(second, 1.1), Arrival(first, 1.1)]
    assert shuffling.release(first, 3.0) == []


def test_a_reordered_packet_that_nothing_follows_goes_on_by_itself():
    lonely = line(latency=0.1, reorder=1.0)
    packet = transit()
    told, waiting = lonely.enter(packet, 0.0)
    assert told.action is PathAction.REORDERED
    assert waiting == Waiting(packet, PATIENCE)
    assert lonely.release(packet, PATIENCE) == [Arrival(packet, PATIENCE + 0.1)]


def test_only_one_of_two_reordered_packets_waits():
    """Else, where every packet is reordered, none would ever be."""
    shuffling = line(reorder=1.0)
    first, second = transit(1), transit(2)
    shuffling.enter(first, 0.0)
    assert shuffling.enter(second, 0.1) == [Arrival(second, 0.1), Arrival(first, 0.1)]


def test_fragments_of_one_packet_do_not_overtake_each_other_when_held():
    shuffling = line(mtu=500)
    outcomes = shuffling.enter(transit(1, payload=bytes(900)), 0.0, hold=1.0)
    assert [type(o) for o in outcomes] == [Mishap, Waiting, Waiting]
    released = shuffling.enter(transit(2), 0.5)
    assert [a.transit.number for a in released] == [2, 1, 1]


def test_releasing_one_of_several_leaves_the_others():
    shuffling = line(mtu=500)
    _, a, b = shuffling.enter(transit(1, payload=bytes(900)), 0.0, hold=1.0)
    assert [arrival.transit for arrival in shuffling.release(a.transit, 1.0)] == [a.transit]
    assert [arrival.transit for arrival in shuffling.release(b.transit, 1.0)] == [b.transit]


def test_a_link_can_change_while_packets_wait():
    changing = line(latency=0.1)
    packet = transit()
    changing.enter(packet, 0.0, hold=1.0)
    changing.link = replace(changing.link, latency=0.5)
    assert changing.release(packet, 1.0) == [Arrival(packet, 1.5)]


def test_certain_outcomes_cost_no_random_number():
    rng = Random(1)
    before = rng.getstate()
    assert chance(1.0, rng) and not chance(0.0, rng)
    assert rng.getstate() == before
