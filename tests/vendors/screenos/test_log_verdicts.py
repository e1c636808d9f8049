"""What was wrong, what notifications say, and what the data plane reports."""

from dataclasses import replace

import pytest

from gwsim.gateway.commands import Clear, Reboot, SetLink
from gwsim.gateway.events import DropCause, GatewayStarted, PacketDropped
from gwsim.ike.config import Dpd
from gwsim.ike.events import NotifyReceived, NotifySent
from gwsim.ike.flaws import Flaw
from gwsim.vendors.screenos import VENDOR, catalogue
from gwsim.vendors.screenos.log import log
from gwsim.vendors.screenos.log_verdicts import REASONS
from gwsim.wire.numbers import NotifyType
from tests.vendors.made import refusal
from tests.vendors.screenos.pair import Pair

HEAD = {"at": 1.0, "peer": "2.2.2.2", "connection": "branch", "sa": 1}


def told(*events):
    return list(log(events, Pair().view("hq").snapshot))


def dropped(cause: DropCause, **changes):
    values = {
        "at": 1.0,
        "cause": cause,
        "inbound": True,
        "source": "2.2.2.2",
        "destination": "1.1.1.1",
        "protocol": 50,
        "spi": 0x89ABCDEF,
        "sequence": 1,
        "length": 96,
    }
    return PacketDropped(**(values | changes))


def test_an_unknown_spi_is_an_alert():
    (line,) = told(dropped(DropCause.UNKNOWN_SPI))
    assert (line.id, line.severity) == ("00026", "alert")
    assert line.text == (
        "IPSec tunnel on interface ethernet0/0 with tunnel ID 0x1 received a packet with a bad "
        "SPI. 2.2.2.2->1.1.1.1/96, ESP, SPI 0x89abcdef, SEQ 0x1."
    )
    (foreign,) = told(dropped(DropCause.UNKNOWN_SPI, source="9.9.9.9"))
    assert "tunnel ID 0x0 " in foreign.text


@pytest.mark.parametrize("cause", [DropCause.REPLAYED, DropCause.TOO_OLD])
def test_a_replayed_packet_is_critical(cause):
    (line,) = told(dropped(cause, connection="branch", child="branch"))
    assert (line.id, line.severity) == ("00042", "crit")
    assert line.text.startswith("Replay packet detected on IPSec tunnel on ethernet0/0 with tunnel")


@pytest.mark.parametrize("cause", sorted(set(DropCause)))
def test_other_drops_are_only_counted(cause):
    spoken = {DropCause.UNKNOWN_SPI, DropCause.REPLAYED, DropCause.TOO_OLD}
    assert bool(told(dropped(cause))) == (cause in spoken)
    assert not told(dropped(cause, inbound=False))


def test_reasons_are_about_flaws_and_phases():
    assert all(isinstance(flaw, Flaw) and phase in (1, 2) for flaw, phase in REASONS)
    assert REASONS[Flaw.UNKNOWN_PEER, 1] == catalogue.UNRECOGNIZED_PEER


def test_a_rejected_packet_is_told_with_ends_and_cookies():
    pair = Pair(branch_is={"remote": "9.9.9.9"}).ping(1)
    cookie = pair.view("hq").snapshot.ike.sas[0].initiator_cookie
    assert pair.log("branch") == [
        "Rejected an IKE packet on ethernet0/0 from 1.1.1.1:500 to 2.2.2.2:500 with cookies "
        f"{cookie} and {'0' * 16} because an initial Phase 1 packet arrived from an unrecognized "
        "peer gateway."
    ]


def test_a_wrong_key_in_aggressive_mode_is_noticed_by_the_initiator():
    own = {"aggressive": True, "accept_aggressive": True, "accept_main": False}
    log = Pair(own, own | {"psk": b"wrong"}).ping(60).log("hq")
    assert "(The preshared keys might not match.)" in log[-2]
    assert log[-1] == "IKE<2.2.2.2> Phase 1: Aggressive mode negotiations have failed."


