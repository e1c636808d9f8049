from gwsim.esp.drops import Drop
from gwsim.esp.outcomes import Dropped
from gwsim.gateway.events import DropCause, LinkChanged, PacketDropped, TrafficPassed
from gwsim.gateway.journal import Journal
from gwsim.gateway.outputs import ClearOut, InsideOut

PACKET = ("10.1.0.10", "10.2.0.10", 1)


def test_every_reason_of_the_data_plane_is_a_cause_of_the_gateway():
    assert {drop.value for drop in Drop} <= {cause.value for cause in DropCause}


def test_outputs_and_events_are_handed_over_once_and_in_order():
    journal = Journal()
    journal.send(ClearOut(b"1"))
    journal.send(InsideOut(b"2"))
    journal.note(LinkChanged(at=1.0, up=True))
    assert journal.outputs() == [ClearOut(b"1"), InsideOut(b"2")]
    assert journal.outputs() == []
    assert journal.events() == [LinkChanged(at=1.0, up=True)]
    assert journal.events() == []


def test_with_the_link_down_only_the_inside_is_reached():
    journal = Journal()
    journal.link_up = False
    journal.send(ClearOut(b"1"))
    journal.send(InsideOut(b"2"))
    assert journal.outputs() == [InsideOut(b"2")]
    assert journal.drops == {DropCause.LINK_DOWN: 1}


def test_a_packet_with_an_spi_passed_protected():
    journal = Journal()
    journal.passed(1.0, True, PACKET, 84)
    journal.passed(1.0, True, PACKET, 84, spi=1)
    assert [e.protected for e in journal.events() if isinstance(e, TrafficPassed)] == [False, True]


def test_a_drop_is_counted_at_its_child_or_else_at_the_gateway():
    journal = Journal()
    for inbound in (True, True, False):
        known = Dropped(Drop.BAD_ICV, inbound, *PACKET, 84, connection="branch", child="net")
        journal.dropped(1.0, known, "")
    for _ in range(2):
        journal.dropped(1.0, Dropped(Drop.UNKNOWN_SPI, True, *PACKET, 84), "")
    tally = journal.tallies["branch", "net"]
    assert (tally.receive_errors, tally.send_errors) == (2, 1)
    assert journal.drops == {DropCause.UNKNOWN_SPI: 2}
    assert len([e for e in journal.events() if isinstance(e, PacketDropped)]) == 5


def test_what_the_data_plane_refused_is_told_with_all_that_it_knows():
    journal = Journal()
    known = {
        "inbound": True,
        "source": "203.0.113.1",
        "destination": "198.51.100.1",
        "protocol": 50,
        "length": 84,
        "spi": 0x2002,
        "sequence": 7,
        "inner": ("10.9.0.1", "10.1.0.10", 1),
        "local": "10.1.0.0/24",
        "remote": "10.2.0.0/24",
        "connection": "branch",
        "child": "net",
    }
    journal.dropped(3.0, Dropped(Drop.BAD_SELECTOR, **known), "203.0.113.1")
    cause = DropCause.BAD_SELECTOR
    assert journal.events() == [PacketDropped(at=3.0, peer="203.0.113.1", cause=cause, **known)]


def test_forgetting_sets_all_counters_back():
    journal = Journal()
    journal.refused(1.0, DropCause.NO_ROUTE, False, PACKET, 84)
    journal.tallies["branch", "net"].encapsulated = 7
    journal.forget()
    assert not journal.drops
    assert journal.tallies["branch", "net"].encapsulated == 0
