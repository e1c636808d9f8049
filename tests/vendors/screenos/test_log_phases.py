"""Negotiations from beginning to end: lifetimes, keys, sizes, and how they fail."""

from dataclasses import replace

from gwsim.gateway.commands import Clear, Initiate, Reboot, Rekey
from gwsim.ike.config import Phase2Transform
from gwsim.ike.events import AcquireFailed, CloseReason, GaveUp, PhaseTwoClosed, ProposalAccepted
from gwsim.ike.states import Role, State
from gwsim.vendors.screenos import VENDOR
from gwsim.vendors.screenos.log import log
from tests.vendors.screenos.pair import Pair


def told(*events):
    view = Pair().view("hq")
    return [line.text for line in log(tuple(events), view.snapshot)]


def test_a_completed_phase_2_names_spi_tunnel_and_lifetime():
    pair = Pair().ping(5)
    pair_of_sas = pair.view("hq").snapshot.ike.children[0]
    assert pair.log("hq")[-1] == (
        f"IKE<2.2.2.2> Phase 2 msg ID {pair_of_sas.message_id:08x}: Completed negotiations with "
        f"SPI {pair_of_sas.inbound_spi:08x}, tunnel ID 1, and lifetime 3600 seconds/0 KB."
    )


def test_a_lower_lifetime_is_shown_as_set():
    lines = Pair({"lifetime_seconds": 28800}).ping(5).debug("branch")
    expected = "IKE<0.0.0.0        > life (sec or kb): lcl 3600, peer 28800, set 3600."
    assert expected in lines


def test_the_sizes_of_a_tunnel_follow_its_algorithms():
    own = {"transforms": (Phase2Transform(12, 2, 256),)}
    lines = Pair(own, own).ping(5).debug("hq")
    assert "IKE<2.2.2.2> crypto_ctx 22, 16, 32, 16, 0, 0, 24, 0, 12, 56" in lines


def test_a_first_contact_finds_no_peer_identity_of_before():
    assert not [line for line in Pair().ping(5).debug("hq") if "existing peer" in line]


def test_a_box_that_was_reset_knows_no_peer_identity_of_before():
    pair = Pair().ping(5).order("branch", Clear("all")).order("hq", Reboot(1.0)).run(7).ping(9)
    texts = [line.text for line in pair.lines("hq")]
    assert sum(text.endswith("completing Phase 1") for text in texts) == 2
    assert not [text for text in texts if "existing peer" in text]


def test_a_packet_that_waits_for_phase_1_adds_a_task():
    pair = Pair(
        {"pairs": [("10.1.0.0/24", "10.2.0.0/24"), ("10.9.0.0/24", "10.2.0.0/24")]},
        lost=lambda output, sender: sender == "branch",
    )
    pair.order("hq", Initiate("branch")).run(1).order("hq", Initiate("branch", "branch-2")).run(2)
    kernel = "IKE<2.2.2.2> ****** Recv kernel msg IDX-2, TYPE-5 ******"
    assert pair.debug("hq")[-2:] == [kernel, "IKE<2.2.2.2> Phase 2 task added"]


def test_a_renewed_pair_gives_its_spis_back():
    pair = Pair().ping(5)
    old = pair.view("hq").snapshot.ike.children[0]
    lines = pair.order("hq", Rekey("branch")).run(40).debug("hq")
    spi = old.inbound_spi.to_bytes(4, "big")[::-1].hex()
    node = f"spi hash node removed: type<2>,spi<{spi}>,ip<1.1.1.1>"
    assert f"IKE<0.0.0.0        > {node}" in lines


def test_a_cleared_pair_is_deactivated_and_the_peer_told():
    lines = Pair().ping(5).order("hq", Clear("ipsec")).run(6).debug("hq")
    assert "IKE<2.2.2.2> deactive p2 sa 1 send_delete 1" in lines


