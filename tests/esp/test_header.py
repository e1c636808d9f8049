import pytest

from gwsim.esp.header import inner_tos, outer_dont_fragment, with_tos
from gwsim.esp.inner import read_inner
from gwsim.wire.ip import parse_ipv4
from tests.esp.planes import packet

NOT_ECT, ECT_1, ECT_0, CE = range(4)


@pytest.mark.parametrize(
    ("policy", "inner", "outer"),
    [
        ("copy", True, True),
        ("copy", False, False),
        ("clear", True, False),
        ("clear", False, False),
        ("set", True, True),
        ("set", False, True),
    ],
)
def test_the_dont_fragment_bit_follows_the_policy(policy, inner, outer):
    assert outer_dont_fragment(policy, inner) is outer


@pytest.mark.parametrize(
    ("inner", "outer", "result"),
    [
        (NOT_ECT, NOT_ECT, NOT_ECT),
        (NOT_ECT, ECT_0, NOT_ECT),
        (NOT_ECT, ECT_1, NOT_ECT),
        (NOT_ECT, CE, None),
        (ECT_0, NOT_ECT, ECT_0),
        (ECT_0, ECT_0, ECT_0),
        (ECT_0, ECT_1, ECT_1),
        (ECT_0, CE, CE),
        (ECT_1, NOT_ECT, ECT_1),
        (ECT_1, ECT_0, ECT_1),
        (ECT_1, ECT_1, ECT_1),
        (ECT_1, CE, CE),
        (CE, NOT_ECT, CE),
        (CE, ECT_0, CE),
        (CE, ECT_1, CE),
        (CE, CE, CE),
    ],
)
def test_ecn_comes_out_as_figure_4_of_rfc_6040_says(inner, outer, result):
    dscp = 46 << 2
    assert inner_tos(dscp | inner, outer) == (None if result is None else dscp | result)


def test_the_dscp_of_the_outer_header_is_not_taken_over():
    assert inner_tos(0b101000 << 2, 0b111111 << 2) == 0b101000 << 2


def test_another_tos_keeps_the_rest_and_has_a_right_checksum():
    changed = with_tos(packet(tos=2), 20, 0xB9)
    assert read_inner(changed).tos == 0xB9
    assert parse_ipv4(changed).payload == parse_ipv4(packet()).payload
