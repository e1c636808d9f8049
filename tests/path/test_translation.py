"""What of a packet the two kinds of NAT change, and what they refuse."""

from random import Random

import pytest

from gwsim.path.config import Nat
from gwsim.path.rewriting import Rewriting
from gwsim.path.translation import OneToOne, PortTranslation, Refusal, ports_of, quoted_by
from gwsim.wire.ip import (
    ESP,
    ICMP,
    TCP,
    UDP,
    IcmpError,
    Ipv4Packet,
    build_icmp,
    build_ipv4,
    parse_icmp,
    parse_ipv4,
    parse_quoted,
    quote,
)
from tests.path.packets import HQ, PRIVATE, echo, esp, ports, tcp, udp

PUBLIC = "203.0.113.1"
ROUTER = "198.51.100.254"


def pat(**nat):
    return PortTranslation(Nat(PUBLIC, **nat), PRIVATE, Random(1))


def out(kind, packet, now=0.0):
    rewriting = Rewriting(packet)
    kind.outward(parse_ipv4(packet), rewriting, now)
    return rewriting.octets


def into(kind, packet, now=0.0):
    rewriting = Rewriting(packet)
    kind.inward(parse_ipv4(packet), rewriting, now)
    return rewriting.octets


def error_about(packet, source, destination):
    original = quote(parse_ipv4(packet))
    message = build_icmp(IcmpError(3, 4, 1400, original))
    return build_ipv4(Ipv4Packet(source, destination, ICMP, message))


def quotation(packet):
    """The packet an ICMP error quotes; the error's own checksum is verified on the way."""
    return parse_quoted(parse_icmp(parse_ipv4(packet).payload).original)


class TestOneToOne:
    nat = OneToOne(PUBLIC, PRIVATE)

    @pytest.mark.parametrize("make", [udp, esp, echo, tcp])
    def test_every_protocol_passes_both_ways(self, make):
        assert parse_ipv4(out(self.nat, make(PRIVATE, HQ))).source == PUBLIC
        assert parse_ipv4(into(self.nat, make(HQ, PUBLIC))).destination == PRIVATE

    def test_ports_stay(self):
        assert ports(out(self.nat, udp(PRIVATE, HQ, 500, 500))) == (PUBLIC, 500, HQ, 500)

    def test_what_another_host_sends_stays_as_it_is(self):
        packet = udp("10.9.0.77", HQ)
        assert out(self.nat, packet) == packet

    def test_quotations_are_translated_in_both_directions(self):
        came = into(self.nat, error_about(esp(PUBLIC, HQ), ROUTER, PUBLIC))
        assert (quotation(came).source, quotation(came).destination) == (PRIVATE, HQ)
        left = out(self.nat, error_about(udp(HQ, PRIVATE), PRIVATE, HQ))
        assert quotation(left).destination == PUBLIC
        assert parse_ipv4(left).source == PUBLIC

    def test_quotations_about_others_are_left_alone(self):
        foreign = error_about(udp(HQ, "10.9.0.77"), PRIVATE, HQ)
        assert quotation(out(self.nat, foreign)).destination == "10.9.0.77"
        foreign = error_about(udp(HQ, "198.18.0.9"), ROUTER, PUBLIC)
        assert quotation(into(self.nat, foreign)).source == HQ


