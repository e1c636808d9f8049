"""Traffic in bulk: the same books as packet by packet."""

from dataclasses import replace
from typing import Any

import pytest

from gwsim.esp.batch import Batch
from gwsim.gateway.commands import Reboot, SetLink
from gwsim.gateway.config import PolicyRule
from gwsim.gateway.events import PacketDropped, TrafficPassed
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import EspOut
from gwsim.wire.selector import Selector
from tests.esp.planes import datagram, packet
from tests.gateway.boxes import (
    BRANCH,
    BRANCH_NET,
    HQ,
    HQ_NET,
    SERVER,
    branch_config,
    hq_config,
)
from tests.gateway.test_two_gateways import Wire, wire


def joined(**child: Any) -> Wire:
    """Two gateways with a tunnel between them that has carried one packet."""
    return wire(child or None).send("hq", packet(100))


def send_in_bulk(gateway: Gateway, contents: list[bytes], now: float = 0.0) -> list[bytes]:
    """Send packets of hosts; gives the ESP that left, a kernel's reports included."""
    gateway.bulk.begin(now)
    sealer, sent = gateway.bulk.sealer, []

    def note(batch: Any) -> None:
        for i in range(batch.count if batch else 0):
            sent.append(bytes(batch.octets[i * batch.stride : (i + 1) * batch.stride]))

    for content in contents:
        for result in taken(gateway, content):
            if isinstance(result, bytes):
                note(sealer.finish())
                gateway.receive_inside(result, now)
                sent += [o.payload for o in gateway.outputs() if isinstance(o, EspOut)]
            else:
                note(result)
    note(sealer.finish())
    gateway.bulk.report(now)
    return sent


def taken(gateway: Gateway, content: bytes) -> list[Batch | bytes]:
    """Give a packet to the sealer."""
    sealer = gateway.bulk.sealer
    sealer.places[0][0][: len(content)] = content
    return list(sealer.take([len(content)]))


def open_in_bulk(gateway: Gateway, payloads: list[bytes], now: float = 0.0) -> list[bytes]:
    gateway.bulk.begin(now)
    opener, opened = gateway.bulk.opener, []
    for payload in payloads:
        opener.buffer[: len(payload)] = payload
        for stretch in opener.open(0, 1, len(payload), (HQ, 0), False, 0):
            opened += map(bytes, stretch.packets)
        if opener.stray is not None:
            gateway.receive_esp(opener.stray, HQ, BRANCH, now)
    gateway.bulk.report(now)
    return opened


def passed(events: list[Any]) -> list[TrafficPassed]:
    return [event for event in events if isinstance(event, TrafficPassed)]


def test_what_is_translated_or_filtered_goes_packet_by_packet() -> None:
    """So that policy sees it: nothing of it is sealed or delivered in bulk."""
    lab = joined()
    sent = send_in_bulk(lab.hq, [packet(100)])
    rule = PolicyRule(Selector.parse("any"), Selector.parse("any"), "discard")
    lab.branch.reconfigure(replace(lab.branch.config, filters=(rule,)), 0.0)
    assert open_in_bulk(lab.branch, sent) == []
    lab.hq.reconfigure(replace(lab.hq.config, translates=True), 0.0)
    assert send_in_bulk(lab.hq, [packet(100)]) == []


def test_bulk_and_single_packets_leave_the_same_marks() -> None:
    bulk, single = joined(), joined()
    contents = [packet(size) for size in (60, 60, 60, 900, 900, 61)]
    for lab in (bulk, single):
        lab.hq.events(), lab.branch.events()
    sent = send_in_bulk(bulk.hq, contents)
    assert open_in_bulk(bulk.branch, sent) == contents
    for content in contents:
        single.hq.receive_inside(content, 0.0)
    for output in single.hq.outputs():
        assert isinstance(output, EspOut)
        single.branch.receive_esp(output.payload, HQ, BRANCH, 0.0)
    for name in ("hq", "branch"):
        assert bulk.boxes[name].snapshot(0.0) == single.boxes[name].snapshot(0.0)
        ours, theirs = (passed(lab.boxes[name].events()) for lab in (bulk, single))
        assert sum(event.packets for event in ours) == len(theirs) == len(contents)
        assert sum(event.length for event in ours) == sum(event.length for event in theirs)
        parts = ("peer", "connection", "inbound", "protected", "source", "destination", "spi")
        for part in parts:
            assert {getattr(e, part) for e in ours} == {getattr(e, part) for e in theirs}


