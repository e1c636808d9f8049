"""Phase 1 in the log: beginning, proposals, NAT, lifetimes, ends and their reasons."""

from dataclasses import replace

import pytest

from gwsim.gateway.commands import Clear, Initiate, Reboot, Shutdown
from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import (
    CloseReason,
    GaveUp,
    NegotiationStarted,
    PhaseOneClosed,
    PhaseOneCompleted,
)
from gwsim.ike.states import Role, State
from gwsim.vendors.asa import VENDOR
from gwsim.vendors.asa.log_phase1 import SESSION_REASONS
from tests.vendors.asa.pair import BRANCH, Pair


def told(pair, name, number):
    lines = pair.texts(name, number)
    assert lines, f"no {number}"
    return lines


def test_an_initiator_tells_why_it_begins():
    pair = Pair().ping(1.0)
    assert pair.texts("hq", "752004", "715077", "713041")[:3] == [
        "Tunnel Manager dispatching a KEY_ACQUIRE message to IKEv1.  Map Tag = outside_map.  "
        "Map Sequence Number = 1.",
        "Pitcher: received a key acquire message, spi 0x0",
        "IKE Initiator: New Phase 1, Intf inside, IKE Peer 203.0.113.1  "
        "local Proxy Address 10.1.0.0, remote Proxy Address 10.2.0.0,  Crypto map (outside_map)",
    ]
    assert pair.texts("branch", "752004", "713041") == []


def test_the_group_stands_in_front_as_soon_as_it_is_known():
    lines = [line.text for line in Pair().ping(1.0).log("hq", "713906")]
    landed = lines.index("IP = 203.0.113.1, Connection landed on tunnel_group 203.0.113.1")
    assert all(line.startswith("IP = 203.0.113.1, ") for line in lines[:landed])
    assert all(line.startswith("Group = 203.0.113.1, IP = ") for line in lines[landed + 1 :])


def test_the_next_traffic_waits_for_phase_1_and_is_told_when_it_goes_on():
    pair = Pair(lost=lambda output, sender: sender == "branch").ping(1.0).ping(2.0)
    queuing = "Queuing KEY-ACQUIRE messages to be processed when P1 SA is complete."
    assert told(pair, "hq", "713219") == [queuing]
    pair.lost = lambda output, sender: False
    pair.run(20.0)
    assert told(pair, "hq", "713220") == ["De-queuing KEY-ACQUIRE messages that were left pending."]


def test_a_phase_2_for_other_traffic_is_announced():
    both = [("10.1.0.0/24", "10.2.0.0/24"), ("10.1.0.0/24", "10.9.0.0/24")]
    pair = Pair({"pairs": both}, {"pairs": [(remote, local) for local, remote in both]})
    pair.ping(1.0)
    assert len(told(pair, "hq", "713041")) == 1
    pair.order("hq", Initiate("branch", "branch-2"))
    assert told(pair, "hq", "713041")[-1].startswith("IKE Initiator: New Phase 2, Intf inside, ")


def test_no_tunnel_group_on_the_initiator():
    pair = Pair({"psk": None}).ping(1.0)
    assert told(pair, "hq", "752006") == [
        "Tunnel Manager failed to dispatch a KEY_ACQUIRE message. Probable mis-configuration of "
        "the crypto map or tunnel-group.  Map Tag = outside_map.  Map Sequence Number = 1."
    ]


def test_a_refused_policy_is_told_attribute_by_attribute():
    """The first difference of each offer from each entry, as the device compares."""
    policies = (Phase1Transform(7, 2, 2, 256), Phase1Transform(5, 1, 2), Phase1Transform(5, 2, 5))
    pair = Pair(branch_is={"phase1": policies}).ping(5.0)
    assert pair.texts("branch", "713257") == [
        f"Phase 1 failure:  Mismatched attribute types for class {what}"
        for what in (
            "Encryption Alg:  Rcv'd: 3DES-CBC  Cfg'd: AES-CBC",
            "Hash Alg:  Rcv'd: SHA  Cfg'd: MD5",
            "Group Description:  Rcv'd: Group 2  Cfg'd: Group 5",
        )
    ]
    assert "All SA proposals found unacceptable" in pair.texts("branch", "713906")
    assert told(pair, "branch", "713048") == ["Error processing payload: Payload ID: 1"]
    assert told(pair, "branch", "715065")[0].endswith(
        "MM_DONE, EV_ERROR-->MM_START, EV_RCV_MSG-->MM_START, EV_START_MM"
    )
    assert pair.texts("hq", "713904") == [
        "Received an un-encrypted NO_PROPOSAL_CHOSEN notify message, dropping"
    ]


def test_an_accepted_policy_is_told_with_its_place():
    policies = (Phase1Transform(7, 2, 2, 256), *VENDOR.defaults.phase1)
    pair = Pair(branch_is={"phase1": policies}).ping(1.0)
    assert told(pair, "branch", "715028") == [
        "IKE SA Proposal # 1, Transform # 1 acceptable  Matches global IKE entry # 2"
    ]
    assert pair.texts("hq", "715028") == []


