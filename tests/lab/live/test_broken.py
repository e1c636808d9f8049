"""Which faults a text puts into a lab, in order, and when."""

import pytest

from gwsim.lab.live.broken import faults_in
from tests.cli.conftest import SCENARIO


@pytest.mark.parametrize(
    ("faults", "found"),
    [
        ("", ()),
        ("faults:\n", ()),
        (
            "faults: [psk-mismatch, {drop: main-4}, {mtu: {start: 1s, end: 2m}}]\n",
            (("psk-mismatch", ""), ("drop", ""), ("mtu", "begins at 1s, ends at 2m")),
        ),
    ],
)
def test_faults_are_named_with_their_times(faults, found) -> None:
    assert faults_in(SCENARIO.replace("expect:", f"{faults}expect:")) == found


def test_where_there_is_no_text_there_are_no_faults() -> None:
    assert faults_in("") == ()
