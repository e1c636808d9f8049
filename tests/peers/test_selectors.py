"""Which traffic a tunnel with strongSwan is for: several pairs, hosts, ranges, protocols, ports."""

import pytest

from tests.peers.spaces import eventually
from tests.peers.stage import VENDORS, Stage
from tests.peers.strongswan import PROGRAMS
from tests.peers.tunnel import (
    EAST_HOST,
    EAST_NET,
    EAST_OTHER,
    WEST_HOST,
    WEST_NET,
    WEST_OTHER,
    Tunnel,
)

pytestmark = pytest.mark.needs(*PROGRAMS)

BOTH = pytest.mark.parametrize("initiator", ["ours", "theirs"])

LOWER_WEST, UPPER_WEST = "10.1.0.0/25", "10.1.0.128/25"
LOWER_EAST, UPPER_EAST = "10.2.0.0/25", "10.2.0.128/25"


@BOTH
@pytest.mark.parametrize("vendor", VENDORS)
def test_each_pair_has_its_own_sas(stage: Stage, vendor: str, initiator: str) -> None:
    ends = {
        (LOWER_WEST, LOWER_EAST): (WEST_HOST, EAST_HOST),
        (LOWER_WEST, UPPER_EAST): (WEST_HOST, EAST_OTHER),
        (UPPER_WEST, LOWER_EAST): (WEST_OTHER, EAST_HOST),
    }
    stage.bring_up(Tunnel(pairs=tuple(ends)), initiator, vendor)
    assert len(stage.ours.states()) == 1
    for number, (source, target) in enumerate(ends.values()):
        assert stage.world.pc.ping(target, source=source) == 3
        assert stage.world.server.ping(source, source=target) == 3
        counted = [6] * (number + 1) + [0] * (2 - number)
        pairs = stage.snapshot().ipsec
        assert [pair.outbound.packets for pair in pairs] == counted
        assert [pair.inbound.packets for pair in pairs] == counted
    stage.nothing_in_clear()


@BOTH
@pytest.mark.parametrize(
    "pair",
    [
        (WEST_HOST, EAST_NET),
        ("10.1.0.8/29", LOWER_EAST),
        ("10.1.0.5-10.1.0.20", EAST_NET),
        (f"{WEST_NET}[icmp]", f"{EAST_NET}[icmp]"),
        ("10.0.0.0/15", EAST_NET),
    ],
    ids=["host", "small net", "range", "protocol", "wide"],
)
def test_what_a_pair_may_look_like(stage: Stage, pair: tuple[str, str], initiator: str) -> None:
    stage.bring_up(Tunnel(pairs=(pair,)), initiator, "screenos")
    stage.carries()


@BOTH
@pytest.mark.parametrize("vendor", ["asa", "ios"])
def test_a_host_is_its_net_of_one(stage: Stage, vendor: str, initiator: str) -> None:
    """strongSwan says "host" for what it is told as /32; to these vendors it is the same."""
    stage.bring_up(Tunnel(pairs=((f"{WEST_HOST}/32", EAST_NET),)), initiator, vendor)
    stage.carries()


@BOTH
@pytest.mark.needs("iperf3")
def test_a_port_is_a_tunnel_for_that_port(stage: Stage, initiator: str) -> None:
    pair = (f"{WEST_NET}[tcp]", f"{EAST_NET}[tcp/5201]")
    stage.bring_up(Tunnel(pairs=(pair,)), initiator, "screenos")
    measured = stage.world.stream("-n", "1M")
    assert measured["end"]["sum_received"]["bytes"] > 0
    out, back = stage.counted_at_rest()
    assert out > 100
    assert back > 20
    stage.nothing_in_clear()
    # An echo is none of this tunnel's business: it goes its own way, and nowhere near the peer's.
    assert stage.world.pc.ping(EAST_HOST, 1, patience=0.5) == 0
    assert stage.counted() == (out, back)


@pytest.mark.parametrize("vendor", VENDORS)
def test_traffic_begins_the_tunnel(stage: Stage, vendor: str) -> None:
    """The first packet of a host makes ours negotiate; it waits, and leaves protected."""
    stage.agree(Tunnel(), vendor)
    stage.world.pc.ping(EAST_HOST)
    assert stage.counted()[0] == 3
    # What comes right behind quick-3, strongSwan drops or answers in clear text where it is slow:
    # its own SA is only just being made.
    assert eventually(stage.both_up), stage.story()
    assert stage.world.pc.ping(EAST_HOST) == 3, stage.story()
    assert stage.snapshot().ike.sas[0].role == "initiator"
    stage.nothing_in_clear(WEST_HOST)
