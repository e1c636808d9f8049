"""What is only believed stays apart from what is known, and both can be printed."""

import string

from gwsim.vendors.asa import VENDOR, catalogue, words
from gwsim.vendors.asa.text import Head, Text


def texts(module):
    return {name: value for name, value in vars(module).items() if isinstance(value, Text)}


def test_every_message_has_a_number_and_a_severity():
    for module in (catalogue, words):
        assert texts(module)
        for name, text in texts(module).items():
            assert len(text.id) == 6, name
            assert text.id.isdigit(), name
            assert 0 <= text.severity <= 7, name
            assert isinstance(text.head, Head)


def test_no_wording_stands_in_both():
    known = {(text.id, text.words) for text in texts(catalogue).values()}
    believed = {(text.id, text.words) for text in texts(words).values()}
    assert not known & believed
    assert len(believed) == len(texts(words))


def test_debug_messages_are_those_of_severity_7():
    for text in (*texts(catalogue).values(), *texts(words).values()):
        if text.id.startswith(("714", "715")):
            assert text.severity == 7


def test_the_vendor_declares_what_is_believed():
    assert VENDOR.believed == words.BELIEVED
    assert {text.id for text in texts(words).values()} == words.BELIEVED
    assert {"713201", "752004", "752012", "602303"} <= words.BELIEVED
    assert "713119" not in words.BELIEVED


def test_places_in_a_wording_are_plain_names():
    for text in (*texts(catalogue).values(), *texts(words).values()):
        for _, place, _, _ in string.Formatter().parse(text.words):
            assert place is None or place.isidentifier()
