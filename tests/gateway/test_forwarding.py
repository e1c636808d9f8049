"""The way of a packet: which door it leaves by, what is counted, what is written down."""

from dataclasses import replace

import pytest

from gwsim.crypto.esp import EspCipher, pad, suite
from gwsim.gateway.config import PolicyRule
from gwsim.gateway.events import DropCause, PacketDropped, TrafficPassed
from gwsim.gateway.outputs import ClearOut, EspOut, InsideOut
from gwsim.wire.ip import (
    ESP,
    ICMP,
    UDP,
    IcmpEcho,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_icmp,
    parse_ipv4,
    quote,
)
from gwsim.wire.selector import Selector
from tests.esp.planes import packet, ping
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
    from_branch,
    hq_config,
    mirrored,
    up,
)

ROUTER = "192.0.2.254"
WEB = "192.0.2.80"


def tunnel(play: Playbook):
    (found,) = play.gateway.snapshot(0.0).tunnels
    return found


# outward


def test_a_protected_packet_is_written_down_with_peer_and_spi():
    play = up().at(3.0).inside(packet(84)).sends(EspOut)
    play.tells(
        TrafficPassed(
            at=3.0,
            peer=BRANCH,
            connection="branch",
            inbound=False,
            protected=True,
            source=SERVER,
            destination=PC,
            protocol=200,
            spi=TO_BRANCH,
            length=84,
        )
    )
    assert tunnel(play).encapsulated == 1


def test_what_no_entry_knows_goes_out_in_clear():
    content = packet(destination=WEB)
    play = Playbook(hq_config()).inside(content).sends(ClearOut(content)).tells(TrafficPassed)
    assert not play.told[0].protected


def test_rules_stand_before_children_and_the_default_behind():
    pc, web = Selector.parse(PC), Selector.parse(WEB)
    anywhere = Selector.parse("any")
    rules = (PolicyRule(anywhere, pc, "bypass"), PolicyRule(anywhere, web, "discard"))
    play = up(hq_config(rules=rules, default="discard"))
    play.inside(packet()).sends(ClearOut).tells(TrafficPassed)
    play.inside(packet(destination=WEB)).sends().tells(DropCause.DISCARD)
    play.inside(packet(destination="10.2.0.11")).sends(EspOut).tells(TrafficPassed)
    play.inside(packet(destination=ROUTER)).sends().tells(DropCause.DISCARD)


def test_a_packet_for_the_network_it_came_from_has_no_route():
    play = Playbook(hq_config()).inside(packet(destination="10.1.0.99"))
    play.sends().tells(DropCause.NO_ROUTE)


def test_even_a_tunnel_does_not_carry_what_is_for_the_network_it_came_from():
    """Hosts there find each other without the gateway."""
    play = up(hq_config(inside=("10.0.0.0/8",))).inside(packet())
    play.sends().tells(DropCause.NO_ROUTE)


def test_without_an_exemption_hosts_go_out_under_the_gateways_address():
    play = up(hq_config(translates=True)).inside(packet()).sends(ClearOut).tells(TrafficPassed)
    hidden = parse_ipv4(play.sent[0].packet)
    assert (hidden.source, hidden.destination) == (HQ, PC)


def test_what_is_no_packet_is_dropped():
    play = Playbook(hq_config()).inside(b"no packet").sends().tells(DropCause.MALFORMED)
    assert not play.told[0].inbound
    play.inside(bytes(40)).sends().tells(DropCause.MALFORMED)
    piece = bytearray(packet(fragment_offset=8))
    piece[10] ^= 1
    play.inside(bytes(piece)).sends().tells(DropCause.MALFORMED)


def test_fragments_of_hosts_are_joined_so_that_policy_sees_their_ports():
    dns = {"remote": Selector.parse("10.2.0.0/24 udp/53")}
    play = up(hq_config(child=dns), remote="10.2.0.0/24 udp/53")
    whole = Ipv4Packet(SERVER, PC, UDP, b"\x13\x88\0\x35\0\x48\0\0" + bytes(64))
    rest = replace(whole, payload=whole.payload[16:], fragment_offset=16)
    play.inside(build_ipv4(rest)).sends().tells()
    first = replace(whole, payload=whole.payload[:16], more_fragments=True)
    play.inside(build_ipv4(first)).sends(EspOut).tells(TrafficPassed)
    assert play.told[0].length == 92


def test_a_packet_cut_before_encryption_is_counted_with_its_pieces():
    play = up().inside(packet(3000)).sends(EspOut, EspOut, EspOut)
    assert (tunnel(play).prefragmented, tunnel(play).fragments) == (1, 3)
    assert tunnel(play).encapsulated == 3


