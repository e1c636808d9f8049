"""The trace of messages: IKE_DECODE lines and what is said payload by payload."""

import pytest

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Phase2Transform
from gwsim.ike.events import DuplicateReceived, MessageReceived, Rejected
from gwsim.ike.flaws import Flaw
from gwsim.ike.states import Role, State
from gwsim.vendors.asa import VENDOR
from gwsim.wire import vendor_ids
from gwsim.wire.payloads import (
    Certificate,
    Identification,
    Notification,
    Payload,
    SecurityAssociation,
    UnknownPayload,
    VendorId,
)
from tests.vendors.asa.pair import BRANCH, HQ, Pair


def received(*payloads: Payload, label: str = "main-3") -> list[str]:
    """What is said about a message with these payloads, after the IKE_DECODE line."""
    return [line.text.removeprefix(f"IP = {BRANCH}, ") for line in _told(payloads, label)[1:]]


def decode_line(*payloads: Payload) -> str:
    return _told(payloads, "main-3")[0].text


def _told(payloads, label):
    return VENDOR.log((_received(payloads, label),), Pair().view("hq").snapshot)


def _received(payloads, label):
    return MessageReceived(
        at=1.0,
        peer=BRANCH,
        sa=1,
        label=label,
        exchange_type=2,
        message_id=0,
        encrypted=False,
        length=100,
        payloads=payloads,
        local=(HQ, 500),
        remote=(BRANCH, 500),
        initiator_cookie="00" * 8,
        responder_cookie="11" * 8,
        role=Role.RESPONDER,
        state=State.MAIN_WAIT_3,
    )


def test_first_message_as_captured():
    """The lines of an 8.0.4 that starts main mode, with the RFC's vendor ID of later ones."""
    lines = [line.text for line in Pair().ping(1.0).log("hq")]
    first = lines.index("IP = 203.0.113.1, constructing ISAKMP SA payload")
    assert lines[first : first + 6] == [
        "IP = 203.0.113.1, constructing ISAKMP SA payload",
        "IP = 203.0.113.1, constructing NAT-Traversal VID ver 02 payload",
        "IP = 203.0.113.1, constructing NAT-Traversal VID ver 03 payload",
        "IP = 203.0.113.1, constructing NAT-Traversal VID ver RFC payload",
        "IP = 203.0.113.1, constructing Fragmentation VID + extended capabilities payload",
        "IP = 203.0.113.1, IKE_DECODE SENDING Message (msgid=0) with payloads : HDR + SA (1) + "
        "VENDOR (13) + VENDOR (13) + VENDOR (13) + VENDOR (13) + NONE (0) total length : 168",
    ]


def test_a_resent_message_is_not_made_again():
    lines = Pair(lost=lambda output, sender: True).ping(20.0).log("hq")
    assert [
        line.text.partition("IKE_DECODE ")[2].split()[0] for line in lines if line.id == "713236"
    ] == ["SENDING", "RESENDING", "RESENDING"]
    assert [line.text for line in lines].count(
        "IP = 203.0.113.1, constructing ISAKMP SA payload"
    ) == 1


def test_a_repeated_message_is_answered_once_more():
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(10.0)
    assert pair.texts("branch", "713201") == [
        "Duplicate Phase 1 packet detected.  Retransmitting last packet."
    ]
    assert any("RESENDING" in text for text in pair.texts("branch", "713236"))


def test_a_repeated_message_without_an_answer():
    event = DuplicateReceived(
        at=1.0,
        peer=BRANCH,
        sa=1,
        label="quick-3",
        phase=2,
        role=Role.RESPONDER,
        state=State.INSTALLED,
        answered=False,
    )
    (line,) = VENDOR.log((event,), Pair().view("hq").snapshot)
    assert line.text.endswith("Duplicate Phase 2 packet detected.  No last packet to retransmit.")


