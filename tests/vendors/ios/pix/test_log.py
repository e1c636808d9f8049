"""The log of a PIX: every event is handled, and the words are those of real lines."""

from datetime import datetime

from gwsim.gateway.commands import Clear, Reboot, Rekey
from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.ike.config import Dpd
from gwsim.vendors.ios.pix.log import DROPS, SILENT, TOLD, format_line, log
from gwsim.vendors.vendor import LogLine
from tests.vendors.ios.pix.pair import Pair
from tests.vendors.made import EVENTS

ENDS = "(local 198.51.100.1 (initiator), remote 203.0.113.1)"


def test_every_event_is_told_or_declared_silent():
    assert set(TOLD) | SILENT == EVENTS
    assert not set(TOLD) & SILENT


def test_a_tunnel_from_its_beginning():
    pair = Pair().ping(1)
    sa = pair.view("hq").snapshot.ike.children[0]
    made = "sa created, (sa) sa_dest= {}, sa_prot= 50, sa_spi= 0x{:x}({}), "
    made += "sa_trans= esp-des esp-sha-hmac , sa_conn_id= {}"
    assert pair.texts("hq") == [
        f"ISAKMP Phase 1 exchange started {ENDS}",
        f"ISAKMP Phase 1 exchange completed {ENDS}",
        "ISAKMP Phase 1 SA created (local 198.51.100.1/500 (initiator), remote 203.0.113.1/500, "
        "authentication=pre-share, encryption=DES-CBC, hash=SHA, group=1, lifetime=86400s)",
        f"ISAKMP session connected {ENDS}",
        f"ISAKMP Phase 2 exchange started {ENDS}",
        f"ISAKMP Phase 2 exchange completed {ENDS}",
        made.format("198.51.100.1", sa.inbound_spi, sa.inbound_spi, 1),
        made.format("203.0.113.1", sa.outbound_spi, sa.outbound_spi, 2),
    ]


def test_what_is_deleted_is_told_by_both_ends():
    pair = Pair().ping(1).order("hq", Clear()).run(2)
    assert pair.texts("hq", "702202") == [f"ISAKMP Phase 1 delete sent {ENDS}"]
    assert len(pair.texts("branch", "702201")) == 1
    for name in ("hq", "branch"):
        assert len(pair.texts(name, "602302")) == 2
        assert len(pair.texts(name, "602203")) == 1


def test_retransmissions_by_phase():
    assert len(Pair(lost=lambda output, sender: True).ping(60).texts("hq", "702204")) == 5
    pair = Pair(lost=lambda output, sender: output.label == "quick-2").ping(60)
    assert len(pair.texts("hq", "702205")) == 5
    assert pair.texts("hq", "602203") == []


def test_two_keys_are_a_malformed_payload_and_duplicates():
    pair = Pair(branch_is={"psk": b"another"}).ping(7)
    assert len(pair.texts("branch", "702206")) >= 2
    assert pair.texts("hq", "702207")
    assert pair.texts("hq", "602201") == []


def test_a_dead_peer_times_out():
    dpd = Dpd(idle=5.0, retry=1.0, count=2)
    pair = Pair({"dpd": dpd}).ping(1)
    pair.lost = lambda output, sender: sender == "branch"
    assert pair.run(30).texts("hq", "702203") == [f"ISAKMP DPD timed out {ENDS}"]


def test_a_renewed_phase_1_is_announced():
    pair = Pair().ping(1).order("hq", Rekey("branch", 1)).run(2)
    assert pair.texts("hq", "702212") == [f"ISAKMP Phase 1 initiating rekey {ENDS}"]


def test_a_stale_spi_is_told():
    pair = Pair().ping(1).order("branch", Reboot(1.0)).run(5).ping(6)
    (line,) = pair.texts("branch", "402101")
    assert line.startswith("decaps: rec'd IPSEC packet has invalid spi for destaddr=203.0.113.1")


def test_drops_that_no_message_tells_of_are_left_to_the_counters():
    view = Pair().view("hq")
    for cause in DropCause:
        event = PacketDropped(
            at=1.0,
            peer="203.0.113.1",
            cause=cause,
            inbound=True,
            source="203.0.113.1",
            destination="198.51.100.1",
            protocol=50,
            spi=7,
        )
        assert bool(log((event,), view.snapshot)) is (cause in DROPS)


def test_a_line_with_its_time():
    line = LogLine(0.0, "sa created", "602301", "6")
    written = format_line(line, datetime(2004, 12, 4, 12, 37, 51))
    assert written == "Dec 04 2004 12:37:51: %PIX-6-602301: sa created"