class TestPortTranslation:
    @pytest.mark.parametrize("make", [udp, tcp])
    def test_ports_are_translated_and_back(self, make):
        nat = pat(random_ports=True)
        left = parse_ipv4(out(nat, make(PRIVATE, HQ, 500, 4500)))
        port = int.from_bytes(left.payload[:2], "big")
        assert left.source == PUBLIC and port != 500
        back = parse_ipv4(into(nat, make(HQ, PUBLIC, 4500, port)))
        assert back.destination == PRIVATE
        assert back.payload[2:4] == (500).to_bytes(2, "big")

    def test_pings_are_told_apart_by_their_identifier(self):
        nat = pat()
        first = parse_ipv4(out(nat, echo(PRIVATE, HQ, 77)))
        second = parse_ipv4(out(nat, echo("10.9.0.3", HQ, 77)))
        identifiers = [parse_icmp(p.payload).identifier for p in (first, second)]
        assert identifiers[0] == 77 != identifiers[1]
        back = parse_ipv4(into(nat, echo(HQ, PUBLIC, identifiers[1], reply=True)))
        assert back.destination == "10.9.0.3"
        assert parse_icmp(back.payload).identifier == 77

    def test_nothing_comes_in_unasked(self):
        with pytest.raises(Refusal, match="no binding of port 500"):
            into(pat(), udp(HQ, PUBLIC))
        with pytest.raises(Refusal, match="belongs to no binding"):
            into(pat(), echo(HQ, PUBLIC))
        with pytest.raises(Refusal, match="no binding of port 77"):
            into(pat(), echo(HQ, PUBLIC, reply=True))

    def test_an_answer_to_a_ping_that_could_not_come_in_cannot_leave(self):
        with pytest.raises(Refusal, match="this ICMP message"):
            out(pat(), echo(PRIVATE, HQ, reply=True))

    def test_a_forwarded_port_is_reached_unasked_and_keeps_its_number(self):
        nat = pat(forward=((UDP, 500),), random_ports=True)
        assert ports(into(nat, udp(HQ, PUBLIC, 1234, 500)))[2:] == (PRIVATE, 500)
        assert ports(out(nat, udp(PRIVATE, HQ, 500, 1234)))[:2] == (PUBLIC, 500)
        assert ports(out(nat, udp("10.9.0.3", HQ, 500, 500)))[1] != 500

    def test_pings_can_be_forwarded(self):
        nat = pat(forward=((ICMP, 0),))
        came = parse_ipv4(into(nat, echo(HQ, PUBLIC, 5)))
        assert came.destination == PRIVATE
        left = parse_ipv4(out(nat, echo(PRIVATE, HQ, 5, reply=True)))
        assert (left.source, parse_icmp(left.payload).identifier) == (PUBLIC, 5)

    def test_protocol_50_does_not_cross(self):
        with pytest.raises(Refusal, match="protocol 50 does not cross"):
            out(pat(), esp(PRIVATE, HQ))
        with pytest.raises(Refusal, match="protocol 50 does not cross"):
            into(pat(), esp(HQ, PUBLIC))

    def test_protocol_50_crosses_with_a_helper(self):
        nat = pat(esp_helper=True)
        with pytest.raises(Refusal, match=f"nobody behind the NAT sends ESP to {HQ}"):
            into(nat, esp(HQ, PUBLIC))
        assert parse_ipv4(out(nat, esp(PRIVATE, HQ))).source == PUBLIC
        assert parse_ipv4(into(nat, esp(HQ, PUBLIC))).destination == PRIVATE

    def test_protocol_50_can_be_forwarded(self):
        nat = pat(forward=((ESP, 0),))
        assert parse_ipv4(into(nat, esp(HQ, PUBLIC))).destination == PRIVATE
        assert parse_ipv4(out(nat, esp(PRIVATE, HQ))).source == PUBLIC

    @pytest.mark.parametrize("protocol", [UDP, TCP, ICMP])
    def test_a_header_that_is_cut_off_is_refused(self, protocol):
        packet = build_ipv4(Ipv4Packet(PRIVATE, HQ, protocol, b"\x01\xf4\x01"))
        with pytest.raises(Refusal, match="cut off"):
            out(pat(), packet)

    def test_forgetting_closes_what_was_open(self):
        nat = pat(esp_helper=True)
        out(nat, udp(PRIVATE, HQ))
        out(nat, esp(PRIVATE, HQ))
        assert len(nat.bindings(0.0)) == 1
        nat.forget()
        assert nat.bindings(0.0) == ()
        for packet in (udp(HQ, PUBLIC), esp(HQ, PUBLIC)):
            with pytest.raises(Refusal):
                into(nat, packet)

    def test_other_settings_keep_the_bindings(self):
        nat = pat()
        out(nat, udp(PRIVATE, HQ))
        nat.reconfigure(Nat(PUBLIC, udp_timeout=10.0), PRIVATE)
        assert ports(into(nat, udp(HQ, PUBLIC), 9.0))[2] == PRIVATE
        with pytest.raises(Refusal):
            into(nat, udp(HQ, PUBLIC), 19.0)