def test_proxy_ids_are_printed_as_each_side_sees_them():
    pair = Pair().ping(1.0)
    ours = [line.text for line in pair.log("hq", "713906") if "Transmitting" in line.text]
    theirs = [line.text for line in pair.log("branch", "713906") if "Transmitting" in line.text]
    local, remote = (
        "  Local subnet:  {}  mask {} Protocol 0  Port 0",
        ("  Remote subnet: {}  Mask {} Protocol 0  Port 0"),
    )
    mask = "255.255.255.0"
    assert ours[0].splitlines()[1:] == [
        local.format("10.1.0.0", mask),
        remote.format("10.2.0.0", mask),
    ]
    assert theirs[0].splitlines()[1:] == [
        remote.format("10.1.0.0", mask),
        local.format("10.2.0.0", mask),
    ]


def test_proxy_ids_as_the_responder_reads_them():
    pair = Pair({"pairs": [("10.1.0.0/24", "10.2.0.10")]}).ping(1.0)
    assert pair.texts("branch", "713035", "713024") == [
        "Received remote IP Proxy Subnet data in ID Payload:   Address 10.1.0.0, "
        "Mask 255.255.255.0, Protocol 0, Port 0",
        "Received local Proxy Host data in ID Payload:  Address 10.2.0.10, Protocol 0, Port 0",
    ]
    assert "ID_IPV4_ADDR_SUBNET ID received--10.1.0.0--255.255.255.0" in (
        pair.texts("branch", "714011")
    )


def test_pfs_and_initial_contact_show_in_quick_mode():
    pair = Pair({"pfs_group": 2}, {"pfs_group": 2}).ping(1.0)
    assert "constructing pfs ke payload" in pair.texts("hq", "715046")
    assert pair.texts("hq", "714007") == ["IKE Initiator sending Initial Contact"]
    assert "constructing pfs ke payload" not in Pair().ping(1.0).texts("hq", "715046")


def test_a_lower_lifetime_is_announced():
    pair = Pair(branch_is={"lifetime_seconds": 1800}).ping(1.0)
    text = "Sending RESPONDER LIFETIME notification to Initiator"
    assert text in pair.texts("branch", "713906")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (vendor_ids.NAT_T_DRAFT_02, ["Received NAT-Traversal ver 02 VID"]),
        (vendor_ids.NAT_T_RFC, ["Received NAT-Traversal RFC VID"]),
        (vendor_ids.DPD, ["Received DPD VID"]),
        (vendor_ids.CISCO_UNITY, ["Received Cisco Unity client VID"]),
        (vendor_ids.STRONGSWAN, []),
        (vendor_ids.FRAGMENTATION, ["Received Fragmentation VID"]),
        (
            vendor_ids.FRAGMENTATION_MAIN,
            [
                "Received Fragmentation VID",
                "IKE Peer included IKE fragmentation capability flags:  "
                "Main Mode:        True  Aggressive Mode:  False",
            ],
        ),
    ],
)
def test_vendor_ids_are_recognised(data, said):
    assert received(VendorId(data)) == ["processing VID payload", *said]


def test_identities_are_printed_whatever_they_are():
    assert received(Identification(1, bytes([203, 0, 113, 1]))) == [
        "processing ID payload",
        "ID_IPV4_ADDR ID received\n203.0.113.1",
    ]
    assert received(Identification(2, b"branch.example"))[1] == (
        "ID_FQDN ID received\nbranch.example"
    )
    assert received(Identification(11, b"\xff\x00"))[1] == "ID_KEY_ID ID received\n\\xff\x00"
    assert received(Identification(99, b"x"))[1] == "ID_TYPE_99 ID received\nx"
    assert received(Identification(2, b"x"), label="quick-1")[1] == "ID_FQDN ID received"


def test_payloads_nobody_assigned_are_in_the_decode_line():
    line = decode_line(UnknownPayload(129, b""), Certificate(4, b"x"), Notification(24578))
    assert "HDR + UNKNOWN (129) + CERT (6) + NOTIFY (11) + NONE (0) total length : 100" in line
    assert received(UnknownPayload(129, b""), Notification(24578)) == ["processing notify payload"]


