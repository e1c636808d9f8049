"""Refusals, notifications, dead peers and dropped packets in the log."""

import pytest

from gwsim.gateway.commands import Reboot, SetLink
from gwsim.gateway.events import DropCause
from gwsim.ike.config import Dpd
from gwsim.ike.events import DpdReceived
from gwsim.ike.flaws import Flaw
from gwsim.vendors.ios import VENDOR
from gwsim.vendors.ios.log_errors import DROPS, RATE_LIMIT, REFUSALS, UNTOLD, UNTOLD_DROPS
from tests.vendors.ios.pair import BRANCH, Pair
from tests.vendors.made import dropped, notify, refusal

SNAPSHOT = Pair().view("hq").snapshot


def lines_of(*events):
    return [line.text for line in VENDOR.log(events, SNAPSHOT)]


@pytest.mark.parametrize("flaw", list(Flaw))
def test_a_told_flaw_makes_a_line_and_an_untold_one_none(flaw):
    assert bool(lines_of(refusal(flaw))) == (flaw not in UNTOLD)
    assert (flaw in REFUSALS) != (flaw in UNTOLD)


@pytest.mark.parametrize(
    ("flaw", "label", "text"),
    [
        (
            Flaw.UNDECRYPTABLE,
            "main-5",
            "IKE message from 203.0.113.1 failed its sanity check or is malformed",
        ),
        (
            Flaw.UNKNOWN_COOKIE,
            "main-3",
            "IKE message from 203.0.113.1 has no SA and is not an initialization offer",
        ),
        (
            Flaw.NO_PHASE1,
            "quick-1",
            "Cannot accept Quick Mode exchange from 203.0.113.1 if SA is not authenticated!",
        ),
        (
            Flaw.CLEAR_TEXT,
            "main-5",
            "IKE packet from 203.0.113.1 was not encrypted and it should've been.",
        ),
        (
            Flaw.HASH_PHASE1,
            "aggr-2",
            "Processing of Aggressive mode failed with peer at 203.0.113.1",
        ),
        (Flaw.NONCE, "main-3", "Processing of Main mode failed with peer at 203.0.113.1"),
        (Flaw.PFS, "quick-1", "Processing of Quick mode failed with peer at 203.0.113.1"),
        (
            Flaw.EXCHANGE_MODE,
            "aggr-1",
            "Unable to initiate or respond to Aggressive Mode while disabled",
        ),
    ],
)
def test_the_system_log_of_a_refusal(flaw, label, text):
    told = VENDOR.log((refusal(flaw, label=label),), SNAPSHOT)
    assert [line.text for line in told if line.id] == [text]


def test_a_policy_nobody_accepts_ends_with_the_first_message():
    lines = lines_of(refusal(Flaw.NO_PROPOSAL_PHASE1, label="main-1"))
    assert lines[:2] == [
        "ISAKMP:(0):no offers accepted!",
        "ISAKMP:(0): phase 1 SA policy not acceptable! (local 198.51.100.1 remote 203.0.113.1)",
    ]
    assert lines[-1] == (
        'ISAKMP:(0):deleting SA reason "Phase1 SA policy proposal not accepted" '
        "state (R) MM_NO_STATE (peer 203.0.113.1) "
    )


def test_an_answer_in_clear_is_not_believed():
    assert next(line.rpartition(":")[2] for line in lines_of(notify(14, protected=False))) == (
        "Notify has no hash. Rejected."
    )
    other = Pair(branch_is={"phase1": (VENDOR.defaults.phase1[0].__class__(1, 2, 2),)}).ping(5.0)
    assert other.texts("hq", "IKMP_MODE_FAILURE") == [
        "Processing of Informational mode failed with peer at 203.0.113.1"
    ]
    assert "state = IKE_I_MM1" in " ".join(other.texts("hq"))


def test_an_initiator_whose_offer_is_refused_deletes_a_larva():
    pair = Pair(branch_is={"pfs_group": 2}).ping(5.0)
    texts = pair.texts("hq")
    assert any("processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3" in text for text in texts)
    assert any('error TRUE reason "Delete Larval"' in text for text in texts)
    assert texts[-1].startswith(
        "ISAKMP:(1001):Old State = IKE_P1_COMPLETE  New State = IKE_P1_COMPLETE"
    )


