"""Refusals, notifications, dead peers and dropped packets in the log."""

from functools import partial

import pytest

from gwsim.gateway.commands import Clear, Reboot, SetLink
from gwsim.gateway.events import DropCause
from gwsim.ike.flaws import Flaw
from gwsim.vendors.fortios import VENDOR
from gwsim.vendors.fortios.debug_errors import REFUSALS, UNTOLD
from gwsim.vendors.fortios.log_entries import PHASE1_REASONS, PHASE2_REASONS, STATELESS
from gwsim.vendors.fortios.words import ESP_ERRORS
from tests.vendors import made
from tests.vendors.fortios.pair import Pair
from tests.vendors.made import dropped

refusal = partial(made.refusal, connection="branch")
notify = partial(made.notify, connection="branch")
SNAPSHOT = Pair().view("hq").snapshot


def told(*events):
    return VENDOR.log(events, SNAPSHOT)


def debug_of(*events):
    return [line.text for line in told(*events) if line.debug]


def entries_of(*events):
    return [line for line in told(*events) if line.id]


@pytest.mark.parametrize("flaw", list(Flaw))
def test_a_told_flaw_makes_a_line_and_an_untold_one_none(flaw):
    assert bool(debug_of(refusal(flaw))) == (flaw not in UNTOLD)
    assert (flaw in REFUSALS) != (flaw in UNTOLD)


@pytest.mark.parametrize("flaw", list(Flaw))
def test_a_refusal_is_an_entry_where_there_is_a_reason_to_name(flaw):
    phase = 2 if flaw in PHASE2_REASONS else 1
    found = entries_of(refusal(flaw, phase=phase, label="quick-1"))
    named = flaw in PHASE1_REASONS or flaw in PHASE2_REASONS or flaw in STATELESS
    assert bool(found) == named


@pytest.mark.parametrize(
    ("flaw", "label", "lines"),
    [
        (Flaw.HASH_PHASE1, "aggr-3", ["ike 0:branch:1: probable pre-shared secret mismatch"]),
        (
            Flaw.UNDECRYPTABLE,
            "main-5",
            [
                "ike 0:branch:1: parse error",
                "ike 0:branch:1: probable pre-shared secret mismatch",
            ],
        ),
        (
            Flaw.NO_PROPOSAL_PHASE1,
            "main-1",
            [
                "ike 0:branch:1: negotiation failure",
                "ike Negotiate ISAKMP SA Error: ike 0:branch:1: no SA proposal chosen",
            ],
        ),
        (
            Flaw.PEER_ID,
            "main-5",
            [
                "ike 0:branch: ignoring IKE request, incorrect ID.",
                "ike 0:branch:1: negotiation failure",
                "ike Negotiate ISAKMP SA Error: ike 0:branch:1: no SA proposal chosen",
            ],
        ),
        (
            Flaw.PFS,
            "quick-1",
            [
                "ike 0:branch:1:branch:0: negotiation failure",
                "ike Negotiate IPsec SA Error: ike 0:branch:1:0: no SA proposal chosen",
            ],
        ),
    ],
)
def test_the_debug_output_of_a_refusal(flaw, label, lines):
    assert debug_of(refusal(flaw, label=label)) == lines


def test_a_message_of_an_unknown_sa_is_told_with_its_cookies():
    event = refusal(Flaw.NO_PHASE1, label="quick-1", message_id=0x1234, sa=0, connection="")
    assert debug_of(event) == [
        "ike 0: no established IKE SA for exchange-type Quick from 203.0.113.1:500->198.51.100.1 "
        "3 cookie 0000000000000000/1111111111111111:00001234, drop"
    ]
    (entry,) = entries_of(event)
    assert (entry.id, entry.severity) == ("0101037126", "error")
    assert 'status="negotiate_error"' in entry.text


def test_an_unknown_peer_is_told_with_its_message():
    lines = debug_of(refusal(Flaw.UNKNOWN_PEER, label="main-1", sa=0, connection="", length=572))
    assert lines[0].startswith("ike 0: comes 203.0.113.1:500->198.51.100.1:500,ifindex=3")
    assert "no matching gateway for new request 198.51.100.1:500->203.0.113.1:500" in lines[3]


