"""The box from its cables, with a negotiator that does as told."""

from dataclasses import replace

import pytest

from gwsim.gateway.events import (
    DropCause,
    GatewayStarted,
    TrafficPassed,
)
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import EspOut, InsideOut, UdpOut
from gwsim.ike.events import (
    AcquireFailed,
    ChildActivated,
    ChildRemoved,
    ChildRetired,
    CloseReason,
    PeerMoved,
    PhaseOneClosed,
    PhaseTwoClosed,
    QuickModeClosed,
)
from gwsim.ike.states import Role, State
from gwsim.ike.turn import Datagram
from gwsim.wire.ip import ESP, UDP, Ipv4Packet, UdpDatagram, build_ipv4, build_udp
from tests.esp.planes import packet, ping
from tests.gateway.boxes import (
    BRANCH,
    HQ,
    PC,
    SERVER,
    TO_BRANCH,
    TO_HQ,
    Playbook,
    child_keys,
    from_branch,
    hq_config,
    up,
)

IKE, NAT_T = 500, 4500
MAIN_1 = bytes(range(1, 60))


def phase2_closed(**changes) -> PhaseTwoClosed:
    made = PhaseTwoClosed(
        at=2.0,
        peer=BRANCH,
        connection="branch",
        role=Role.INITIATOR,
        child="net",
        local="10.1.0.0/24",
        remote="10.2.0.0/24",
        inbound_spi=TO_HQ,
        outbound_spi=TO_BRANCH,
        reason=CloseReason.CLEARED,
        up_for=1.0,
    )
    return replace(made, **changes)


def phase1_closed(reason: CloseReason) -> PhaseOneClosed:
    return PhaseOneClosed(
        at=2.0,
        connection="branch",
        role=Role.INITIATOR,
        state=State.MAIN_WAIT_2,
        exchange="main",
        reason=reason,
        up_for=None,
        initiator_cookie="",
        responder_cookie="",
        attempts=3,
    )


def quick_closed(child: str) -> QuickModeClosed:
    return QuickModeClosed(
        at=2.0,
        connection="branch",
        role=Role.INITIATOR,
        state=State.QUICK_WAIT_2,
        message_id=7,
        child=child,
        local="",
        remote="",
        reason=CloseReason.PEER_REFUSED,
    )


# booting


def test_a_gateway_says_that_it_started():
    gateway = Playbook(hq_config()).gateway
    fresh = Gateway(gateway.config, None, 5.0, lambda *a: None)
    assert fresh.events() == [GatewayStarted(at=5.0, reboot=False)]
    assert fresh.events() == []


# what arrives from outside


def test_ike_on_500_goes_to_the_negotiator_as_it_is():
    play = Playbook(hq_config()).udp(MAIN_1, (BRANCH, IKE), (HQ, IKE)).sends().tells()
    assert play.endpoint.calls == [("datagram", MAIN_1, (BRANCH, IKE), (HQ, IKE))]


def test_ike_on_4500_loses_its_marker():
    play = Playbook(hq_config()).udp(bytes(4) + MAIN_1, (BRANCH, 1025), (HQ, NAT_T)).sends()
    assert play.endpoint.calls == [("datagram", MAIN_1, (BRANCH, 1025), (HQ, NAT_T))]


def test_a_keepalive_is_nobodys_business():
    play = Playbook(hq_config()).udp(b"\xff", (BRANCH, NAT_T), (HQ, NAT_T)).sends().tells()
    assert play.endpoint.calls == []


@pytest.mark.parametrize("payload", [b"", b"\xff\xff", b"\0\0\0"])
def test_what_is_too_short_for_port_4500_is_dropped(payload):
    play = Playbook(hq_config()).udp(payload, (BRANCH, NAT_T), (HQ, NAT_T))
    play.sends().tells(DropCause.MALFORMED)
    assert play.endpoint.calls == []


def test_a_gateway_without_isakmp_is_silent_on_its_ports():
    play = Playbook(hq_config(endpoint={"enabled": False}))
    play.udp(MAIN_1, (BRANCH, IKE), (HQ, IKE)).sends().tells()
    play.udp(bytes(4) + MAIN_1, (BRANCH, NAT_T), (HQ, NAT_T)).sends().tells()
    play.udp(b"\x01", (BRANCH, NAT_T), (HQ, NAT_T)).sends().tells()
    assert play.endpoint.calls == []


