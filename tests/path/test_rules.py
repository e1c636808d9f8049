"""Rules in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.path.config import Match
from gwsim.path.rules import RuleSyntaxError, rule_from_text
from gwsim.wire.labels import FAMILIES, LABELS


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("main-4", Match(label="main-4")),
        ("info-delete", Match(label="info-delete")),
        ("info", Match(label="info")),
        ("quick", Match(label="quick")),
        ("esp", Match(label="esp")),
        ("any", Match()),
        ("the any", Match()),
        ("udp", Match(protocol=17)),
        ("udp/4500", Match(protocol=17, port=4500)),
        ("UDP/500", Match(protocol=17, port=500)),
        ("tcp/80", Match(protocol=6, port=80)),
        ("icmp", Match(protocol=1)),
        ("ip/50", Match(protocol=50)),
        ("the 2nd quick-2", Match(label="quick-2", occurrences=frozenset({2}))),
        ("2nd quick-2", Match(label="quick-2", occurrences=frozenset({2}))),
        ("the first main-1", Match(label="main-1", occurrences=frozenset({1}))),
        ("The Third main-1", Match(label="main-1", occurrences=frozenset({3}))),
        ("the 1st and 3rd esp", Match(label="esp", occurrences=frozenset({1, 3}))),
        ("the 1st, 2nd, and 21st esp", Match(label="esp", occurrences=frozenset({1, 2, 21}))),
        ("the first 3 main-1", Match(label="main-1", occurrences=frozenset({1, 2, 3}))),
        ("udp/4500 from branch", Match(protocol=17, port=4500, from_side="branch")),
        ("esp to hq", Match(label="esp", to_side="hq")),
        ("esp after 10s", Match(label="esp", start=10.0)),
        ("esp until 1.5m", Match(label="esp", end=90.0)),
        ("esp after 250ms until 1h", Match(label="esp", start=0.25, end=3600.0)),
        ("esp 25%", Match(label="esp", probability=0.25)),
        ("esp 0.5%", Match(label="esp", probability=0.005)),
        (
            "the 2nd esp from Hq to branch after 5 until 9 50%",
            Match(None, None, "esp", "Hq", "branch", frozenset({2}), 5.0, 9.0, 0.5),
        ),
    ],
)
def test_words_become_a_match(text, match):
    assert rule_from_text(text) == match


@pytest.mark.parametrize("word", [*LABELS, *FAMILIES])
def test_every_label_and_family_can_be_said(word):
    match = rule_from_text(word)
    assert match.label == ("" if word == "any" else word)


@pytest.mark.parametrize(
    ("text", "word", "nearest"),
    [
        ("quik-2", "quik-2", "quick-2"),
        ("mian-4", "mian-4", "main-4"),
        ("udp/4501x", "udp/4501x", "udp/4500"),
        ("esp form hq", "form", "from"),
        ("esp untill 10s", "untill", "until"),
    ],
)
def test_an_error_names_the_word_and_the_nearest_legal_one(text, word, nearest):
    with pytest.raises(RuleSyntaxError, match=f"{word!r}.*did you mean.*{nearest}") as caught:
        rule_from_text(text)
    assert caught.value.word == word
    assert nearest in caught.value.nearest


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing says which"),
        ("   ", "nothing says which"),
        ("the", "does not say of what"),
        ("the 2nd", "does not say of what"),
        ("the 0th esp", "counting starts at 1"),
        ("the first 0 esp", "counting starts at 1"),
        ("udp/99999", "names no message"),
        ("ip/256", "names no message"),
        ("ip/x", "names no message"),
        ("gre/3", "names no message"),
        ("zzz", "names no message"),
        ("esp from", "nothing follows 'from'"),
        ("esp after soon", "'soon' is no time"),
        ("esp 101%", "'101%' means nothing"),
        ("esp esp", "'esp' means nothing"),
        ("and esp", "'and' names no message"),
    ],
)
def test_what_is_no_rule_is_refused(text, reason):
    with pytest.raises(RuleSyntaxError, match=reason):
        rule_from_text(text)


WORDS = (
    *("the", "1st", "2nd", "0th", "first", "and", "3", "main-4", "esp", "udp/500", "ip/50", "any"),
    *("from", "to", "hq", "after", "until", "10s", "5%", "x"),
)
WORD = st.sampled_from(WORDS)


@given(st.one_of(st.text(max_size=40), st.lists(WORD, max_size=8).map(" ".join)))
def test_any_text_is_a_match_or_a_value_error(text):
    try:
        match = rule_from_text(text)
    except ValueError as error:
        assert str(error)
    else:
        assert isinstance(match, Match)