def test_nat_is_told_from_both_sides():
    pair = Pair(public="198.51.100.9").ping(2.0)
    status = "Automatic NAT Detection Status:     Remote end {} behind a NAT device     "
    status += "This   end {} behind a NAT device"
    assert told(pair, "hq", "713172") == [status.format("is NOT", "is")]
    assert told(pair, "branch", "713172") == [status.format("is", "is NOT")]


def test_nat_in_aggressive_mode_is_told_too():
    pair = Pair({"aggressive": True}, public="198.51.100.9").ping(2.0)
    assert len(told(pair, "hq", "713172")) == len(told(pair, "branch", "713172")) == 1


def test_the_lower_lifetime_wins_and_each_side_tells_it_its_way():
    short = tuple(
        Phase1Transform(t.encryption, t.hash, t.group, lifetime_seconds=3600)
        for t in VENDOR.defaults.phase1
    )
    pair = Pair(branch_is={"phase1": short, "lifetime_seconds": 1800}).ping(1.0)
    assert told(pair, "branch", "713075") == [
        "Overriding Initiator's Phase 1 rekeying duration from 86400 to 3600 seconds",
        "Overriding Initiator's IPSec rekeying duration from 28800 to 1800 seconds",
    ]
    forcing = told(pair, "hq", "713073")
    assert "Responder forcing change of Phase 1 rekeying duration from 86400 to 3600 seconds" in (
        forcing
    )
    assert "Responder forcing change of IPSec rekeying duration from 28800 to 1800 seconds" in (
        forcing
    )


def test_the_lower_volume_wins():
    pair = Pair(branch_is={"lifetime_kilobytes": 1000}).ping(1.0)
    change = "rekeying duration from 4608000 to 1000 Kbs"
    assert told(pair, "branch", "713076") == [f"Overriding Initiator's IPSec {change}"]
    assert told(pair, "hq", "713074") == [f"Responder forcing change of IPSec {change}"]


def test_equal_lifetimes_are_not_worth_a_word():
    pair = Pair().ping(1.0)
    assert pair.texts("hq", "713073", "713074") == pair.texts("branch", "713075", "713076") == []


def test_a_phase_1_that_comes_up():
    pair = Pair().ping(1.0)
    assert told(pair, "hq", "713119") == ["PHASE 1 COMPLETED"]
    assert told(pair, "hq", "713121") == ["Keep-alive type for this connection: DPD"]
    assert told(pair, "hq", "715080")[0] == "Starting P1 rekey timer: 64800 seconds."
    assert told(pair, "branch", "715080")[0] == "Starting P1 rekey timer: 82080 seconds."


def test_a_renewed_phase_1_keeps_its_session():
    pair = Pair({"dpd": None}, {"dpd": None}).ping(65000.0)
    assert told(pair, "hq", "713041")[-1] == (
        "IKE Initiator: Rekeying Phase 1, Intf outside, IKE Peer 203.0.113.1  "
        "local Proxy Address N/A, remote Proxy Address N/A,  Crypto map (N/A)"
    )
    assert len(told(pair, "hq", "713119")) == 2
    assert len(told(pair, "hq", "113009")) == 1
    assert pair.texts("hq", "113019") == []


def test_a_negotiation_nobody_answers_ends_with_the_tunnel_manager():
    pair = Pair(lost=lambda output, sender: True).ping(40.0)
    assert pair.texts("hq", "713902", "713903", "752012", "752015") == [
        "Removing peer from peer table failed, no match!",
        "Error: Unable to remove PeerTblEntry",
        "IKEv1 was unsuccessful at setting up a tunnel.  Map Tag = outside_map.  "
        "Map Sequence Number = 1.",
        "Tunnel Manager has failed to establish an L2L SA.  All configured IKE versions failed to "
        "establish the tunnel. Map Tag= outside_map.  Map Sequence Number = 1.",
    ]
    assert "IKE SA MM:" in pair.texts("hq", "713906")[-2]
    assert "flags 0x01000022" in pair.texts("hq", "713906")[-2]


def test_a_missing_tunnel_group_on_the_responder():
    pair = Pair(branch_is={"psk": None}).ping(5.0)
    assert pair.texts("branch", "713902", "713903") == [
        "Can't find a valid tunnel group, aborting...!",
        "Removing peer from peer table failed, no match!",
        "Error: Unable to remove PeerTblEntry",
    ]
    pair.run(10.0)
    assert pair.texts("hq", "713903", "713904") == [
        "Received an un-encrypted INVALID_COOKIE notify message, dropping",
        "Information Exchange processing failed",
    ]


