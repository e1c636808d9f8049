"""What a line looks like when everything is gone that differs from lab to lab."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.matrix.patterns import nameless, pattern, patterns

SAME = [
    (
        "Group = 203.0.113.1, IP = 203.0.113.1, PHASE 1 COMPLETED",
        "Group = 10.0.0.9, IP = 10.0.0.9, PHASE 1 COMPLETED",
    ),
    (
        "QM FSM error (P2 struct &0x1c2f3a40, mess id 0x9a28c9ca)!",
        "QM FSM error (P2 struct &0x00000b40, mess id 0x1)!",
    ),
    ("#pkts encaps: 4, #pkts encrypt: 4", "#pkts encaps: 1200, #pkts encrypt: 17"),
    ("Encrypt : aes-256         Hash    : SHA", "Encrypt : 3des Hash : MD5"),
    ("esp-aes 256 esp-sha-hmac", "esp-3des esp-md5-hmac"),
    (
        "in use settings ={L2L, Tunnel, PFS Group 2, }",
        "in use settings ={L2L, Tunnel, PFS Group 5, }",
    ),
    (
        "*Mar  2 09:00:01.030: ISAKMP:(1001): beginning",
        "*Mar 12 19:30:01.990: ISAKMP:(1002): beginning",
    ),
    ("key: ****************-****************", "key: ********-********-********"),
    ("seqno=c esn=0", "seqno=1f esn=0"),
    ("enc: aes-cb 0123456789abcdef", "enc: 3des-cb 00aabbccddeeff11"),
    ("created: 13s ago, idle: 20000ms", "created: 90s ago, idle: 5000ms"),
    ("src: 0:10.2.0.0-10.2.0.255:0", "src: 0:10.88.7.0-10.88.7.255:0"),
    ("Duration: 0h:00m:05s", "Duration: 2h:10m:00s"),
    ("0:PRESHR/grp2/AES256/SHA, xchg(2)", "0:PRESHR/grp5/3DES/MD5, xchg(2)"),
]
OTHER = [
    ("PHASE 1 COMPLETED", "PHASE 2 COMPLETED"),
    ("#pkts decaps: 0", "#pkts decaps: 5"),
    ("invalidated proposal with error 256", "invalidated proposal with error 32"),
    ("notify message for DOI <1> <14>", "notify message for DOI <1> <18>"),
    ("State   : MM_WAIT_MSG4", "State   : MM_WAIT_MSG6"),
    ("QM_IDLE           1001 ACTIVE", "MM_NO_STATE          0 ACTIVE"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_labs_differ_in_what_does_not_matter(one: str, other: str):
    assert pattern(one) == pattern(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_tells_causes_apart_stays(one: str, other: str):
    assert pattern(one) != pattern(other)


@given(st.text())
def test_a_pattern_of_any_text_is_short_and_needs_no_second_look(text: str):
    once = pattern(text)
    assert len(once) <= 3 * len(text) + 8
    assert "  " not in once


def test_a_text_has_each_pattern_once_and_no_blank_ones():
    assert patterns("IKE Peer: 10.0.0.1\n\nIKE Peer: 10.0.0.2\n") == ("IKE Peer: <ip>",)


def test_names_are_taken_out_as_whole_words():
    clean = nameless(["hq", "branch"])
    assert clean("hq to branch: branch-2, hqx") == "<name> to <name>: <name>-2, hqx"
    assert nameless([])("hq") == "hq"
