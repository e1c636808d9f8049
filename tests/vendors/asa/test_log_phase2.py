"""Phase 2 in the log: proxy IDs, PFS, SAs made and unmade."""

from dataclasses import replace

from gwsim.gateway.commands import Clear, Initiate
from gwsim.ike.config import Phase2Transform
from gwsim.ike.events import CloseReason, PfsRefused, PhaseTwoCompleted, SpiAllocated
from gwsim.vendors.asa import VENDOR
from gwsim.vendors.asa.log_phase2 import TERMINATION_REASONS
from tests.vendors.asa.pair import BRANCH, Pair


def told(pair, name, number):
    lines = pair.texts(name, number)
    assert lines, f"no {number}"
    return lines


def test_proxy_ids_that_match_the_second_entry():
    both = [("10.1.0.0/24", "10.2.0.0/24"), ("10.1.0.0/24", "10.9.0.0/24")]
    mirrored = [(remote, local) for local, remote in both]
    pair = Pair({"pairs": both[1:]}, {"pairs": mirrored})
    pair.order("hq", Initiate("branch"))
    pair.run(2.0)
    assert pair.texts("branch", "713221", "713222", "713225", "713066") == [
        "Static Crypto Map check, checking map = outside_map, seq = 1...",
        "Static Crypto Map check, map = outside_map, seq = 1, "
        "ACL does not match proxy IDs src:10.1.0.0 dst:10.9.0.0",
        "Static Crypto Map check, checking map = outside_map, seq = 2...",
        "Static Crypto Map check, map outside_map, seq = 2 is a successful match",
        "IKE Remote Peer configured for SA: outside_map",
    ]
    assert told(pair, "branch", "715027") == [
        "IPSec SA Proposal # 1, Transform # 1 acceptable  Matches global IPSec SA entry # 2"
    ]


def test_proxy_ids_that_match_no_entry():
    pair = Pair(branch_is={"pairs": [("10.2.0.0/25", "10.1.0.0/24 tcp/80")]}).ping(5.0)
    assert told(pair, "branch", "713061") == [
        "Rejecting IPSec tunnel: no matching crypto map entry for remote proxy "
        "10.1.0.0/255.255.255.0/0/0 local proxy 10.2.0.0/255.255.255.0/0/0 on interface outside"
    ]
    assert told(pair, "branch", "713222")[0].endswith("src:10.1.0.0 dst:10.2.0.0")
    assert told(pair, "branch", "713259") == [
        "Session is being torn down. Reason: crypto map policy not found"
    ]
    assert told(pair, "hq", "713068") == [
        "Received non-routine Notify message: Invalid ID info (18)"
    ]


def test_pfs_on_one_side_only():
    """The responder finds nothing acceptable; the initiator hears notify 14; both start over."""
    for hq, branch in ((None, 2), (2, None)):
        pair = Pair({"pfs_group": hq}, {"pfs_group": branch}).ping(5.0)
        assert told(pair, "branch", "713904")[0] == "All IPSec SA proposals found unacceptable!"
        assert pair.texts("branch", "713257") == []
        assert told(pair, "branch", "713259") == [
            "Session is being torn down. Reason: Phase 2 Mismatch"
        ]
        assert told(pair, "hq", "713068") == [
            "Received non-routine Notify message: No proposal chosen (14)"
        ]
        assert told(pair, "hq", "713050")[0] == (
            "Connection terminated for peer 203.0.113.1.  Reason: Peer Terminate  "
            "Remote Proxy 10.2.0.0, Local Proxy 10.1.0.0"
        )


def test_different_pfs_groups_are_compared():
    pair = Pair({"pfs_group": 2}, {"pfs_group": 5}).ping(5.0)
    assert told(pair, "branch", "713257") == [
        "Phase 2 failure:  Mismatched attribute types for class Group Description:  "
        "Rcv'd: Group 2  Cfg'd: Group 5"
    ]
    assert len([t for t in pair.texts("branch", "713904") if "unacceptable" in t]) == 1


def test_a_pfs_refusal_that_comes_alone_is_told():
    event = PfsRefused(at=1.0, peer=BRANCH, sa=1, message_id=5, offered=0, wanted=2)
    (line,) = VENDOR.log((event,), Pair().view("hq").snapshot)
    assert line.text == f"IP = {BRANCH}, All IPSec SA proposals found unacceptable!"


def test_different_transform_sets():
    other = {"transforms": (Phase2Transform(12, 1, 256),)}
    pair = Pair(branch_is=other).ping(5.0)
    assert told(pair, "branch", "713904")[0] == "All IPSec SA proposals found unacceptable!"
    assert told(pair, "branch", "713902")[1] == (
        "Removing peer from correlator table failed, no match!"
    )


