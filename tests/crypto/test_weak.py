"""Weaknesses in words, as every report prints them."""

import pytest

from gwsim.crypto.esp import suite
from gwsim.crypto.weak import weaknesses_esp, weaknesses_phase1


@pytest.mark.parametrize(
    ("transform", "words"),
    [
        ((1, None, 1, 1), ("DES: 56-bit key", "MD5", "group 1: 768-bit MODP")),
        ((5, None, 2, 2), ("3DES: 64-bit block", "group 2: 1024-bit MODP")),
        ((3, None, 2, 5), ("Blowfish: 64-bit block", "group 5: 1536-bit MODP")),
        ((6, 40, 4, 14), ("CAST: 64-bit block", "CAST: 40-bit key")),
        ((7, 256, 4, 14), ()),
        ((7, 128, 2, 19), ()),
        ((7, 128, 2, 22), ("group 22: 1024-bit MODP",)),
        ((999, None, 999, 999), ()),
    ],
)
def test_phase1(transform, words):
    assert weaknesses_phase1(*transform) == words


@pytest.mark.parametrize(
    ("numbers", "group", "words"),
    [
        ((12, 256, 5), None, ()),
        ((12, 256, 5), 14, ()),
        ((12, 256, 5), 2, ("group 2: 1024-bit MODP",)),
        ((2, None, 1), 1, ("DES: 56-bit key", "MD5", "group 1: 768-bit MODP")),
        ((3, None, 2), None, ("3DES: 64-bit block",)),
        ((12, 256, 5), 999, ()),
    ],
)
def test_esp(numbers, group, words):
    assert weaknesses_esp(suite(*numbers), group) == words