def test_an_initiator_is_told_why_its_phase_2_was_refused():
    pair = Pair(branch_is={"pfs_group": None}).ping(5.0)
    assert "ike 0:branch:1: notify msg received: NO-PROPOSAL-CHOSEN" in pair.debug("hq")
    (entry,) = pair.entries("hq", "0101037125")
    assert 'status="negotiate_error" reason="peer notification"' in entry
    assert 'peer_notif="NO-PROPOSAL-CHOSEN"' in entry


def test_a_first_contact_flushes_what_there_was():
    assert [line.rpartition(": ")[2] for line in debug_of(notify(24578))] == [
        "processing INITIAL-CONTACT",
        "flushing ",
        "flushed ",
        "processed INITIAL-CONTACT",
    ]
    assert entries_of(notify(24578)) == []


def test_a_dead_peer():
    pair = Pair().ping(2.0)
    pair.lost = lambda output, sender: True
    pair.ping(100.0)
    lines = pair.debug("hq")
    assert "ike 0:branch:1: send IKEv1 DPD probe, seqno 1" in lines
    assert "ike 0:branch: link is idle 3 198.51.100.1->203.0.113.1:0 dpd=1 seqno=1 rr=0" in lines
    assert "ike 0:branch: link fail 3 198.51.100.1->203.0.113.1:500 dpd=1" in lines
    (entry,) = pair.entries("hq", "0101037136")
    assert 'action="dpd"' in entry
    assert 'status="dpd_failure"' in entry
    assert 'action="tunnel-down"' in pair.entries("hq", "0101037138")[-1]


def test_probes_and_answers_have_their_names():
    pair = Pair().ping(2.0)
    pair.lost = lambda output, sender: "UdpOut" not in type(output).__name__
    pair.ping(60.0)
    assert any("sent IKE msg (R-U-THERE): " in line for line in pair.debug("hq"))
    assert any("sent IKE msg (R-U-THERE-ACK): " in line for line in pair.debug("branch"))
    assert any("notify msg received: R-U-THERE" in line for line in pair.debug("branch"))


def test_every_cause_of_a_drop_is_told_or_not_of_an_esp_packet():
    for cause in DropCause:
        event = dropped(cause, inner=("10.9.9.9", "10.1.0.10", 6), local="any", remote="any")
        assert bool(told(event)) == (cause in ESP_ERRORS)
        outbound = dropped(cause, inbound=False, inner=("10.9.9.9", "10.1.0.10", 6))
        assert told(outbound) == ()


def test_a_stale_spi_after_a_reboot():
    pair = Pair().ping(2.0).order("branch", Reboot()).run(3.0).ping(4.0).ping(5.0)
    spi = pair.view("hq").snapshot.ipsec[0].negotiated.outbound_spi
    entry = pair.entries("branch", "0101037131")[0]
    assert (
        f'status="esp_error" error_num="Received ESP packet with unknown SPI." spi="{spi:08x}"'
        in entry
    )
    assert "remip=198.51.100.1" in entry


def test_the_interface_and_the_box_in_the_log():
    pair = Pair().order("hq", SetLink(False)).order("hq", SetLink(True)).order("hq", Reboot())
    lines = [line.text for line in pair.log("hq") if line.id.startswith("0100")]
    assert "Interface port1 was turned down" in lines[1]
    assert "Interface port1 was turned up" in lines[2]
    assert len(lines) == 4
    assert "0100" not in pair.show("hq", "execute log display")


def test_a_tunnel_that_is_taken_down():
    pair = Pair().ping(2.0).order("hq", Clear("all")).run(10.0)
    assert any("recv IPsec SA delete, spi count 1" in line for line in pair.debug("branch"))
    assert any("recv ISAKMP SA delete " in line for line in pair.debug("branch"))
    for name in ("hq", "branch"):
        down = pair.entries(name, "0101037138")[-1]
        assert 'action="tunnel-down"' in down
        assert "duration=1 " in down
        assert pair.entries(name, "0101037135")
        assert pair.entries(name, "0101037134")
