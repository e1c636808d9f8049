"""Names of algorithms and their wire numbers agree with each other and with the models."""

from typing import get_args

import pytest

from gwsim.crypto.ciphers import CIPHERS
from gwsim.crypto.dh import GROUPS as SUPPORTED_GROUPS
from gwsim.crypto.esp_suites import ENCRYPTIONS as ESP_SUPPORTED
from gwsim.crypto.esp_suites import INTEGRITIES as INTEGRITY_SUPPORTED
from gwsim.crypto.hashes import HASHES as SUPPORTED_HASHES
from gwsim.lab import algorithms as names
from gwsim.lab.options import EncryptionName, EspName, HashName, IntegrityName


def test_every_name_stands_for_something_the_engine_can_do() -> None:
    assert {number for number, _ in names.ENCRYPTIONS.values()} <= set(CIPHERS)
    assert set(names.HASHES.values()) <= set(SUPPORTED_HASHES)
    assert set(names.GROUPS.values()) <= set(SUPPORTED_GROUPS)
    assert {number for number, _ in names.ESP_ENCRYPTIONS.values()} <= set(ESP_SUPPORTED)
    assert set(names.INTEGRITIES.values()) - {None} <= set(INTEGRITY_SUPPORTED)


def test_the_models_offer_exactly_the_names_of_the_tables() -> None:
    assert set(get_args(EncryptionName)) == set(names.ENCRYPTIONS)
    assert set(get_args(HashName)) == set(names.HASHES)
    assert set(get_args(EspName)) == set(names.ESP_ENCRYPTIONS)
    assert set(get_args(IntegrityName)) == set(names.INTEGRITIES)


@pytest.mark.parametrize("written", [2, "2", "group2", "group 2", "group-2", "modp1024", "Group2"])
def test_a_group_has_many_spellings(written: str | int) -> None:
    assert names.group_number(written) == 2


@pytest.mark.parametrize("written", ["3", "group99", "", "modp", "x2", "²"])
def test_an_unknown_group_is_refused_with_those_there_are(written: str) -> None:
    with pytest.raises(ValueError, match="there are 1, 2, 5, 14"):
        names.group_number(written)
