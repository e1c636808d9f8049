import pytest

from gwsim.esp.inner import Inner
from gwsim.esp.selectors import Action, Entry, Spd, admits
from gwsim.wire.ip import parse_address
from gwsim.wire.selector import Selector
from tests.esp.planes import BRANCH_NET, HQ_NET, PC, SERVER, datagram, inner, packet, ping

EVERYTHING = Selector.parse("any")
WEB = Selector.parse("10.2.0.0/24 tcp/80")


def entry(action: Action, local: Selector = HQ_NET, remote: Selector = BRANCH_NET) -> Entry:
    return Entry(action, local, remote)


def piece(of: bytes, offset: int) -> Inner:
    return inner(of)._replace(source_port=0, destination_port=0, portless=offset > 0)


@pytest.mark.parametrize("service", ["tcp", "tcp/80"])
def test_one_entry_for_a_service_at_either_end_makes_ports_matter(service):
    plain, narrow = entry(Action.PROTECT), Selector.parse(f"any {service}")
    assert Spd([plain, plain]).by_address
    assert not Spd([plain, entry(Action.PROTECT, remote=narrow)]).by_address
    assert not Spd([entry(Action.PROTECT, local=narrow), plain]).by_address


def test_the_first_entry_that_matches_decides():
    host = Selector.parse(PC)
    spd = Spd([entry(Action.BYPASS, remote=host), entry(Action.PROTECT)], Action.DISCARD)
    assert spd.outbound(inner(packet())).action is Action.BYPASS
    assert spd.outbound(inner(packet(destination="10.2.0.11"))).action is Action.PROTECT
    assert spd.outbound(inner(packet(destination="192.0.2.1"))).action is Action.DISCARD


def test_both_ends_must_match():
    spd = Spd([entry(Action.PROTECT)])
    assert spd.outbound(inner(packet(source="10.9.0.1"))).action is Action.BYPASS
    assert spd.outbound(inner(packet(source=PC, destination=SERVER))).action is Action.BYPASS


def test_a_packet_from_outside_is_looked_up_with_its_ends_exchanged():
    spd = Spd([entry(Action.PROTECT)])
    back = inner(packet(source=PC, destination=SERVER))
    assert spd.inbound(back).action is Action.PROTECT
    assert spd.inbound(inner(packet())).action is Action.BYPASS


def test_a_service_is_part_of_what_matches():
    dns = Selector.parse("10.2.0.0/24 udp/53")
    spd = Spd([entry(Action.PROTECT, remote=dns)])
    assert spd.outbound(inner(datagram(5000, 53))).action is Action.PROTECT
    assert spd.outbound(inner(datagram(53, 5000))).action is Action.BYPASS
    assert spd.outbound(inner(ping())).action is Action.BYPASS
    reply = inner(datagram(53, 5000, PC, SERVER))
    assert spd.inbound(reply).action is Action.PROTECT


def test_more_flows_than_are_remembered_get_the_same_answers():
    spd = Spd([entry(Action.PROTECT)])
    template = inner(packet())
    first = parse_address("10.2.0.0") - 5000
    for _ in range(2):
        for address in range(first, first + 5500):
            expected = Action.PROTECT if BRANCH_NET.contains(address) else Action.BYPASS
            assert spd.outbound(template._replace(destination=address)).action is expected


@pytest.mark.parametrize(
    ("local", "remote", "inbound", "admitted"),
    [
        (HQ_NET, BRANCH_NET, False, True),
        (HQ_NET, BRANCH_NET, True, False),
        (BRANCH_NET, HQ_NET, True, True),
        (HQ_NET, WEB, False, False),
        (EVERYTHING, EVERYTHING, True, True),
        (Selector.parse("10.1.0.0/24 udp/500"), EVERYTHING, False, True),
        (Selector.parse("10.1.0.0/24 udp/501"), EVERYTHING, False, False),
        (EVERYTHING, Selector.parse("any udp/53"), False, True),
        (EVERYTHING, Selector.parse("any udp/500"), False, False),
    ],
)
def test_an_sa_admits_what_its_selectors_say(local, remote, inbound, admitted):
    assert admits(local, remote, inner(datagram(500, 53)), inbound) is admitted


def test_a_later_fragment_is_not_asked_for_ports_it_cannot_have():
    selectors = (Selector.parse("10.1.0.0/24 udp/500"), Selector.parse("any udp/53"))
    assert admits(*selectors, piece(datagram(500, 53), 8), inbound=False)
    assert not admits(*selectors, piece(datagram(500, 53), 0), inbound=False)
    assert not admits(*selectors, piece(ping(), 8), inbound=False)