def test_a_vpn_that_was_given_up_loses_its_old_spis_when_it_gets_new_ones():
    pair = Pair().ping(5)
    old = pair.view("hq").snapshot.ike.children[0]
    pair.order("hq", Clear("ipsec")).run(6)
    assert not [line for line in pair.debug("hq") if "node removed" in line]
    lines = pair.ping(8).debug("hq")
    spi = old.outbound_spi.to_bytes(4, "big")[::-1].hex()
    node = f"IKE<0.0.0.0        > spi hash node removed: type<2>,spi<{spi}>,ip<2.2.2.2>"
    assert lines[lines.index(node) + 1] == "IKE<2.2.2.2> clean_all_sa_state_node_from_list->"


def test_an_initial_contact_deactivates_every_vpn_with_the_peer():
    two = [("10.1.0.0/24", "10.2.0.0/24"), ("10.8.0.0/24", "10.2.0.0/24")]
    announces = replace(VENDOR.behaviour, initial_contact=("main-6",))
    lines = Pair({"pairs": two}, acts=announces).ping(5).debug("hq")
    place = lines.index("clear phase 2 sa of peer branch.")
    assert lines[place + 1 : place + 3] == [
        f"IKE<2.2.2.2> deactive p2 sa {index} send_delete 0" for index in (1, 2)
    ]
    assert sum("deactive p2 sa" in line for line in lines) == 2


def test_sizes_of_unknown_algorithms_are_left_out():
    view = Pair().ping(5).view("hq")
    strange = [
        replace(e, encryption=7) if isinstance(e, ProposalAccepted) and e.phase == 2 else e
        for e in view.events
    ]
    without = [e for e in view.events if not isinstance(e, ProposalAccepted)]
    for events in (strange, without):
        lines = [line.text for line in log(tuple(events), view.snapshot)]
        assert not [line for line in lines if "crypto_ctx" in line]
        assert any("Application sa installed." in line for line in lines)


def test_a_responder_that_waits_too_long_says_so():
    common = {"at": 60.0, "peer": "2.2.2.2", "connection": "branch", "sa": 1}
    event = GaveUp(
        **common,
        phase=1,
        role=Role.RESPONDER,
        state=State.MAIN_WAIT_3,
        attempts=0,
        reason=CloseReason.HALF_OPEN_TIMEOUT,
    )
    text = "IKE<2.2.2.2> Phase 1: Aborted negotiations because the time limit has elapsed."
    assert told(event) == [text]


def test_a_responder_that_sent_nothing_again_reached_no_limit():
    pair = Pair(branch_is={"psk": b"wrong"}).ping(100)
    assert log_of_limits(pair, "hq") == ["Phase 1: Retransmission limit has been reached."]
    assert log_of_limits(pair, "branch") == [
        "Phase 1: Aborted negotiations because the time limit has elapsed."
    ]


def log_of_limits(pair: Pair, name: str) -> list[str]:
    """Give what a gateway says about limits that were reached, without the peer."""
    return [line.partition("> ")[2] for line in pair.log(name) if " limit has " in line]


def test_an_unanswered_quick_mode_reaches_the_limit_by_its_message_id():
    log = Pair(lost=lambda output, sender: output.label == "quick-1").ping(60).log("hq")
    assert log[-1].endswith(": Retransmission limit has been reached.")
    assert "Phase 2 msg ID" in log[-1]


def test_a_peer_without_an_address_cannot_be_called():
    event = AcquireFailed(at=0.0, connection="branch", child="branch", why="no address")
    assert "the peer's gateway has a dynamic IP address" in told(event)[0]
    known = AcquireFailed(
        at=0.0, peer="2.2.2.2", connection="branch", child="branch", why="may only answer"
    )
    assert told(known) == []


def test_a_pair_that_the_peer_does_not_know_is_removed_after_its_notification():
    event = PhaseTwoClosed(
        at=0.0,
        peer="2.2.2.2",
        connection="branch",
        role=Role.INITIATOR,
        child="branch",
        local="10.1.0.0/24",
        remote="10.2.0.0/24",
        inbound_spi=0x1000,
        outbound_spi=0x2000,
        reason=CloseReason.PEER_REFUSED,
        up_for=5.0,
    )
    assert told(event) == [
        "IKE<2.2.2.2> deactive p2 sa 1 send_delete 0",
        "IKE<2.2.2.2>: Removed Phase 2 SAs after receiving a notification message.",
    ]
