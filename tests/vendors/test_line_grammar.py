"""Lines and blocks are read by the first rule that fits; what nothing understands is returned."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.vendors.line_grammar import (
    Grammar,
    by_wildcard,
    group,
    host,
    nothing,
    number,
    port,
    protocol,
    rules,
    subnet,
    word_of,
)


def keep(draft: list[str], m: re.Match[str]) -> None:
    draft.append(m["word"])


def refuse(draft: list[str], m: re.Match[str]) -> None:
    raise ValueError(f"no {m['word']}")


GRAMMAR: Grammar[list[str]] = Grammar(
    rules((r"keep (?P<word>\w+)", keep), (r"refuse (?P<word>\w+)", refuse), (r"block", nothing)),
    rules((r"block / keep (?P<word>\w+)", keep)),
    comments=("!",),
)


def test_lines_and_blocks_do_what_their_rules_say() -> None:
    draft: list[str] = []
    assert GRAMMAR.read("keep a\n! keep b\n\nblock\n keep c\n", draft) == ()
    assert draft == ["a", "c"]


@pytest.mark.parametrize(
    ("text", "number", "why"),
    [
        ("keep a\nlose b", 2, "not known here"),
        ("keep a\n keep b", 2, "not known here"),
        (" keep b", 1, "not known here"),
        ("block\n\nrefuse salt", 3, "no salt"),
    ],
)
def test_what_does_nothing_is_returned_with_its_number(text: str, number: int, why: str) -> None:
    [ignored] = GRAMMAR.read(text, [])
    assert (ignored.number, ignored.why) == (number, why)


@given(st.text())
def test_no_text_stops_the_reading(text: str) -> None:
    for ignored in GRAMMAR.read(text, []):
        assert ignored.why


def test_addresses_are_cut_by_mask_or_wildcard() -> None:
    assert str(subnet("10.1.0.7", "255.255.255.0")) == "10.1.0.0/24"
    assert str(by_wildcard("10.1.0.7", "0.0.0.255")) == "10.1.0.0/24"
    assert str(host("10.1.0.7")) == "10.1.0.7"


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (lambda: subnet("10.1.0.0", "255.0.255.0"), "255.0.255.0 has holes"),
        (lambda: by_wildcard("10.1.0.0", "0.255.0.255"), "0.255.0.255 has holes"),
        (lambda: number("²"), "² is not a number"),
        (lambda: group("3"), "group 3 is not known here"),
        (lambda: protocol("²", {}), "² is not a protocol known here"),
        (lambda: protocol("256", {}), "256 is not a protocol known here"),
        (lambda: port("www", {}), "www is not a port known here"),
        (lambda: word_of({"a": 1}, "b"), "b is not known here"),
    ],
)
def test_a_word_that_makes_no_sense_is_named(read, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        read()


def test_words_and_numbers_mean_the_same() -> None:
    assert protocol("tcp", {"tcp": 6}) == protocol("6", {}) == 6
    assert port("www", {"www": 80}) == port("80", {}) == 80
    assert (group("14"), word_of({"a": 1}, "a")) == (14, 1)