def test_a_keep_alive_goes_with_the_proof_where_the_peer_is_watched():
    pair = Pair(branch_is={"dpd": None}).ping(1.0)
    words = "IOS keep alive payload: proposal=32767/32767 sec."
    assert pair.texts("hq", "715034") == [f"Constructing {words}"]
    assert pair.texts("branch", "715034") == [f"Processing {words}"]
    assert "UNKNOWN" not in str(pair.texts("hq", "713236"))


def test_a_keep_alive_that_is_too_short_is_passed_over():
    assert received(UnknownPayload(128, b"\x80\x00")) == []


def test_the_total_length_is_without_what_fills_the_last_block():
    """28 + 24 + 64 + 24 + 2 x 16 + 28, as technotes have it for SHA, AES and three of each."""
    aes = {"transforms": (Phase2Transform(12, 2, 128),)}
    pair = Pair(aes, aes).ping(1.0)
    [sent] = [
        text for text in pair.texts("hq", "713236") if "SENDING" in text and "SA (1) + N" in text
    ]
    assert sent.endswith("NONE (0) total length : 200")


def test_what_cannot_be_read_is_not_traced_as_received():
    """A main-5 under another key is told by its refusal, not as a message with payloads."""
    pair = Pair(branch_is={"psk": b"another"}).ping(5.0)
    traced = [text for text in pair.texts("branch", "713236") if "RECEIVED" in text]
    assert len(traced) == 2


def test_a_clear_notify_is_traced():
    pair = Pair(branch_is={"psk": b"another"}).ping(5.0)
    assert "sending notify message" in pair.texts("branch", "713906")
    assert any(
        "RECEIVED" in text and "HDR + NOTIFY (11) + NONE (0) total length : 56" in text
        for text in pair.texts("hq", "713236")
    )


def test_deletes_are_traced():
    pair = Pair().ping(1.0)
    from_hq = pair.texts("hq", "715046")
    pair.order("hq", Clear()).run(2.0)
    assert pair.texts("hq", "715046")[len(from_hq) :] == [
        "constructing blank hash payload",
        "constructing IPSec delete payload",
        "constructing qm hash payload",
        "constructing blank hash payload",
        "constructing IKE delete payload",
        "constructing qm hash payload",
    ]
    assert "processing delete" in pair.texts("branch", "715047")


def test_dead_peer_detection_is_traced():
    pair = Pair().ping(12.0)
    asked = pair.texts("hq", "715036")
    assert asked[0].startswith("Sending keep-alive of type DPD R-U-THERE (seq number 0x")
    answers = pair.texts("hq", "715075")
    assert answers[0] == asked[0].replace("Sending", "Received").replace("THERE ", "THERE-ACK ")


def test_an_unsound_proposal_is_not_called_acceptable():
    """What the syntax check refuses, a trace does not praise."""
    payload = SecurityAssociation((), doi=9)
    message = _received((payload,), "main-1")
    refused = Rejected(
        at=1.0,
        peer=BRANCH,
        sa=1,
        flaw=Flaw.DOI,
        why="DOI 9, wanted 1",
        label="main-1",
        phase=1,
        notify=None,
        local=(HQ, 500),
        remote=(BRANCH, 500),
        initiator_cookie="00" * 8,
        responder_cookie="00" * 8,
        role=Role.RESPONDER,
        state=None,
    )
    snapshot = Pair().view("hq").snapshot
    texts = [line.text for line in VENDOR.log((message, refused), snapshot)]
    assert f"IP = {BRANCH}, Oakley proposal is acceptable" not in texts
    assert texts[-1] == f"IP = {BRANCH}, Error processing payload: Payload ID: 1"
    assert received(payload) == ["processing SA payload", "Oakley proposal is acceptable"]
