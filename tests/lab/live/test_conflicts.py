"""What an ARP frame says about who has an address."""

from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.live.conflicts import claimed, probe

OWN, OTHER = bytes.fromhex("02420a010001"), bytes.fromhex("02420a010002")
ADDRESS = bytes([10, 1, 0, 1])


def test_a_probe_claims_no_address_and_asks_everybody():
    """RFC 5227, 2.1.1: a request whose sender has no address, to the broadcast address."""
    arp = bytes.fromhex("0001 0800 06 04 0001") + OWN + bytes(4) + bytes(6) + ADDRESS
    frame = probe(OWN, ADDRESS)
    assert frame == b"\xff" * 6 + OWN + bytes.fromhex("0806") + arp
    assert claimed(frame, OTHER) == bytes(4)


def test_an_answer_of_somebody_else_is_a_claim_and_our_own_is_none():
    head = OWN + OTHER + bytes.fromhex("080600010800060400020242")
    answer = head[:-2] + OTHER + ADDRESS + OWN + ADDRESS
    assert claimed(answer, OWN) == ADDRESS
    assert claimed(answer, OTHER) == b""


@given(st.binary(max_size=60))
def test_any_frame_is_taken(frame):
    assert len(claimed(frame, OWN)) in (0, 4)