def test_a_host_is_told_what_would_have_fitted():
    play = up().inside(packet(1500, dont_fragment=True)).sends(InsideOut).tells(DropCause.TOO_BIG)
    error = parse_ipv4(play.sent[0].packet)
    assert (error.source, error.destination) == (HQ, SERVER)
    assert parse_icmp(error.payload).mtu == 1438
    assert (tunnel(play).too_big_sent, tunnel(play).send_errors) == (1, 1)


def test_clear_text_that_is_too_big_is_returned_and_belongs_to_no_tunnel():
    content = packet(1600, destination=WEB, dont_fragment=True)
    play = Playbook(hq_config()).inside(content).sends(InsideOut).tells(DropCause.TOO_BIG)
    assert tunnel(play).too_big_sent == 0


# inward


def test_an_opened_packet_goes_inside_and_is_written_down():
    content = packet(300, source=PC, destination=SERVER)
    play = up().at(4.0).esp(*from_branch(content)).sends(InsideOut(content))
    play.tells(
        TrafficPassed(
            at=4.0,
            peer=BRANCH,
            connection="branch",
            inbound=True,
            protected=True,
            source=PC,
            destination=SERVER,
            protocol=200,
            spi=TO_HQ,
            length=300,
        )
    )
    assert tunnel(play).decapsulated == 1


def test_an_access_list_behind_the_decryption_drops_what_it_names():
    denied = (PolicyRule(Selector.parse("any"), Selector.parse(f"{PC} icmp"), "discard"),)
    play = up(hq_config(filters=denied))
    play.esp(*from_branch(ping(source=PC, destination=SERVER))).sends().tells(DropCause.DISCARD)
    assert tunnel(play).decapsulated == 1
    (other,) = from_branch(packet(300, source=PC, destination=SERVER))
    up(hq_config(filters=denied)).esp(other).sends(InsideOut).tells(TrafficPassed)


def test_what_an_sa_refuses_is_counted_at_its_tunnel_and_told_with_its_selectors():
    (esp,) = from_branch(packet(source=PC, destination=SERVER))
    play = up().esp(esp).sends(InsideOut)
    play.at(2.0).esp(esp).sends()
    play.tells(
        PacketDropped(
            at=2.0,
            peer=BRANCH,
            connection="branch",
            cause=DropCause.REPLAYED,
            inbound=True,
            source=BRANCH,
            destination=HQ,
            protocol=ESP,
            spi=TO_HQ,
            sequence=1,
            local="10.1.0.0/24",
            remote="10.2.0.0/24",
            child="net",
            length=len(esp),
        )
    )
    assert (tunnel(play).receive_errors, tunnel(play).decapsulated) == (1, 1)
    assert play.gateway.snapshot(2.0).counters == ()


def test_a_dummy_proves_that_the_peer_lives_and_nothing_else():
    keys = child_keys()
    cipher = EspCipher(suite(12, 128, 2), keys.keymat_in)
    play = up().esp(cipher.seal(TO_HQ, 1, pad(b"", 59, 16), bytes(16))).sends().tells()
    assert play.endpoint.calls[-1] == ("traffic", BRANCH, True)
    assert tunnel(play).decapsulated == 0


def test_what_comes_out_of_a_tunnel_for_somewhere_else_has_no_route():
    wide = {"local": "any"}
    config = branch_config(child={"remote": Selector.parse("any")})
    (esp,) = from_branch(packet(source=PC, destination=WEB), config, **wide)
    play = up(hq_config(child={"local": Selector.parse("any")}), **wide)
    play.esp(esp).sends().tells(DropCause.NO_ROUTE)


def test_a_mark_of_congestion_on_the_outer_header_comes_through():
    (esp,) = from_branch(packet(source=PC, destination=SERVER, tos=2))
    play = up().esp(esp, tos=3).sends(InsideOut)
    assert parse_ipv4(play.sent[0].packet).tos == 3


# clear text from outside


def test_clear_text_that_should_have_been_protected_is_a_leak():
    leak = packet(source=PC, destination=SERVER)
    play = up().outside(leak).sends().tells(DropCause.CLEAR_TEXT)
    dropped = play.told[0]
    assert (dropped.connection, dropped.child, dropped.peer) == ("branch", "net", BRANCH)
    assert (dropped.inbound, dropped.source, dropped.protocol) == (True, PC, 200)
    assert play.gateway.snapshot(0.0).counters == (("clear-text", 1),)


def test_other_clear_text_for_a_host_inside_passes_or_not_as_the_policy_says():
    content = packet(source=WEB, destination=SERVER)
    play = Playbook(hq_config()).outside(content).sends(InsideOut(content)).tells(TrafficPassed)
    assert (play.told[0].protected, play.told[0].inbound) == (False, True)
    strict = Playbook(hq_config(default="discard"))
    strict.outside(content).sends().tells(DropCause.DISCARD)


