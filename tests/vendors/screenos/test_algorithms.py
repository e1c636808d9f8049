"""The names of algorithms on the screens."""

import pytest

from gwsim.vendors.screenos.algorithms import (
    authentication_word,
    cookie_algorithms,
    encryption_word,
    sa_algorithm,
)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((1, 2, 5, None, 2), "PRESHR/grp2/3DES/SHA"),
        ((1, 5, 7, 128, 1), "PRESHR/grp5/AES128/MD5"),
        ((3, 1, 1, None, 2), "RSA/grp1/DES/SHA"),
        ((65001, 2, 6, None, 3), "65001/grp2/6/3"),
    ],
)
def test_phase_1(numbers, text):
    assert cookie_algorithms(*numbers) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((3, None, 2), "esp:3des/sha1"),
        ((12, 256, 2), "esp:a256/sha1"),
        ((2, None, 1), "esp:des/md5"),
        ((11, None, None), "esp:null/null"),
        ((7, None, 9), "esp:7/9"),
    ],
)
def test_phase_2(numbers, text):
    assert sa_algorithm(*numbers) == text


@pytest.mark.parametrize(
    ("transform", "key_bits", "text"),
    [(3, None, "3des"), (12, 256, "aes256"), (20, 128, "gcm128"), (7, None, "7")],
)
def test_words_of_the_detailed_screen(transform, key_bits, text):
    assert encryption_word(transform, key_bits) == text
    assert authentication_word(2) == "sha1"
