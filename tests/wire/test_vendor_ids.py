"""Vendor IDs: they are the hashes they claim to be, and are found by their versions too."""

from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.wire import vendor_ids
from gwsim.wire.vendor_ids import NAMES, PREFIXES, name_of


@pytest.mark.parametrize(
    ("text", "vendor_id"),
    [
        ("RFC 3947", vendor_ids.NAT_T_RFC),
        ("draft-ietf-ipsec-nat-t-ike-00", vendor_ids.NAT_T_DRAFT_00),
        ("draft-ietf-ipsec-nat-t-ike-01", vendor_ids.NAT_T_DRAFT_01),
        ("draft-ietf-ipsec-nat-t-ike-02", vendor_ids.NAT_T_DRAFT_02),
        ("draft-ietf-ipsec-nat-t-ike-02\n", vendor_ids.NAT_T_DRAFT_02_NEWLINE),
        ("draft-ietf-ipsec-nat-t-ike-03", vendor_ids.NAT_T_DRAFT_03),
        ("draft-ietf-ipsec-nat-t-ike-07", vendor_ids.NAT_T_DRAFT_07),
        ("FRAGMENTATION", vendor_ids.FRAGMENTATION),
        ("KAME/racoon", vendor_ids.RACOON),
        ("strongSwan", vendor_ids.STRONGSWAN),
    ],
)
def test_it_is_the_md5_of_its_text(text, vendor_id):
    assert md5(text.encode()).digest() == vendor_id


def test_the_cut_ones_begin_like_their_hash():
    assert md5(b"CISCO-UNITY").digest().startswith(vendor_ids.CISCO_UNITY[:14])
    assert md5(b"draft-ietf-ipsra-isakmp-xauth-06.txt").digest().startswith(vendor_ids.XAUTH)
    assert md5(b"ALTIGA GATEWAY").digest().startswith(vendor_ids.CISCO_ASA[:12])
    assert vendor_ids.NETSCREEN_HEARTBEAT.startswith(b"HeartBeat_Notify")
    assert vendor_ids.NORTEL_CONTIVITY.startswith(b"BNES")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("4a131c81070358455c5728f20e95452f", "RFC 3947 NAT-T"),
        ("4048b7d56ebce88525e7de7f00d6c2d3", "IKE Fragmentation"),
        (
            "4048b7d56ebce88525e7de7f00d6c2d3c0000000",
            "IKE Fragmentation (main and aggressive mode)",
        ),
        ("4048b7d56ebce88525e7de7f00d6c2d340000000", "IKE Fragmentation"),
        ("1f07f70eaa6514d3b0fa96542a500407", "Cisco VPN 3000/ASA"),
        ("699369228741c6d4ca094c93e242c9de19e7b7c60000000500000500", "ScreenOS"),
        ("2c9d7e81995b9967d23f571ac641f9348122f1cc0000000100000002", "ScreenOS (SSG-550M)"),
        ("8299031757a36082c6a621de00050282", "FortiGate"),
        ("424e455300000010", "Nortel Contivity"),
        ("1e2b516905991c7d7c96fcbfb587e46100000009", "Microsoft Windows"),
        ("afcad71368a1f1c96b8696fc77570101", "Dead Peer Detection"),
    ],
)
def test_name_of(data, name):
    assert name_of(bytes.fromhex(data)) == name


def test_a_name_belongs_to_the_whole_id_and_not_to_its_beginning():
    assert name_of(vendor_ids.NAT_T_RFC + b"\0") is None
    assert name_of(vendor_ids.NAT_T_RFC[:15]) is None
    assert name_of(b"") is None


@given(st.binary(max_size=40))
def test_any_octets_have_a_name_or_none(data):
    assert name_of(data) in {None, *NAMES.values(), *PREFIXES.values()}


def test_no_prefix_hides_another():
    assert not [(a, b) for a in PREFIXES for b in PREFIXES if a != b and a.startswith(b)]