def test_clear_text_for_nobody_here_has_no_route():
    content = packet(source=WEB, destination="10.3.0.1")
    Playbook(hq_config()).outside(content).sends().tells(DropCause.NO_ROUTE)


# the gateway itself


def test_a_ping_from_outside_is_answered():
    play = Playbook(hq_config()).outside(ping(WEB, HQ)).sends(ClearOut)
    reply = parse_ipv4(play.sent[0].packet)
    assert (reply.source, reply.destination) == (HQ, WEB)
    assert parse_icmp(reply.payload) == IcmpEcho(1, 1, bytes(56), reply=True)


def test_a_ping_from_inside_is_answered_inside():
    play = Playbook(hq_config()).inside(ping(SERVER, HQ)).sends(InsideOut)
    assert parse_ipv4(play.sent[0].packet).destination == SERVER


def test_a_ping_through_a_tunnel_to_the_gateway_is_answered_through_it():
    ends = {"local": f"{HQ}", "transport": True, "remote": f"{BRANCH}"}
    child = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH), "transport": True}
    mirror = {**child, "local": child["remote"], "remote": child["local"]}
    (esp,) = from_branch(ping(BRANCH, HQ), branch_config(child=mirror), **ends)
    play = up(hq_config(child=child), **ends)
    play.esp(esp).sends(EspOut).tells(TrafficPassed, TrafficPassed)
    (reply,) = play.sent
    there = Playbook(branch_config(child=mirror))
    there.negotiator(mirrored(child_keys(**ends))).sends().tells()
    there.gateway.receive_esp(reply.payload, HQ, BRANCH, 1.0)
    (output,) = there.gateway.outputs()
    assert parse_icmp(parse_ipv4(output.packet).payload).reply


def test_a_clear_ping_that_should_have_been_protected_is_not_answered():
    child = {"local": Selector.parse(HQ), "remote": Selector.parse(BRANCH)}
    play = Playbook(hq_config(child=child)).outside(ping(BRANCH, HQ))
    play.sends().tells(DropCause.CLEAR_TEXT)


def test_a_large_ping_through_a_tunnel_is_joined_before_it_is_answered():
    ends = {"local": HQ}
    child = {"local": Selector.parse(HQ)}
    config = branch_config(child={"remote": Selector.parse(HQ)})
    first, second = from_branch(ping(PC, HQ, size=2000), config, **ends)
    play = up(hq_config(child=child), **ends).esp(first).sends().tells(TrafficPassed)
    play.esp(second).sends(EspOut, EspOut)
    assert tunnel(play).prefragmented == 1


@pytest.mark.parametrize(
    "icmp",
    [
        build_icmp(IcmpEcho(1, 1, b"", reply=True)),
        b"\x0d\0\xf2\xff" + bytes(4),
        b"\x08\0\0\0\0\0\0\0",
    ],
)
def test_other_icmp_for_the_gateway_goes_to_its_own_stack(icmp):
    octets = build_ipv4(Ipv4Packet(WEB, HQ, ICMP, icmp))
    Playbook(hq_config()).outside(octets).sends(InsideOut(octets)).tells()


# the path speaks


def too_big(spi: int, mtu: int = 1400, code: int = 4) -> bytes:
    original = quote(Ipv4Packet(HQ, BRANCH, ESP, spi.to_bytes(4, "big") + bytes(60)))
    error = build_icmp(IcmpError(3, code, mtu, original))
    return build_ipv4(Ipv4Packet(ROUTER, HQ, ICMP, error))


def test_a_router_that_says_too_big_is_believed_and_counted():
    play = up().at(10.0).outside(too_big(TO_BRANCH)).sends().tells()
    assert tunnel(play).too_big_received == 1
    play.inside(packet(1438, dont_fragment=True)).sends(InsideOut).tells(DropCause.TOO_BIG)


@pytest.mark.parametrize("error", [too_big(0x9999), too_big(TO_BRANCH, code=1)])
def test_other_errors_have_no_consequence(error):
    play = up().outside(error).sends().tells()
    assert tunnel(play).too_big_received == 0
    play.inside(packet(1438, dont_fragment=True)).sends(EspOut).tells(TrafficPassed)


def test_an_error_for_the_gateways_own_packet_is_moot():
    """The gateway's own reply was too big: nobody inside has to be told."""
    ends = {"local": HQ}
    play = up(hq_config(child={"local": Selector.parse(HQ)}, df="set"), **ends)
    content = packet(1500, source=HQ, dont_fragment=True)
    play.inside(content).sends().tells(DropCause.TOO_BIG)