class TestErrorsThroughPortTranslation:
    @pytest.mark.parametrize("make", [udp, tcp, echo])
    def test_an_error_about_what_was_sent_finds_its_sender(self, make):
        nat = pat(random_ports=True)
        original = make(PRIVATE, HQ)
        left = out(nat, original)
        came = into(nat, error_about(left, ROUTER, PUBLIC))
        assert parse_ipv4(came).destination == PRIVATE
        quoted = quotation(came)
        assert quoted.source == PRIVATE
        assert ports_of(quoted) == ports_of(parse_ipv4(original))

    def test_an_error_about_esp_finds_who_sent_last(self):
        nat = pat(esp_helper=True)
        left = out(nat, esp(PRIVATE, HQ))
        came = into(nat, error_about(left, ROUTER, PUBLIC))
        assert (parse_ipv4(came).destination, quotation(came).source) == (PRIVATE, PRIVATE)
        with pytest.raises(Refusal, match="belongs to no binding"):
            into(nat, error_about(esp(PUBLIC, "198.18.0.9"), ROUTER, PUBLIC))

    def test_an_error_about_a_forwarded_port_finds_its_host(self):
        nat = pat(forward=((UDP, 500), (ESP, 0)))
        came = into(nat, error_about(udp(PUBLIC, HQ), ROUTER, PUBLIC))
        assert quotation(came).source == PRIVATE
        came = into(nat, error_about(esp(PUBLIC, HQ), ROUTER, PUBLIC))
        assert quotation(came).source == PRIVATE

    def test_errors_about_nothing_that_was_sent_are_refused(self):
        nat = pat()
        out(nat, udp(PRIVATE, HQ))
        for foreign in (udp(PUBLIC, HQ, 501), udp("198.18.0.9", HQ)):
            with pytest.raises(Refusal, match="belongs to no binding"):
                into(nat, error_about(foreign, ROUTER, PUBLIC))

    def test_an_error_from_inside_quotes_the_public_address(self):
        nat = pat(random_ports=True)
        left = parse_ipv4(out(nat, udp(PRIVATE, HQ)))
        port = int.from_bytes(left.payload[:2], "big")
        complaint = out(nat, error_about(udp(HQ, PRIVATE), PRIVATE, HQ))
        assert parse_ipv4(complaint).source == PUBLIC
        quoted = quotation(complaint)
        assert (quoted.destination, ports_of(quoted)) == (PUBLIC, (500, port))

    def test_an_error_from_inside_about_a_forwarded_port_or_esp_too(self):
        nat = pat(forward=((UDP, 500),))
        for packet in (udp(HQ, PRIVATE), esp(HQ, PRIVATE)):
            complaint = out(nat, error_about(packet, PRIVATE, HQ))
            assert quotation(complaint).destination == PUBLIC

    def test_an_error_from_inside_about_a_reply_names_the_public_identifier(self):
        nat = pat(random_ports=True)
        left = parse_icmp(parse_ipv4(out(nat, echo(PRIVATE, HQ, 77))).payload)
        complaint = out(nat, error_about(echo(HQ, PRIVATE, 77, reply=True), PRIVATE, HQ))
        assert ports_of(quotation(complaint)) == (0, left.identifier)

    def test_an_error_from_inside_about_nothing_that_came_is_refused(self):
        with pytest.raises(Refusal, match="belongs to no binding"):
            out(pat(), error_about(udp(HQ, PRIVATE), PRIVATE, HQ))


def icmp(payload):
    return Ipv4Packet(HQ, PUBLIC, ICMP, payload)


def test_what_quotes_too_little_is_no_error_for_a_nat():
    header_only = quote(parse_ipv4(udp(PUBLIC, HQ)))[:20]
    assert quoted_by(icmp(b"\x03\x04" + bytes(6) + header_only)) is None
    assert quoted_by(icmp(b"\x03\x04" + bytes(6) + b"no packet")) is None
    assert quoted_by(icmp(b"\x03")) is None
    assert quoted_by(icmp(b"\x05" + bytes(40))) is None
    assert quoted_by(parse_ipv4(udp(HQ, PUBLIC))) is None


def test_only_echoes_have_identifiers():
    assert ports_of(icmp(b"\x05" + bytes(7))) == (0, 0)
    assert ports_of(icmp(b"\x08")) == (0, 0)