def test_any_packet_for_the_gateway_finds_its_door():
    """A runtime may hand in whole packets instead of sorting them itself, fragments included."""
    play = up()
    datagram = build_udp(UdpDatagram(IKE, IKE, MAIN_1), BRANCH, HQ)
    play.outside(build_ipv4(Ipv4Packet(BRANCH, HQ, UDP, datagram))).sends().tells()
    assert play.endpoint.calls == [("datagram", MAIN_1, (BRANCH, IKE), (HQ, IKE))]
    esp = Ipv4Packet(BRANCH, HQ, ESP, *from_branch(packet(source=PC, destination=SERVER)))
    first = replace(esp, payload=esp.payload[:80], more_fragments=True)
    rest = replace(esp, payload=esp.payload[80:], fragment_offset=80)
    play.outside(build_ipv4(first)).sends().tells()
    play.outside(build_ipv4(rest)).sends(InsideOut).tells(TrafficPassed)


@pytest.mark.parametrize("payload", [b"\x01\xf4", b"\x01\xf4\x01\xf5\0\x09\0\0x"])
def test_other_udp_for_the_gateway_is_for_the_box_itself(payload):
    octets = build_ipv4(Ipv4Packet(BRANCH, HQ, UDP, payload))
    Playbook(hq_config()).outside(octets).sends(InsideOut(octets)).tells()


def test_what_is_no_packet_is_dropped_and_counted():
    play = Playbook(hq_config()).outside(b"no packet").sends().tells(DropCause.MALFORMED)
    assert play.gateway.snapshot(0.0).counters == (("malformed", 1),)


# what leaves


def test_ike_on_4500_gets_its_marker_and_a_keepalive_does_not():
    ends = (HQ, NAT_T), (BRANCH, NAT_T)
    play = Playbook(hq_config()).negotiator(
        Datagram(MAIN_1, (HQ, IKE), (BRANCH, IKE), "main-1"),
        Datagram(MAIN_1, *ends, "main-5"),
        Datagram(b"\xff", *ends, "keepalive"),
    )
    play.sends(
        UdpOut((HQ, IKE), (BRANCH, IKE), MAIN_1, "main-1"),
        UdpOut(*ends, bytes(4) + MAIN_1, "main-5"),
        UdpOut(*ends, b"\xff", "keepalive"),
    )


def test_the_last_message_of_quick_mode_leaves_before_the_packet_that_waited_for_it():
    play = Playbook(hq_config(queue=1)).inside(packet()).sends().tells()
    quick_3 = Datagram(MAIN_1, (HQ, IKE), (BRANCH, IKE), "quick-3")
    play.negotiator(quick_3, child_keys()).sends(UdpOut, EspOut).tells(TrafficPassed)


# interesting traffic


def test_the_first_packet_starts_a_negotiation_and_is_lost_without_a_queue():
    play = Playbook(hq_config()).inside(packet()).sends().tells(DropCause.NO_SA)
    assert play.endpoint.calls == [("initiate", "branch", "net", "traffic")]
    (dropped,) = play.told
    assert (dropped.peer, dropped.connection, dropped.child) == (BRANCH, "branch", "net")
    (tunnel,) = play.gateway.snapshot(0.0).tunnels
    assert tunnel.send_errors == 1


def test_a_queue_keeps_as_many_packets_as_it_has_places_and_sends_them_in_order():
    play = Playbook(hq_config(queue=2))
    play.inside(packet(100)).sends().tells()
    play.inside(packet(200)).sends().tells()
    play.inside(packet(300)).sends().tells(DropCause.NO_SA)
    play.at(1.0).negotiator(child_keys()).sends(EspOut, EspOut)
    play.tells(TrafficPassed, TrafficPassed)
    assert [event.length for event in play.told] == [100, 200]


def test_a_negotiator_that_is_not_willing_costs_the_packet():
    play = Playbook(hq_config(queue=2))
    play.endpoint.willing = False
    play.inside(packet()).sends().tells(DropCause.NO_SA)


@pytest.mark.parametrize(
    "end",
    [
        quick_closed("net"),
        phase1_closed(CloseReason.RETRANSMIT_LIMIT),
        AcquireFailed(at=2.0, connection="branch", child="net", why="no key"),
    ],
)
def test_a_negotiation_that_fails_costs_the_packets_that_waited(end):
    play = Playbook(hq_config(queue=2)).inside(packet()).sends().tells()
    play.negotiator(end).sends().tells(end, DropCause.NO_SA)
    play.negotiator(child_keys()).sends().tells()


@pytest.mark.parametrize(
    "end",
    [
        quick_closed(""),
        quick_closed("another"),
        phase1_closed(CloseReason.REKEYED),
        replace(phase1_closed(CloseReason.REFUSED), connection="another"),
    ],
)
def test_the_end_of_something_else_does_not(end):
    play = Playbook(hq_config(queue=2)).inside(packet()).sends().tells()
    play.negotiator(end).sends().tells(end)
    play.negotiator(child_keys()).sends(EspOut).tells(TrafficPassed)


# instructions


