"""The lab that stands for a gateway of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.live.alone import ALONE, lab_name
from gwsim.lab.live.places import NAME


@pytest.mark.parametrize(
    ("gateway", "lab"),
    [("hq", "hq"), ("HQ_Firewall 1", "hq-firewall-1"), ("-a-", "a"), ("ø", ALONE), ("", ALONE)],
)
def test_it_is_called_like_its_gateway_as_far_as_a_lab_can_be(gateway: str, lab: str) -> None:
    assert lab_name(gateway) == lab


@given(st.text(max_size=60))
def test_every_gateway_has_a_lab_that_can_be_named(gateway: str) -> None:
    assert NAME.fullmatch(lab_name(gateway))
