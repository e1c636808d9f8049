"""The timeline: one act per entry, and its moment."""

import pytest
from pydantic import ValidationError

from gwsim.lab.acts import ACTS, Change, Clear, TimelineEntry, moments


def entry(**given: object) -> TimelineEntry:
    return TimelineEntry.model_validate(given)


def test_an_entry_has_exactly_one_act() -> None:
    assert entry(at="1s", clear="hq").act == ("clear", Clear(at="hq"))
    for wrong in ({"at": "1s"}, {"clear": "hq", "wait": "1s"}, {"at": 1, "after": 1, "wait": 1}):
        with pytest.raises(ValidationError):
            TimelineEntry.model_validate(wrong)


def test_acts_at_a_gateway_have_a_brief_form() -> None:
    for name in ("clear", "reboot", "shutdown", "initiate", "rekey", "nat_rebind"):
        assert entry(**{name: "hq"}).act[1].at == "hq"
        assert name in ACTS


def test_moments_count_from_the_start_or_from_the_entry_before() -> None:
    timeline = (
        entry(at="5s", clear="hq"),
        entry(clear="hq"),
        entry(after="2s", clear="hq"),
        entry(wait="10s"),
        entry(clear="hq"),
        entry(at="1s", clear="hq"),
    )
    assert moments(timeline) == (5, 5, 7, 17, 17, 1)


def test_a_change_says_options_as_a_gateway_does() -> None:
    change = entry(change={"at": "hq", "psk": "x", "pfs": "group2", "outside": "192.0.2.1"}).act[1]
    assert isinstance(change, Change)
    assert (change.psk, change.pfs, change.outside) == ("x", 2, "192.0.2.1")
