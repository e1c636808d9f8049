"""Proposals by name, and the words for their algorithms."""

import pytest

from gwsim.ike.config import Phase1Transform, Phase2Transform
from gwsim.vendors.screenos import proposals


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("pre-g2-3des-sha", Phase1Transform(5, 2, 2, lifetime_seconds=28800)),
        ("pre-g14-aes256-sha2-256", Phase1Transform(7, 4, 14, 256, lifetime_seconds=28800)),
        ("rsa-g2-3des-sha", None),
        ("pre-g2-cast-sha", None),
        ("pre-g2-3des-crc", None),
    ],
)
def test_predefined_phase_1_proposals(name, proposal):
    assert proposals.predefined_phase1(name) == proposal


@pytest.mark.parametrize(
    ("name", "transform", "group"),
    [
        ("nopfs-esp-3des-sha", Phase2Transform(3, 2), None),
        ("g2-esp-aes128-sha", Phase2Transform(12, 2, 128), 2),
        ("nopfs-esp-aes128-gcm-null", Phase2Transform(20, None, 128), None),
    ],
)
def test_predefined_phase_2_proposals(name, transform, group):
    found = proposals.predefined_phase2(name)
    assert found == proposals.Phase2Proposal(transform, group)


@pytest.mark.parametrize("name", ["nopfs-ah-sha", "g2-esp-cast-sha", "g2-esp-3des-crc", ""])
def test_other_names_stand_for_nothing(name):
    assert proposals.predefined_phase2(name) is None


def test_security_levels_consist_of_predefined_proposals():
    for names in proposals.PHASE1_LEVELS.values():
        assert all(proposals.predefined_phase1(name) for name in names)
    for names in proposals.PHASE2_LEVELS.values():
        assert all(proposals.predefined_phase2(name) for name in names)


@pytest.mark.parametrize("cipher", sorted(proposals.ENCRYPTION))
@pytest.mark.parametrize("hash_", sorted(proposals.HASH))
def test_words_of_phase_1_are_read_back(cipher, hash_):
    assert proposals.phase1_words(proposals.phase1(2, cipher, hash_, 1)) == (cipher, hash_)


@pytest.mark.parametrize("cipher", sorted(proposals.ESP))
@pytest.mark.parametrize("hash_", sorted(proposals.AUTHENTICATION))
def test_words_of_phase_2_are_read_back(cipher, hash_):
    assert proposals.phase2_words(proposals.phase2(cipher, hash_)) == (cipher, hash_)


def test_algorithms_without_a_word_are_shown_by_number():
    assert proposals.phase1_words(Phase1Transform(6, 3, 2)) == ("6-None", "3")
    assert proposals.phase2_words(Phase2Transform(7, 9)) == ("7-None", "9")
