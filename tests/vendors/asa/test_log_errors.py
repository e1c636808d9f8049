"""Refusals, notifications, dead peers and dropped packets in the log."""

import pytest

from gwsim.gateway.commands import Reboot, SetLink
from gwsim.gateway.events import DropCause, GatewayStarted
from gwsim.ike.events import DpdReceived
from gwsim.ike.flaws import Flaw
from gwsim.vendors.asa import VENDOR
from gwsim.vendors.asa.log_errors import (
    DROPS,
    PAYLOAD_OF,
    RATE_LIMIT,
    REFUSALS,
    UNTOLD,
    UNTOLD_DROPS,
)
from tests.vendors.asa.pair import BRANCH, Pair
from tests.vendors.made import dropped, notify, refusal

SNAPSHOT = Pair().view("hq").snapshot


def lines_of(*events):
    return [(line.id, line.text) for line in VENDOR.log(events, SNAPSHOT)]


def test_every_flaw_is_told_or_declared_untold():
    assert set(PAYLOAD_OF) | set(REFUSALS) | UNTOLD == set(Flaw)
    assert not set(PAYLOAD_OF) & set(REFUSALS)
    assert not UNTOLD & (set(PAYLOAD_OF) | set(REFUSALS))


@pytest.mark.parametrize("flaw", list(Flaw))
def test_a_told_flaw_makes_a_line_and_an_untold_one_none(flaw):
    assert bool(lines_of(refusal(flaw))) == (flaw not in UNTOLD)


def test_every_cause_of_a_drop_is_told_or_declared_untold():
    assert set(DROPS) | UNTOLD_DROPS == set(DropCause)
    for cause in DropCause:
        event = dropped(cause, inner=("10.9.9.9", "10.1.0.10", 6))
        assert bool(lines_of(event)) == (cause in DROPS)


def test_two_different_keys():
    pair = Pair(branch_is={"psk": b"another"}).ping(5.0)
    assert pair.texts("branch", "713903", "713904") == [
        "Received encrypted Oakley Main Mode packet with invalid payloads, MessID = 0",
        "ERROR, had problems decrypting packet, probably due to mismatched pre-shared key.  "
        "Aborting",
    ]
    assert pair.texts("hq", "713903", "713904") == [
        "Received an un-encrypted PAYLOAD_MALFORMED notify message, dropping",
        "Error, peer has indicated that something is wrong with our message.  "
        "This could indicate a pre-shared key mismatch.",
        "Information Exchange processing failed",
    ]


def test_two_different_keys_in_aggressive_mode():
    pair = Pair({"aggressive": True}, {"psk": b"another"}).ping(5.0)
    assert pair.texts("hq", "713903") == [
        "Hash mismatch, probably due to mismatched pre-shared key."
    ]
    assert pair.view("branch").snapshot.ike.sas[0].state == "AGGR_WAIT_3"


def test_garbage_in_quick_mode_does_not_blame_the_key():
    event = refusal(Flaw.UNDECRYPTABLE, label="quick-1", phase=2, message_id=0xABC)
    assert lines_of(event) == [
        (
            "713904",
            f"IP = {BRANCH}, Received encrypted Oakley Quick Mode packet with invalid payloads, "
            "MessID = abc",
        )
    ]


def test_aggressive_mode_where_it_is_disabled():
    pair = Pair({"aggressive": True}, {"accept_aggressive": False}).ping(5.0)
    assert pair.texts("branch", "713903") == [
        "Unable to initiate or respond to Aggressive Mode while disabled"
    ]
    assert pair.texts("hq", "713904") == []


def test_aggressive_mode_from_a_stranger():
    assert lines_of(refusal(Flaw.UNKNOWN_PEER, label="aggr-1")) == [
        (
            "713255",
            f"IP = {BRANCH}, Received ISAKMP Aggressive Mode message 1 with unknown tunnel group "
            f"name {BRANCH}",
        ),
        ("713903", f"IP = {BRANCH}, Can't find a valid tunnel group, aborting...!"),
    ]


@pytest.mark.parametrize(
    ("why", "phase", "number"),
    [
        ("quick-2 without KEY-EXCHANGE", 2, 4),
        ("PFS was agreed on but KE is missing", 2, 4),
        ("quick-1 without HASH", 2, 8),
        ("quick-1 without SA", 2, 1),
        ("main-3 without NONCE", 1, 10),
        ("main-3 without KEY-EXCHANGE", 1, 4),
        ("aggr-1 without IDENTIFICATION, NONCE", 1, 5),
    ],
)
def test_a_missing_payload_is_told_by_its_number(why, phase, number):
    event = refusal(Flaw.MISSING_PAYLOAD, why=why, phase=phase)
    assert lines_of(event) == [
        (
            "713193",
            f"IP = {BRANCH}, Received packet with missing payload, Expected payload: {number}",
        )
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (14, "No proposal chosen (14)"),
        (18, "Invalid ID info (18)"),
        (16, "Payload malformed (16)"),
        (8192, "Unknown (8192)"),
        (40000, "Unknown (40000)"),
    ],
)
def test_a_protected_error_is_not_routine(kind, text):
    message = f"IP = {BRANCH}, Received non-routine Notify message: {text}"
    assert lines_of(notify(kind)) == [("713068", message)]