def test_a_half_open_negotiation_that_the_reaper_takes():
    started = NegotiationStarted(
        at=0.0, peer=BRANCH, sa=1, phase=1, exchange="main", role=Role.RESPONDER
    )
    gone = GaveUp(
        at=60.0,
        peer=BRANCH,
        sa=1,
        phase=1,
        role=Role.RESPONDER,
        state=State.MAIN_WAIT_5,
        attempts=0,
        reason=CloseReason.HALF_OPEN_TIMEOUT,
    )
    lines = VENDOR.log((started, gone), Pair().view("hq").snapshot)
    assert [line.text for line in lines if line.id == "713136"] == [
        f"IP = {BRANCH}, IKE session establishment timed out [MM_WAIT_MSG5], aborting!"
    ]


@pytest.mark.parametrize(
    ("command", "ours"),
    [(Clear("all"), "Administrator Reset"), (Shutdown(), "Administrator Shutdown")],
)
def test_an_operator_ends_a_session(command, ours):
    pair = Pair().ping(2.0).ping(3.0).order("hq", command).run(5.0)
    assert told(pair, "hq", "713259") == [f"Session is being torn down. Reason: {ours}"]
    assert told(pair, "branch", "713259") == ["Session is being torn down. Reason: User Requested"]
    assert told(pair, "hq", "113019") == [
        "Group = 203.0.113.1, Username = 203.0.113.1, IP = 203.0.113.1, Session disconnected. "
        "Session Type: LAN-to-LAN, Duration: 0h:00m:02s, Bytes xmt: 33, Bytes rcv: 0, "
        f"Reason: {ours}"
    ]


def test_clearing_phase_1_alone_is_told_to_the_peer_without_proxies_when_it_has_none():
    pair = Pair(branch_is={"pfs_group": 5}).ping(1.0)
    assert pair.texts("branch", "713259") == [
        "Session is being torn down. Reason: Phase 2 Mismatch"
    ]
    snapshot = pair.view("hq").snapshot
    closed = PhaseOneClosed(
        at=9.0,
        peer=BRANCH,
        sa=7,
        role=Role.INITIATOR,
        state=State.ESTABLISHED,
        exchange="main",
        reason=CloseReason.PEER_DELETE,
        up_for=3.0,
        initiator_cookie="00" * 8,
        responder_cookie="11" * 8,
        attempts=0,
    )
    texts = [line.text for line in VENDOR.log((closed,), snapshot) if line.id == "713050"]
    assert texts == [
        f"IP = {BRANCH}, Connection terminated for peer {BRANCH}.  Reason: Peer Terminate  "
        "Remote Proxy N/A, Local Proxy N/A"
    ]


def test_a_dead_peer_ends_a_session():
    pair = Pair().ping(3.0)
    pair.lost = lambda output, sender: True
    pair.run(30.0)
    assert told(pair, "hq", "713123") == [
        "IKE lost contact with remote peer, deleting connection (keepalive type: DPD)"
    ]
    assert told(pair, "hq", "713259") == ["Session is being torn down. Reason: Lost Service"]


def test_every_way_an_established_sa_can_end_has_a_reason():
    """What is not in the table cannot happen to a session, or is told by what came before."""
    otherwise = {
        CloseReason.RETRANSMIT_LIMIT,
        CloseReason.HALF_OPEN_TIMEOUT,
        CloseReason.REFUSED,
        CloseReason.REKEYED,
        CloseReason.PHASE1_GONE,
        CloseReason.LAST_CHILD_GONE,
    }
    assert set(SESSION_REASONS) | otherwise == set(CloseReason)


def test_a_peer_that_comes_back_after_losing_everything():
    """Its INITIAL-CONTACT ends the old session; the new one goes on."""
    pair = Pair({"dpd": None}, {"dpd": None}).ping(2.0).order("branch", Reboot()).run(3.0)
    pair.ping(5.0, back=True)
    assert "Session is being torn down. Reason: Peer Reconnected" not in (
        pair.texts("branch", "713259")
    )
    assert len(pair.view("hq").snapshot.ike.sas) == 1
    assert told(pair, "hq", "713050")[0].startswith(
        "Connection terminated for peer 203.0.113.1.  Reason: Peer Terminate  "
    )


def test_an_sa_that_never_expires_has_no_rekey_timer():
    forever = tuple(
        Phase1Transform(t.encryption, t.hash, t.group, lifetime_seconds=None)
        for t in VENDOR.defaults.phase1
    )
    pair = Pair({"phase1": forever}, {"phase1": forever}).ping(1.0)
    assert told(pair, "hq", "715080") == ["Starting P2 rekey timer: 24480 seconds."]
    assert "Lifetime: 0\n" in pair.show("hq", "show crypto ikev1 sa detail")


def test_peers_behind_one_address_have_a_session_each():
    """A NAT hides them: the end of the one's session is told while the other's goes on."""
    pair = Pair().ping(1.0).order("hq", Clear())
    events = pair.view("hq").events
    [first] = [e for e in events if isinstance(e, PhaseOneCompleted)]
    other = replace(first, connection="other", sa=9)
    log = VENDOR.log((other, *events), pair.view("hq").snapshot)
    assert [line.id for line in log].count("113009") == 2
    assert [line.id for line in log].count("113019") == 1
