"""`debug ike detail` as a receiver: packets, payloads, and those that are no message of ours."""

from dataclasses import replace

from gwsim.ike.config import Dpd
from gwsim.vendors.screenos import VENDOR
from tests.vendors.screenos.pair import BRANCH, HQ, Pair


def test_message_ids_are_printed_the_other_way_round_than_in_the_log():
    pair = Pair().ping(5)
    entry = next(line for line in pair.debug("branch") if "done(new" in line)[-9:-1]
    logged = next(line for line in pair.log("branch") if "msg ID" in line)
    assert bytes.fromhex(entry)[::-1].hex() in logged


def test_the_state_is_the_one_that_stood_when_a_message_came():
    pair = Pair().ping(5)
    assert [line[13:] for line in pair.debug("branch") if " in state " in line] == [
        "MM in state OAK_MM_NO_STATE.",
        "MM in state OAK_MM_SA_SETUP.",
        "MM in state OAK_MM_KEY_EXCH.",
        "QM in state OAK_QM_SA_ACCEPT.",
        "QM in state OAK_QM_AUTH_AWAIT.",
    ]


def test_aggressive_mode_has_states_of_its_own():
    own = {"aggressive": True, "accept_aggressive": True, "accept_main": False}
    pair = Pair(own, own).ping(5)
    assert "IKE<1.1.1.1> AG in state OAK_AG_NOSTATE." in pair.debug("branch")
    assert "IKE<1.1.1.1> AG in state OAK_AG_INIT_EXCH." in pair.debug("branch")
    assert "IKE<2.2.2.2> AG in state OAK_AG_NOSTATE." in pair.debug("hq")


def test_a_message_under_another_key_is_decrypted_and_no_payload_is_named():
    lines = Pair(branch_is={"psk": b"wrong"}).ping(1).debug("branch")
    last = max(n for n, line in enumerate(lines) if "Decrypting payload" in line)
    assert "nxp 5[ID], exch 2[MM], flag 01   E" in lines[last - 1]
    assert "The preshared keys might not match" in lines[last + 1]
    assert lines[last + 2] == "IKE<1.1.1.1> IKE msg done: PKI state<0> IKE state<1/000f>"


def test_an_unknown_vendor_id_is_said_to_be_unknown():
    lines = Pair().ping(1).debug("hq")
    assert not [line for line in lines if "unknown vendor ID" in line]
    pair = Pair()
    stranger = bytes.fromhex("42 4e 45 53 00 00 00 09")
    lines = _with_vendor_id(pair, stranger)
    place = lines.index("42 4e 45 53 00 00 00 09")
    assert lines[place + 1] == "IKE<2.2.2.2> receive unknown vendor ID payload"


def _with_vendor_id(pair: Pair, data: bytes) -> list[str]:
    ids = replace(VENDOR.behaviour.vendor_ids, second=(data,))
    return Pair(acts=replace(VENDOR.behaviour, vendor_ids=ids)).ping(1).debug("hq")


def test_a_packet_from_a_stranger_is_caught_before_it_is_rejected():
    lines = Pair(branch_is={"remote": "9.9.9.9"}).ping(1).debug("branch")
    assert lines[:4] == [
        "IKE<1.1.1.1> ike packet, len 184, action 0",
        "IKE<1.1.1.1> Catcher: received 156 bytes from socket.",
        "IKE<1.1.1.1> ****** Recv packet if <ethernet0/0> of vsys <Root> ******",
        "IKE<1.1.1.1> Catcher: get 156 bytes. src port 500",
    ]
    assert "unrecognized peer gateway" in lines[4]


def test_on_port_4500_the_packet_is_longer_by_the_marker():
    own = {"nat_traversal": True, "force_encapsulation": True}
    lines = Pair(own, own).ping(5).debug("branch")
    caught = next(n for n, line in enumerate(lines) if "src port 4500" in line)
    sizes = [int(lines[caught - 3].split("len ")[1].split(",")[0]), int(lines[caught].split()[3])]
    assert sizes[0] - sizes[1] == 20 + 8 + 4


def test_a_second_first_packet_is_discarded_and_logged():
    log = Pair(lost=lambda output, sender: sender == "branch").ping(5).log("branch")
    assert log[-1] == (
        "IKE<1.1.1.1>: Discarded a second initial packet, which arrived within 4 seconds "
        "after the first."
    )


def test_dpd_is_seen_as_notifications():
    dpd = Dpd(idle=5.0, retry=5.0, count=3)
    lines = Pair({"dpd": dpd}).ping(20).debug("branch")
    assert "IKE<1.1.1.1> Received notify message for DOI <1> <36136> <R-U-THERE>." in lines
    assert "IKE<1.1.1.1> Construct [NOTIF] (R-U-THERE-ACK)" in lines
    assert (HQ, BRANCH) == ("1.1.1.1", "2.2.2.2")