@pytest.mark.parametrize("kind", [24576, 24577, 24578, 16384])
def test_a_protected_status_is_routine(kind):
    assert lines_of(notify(kind)) == []


def test_a_peer_that_has_lost_our_spi():
    for event in (
        notify(11, protocol_id=3, spi=bytes.fromhex("1234abcd")),
        notify(11, protocol_id=3, data=bytes.fromhex("1234abcd")),
    ):
        assert lines_of(event) == [
            ("713117", f"IP = {BRANCH}, Received Invalid SPI notify (SPI 1234abcd)!"),
            ("713068", f"IP = {BRANCH}, Received non-routine Notify message: Invalid SPI (11)"),
        ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [(14, "NO_PROPOSAL_CHOSEN"), (4, "INVALID_COOKIE"), (18, "INVALID_ID_INFO"), (9999, "9999")],
)
def test_a_clear_notification_is_dropped(kind, name):
    assert lines_of(notify(kind, protected=False)) == [
        (
            "713904",
            f"IP = {BRANCH}, Received an un-encrypted {name} notify message, dropping",
        ),
        ("713903", f"IP = {BRANCH}, Information Exchange processing failed"),
    ]


def test_a_dpd_message_out_of_sequence():
    event = DpdReceived(at=1.0, peer=BRANCH, sa=1, sequence=0x1F, ack=True, accepted=False)
    assert lines_of(event) == [
        (
            "713124",
            f"IP = {BRANCH}, Received DPD sequence number 0x1f in DPD R-U-THERE-ACK, "
            "out of sequence",
        )
    ]


def test_a_stale_spi_after_a_reboot():
    pair = Pair().ping(2.0).order("branch", Reboot()).run(3.0).ping(4.0)
    spi = pair.view("hq").snapshot.ipsec[0].negotiated.outbound_spi
    assert pair.texts("branch", "402114") == [
        f"IPSEC: Received an ESP packet (SPI= 0x{spi:08X}, sequence number= 0x1) from "
        "198.51.100.1 to 203.0.113.1 with an invalid SPI."
    ]
    pair.run(15.0)
    assert pair.texts("branch", "713904")[0] == (
        "Received encrypted packet with no matching SA, dropping"
    )


def test_dropped_packets_are_told_as_the_guide_has_it():
    esp = "IPSEC: Received an ESP packet (SPI= 0x1234ABCD, sequence number= 0x1F) from 203.0.113.1"
    inner = {"inner": ("10.9.9.9", "10.1.0.10", 6), "local": "10.1.0.0/24", "remote": "any"}
    expected = {
        DropCause.REPLAYED: f"{esp} (user= 203.0.113.1) to 198.51.100.1 that failed "
        "anti-replay checking.",
        DropCause.BAD_ICV: f"{esp} (user= 203.0.113.1) to 198.51.100.1 that failed authentication.",
        DropCause.BAD_SELECTOR: f"{esp} (user= 203.0.113.1) to 198.51.100.1. The decapsulated "
        "inner packet doesn't match the negotiated policy in the SA.  The packet specifies its "
        "destination as 10.1.0.10, its source as 10.9.9.9, and its protocol as tcp.  The SA "
        "specifies its local proxy as 10.1.0.0/255.255.255.0/0/0 and its remote_proxy as "
        "0.0.0.0/0.0.0.0/0/0.",
    }
    for cause, text in expected.items():
        assert [line[1] for line in lines_of(dropped(cause, **inner))] == [text]
    clear = dropped(DropCause.CLEAR_TEXT, protocol=17, source="10.2.0.10", destination="10.1.0.10")
    assert lines_of(clear) == [
        (
            "402117",
            "IPSEC: Received a non-IPSec packet (protocol= udp) from 10.2.0.10 to 10.1.0.10.",
        )
    ]


def test_drops_of_a_kind_are_told_once_in_five_seconds():
    events = [dropped(DropCause.REPLAYED, at=at) for at in (1.0, 2.0, 5.9, 6.0, 7.0)]
    events.append(dropped(DropCause.BAD_ICV, at=7.0))
    told = VENDOR.log(tuple(events), SNAPSHOT)
    assert [(line.id, line.at) for line in told] == [
        ("402119", 1.0),
        ("402119", 6.0),
        ("402120", 7.0),
    ]
    assert RATE_LIMIT == 5.0


def test_what_is_dropped_on_its_way_out_is_not_told():
    assert lines_of(dropped(DropCause.CLEAR_TEXT, inbound=False)) == []


def test_a_box_that_boots_has_forgotten_everything():
    pair = Pair().ping(1.0).order("branch", Reboot()).run(2.0)
    assert pair.texts("branch", "199002") == ["Startup completed.  Beginning operation."] * 2
    assert lines_of(GatewayStarted(at=0.0, reboot=False)) == [
        ("199002", "Startup completed.  Beginning operation.")
    ]


def test_the_link_goes_down_and_up():
    pair = Pair().order("hq", SetLink(False)).order("hq", SetLink(True))
    assert pair.texts("hq", "411001", "411002") == [
        "Line protocol on Interface outside, changed state to down",
        "Line protocol on Interface outside, changed state to up",
    ]
