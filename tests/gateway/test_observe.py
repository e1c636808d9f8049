"""A snapshot joins what was negotiated with what was carried."""

from dataclasses import replace

import pytest

from gwsim.esp.drops import Drop
from gwsim.gateway.outputs import EspOut, InsideOut
from gwsim.gateway.snapshot import SaCounters
from gwsim.ike.snapshot import ChildSnapshot, EndpointSnapshot
from gwsim.wire.ip import ESP, ICMP, IcmpError, Ipv4Packet, build_icmp, build_ipv4, quote
from tests.esp.planes import packet
from tests.gateway.boxes import (
    BRANCH,
    HQ,
    PC,
    SERVER,
    TO_BRANCH,
    TO_HQ,
    Playbook,
    branch_config,
    child_keys,
    hq_config,
    mirrored,
)

CHILD = ChildSnapshot(
    child="net",
    connection="branch",
    peer=BRANCH,
    message_id=7,
    role="initiator",
    local="10.1.0.0/24",
    remote="10.2.0.0/24",
    inbound_spi=TO_HQ,
    outbound_spi=TO_BRANCH,
    transform=12,
    key_bits=128,
    authentication=2,
    transport=False,
    udp=False,
    local_port=500,
    peer_port=500,
    pfs_group=None,
    esn=False,
    lifetime_seconds=28800,
    lifetime_kilobytes=4608000,
    created=1.0,
    expires=28801.0,
    rekey_at=None,
    retired=False,
)


def picture(**changes) -> EndpointSnapshot:
    return EndpointSnapshot((), (replace(CHILD, **changes),), ())


def up() -> Playbook:
    play = Playbook(hq_config())
    play.negotiator(child_keys(lifetime_kilobytes=4608000)).sends().tells()
    play.endpoint.picture = picture()
    return play


def test_a_fresh_gateway_has_a_tunnel_that_is_down():
    snapshot = Playbook(hq_config(mtu=1400, df="clear")).gateway.snapshot(3.0)
    assert (snapshot.name, snapshot.vendor, snapshot.outside) == ("hq", "asa", HQ)
    assert (snapshot.now, snapshot.started, snapshot.running) == (3.0, 0.0, True)
    assert (snapshot.mtu, snapshot.df, snapshot.link_up) == (1400, "clear", True)
    assert (snapshot.ipsec, snapshot.counters) == ((), ())
    (tunnel,) = snapshot.tunnels
    assert (tunnel.connection, tunnel.child, tunnel.peer) == ("branch", "net", BRANCH)
    assert (tunnel.local, tunnel.remote) == ("10.1.0.0/24", "10.2.0.0/24")
    assert (tunnel.up, tunnel.policy_id, tunnel.encapsulated) == (False, 1, 0)


def test_a_dynamic_peer_has_no_address_in_its_tunnel():
    play = Playbook(hq_config(connection={"remote": None}))
    assert play.gateway.snapshot(0.0).tunnels[0].peer == ""


def test_counters_of_both_directions_stand_beside_what_was_negotiated():
    play = up()
    for _ in range(4):
        play.inside(packet(1000)).sends(EspOut)
    there = Playbook(branch_config())
    there.negotiator(mirrored(child_keys(lifetime_kilobytes=4608000))).sends().tells()
    there.inside(packet(200, source=PC, destination=SERVER)).sends(EspOut)
    play.esp(there.sent[0].payload).sends(InsideOut)
    play.esp(there.sent[0].payload).sends()
    (sa,) = play.gateway.snapshot(2.0).ipsec
    assert sa.negotiated == CHILD
    assert sa.outbound == SaCounters(packets=4, octets=4000, sequence=4)
    assert sa.inbound == SaCounters(
        packets=1, octets=200, errors=1, replayed=1, sequence=1, window=3, replay_window=64
    )
    assert sa.kilobytes_left == 4608000 - 4
    assert (sa.path_mtu, sa.path_mtu_seconds, sa.overhead) == (1500, 0, 73)
    play._events = []


@pytest.mark.parametrize(
    ("cause", "name"),
    [
        (Drop.REPLAYED, "replayed"),
        (Drop.TOO_OLD, "too_old"),
        (Drop.BAD_ICV, "bad_icv"),
        (Drop.BAD_PADDING, "bad_padding"),
        (Drop.BAD_SELECTOR, "bad_selector"),
        (Drop.EXPIRED, None),
    ],
)
def test_a_refusal_is_counted_under_its_own_name_where_it_has_one(cause, name):
    play = up()
    play.gateway._plane.pair(TO_HQ).inbound.errors[cause] += 3
    (sa,) = play.gateway.snapshot(2.0).ipsec
    named = {} if name is None else {name: 3}
    assert sa.inbound == SaCounters(errors=3, window=1, replay_window=64, **named)


def test_a_tunnel_is_up_while_one_of_its_pairs_is_not_retired():
    play = up()
    assert play.gateway.snapshot(2.0).tunnels[0].up
    play.endpoint.picture = picture(retired=True)
    assert not play.gateway.snapshot(2.0).tunnels[0].up
    play.endpoint.picture = picture(child="another")
    assert not play.gateway.snapshot(2.0).tunnels[0].up


def test_a_path_mtu_is_shown_with_the_time_it_has_left():
    play = up().at(10.0)
    original = quote(Ipv4Packet(HQ, BRANCH, ESP, TO_BRANCH.to_bytes(4, "big") + bytes(9)))
    error = build_icmp(IcmpError(3, 4, 1400, original))
    play.outside(build_ipv4(Ipv4Packet("192.0.2.254", HQ, ICMP, error))).sends().tells()
    (sa,) = play.gateway.snapshot(110.5).ipsec
    assert (sa.path_mtu, sa.path_mtu_seconds) == (1400, 499)


def test_a_pair_that_the_data_plane_has_not_got_shows_nothing_carried():
    play = up()
    play.endpoint.picture = picture(inbound_spi=0x9999)
    (sa,) = play.gateway.snapshot(2.0).ipsec
    assert (sa.inbound, sa.outbound) == (SaCounters(), SaCounters())
    assert (sa.kilobytes_left, sa.path_mtu) == (4608000, 1500)
