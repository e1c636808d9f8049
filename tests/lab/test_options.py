"""Options of one end are read with their short forms, and contradictions are refused."""

import pytest
from pydantic import ValidationError

from gwsim.lab.options import DpdOptions, SideOptions


def options(**given: object) -> SideOptions:
    return SideOptions.model_validate(given)


def test_one_proposal_stands_for_a_list_of_one() -> None:
    read = options(phase1={"encryption": "aes", "hash": "sha", "group": "modp1024"})
    (entry,) = read.phase1 or ()
    assert entry.cipher == (7, 128)
    assert entry.hash_number == 2
    assert entry.group == 2


def test_gcm_brings_its_own_integrity() -> None:
    (entry,) = options(phase2={"encryption": "aes-128-gcm"}).phase2 or ()
    assert entry.cipher == (20, 128)
    assert entry.integrity_number is None


@pytest.mark.parametrize(
    ("written", "group"), [("group2", 2), (14, 14), ("none", 0), (False, 0), ("ecp256", 19)]
)
def test_pfs_is_a_group_or_none(written: object, group: int) -> None:
    assert options(pfs=written).pfs == group


def test_dpd_is_on_off_or_told() -> None:
    assert options(dpd=True).dpd == DpdOptions()
    assert options(dpd=False).dpd is False
    told = options(dpd={"idle": "30s", "action": "restart"}).dpd
    assert isinstance(told, DpdOptions)
    assert told.idle == 30


def test_a_key_of_digits_is_taken_as_it_was_written() -> None:
    assert options(psk=12345).psk == "12345"


def test_no_key_is_something_else_than_nothing_said() -> None:
    assert options(psk=False).psk is False
    assert options().psk is None


@pytest.mark.parametrize(
    "given",
    [
        {"psk": 1.5},
        {"psk": True},
        {"pfs": True},
        {"pfs": "group99"},
        {"pfs": 2.5},
        {"phase1": {"group": True}},
        {"phase1": []},
        {"dpd": {"idel": "3s"}},
        {"mode": "quick"},
        {"replay_window": 2049},
        {"replay_window": 16},
        {"pfs": 2, "phase2": {"pfs": 2}},
        {"phase2": [{"lifetime": "1h"}, {"lifetime": "2h"}]},
        {"hq": {}},
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SideOptions.model_validate(given)