def test_what_has_been_reported_is_not_reported_again() -> None:
    lab = joined()
    assert send_in_bulk(lab.hq, [packet(100)] * 3)
    assert sum(event.packets for event in passed(lab.hq.events())) == 3
    assert not lab.hq.bulk.unreported
    lab.hq.bulk.report(0.0)
    assert lab.hq.events() == []


@pytest.mark.parametrize("local", ["", " udp", " udp/53"])
@pytest.mark.parametrize("remote", ["", " udp", " udp/53"])
def test_what_a_selector_for_a_service_decides_goes_packet_by_packet(
    local: str, remote: str
) -> None:
    """The packets of a flow are alike in their addresses, but not in their ports."""
    ours, theirs = Selector.parse(f"{HQ_NET}{local}"), Selector.parse(f"{BRANCH_NET}{remote}")
    lab = Wire(
        hq_config({"local": ours, "remote": theirs}, queue=4),
        branch_config({"local": theirs, "remote": ours}),
    )
    content = datagram(53, 53)
    assert lab.send("hq", content).inside["branch"] == [content]
    lab.hq.receive_inside(content, 0.0)
    (output,) = lab.hq.outputs()
    assert isinstance(output, EspOut)
    opened = open_in_bulk(lab.branch, [output.payload])
    lab.hq.bulk.begin(0.0)
    left = taken(lab.hq, content)
    by_address = not local and not remote
    assert (opened, left) == (([content], []) if by_address else ([], [content]))


def test_a_packet_for_nobody_inside_is_refused_by_the_reference() -> None:
    lab = joined()
    lab.hq.receive_inside(packet(100), 0.0)
    (output,) = lab.hq.outputs()
    assert isinstance(output, EspOut)
    lab.branch.reconfigure(replace(lab.branch.config, inside=("10.9.0.0/24",)), 0.0)
    lab.branch.events()
    assert open_in_bulk(lab.branch, [output.payload]) == []
    assert [e.cause for e in lab.branch.events() if isinstance(e, PacketDropped)] == ["no-route"]


def test_nothing_goes_this_way_while_the_box_or_its_link_is_down() -> None:
    """Not even of a flow that is known already, in either direction."""
    lab = joined()
    assert open_in_bulk(lab.branch, send_in_bulk(lab.hq, [packet(100)] * 3)) == [packet(100)] * 3
    on_the_way = send_in_bulk(lab.hq, [packet(100)])
    lab.hq.command(SetLink(False), 0.0)
    lab.branch.command(SetLink(False), 0.0)
    lab.hq.bulk.begin(0.0)
    assert taken(lab.hq, packet(100)) == [packet(100)]
    assert open_in_bulk(lab.branch, on_the_way) == []
    lab.hq.command(SetLink(True), 0.0)
    lab.hq.bulk.begin(0.0)
    assert taken(lab.hq, packet(100)) == []
    lab.hq.bulk.sealer.finish()
    lab.hq.command(Reboot(10.0), 0.0)
    lab.hq.bulk.begin(0.0)
    assert taken(lab.hq, packet(100)) == [packet(100)]


def test_after_a_change_everything_is_looked_up_anew() -> None:
    lab = joined()
    assert len(send_in_bulk(lab.hq, [packet(100)] * 3)) == 3
    lab.hq.command(Reboot(), 0.0)
    lab.hq.bulk.begin(0.0)
    content = packet(100)
    assert taken(lab.hq, content) == [content]


def test_echoes_for_the_gateway_itself_are_its_own_business() -> None:
    lab = joined()
    lab.hq.bulk.begin(0.0)
    content = packet(100, SERVER, HQ)
    assert taken(lab.hq, content) == [content]
    assert not lab.hq.bulk.unreported
