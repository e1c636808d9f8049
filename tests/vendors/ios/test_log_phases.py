"""What is told of both phases, step by step, in the words of captures."""

import itertools

from gwsim.gateway.commands import Clear
from gwsim.ike.config import Phase1Transform
from gwsim.ike.events import CloseReason
from gwsim.vendors.ios.payloads import vendor_id_lines
from gwsim.vendors.ios.words import REASONS
from gwsim.wire import vendor_ids
from gwsim.wire.payloads import NatDiscovery, VendorId
from tests.vendors.ios.pair import Pair


def machine(pair, name):
    """The states the machine went through, as the transcript tells them."""
    lines = [text for text in pair.texts(name) if "Old State = IKE_" in text]
    moves = [text.partition("Old State = ")[2].strip().split("  New State = ") for text in lines]
    return [tuple(move) for move in moves]


def test_the_machine_of_an_initiator_goes_through_the_states_of_a_capture():
    states = [new for old, new in machine(Pair().ping(1.0), "hq") if old != new]
    assert states == [
        "IKE_I_MM1",
        "IKE_I_MM2",
        "IKE_I_MM3",
        "IKE_I_MM4",
        "IKE_I_MM5",
        "IKE_I_MM6",
        "IKE_P1_COMPLETE",
        "IKE_QM_I_QM1",
        "IKE_QM_IPSEC_INSTALL_AWAIT",
        "IKE_QM_PHASE2_COMPLETE",
    ]


def test_the_machine_of_a_responder_goes_through_the_states_of_a_capture():
    states = [new for old, new in machine(Pair().ping(1.0), "branch") if old != new]
    assert states == [
        "IKE_R_MM1",
        "IKE_R_MM2",
        "IKE_R_MM3",
        "IKE_R_MM4",
        "IKE_R_MM5",
        "IKE_P1_COMPLETE",
        "IKE_QM_SPI_STARVE",
        "IKE_QM_IPSEC_INSTALL_AWAIT",
        "IKE_QM_R_QM2",
        "IKE_QM_PHASE2_COMPLETE",
    ]


def test_each_state_of_the_machine_follows_the_one_before():
    for changes in ({}, {"hq_is": {"aggressive": True}}):
        pair = Pair(**changes).ping(1.0)
        for name in ("hq", "branch"):
            phase1 = [move for move in machine(pair, name) if "_QM_" not in move[0]]
            for (_, new), (old, _) in itertools.pairwise(phase1):
                assert new == old


def test_resends_are_counted():
    texts = Pair(lost=lambda output, sender: True).ping(75.0).texts("hq")
    counted = [text for text in texts if "incrementing error counter" in text]
    assert counted == [
        f"ISAKMP (0): incrementing error counter on sa, attempt {n} of 5: retransmit phase 1"
        for n in range(1, 6)
    ]
    assert texts.count("ISAKMP:(0): retransmitting phase 1 MM_NO_STATE...") == 6
    assert texts[-3] == (
        'ISAKMP:(0):deleting SA reason "Death by retransmission P1" state (I) MM_NO_STATE '
        "(peer 203.0.113.1) "
    )


def test_a_repeated_message_is_a_duplicate():
    texts = Pair(lost=lambda output, sender: sender == "branch").ping(15.0).texts("branch")
    at = texts.index("ISAKMP:(0): phase 1 packet is a duplicate of a previous packet.")
    assert texts[at + 1 : at + 3] == [
        "ISAKMP:(0): retransmitting due to retransmit phase 1",
        "ISAKMP:(0): retransmitting phase 1 MM_SA_SETUP...",
    ]


def test_quick_mode_is_repeated_and_given_up():
    pair = Pair(lost=lambda output, sender: output.label == "quick-1").ping(75.0)
    texts = pair.texts("hq")
    assert sum("on node, attempt" in text for text in texts) == 5
    assert 'error TRUE reason "Death by retransmission P2"' in texts[-1]
    assert pair.view("hq").snapshot.ike.sas[0].state == "ESTABLISHED"


def test_each_policy_is_checked_and_the_first_difference_told():
    offer = (Phase1Transform(7, 2, 2, 256), Phase1Transform(5, 1, 2))
    pair = Pair({"phase1": offer}, {"phase1": (Phase1Transform(5, 2, 2),)}).ping(5.0)
    texts = [text.partition(")")[2] or text for text in pair.texts("branch")]
    checked = [t for t in texts if "policy!" in t or "Checking" in t or "Next payload" in t]
    assert checked[:6] == [
        ":Checking ISAKMP transform 1 against priority 10 policy",
        ":Encryption algorithm offered does not match policy!",
        ":atts are not acceptable. Next payload is 3",
        ":Checking ISAKMP transform 2 against priority 10 policy",
        ":Hash algorithm offered does not match policy!",
        ":atts are not acceptable. Next payload is 0",
    ]


def test_an_initiator_without_a_key_does_not_begin():
    texts = Pair({"psk": None}).ping(1.0).texts("hq")
    assert "ISAKMP:(0):No pre-shared key with 203.0.113.1!" in texts
    assert texts[-1] == "ISAKMP:(0): construct_initial_message: Can not start Main mode"


def test_the_major_version_is_an_octet_of_the_vendor_id():
    """Numbers as in captures; of a short vendor ID it is an octet of the payload behind it."""
    expected = {
        vendor_ids.NAT_T_RFC: 69,
        vendor_ids.NAT_T_DRAFT_03: 157,
        vendor_ids.NAT_T_DRAFT_02_NEWLINE: 123,
        vendor_ids.FRAGMENTATION_MAIN: 194,
    }
    for data, major in expected.items():
        lines = list(vendor_id_lines([VendorId(data)]))
        assert lines[1][1] == {"major": major}
    short = list(vendor_id_lines([VendorId(vendor_ids.XAUTH), NatDiscovery(bytes(range(20)))]))
    assert [values for _, values in short[1:]] == [{"major": 2}, {"what": "XAUTH"}]
    assert len(list(vendor_id_lines([VendorId(vendor_ids.XAUTH)]))) == 2
    asa = list(vendor_id_lines([VendorId(vendor_ids.CISCO_ASA)]))
    assert "hash mismatch" in asa[1][0].words


def test_a_session_is_up_and_down_once():
    pair = Pair().ping(1.0).run(3600.0).order("hq", Clear("all")).run(3601.0)
    for name, peer in (("hq", "203.0.113.1"), ("branch", "198.51.100.1")):
        assert pair.texts(name, "SESSION_STATUS") == [
            f"Crypto tunnel is UP  .  Peer {peer}:500       Id: {peer}",
            f"Crypto tunnel is DOWN.  Peer {peer}:500       Id: {peer}",
        ]


def test_every_reason_has_words():
    assert set(REASONS) == set(CloseReason)