def test_an_initial_contact_brings_down_what_there_was():
    lines = lines_of(notify(24578))
    assert lines[-1] == (
        "ISAKMP:(0):Process initial contact,\nbring down existing phase 1 and 2 SA's with local "
        "198.51.100.1 remote 203.0.113.1 remote port 500"
    )
    assert "RESPONDER_LIFETIME" in lines_of(notify(24576))[0]


def test_a_dead_peer():
    both = {"dpd": Dpd(10.0, 2.0, 3)}
    pair = Pair(dict(both), dict(both)).ping(3.0)
    assert not any("DPD/" in text for text in pair.texts("hq"))
    pair.run(15.0)
    assert any("DPD/R_U_THERE_ACK received from peer" in text for text in pair.texts("hq"))
    pair.lost = lambda output, sender: True
    pair.run(60.0)
    texts = pair.texts("hq")
    assert "ISAKMP:(1001):peer 203.0.113.1 not responding!" in texts
    assert any("P1 errcounter exceeded (PEERS_ALIVE_TIMER)" in text for text in texts)
    assert pair.texts("hq", "SESSION_STATUS")[-1] == (
        "Crypto tunnel is DOWN.  Peer 203.0.113.1:500       Id: 203.0.113.1"
    )
    event = DpdReceived(at=1.0, peer=BRANCH, sa=1, sequence=0x1F, ack=False, accepted=True)
    assert lines_of(event) == [
        "ISAKMP:(0):DPD/R_U_THERE received from peer 203.0.113.1, sequence 0x1F"
    ]


def test_every_cause_of_a_drop_is_told_or_declared_untold():
    assert set(DROPS) | UNTOLD_DROPS == set(DropCause)
    for cause in DropCause:
        event = dropped(cause, inner=("10.9.9.9", "10.1.0.10", 6), local="any", remote="any")
        assert bool(lines_of(event)) == (cause in DROPS)
    assert lines_of(dropped(DropCause.CLEAR_TEXT, inbound=False)) == []


def test_a_stale_spi_after_a_reboot():
    pair = Pair().ping(2.0).order("branch", Reboot()).run(3.0).ping(4.0).ping(5.0)
    spi = pair.view("hq").snapshot.ipsec[0].negotiated.outbound_spi
    assert pair.texts("branch", "RECVD_PKT_INV_SPI") == [
        f"decaps: rec'd IPSEC packet has invalid spi for destaddr=203.0.113.1, prot=50, "
        f"spi=0x{spi:X}({spi}), srcaddr=198.51.100.1, input interface=GigabitEthernet0/0"
    ]


def test_dropped_packets_are_told_as_captures_have_it():
    clear = dropped(DropCause.CLEAR_TEXT, protocol=1, source="10.2.0.10", destination="10.1.0.10")
    assert lines_of(clear) == [
        "Rec'd packet not an IPSEC packet. (ip) vrf/dest_addr= /10.1.0.10, "
        "src_addr= 10.2.0.10, prot= 1"
    ]
    assert lines_of(dropped(DropCause.REPLAYED)) == [
        "decrypt: replay check failed connection id=0, sequence number=31"
    ]


def test_drops_of_a_kind_are_told_once_a_minute():
    events = tuple(dropped(DropCause.REPLAYED, at=at) for at in (1.0, 30.0, 60.9, 61.0))
    assert [line.at for line in VENDOR.log(events, SNAPSHOT)] == [1.0, 61.0]
    assert RATE_LIMIT == 60.0


def test_the_box_and_its_link():
    pair = Pair().order("hq", SetLink(False)).order("hq", SetLink(True))
    assert [line.id for line in pair.log("hq")] == [
        "SYS-5-RESTART",
        "LINK-3-UPDOWN",
        "LINEPROTO-5-UPDOWN",
        "LINK-3-UPDOWN",
        "LINEPROTO-5-UPDOWN",
    ]
