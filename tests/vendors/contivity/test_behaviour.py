"""The temperament of a Contivity, read from what it does on the wire."""

import pytest

from gwsim.ike.config import ChildConfig, Connection, EndpointConfig
from gwsim.ike.events import MessageSent, NotifyReceived, PhaseTwoCompleted
from gwsim.vendors.contivity import VENDOR
from gwsim.wire import vendor_ids
from gwsim.wire.numbers import NotifyType, Protocol
from gwsim.wire.payloads import Identification, Notification, VendorId
from gwsim.wire.selector import Selector
from tests.ike.configs import ADDRESS, other
from tests.ike.pair import Pair

NETS = {"A": "192.168.133.0/24", "B": "192.168.124.4"}


def end(side: str, service: str = "", lifetime: int = 28800) -> EndpointConfig:
    """A Contivity as it comes, with one tunnel to the other end."""
    child = ChildConfig(
        "lan",
        Selector.parse(f"{NETS[side]} {service}".strip()),
        Selector.parse(f"{NETS[other(side)]} {service}".strip()),
        VENDOR.defaults.phase2,
        pfs_group=VENDOR.defaults.pfs_group,
        lifetime_seconds=lifetime,
    )
    peer = Connection(
        "peer",
        ADDRESS[side],
        ADDRESS[other(side)],
        b"the same on both ends",
        VENDOR.defaults.phase1,
        (child,),
        nat_traversal=VENDOR.defaults.nat_traversal,
    )
    return EndpointConfig(ADDRESS[side], (peer,), VENDOR.behaviour)


def sent(pair: Pair, side: str, label: str) -> MessageSent:
    return next(e for e in pair.found(side, MessageSent) if e.label == label)


@pytest.fixture
def up() -> Pair:
    pair = Pair(end("A"), end("B"))
    pair.initiate()
    assert pair.up()
    return pair


def test_main_2_has_112_octets_and_two_vendor_ids(up):
    message = sent(up, "B", "main-2")
    assert message.length == 112
    ids = [p.data for p in message.payloads if isinstance(p, VendorId)]
    assert ids == [vendor_ids.NORTEL_CONTIVITY, vendor_ids.DPD]
    assert sent(up, "B", "main-4").length == 184


def test_main_6_has_92_octets_and_an_initial_contact(up):
    message = sent(up, "B", "main-6")
    assert message.length == 92
    identity, notice = message.payloads[0], message.payloads[-1]
    assert isinstance(identity, Identification)
    assert (identity.protocol, identity.port) == (0, 0)
    assert isinstance(notice, Notification)
    assert notice.notify_type == NotifyType.INITIAL_CONTACT


def test_it_lives_for_eight_hours_in_both_phases(up):
    assert up.sa("A").lifetime_seconds == 28800
    assert up.found("A", PhaseTwoCompleted)[0].lifetime_seconds == 28800


def test_a_policy_for_one_service_is_refused_with_18_and_an_spi_nobody_knows():
    pair = Pair(end("A", "icmp"), end("B"))
    pair.initiate()
    refusal = sent(pair, "B", "info-notify")
    assert (refusal.encrypted, refusal.length) == (True, 68)
    (notice,) = pair.found("A", NotifyReceived)[1:]
    assert notice.notify_type == NotifyType.INVALID_ID_INFORMATION
    assert (notice.protocol_id, len(notice.spi), notice.acted) == (Protocol.ESP, 4, False)


def test_the_lower_lifetime_is_used():
    pair = Pair(end("A"), end("B", lifetime=3600))
    pair.initiate()
    assert pair.found("B", PhaseTwoCompleted)[0].lifetime_seconds == 3600


def test_a_message_is_sent_three_times_more_sixteen_seconds_apart():
    pair = Pair(end("A"), end("B"))
    pair.drop("", None)
    pair.initiate()
    pair.run(100)
    assert pair.times("A main-1") == [0, 16, 32, 48]
    assert pair.states("A") == []
