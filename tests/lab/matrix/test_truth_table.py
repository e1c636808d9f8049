"""The computed matrix says what the vendors' material and the RFCs say, cell by cell.

Rows are the protocol sheet's table of faults and symptoms (states with every vendor at both
ends) and the vendor sheet's messages as far as they are seen in samples or documented.
"""

import pytest

from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.cell import Cell, EndCell, Ending
from tests.lab.matrix.cells import computed

I2, I4, I6 = "MAIN_WAIT_2", "MAIN_WAIT_4", "MAIN_WAIT_6"
R3, R5, UP = "MAIN_WAIT_3", "MAIN_WAIT_5", "ESTABLISHED"

# fault, where, setting, variant; the last state phase 1 reached at each end; the ending
STATES = [
    ("peer-down", "responder", "main", "", I2, None, Ending.NEVER_UP),
    ("no-route", "responder", "main", "", I2, None, Ending.NEVER_UP),
    ("wrong-peer-address", "initiator", "main", "", I2, None, Ending.NEVER_UP),
    ("isakmp-disabled", "responder", "main", "", I2, None, Ending.NEVER_UP),
    ("udp-500-blocked", "both", "main", "", I2, None, Ending.NEVER_UP),
    ("udp-500-blocked", "initiator", "main", "", I2, None, Ending.NEVER_UP),
    ("udp-500-blocked", "responder", "main", "", I2, R3, Ending.NEVER_UP),
    ("answer-only-both", "both", "main", "", None, None, Ending.NEVER_UP),
    ("phase1-encryption-mismatch", "responder", "main", "", I2, None, Ending.NEVER_UP),
    ("phase1-group-mismatch", "responder", "main", "", I2, None, Ending.NEVER_UP),
    ("drop", "both", "main", "main-3", I4, R3, Ending.NEVER_UP),
    ("drop", "both", "main", "main-4", I4, R5, Ending.NEVER_UP),
    ("psk-mismatch", "initiator", "main", "", I6, R5, Ending.NEVER_UP),
    ("psk-mismatch", "responder", "main", "", I6, R5, Ending.NEVER_UP),
    ("psk-mismatch", "responder", "nat", "", I6, R5, Ending.NEVER_UP),
    ("psk-mismatch", "responder", "aggressive", "", "AGGR_WAIT_2", "AGGR_WAIT_3", Ending.NEVER_UP),
    ("udp-4500-blocked", "both", "nat", "", I6, R5, Ending.NEVER_UP),
    ("nat-traversal-off", "responder", "nat", "", UP, UP, Ending.NO_TRAFFIC),
    ("phase2-encryption-mismatch", "responder", "main", "", UP, UP, Ending.NEVER_UP),
    ("phase1-lifetime-mismatch", "responder", "main", "", UP, UP, Ending.UP),
    ("phase2-lifetime-mismatch", "responder", "main", "", UP, UP, Ending.UP),
    ("esp-blocked", "both", "main", "", UP, UP, Ending.NO_TRAFFIC),
    ("esp-blocked", "responder", "main", "", UP, UP, Ending.ONE_WAY),
]
PAIRS = ["asa asa", "asa screenos", "screenos asa", "ios screenos", "screenos ios", "ios asa"]

BLOCKED, CLEAR_14 = "udp-4500-blocked", "NO-PROPOSAL-CHOSEN in the clear"


def furthest(end: EndCell) -> str | None:
    return end.passed[-1].state if end.passed else None


def logged(end: EndCell) -> list[str]:
    return [f"{message.id} {message.text}" for message in end.messages]


@pytest.mark.parametrize(
    ("fault", "where", "setting", "variant", "first", "second", "ending"), STATES
)
@pytest.mark.parametrize("pair", PAIRS[:3])
def test_a_fault_stops_phase_1_where_the_sheet_says(
    pair: str,
    fault: str,
    where: str,
    setting: str,
    variant: str,
    first: str | None,
    second: str | None,
    ending: Ending,
):
    cell = computed(fault, where, pair, setting, variant)
    assert cell.bit, cell.why
    assert (furthest(cell.initiator), furthest(cell.responder)) == (first, second)
    assert cell.ending is ending