def test_instructions_are_carried_out_and_never_told():
    """No event that leaves a gateway holds keys."""
    play = Playbook(hq_config()).negotiator(child_keys(active=False)).sends().tells()
    play.inside(packet()).sends().tells(DropCause.NO_SA)
    play.negotiator(ChildActivated(at=1.0, inbound_spi=TO_HQ)).sends().tells()
    play.inside(packet()).sends(EspOut).tells(TrafficPassed)
    play.negotiator(ChildRetired(at=2.0, inbound_spi=TO_HQ, outbound_spi=TO_BRANCH)).sends().tells()
    play.inside(packet()).sends().tells(DropCause.NO_SA)
    play.esp(*from_branch(ping(PC, SERVER))).sends(InsideOut).tells(TrafficPassed)
    gone = ChildRemoved(
        at=3.0, inbound_spi=TO_HQ, outbound_spi=TO_BRANCH, reason=CloseReason.REKEYED
    )
    play.negotiator(gone).sends().tells()
    play.esp(*from_branch(ping(PC, SERVER))).sends().tells(DropCause.UNKNOWN_SPI)


def test_a_pair_that_may_send_now_sends_what_waited():
    play = Playbook(hq_config(queue=1)).negotiator(child_keys(active=False)).sends().tells()
    play.inside(packet()).sends().tells()
    activated = ChildActivated(at=1.0, inbound_spi=TO_HQ)
    play.negotiator(activated).sends(EspOut).tells(TrafficPassed)


def test_activating_a_pair_that_is_gone_does_nothing():
    Playbook(hq_config()).negotiator(ChildActivated(at=1.0, inbound_spi=1)).sends().tells()


def test_the_obituary_of_a_pair_says_what_it_carried():
    play = up().inside(packet(100)).sends(EspOut)
    play.esp(*from_branch(packet(300, source=PC, destination=SERVER))).sends(InsideOut)
    closed = phase2_closed()
    play.negotiator(closed).tells(replace(closed, bytes_in=300, bytes_out=100))


def test_the_obituary_of_a_pair_that_never_was_stays_as_it_is():
    closed = phase2_closed()
    Playbook(hq_config()).negotiator(closed).tells(closed)


# what the negotiator hears


def test_traffic_in_both_directions_is_told_to_the_negotiator():
    play = up().inside(packet()).sends(EspOut)
    play.esp(*from_branch(ping(PC, SERVER))).sends(InsideOut)
    assert play.endpoint.calls == [("traffic", BRANCH, False), ("traffic", BRANCH, True)]


def test_volume_asks_for_a_rekey_and_later_for_the_end():
    play = up(lifetime_kilobytes=1)
    for _ in range(10):
        play.inside(packet(100)).sends(EspOut)
    assert ("rekey child", TO_HQ) in play.endpoint.calls
    play.inside(packet(100)).sends().tells(DropCause.EXPIRED)
    assert ("expire child", TO_HQ) in play.endpoint.calls


def test_an_unknown_spi_is_told_to_the_negotiator():
    play = Playbook(hq_config()).esp(b"\0\0\x30\x03\0\0\0\x01" + bytes(40))
    play.sends().tells(DropCause.UNKNOWN_SPI)
    assert play.endpoint.calls == [("unknown spi", BRANCH, 0x3003)]
    assert play.gateway.snapshot(0.0).counters == (("unknown-spi", 1),)


def test_a_peer_whose_nat_mapping_changed_is_followed():
    ports = {"udp": (NAT_T, NAT_T)}
    play = up(**ports)
    (esp,) = from_branch(ping(PC, SERVER), **ports)
    play.udp(esp, ("192.0.2.9", 1025), (HQ, NAT_T)).sends(InsideOut)
    assert ("moved", TO_HQ, ("192.0.2.9", 1025)) in play.endpoint.calls
    play.inside(packet()).sends(UdpOut)
    (output,) = play.sent
    assert (output.source, output.destination) == ((HQ, NAT_T), ("192.0.2.9", 1025))
    assert output.label == "esp"


def test_a_peer_that_ike_saw_moving_is_followed_as_well():
    play = up(udp=(NAT_T, NAT_T))
    moved = PeerMoved(at=1.0, connection="branch", old=(BRANCH, NAT_T), new=("192.0.2.9", 1025))
    play.negotiator(moved).sends().tells(moved)
    play.inside(packet()).sends(UdpOut)
    assert play.sent[0].destination == ("192.0.2.9", 1025)


# time


def test_the_timer_is_the_negotiators():
    play = Playbook(hq_config())
    assert play.gateway.next_timer() is None
    play.endpoint.timer = 7.0
    assert play.gateway.next_timer() == 7.0
    play.at(7.0).timer().sends().tells()
    assert play.endpoint.calls == [("timer", 7.0)]