@pytest.mark.parametrize(
    ("flaw", "label", "failed"),
    [
        (Flaw.HASH_PHASE1, "aggr-2", 1),
        (Flaw.HASH_PHASE1, "main-6", 0),
        (Flaw.UNKNOWN_PEER, "aggr-1", 0),
    ],
)
def test_only_a_wrong_proof_in_aggressive_mode_is_a_failure_of_aggressive_mode(flaw, label, failed):
    lines = told(refusal(flaw, label=label))
    assert sum("aggressive mode" in line.text.lower() for line in lines) == failed


def test_a_wrong_identity_is_told_with_both():
    own = {"nat_traversal": True}
    log = Pair(own, own, public="5.5.5.5").ping(60).log("branch")
    assert log[-1] == (
        "IKE<5.5.5.5>: Received incorrect ID payload: IP address 192.168.7.2 instead of "
        "IP address 5.5.5.5."
    )
    assert any("detected NAT in front of the remote device." in text for text in log)


def test_an_initial_contact_is_logged_for_both_phases():
    announces = replace(VENDOR.behaviour, initial_contact=("main-5",))
    log = Pair(acts=announces).ping(5).log("branch")
    received = "IKE<1.1.1.1>: Received initial contact notification and removed Phase {} SAs."
    assert received.format(1) in log
    assert received.format(2) in log


def notice(number: int, **changes) -> NotifyReceived:
    values = {
        "notify_type": number,
        "protocol_id": 1,
        "spi": b"",
        "data": b"",
        "protected": False,
        "message_id": 0,
        "phase": 1,
        "acted": False,
    }
    return NotifyReceived(**(HEAD | values | changes))


def test_a_clear_invalid_cookie_is_told_and_not_obeyed():
    assert [line.text for line in told(notice(NotifyType.INVALID_COOKIE))] == [
        "IKE<2.2.2.2> Process [NOTIF]:",
        "IKE<2.2.2.2> Received notify message for DOI <1> <4> <INVALID-COOKIE>.",
        "IKE<2.2.2.2>: Received a notification message for DOI 1 4 INVALID-COOKIE.",
        "IKE<2.2.2.2> WARN, Unknown Notify Message 4",
        "IKE<2.2.2.2> process notify exit with <0>.",
    ]


def test_a_notification_for_no_quick_mode_of_ours_has_no_record():
    lines = told(notice(18, protocol_id=3, protected=True, message_id=0x01020304, phase=2))
    record = "IKE<2.2.2.2> ah-esp: notify has no matching QM record, mess_id in <01020304>"
    assert record in [line.text for line in lines]


def test_an_unknown_notification_keeps_its_number():
    texts = [line.text for line in told(notice(40001))]
    assert "IKE<2.2.2.2> Received notify message for DOI <1> <40001> <>." in texts


def test_a_bad_spi_after_a_reboot_was_answered():
    sent = NotifySent(
        **HEAD, notify_type=11, protocol_id=3, spi=b"", data=b"", protected=True, message_id=1
    )
    assert not told(sent)
    (line,) = told(GatewayStarted(at=0.0, reboot=True), sent)
    assert line.text == "IKE<2.2.2.2>: Responded to a packet with a bad SPI after rebooting."
    received = [line.text for line in told(notice(NotifyType.INVALID_SPI, acted=True))]
    assert "IKE<2.2.2.2>: Received a bad SPI." in received


def test_a_dead_peer_is_told():
    pair = Pair({"dpd": Dpd(5.0, 5.0, 3)}).ping(5).order("branch", Reboot(1000.0)).run(60)
    assert any("got no answer to 3 messages" in text for text in pair.log("hq"))


def test_deletes_of_the_peer_are_told_by_phase():
    lines = Pair().ping(5).order("hq", Clear()).run(6).debug("branch")
    told = [line for line in lines if "DELETE payload received" in line]
    assert [line[-12:] for line in told] == ["g Phase-2 SA", "g Phase-1 SA"]


def test_a_link_that_goes_down_and_up_is_told():
    pair = Pair().order("hq", SetLink(False)).run(1).order("hq", SetLink(True))
    lines = [line for line in pair.lines("hq") if line.id == "00513"]
    assert [line.text.split()[-1] for line in lines] == ["Down.", "Up."]