# fault, where, vendor, at which end, what its log says
MESSAGES = [
    ("psk-mismatch", "responder", "ios", "initiator", "retransmitting phase 1 MM_KEY_EXCH"),
    ("psk-mismatch", "responder", "ios", "responder", "IKMP_BAD_MESSAGE"),
    ("psk-mismatch", "responder", "fortios", "responder", "probable pre-shared secret mismatch"),
    ("psk-mismatch", "responder", "fortios", "initiator", "sent IKE msg (P1_RETRANSMIT)"),
    ("phase1-hash-mismatch", "responder", "fortios", "responder", "no SA proposal chosen"),
    ("proxy-id-mismatch", "responder", "fortios", "responder", "specified selectors mismatch"),
    ("psk-mismatch", "responder", "screenos", "responder", "The preshared keys might not match."),
    ("psk-mismatch", "responder", "screenos", "initiator", "Retransmission limit has been reached"),
    ("udp-500-blocked", "both", "screenos", "initiator", "Retransmission limit has been reached"),
    ("udp-500-blocked", "responder", "ios", "responder", "phase 1 packet is a duplicate"),
    ("phase1-hash-mismatch", "responder", "ios", "responder", "offered does not match policy!"),
    ("phase1-hash-mismatch", "responder", "ios", "responder", "phase 1 SA policy not acceptable!"),
    ("phase1-group-mismatch", "responder", "asa", "responder", "for class Group Description"),
    ("phase1-group-mismatch", "responder", "asa", "responder", "All SA proposals found unaccept"),
    ("phase1-hash-mismatch", "responder", "screenos", "responder", "Rejected proposals from peer"),
    ("missing-psk", "responder", "asa", "responder", "Can't find a valid tunnel group"),
    ("missing-psk", "initiator", "asa", "initiator", "752006 "),
    ("isakmp-disabled", "initiator", "asa", "initiator", "752006 "),
    ("missing-psk", "responder", "ios", "responder", "No pre-shared key with"),
    ("missing-psk", "responder", "screenos", "responder", "an unrecognized peer gateway"),
    ("pfs-mismatch", "responder", "screenos", "responder", "instead of expected group"),
    ("phase2-encryption-mismatch", "responder", "ios", "responder", "with error 256"),
    ("proxy-id-mismatch", "responder", "asa", "responder", "no matching crypto map entry"),
    ("proxy-id-mismatch", "responder", "asa", "responder", "QM FSM error"),
    ("proxy-id-mismatch", "responder", "ios", "responder", "with error 32"),
    ("proxy-id-mismatch", "responder", "ios", "responder", "proxy identities not supported"),
    (
        "proxy-id-mismatch",
        "responder",
        "screenos",
        "responder",
        "No policy exists for the proxy ID",
    ),
    ("reboot", "responder", "asa", "responder", "402114 "),
    ("reboot", "responder", "ios", "responder", "RECVD_PKT_INV_SPI"),
    ("reboot", "responder", "screenos", "responder", "bad SPI"),
    ("replay", "both", "asa", "responder", "402119 "),
    ("replay", "both", "ios", "responder", "PKT_REPLAY_ERR"),
]


@pytest.mark.parametrize(("fault", "where", "vendor", "end", "words"), MESSAGES)
def test_a_vendor_says_what_its_samples_say(
    fault: str, where: str, vendor: str, end: str, words: str
):
    variant = "not-mirrored" if fault == "proxy-id-mismatch" else ""
    cell = computed(fault, where, f"{vendor} {vendor}", variant=variant)
    assert cell.bit, cell.why
    assert any(words in line for line in logged(cell.end(Where(end))))


@pytest.mark.parametrize("pair", PAIRS)
def test_a_wrong_key_and_a_blocked_port_look_alike_but_for_the_decryption(pair: str):
    """The states are the same; the responder refuses main-5 only where it has seen it."""
    key = computed("psk-mismatch", "responder", pair, "nat")
    port = computed(BLOCKED, "both", pair, "nat")
    for where in (Where.INITIATOR, Where.RESPONDER):
        assert [p.state for p in key.end(where).passed] == [p.state for p in port.end(where).passed]
    assert not _arrived(port, "main-5")
    assert _arrived(key, "main-5")
    assert set(logged(key.responder)) - set(logged(port.responder))


def _arrived(cell: Cell, label: str) -> int:
    return sum(one.arrived for one in cell.wire if one.label == label)


@pytest.mark.parametrize("pair", PAIRS)
def test_port_4500_matters_to_nobody_without_a_nat(pair: str):
    cell = computed(BLOCKED, "both", pair)
    assert not cell.bit
    assert cell.ending is Ending.UP


@pytest.mark.parametrize("pair", ["asa asa", "asa ios", "ios asa"])
def test_a_phase_2_refusal_takes_phase_1_of_an_asa_along(pair: str):
    """One-sided PFS: protected NO-PROPOSAL-CHOSEN, and the tunnel is built again and again."""
    cell = computed("pfs-mismatch", "responder", pair)
    assert "NO-PROPOSAL-CHOSEN" in cell.responder.notifies_sent
    assert cell.initiator.flapping or pair == "asa ios"
    assert cell.ending is Ending.NEVER_UP


def test_who_has_no_pfs_accepts_it_with_ios_and_refuses_it_with_an_asa():
    assert computed("pfs-mismatch", "initiator", "asa ios").ending is Ending.UP
    assert computed("pfs-mismatch", "initiator", "ios asa").ending is Ending.NEVER_UP


@pytest.mark.parametrize("pair", PAIRS)
def test_wrong_proxy_ids_are_answered_encrypted(pair: str):
    cell = computed("proxy-id-mismatch", "responder", pair, variant="not-mirrored")
    assert any(
        n in ("INVALID-ID-INFORMATION", "NO-PROPOSAL-CHOSEN") for n in cell.responder.notifies_sent
    )
    assert cell.ending is Ending.NEVER_UP


def test_a_subset_of_the_proxy_ids_works_one_way_with_ios_only():
    narrow = {"variant": "mask"}
    assert computed("proxy-id-mismatch", "initiator", "asa ios", **narrow).responder.pairs
    assert not computed("proxy-id-mismatch", "responder", "asa ios", **narrow).responder.pairs


@pytest.mark.parametrize("pair", PAIRS[:3])
def test_blocked_esp_counts_on_one_side_only(pair: str):
    cell = computed("esp-blocked", "both", pair)
    assert cell.initiator.encapsulated
    assert not cell.initiator.decapsulated
    assert not cell.responder.decapsulated


def test_an_asa_without_a_tunnel_group_leaves_its_peer_at_message_4():
    cell = computed("missing-psk", "responder", "asa asa")
    assert furthest(cell.initiator) == I4
    assert cell.initiator.rest in ("MM_WAIT_MSG4", "none")


def test_the_healthy_row_is_up_and_says_so():
    for pair in PAIRS:
        cell = computed(pair=pair)
        assert cell.ending is Ending.UP
        assert cell.answered >= cell.asked - 1  # the first may begin the negotiation
        assert not cell.initiator.flapping
