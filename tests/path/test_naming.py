"""Labels on the path: the sender's word, or what the octets give away."""

from dataclasses import replace

from gwsim.path import naming as module
from gwsim.path.naming import Naming
from gwsim.path.transit import pieces, read
from gwsim.wire.ip import build_ipv4, parse_ipv4
from tests.path.packets import BRANCH, HQ, echo, esp, udp

MAIN_1 = bytes(range(1, 9)) + bytes(8) + b"\x01\x10\x02\x00" + bytes(4) + b"\x00\x00\x00\x1c"
MAIN_2 = bytes(range(1, 9)) + b"rrrrrrrr" + MAIN_1[16:]


def name(naming, data, side="hq", given="", number=1):
    return naming.recognise(parse_ipv4(data), data, number, side, 0.0, given)


def test_the_senders_own_label_wins():
    packet = udp(HQ, BRANCH, payload=MAIN_1)
    assert name(Naming(), packet, given="main-1").label == "main-1"
    assert name(Naming(), packet, given="info-dpd").label == "info-dpd"


def test_octets_without_a_label_are_named():
    naming = Naming()
    assert name(naming, udp(HQ, BRANCH, payload=MAIN_1)).label == "main-1"
    answer = udp(BRANCH, HQ, payload=MAIN_2)
    assert name(naming, answer, side="branch").label == "main-2"


def test_named_messages_are_listened_to():
    """One end may be ours and label exactly while the other is a real device."""
    naming = Naming()
    name(naming, udp(HQ, BRANCH, payload=MAIN_1), given="main-1")
    answer = udp(BRANCH, HQ, payload=MAIN_2)
    assert name(naming, answer, side="branch").label == "main-2"


def test_protected_packets_are_esp_however_they_travel():
    assert name(Naming(), esp(HQ, BRANCH)).label == "esp"
    inside_udp = udp(HQ, BRANCH, 4500, 4500, b"\x00\x00\x12\x34" + bytes(40))
    assert name(Naming(), inside_udp).label == "esp"
    assert name(Naming(), inside_udp, given="esp").label == "esp"


def test_the_float_to_4500_keeps_the_names():
    packet = udp(HQ, BRANCH, 4500, 30000, bytes(4) + MAIN_1)
    assert name(Naming(), packet).label == "main-1"
    assert name(Naming(), udp(HQ, BRANCH, 4500, 4500, b"\xff")).label == "keepalive"


def test_clear_traffic_has_no_label():
    assert name(Naming(), echo(HQ, BRANCH)).label == ""
    assert name(Naming(), udp(HQ, BRANCH, 5000, 5001)).label == ""


def fragments(size=900):
    data = udp(HQ, BRANCH, payload=MAIN_1 + bytes(size))
    packet = parse_ipv4(data)
    return [piece.data for piece in pieces(read(packet, data, 1, "hq", 0.0), 500)]


def test_later_fragments_belong_to_the_packet_of_the_first():
    naming = Naming()
    first, second = fragments()
    named = name(naming, first, number=8)
    later = name(naming, second, number=9)
    assert (later.label, later.number, later.destination_port) == (named.label, 8, 500)
    assert later.data == second and later.is_fragment


def test_later_fragments_without_a_first_are_nameless():
    _, second = fragments()
    stray = name(Naming(), second, number=9)
    assert (stray.label, stray.number) == ("", 9)


def test_the_memory_of_fragments_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_FRAGMENTED", 1)
    naming = Naming()
    first, second = fragments()
    name(naming, first, number=1)
    other = build_ipv4(replace(parse_ipv4(first), identification=99))
    name(naming, other, number=2)
    assert name(naming, second, number=3).number == 3