def test_a_pair_of_sas_that_comes_up():
    pair = Pair().ping(1.0)
    child = pair.view("hq").snapshot.ipsec[0].negotiated
    ours, theirs = child.inbound_spi, child.outbound_spi
    assert told(pair, "hq", "713049") == [
        "Security negotiation complete for LAN-to-LAN Group (203.0.113.1)  Initiator, "
        f"Inbound SPI = 0x{ours:08x}, Outbound SPI = 0x{theirs:08x}"
    ]
    assert told(pair, "branch", "713049") == [
        "Security negotiation complete for LAN-to-LAN Group (198.51.100.1)  Responder, "
        f"Inbound SPI = 0x{theirs:08x}, Outbound SPI = 0x{ours:08x}"
    ]
    assert told(pair, "hq", "713120") == [f"PHASE 2 COMPLETED (msgid={child.message_id:08x})"]
    assert told(pair, "hq", "602303") == [
        f"IPSEC: An outbound LAN-to-LAN SA (SPI= 0x{theirs:08X}) between 198.51.100.1 and "
        "203.0.113.1 (user= 203.0.113.1) has been created.",
        f"IPSEC: An inbound LAN-to-LAN SA (SPI= 0x{ours:08X}) between 198.51.100.1 and "
        "203.0.113.1 (user= 203.0.113.1) has been created.",
    ]
    assert told(pair, "hq", "752016")
    assert pair.texts("branch", "752016") == []


def test_both_sides_tell_their_spi_before_they_send_it():
    pair = Pair().ping(1.0)
    child = pair.view("hq").snapshot.ipsec[0].negotiated
    for name, spi in (("hq", child.inbound_spi), ("branch", child.outbound_spi)):
        (line,) = pair.log(name, "715006")
        assert line.text.endswith(f"IKE got SPI from key engine: SPI = 0x{spi:08x}")
        assert line.text.startswith("Group = ")


def test_an_spi_out_of_nowhere_does_no_harm():
    event = SpiAllocated(at=1.0, message_id=5, spi=4096)
    assert VENDOR.log((event,), Pair().view("hq").snapshot) == ()


def test_a_renewed_pair_is_deleted_without_a_termination():
    pair = Pair({"dpd": None}, {"dpd": None}).ping(24500.0)
    for name in ("hq", "branch"):
        assert pair.texts(name, "713050") == []
        assert len(told(pair, name, "602304")) == 2
        assert len(told(pair, name, "713120")) == 2


def test_a_cleared_pair_is_terminated_on_both_sides():
    pair = Pair().ping(2.0).order("hq", Clear("ipsec")).run(3.0)
    assert told(pair, "hq", "713050") == [
        "Connection terminated for peer 203.0.113.1.  Reason: Administrator Reset  "
        "Remote Proxy 10.2.0.0, Local Proxy 10.1.0.0"
    ]
    assert told(pair, "branch", "713050")[0].startswith(
        "Connection terminated for peer 198.51.100.1.  Reason: Peer Terminate  "
    )
    assert told(pair, "branch", "715009") == [
        "IKE Deleting SA: Remote Proxy 10.1.0.0, Local Proxy 10.2.0.0"
    ]


def test_a_quick_mode_that_is_cut_off_is_told():
    """quick-2 never arrives: three resends, then the FSM error with its history."""
    pair = Pair(lost=lambda output, sender: output.label == "quick-2").ping(40.0)
    assert [line.at for line in pair.log("hq", "713236") if "RESENDING" in line.text][:1] == [
        pair.log("hq", "714004")[0].at + 8.0
    ]
    assert told(pair, "hq", "713902")[0].startswith("QM FSM error (P2 struct &0x")
    assert (
        "QM_DONE, EV_ERROR-->QM_WAIT_MSG2, EV_TIMEOUT-->QM_WAIT_MSG2, NullEvent"
        in (told(pair, "hq", "715065")[0])
    )


def test_ends_that_an_asa_does_not_speak_of_are_named():
    assert set(CloseReason) - set(TERMINATION_REASONS) == {
        CloseReason.RETRANSMIT_LIMIT,
        CloseReason.HALF_OPEN_TIMEOUT,
        CloseReason.REFUSED,
        CloseReason.REKEYED,
        CloseReason.DEAD_PEER,
        CloseReason.PHASE2_FAILED,
    }


def test_a_quick_mode_that_ends_with_its_phase_1_is_not_an_error():
    pair = Pair(lost=lambda output, sender: output.label == "quick-2").ping(1.0)
    pair.order("hq", Clear("all")).run(2.0)
    assert pair.texts("hq", "713902") == []
    assert told(pair, "hq", "713259")


def test_sas_that_will_not_be_renewed_have_no_rekey_timer():
    view = Pair().ping(1.0).view("hq")
    events = tuple(
        replace(e, rekey_in=None) if isinstance(e, PhaseTwoCompleted) else e for e in view.events
    )
    timers = [line.text for line in VENDOR.log(events, view.snapshot) if line.id == "715080"]
    assert len(timers) == 1
    assert timers[0].endswith("Starting P1 rekey timer: 64800 seconds.")


def test_entries_that_the_box_no_longer_has_are_not_invented():
    view = Pair().ping(1.0).view("branch")
    lines = VENDOR.log(view.events, replace(view.snapshot, tunnels=()))
    assert [line.id for line in lines if line.id in ("713221", "713225")] == []
    assert [line.id for line in lines if line.id == "713066"] == ["713066"]
