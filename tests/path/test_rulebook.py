"""Which rules act on which packets, and how often."""

from dataclasses import replace
from random import Random

import pytest

from gwsim.path import rulebook as module
from gwsim.path.config import Match
from gwsim.path.rulebook import Rulebook, fits
from gwsim.path.transit import pieces, read
from gwsim.wire.ip import parse_ipv4
from tests.path.packets import BRANCH, HQ, esp, rule, udp


def transit(label="main-4", number=1, data=None, **options):
    data = data or udp(HQ, BRANCH, **options)
    made = read(parse_ipv4(data), data, number, "hq", 0.0)
    return replace(made, label=label, side_out="branch")


def names(book, packet, now=0.0):
    return [rule.name for rule in book.judge(packet, now)]


@pytest.mark.parametrize(
    "match",
    [
        {},
        {"protocol": 17},
        {"port": 500},
        {"port": 4500},
        {"label": "main-4"},
        {"label": "main"},
        {"label": "any"},
        {"from_side": "hq"},
        {"to_side": "branch"},
        {"protocol": 17, "port": 4500, "label": "main", "from_side": "hq", "to_side": "branch"},
    ],
)
def test_a_packet_fits(match):
    assert fits(Match(**match), transit(sport=500, dport=4500))


@pytest.mark.parametrize(
    "match",
    [
        {"protocol": 50},
        {"port": 501},
        {"label": "main-3"},
        {"label": "quick"},
        {"from_side": "branch"},
        {"to_side": "hq"},
        {"protocol": 17, "label": "main-3"},
    ],
)
def test_a_packet_does_not_fit(match):
    assert not fits(Match(**match), transit())


def test_no_label_word_fits_what_has_no_label():
    for word in ("any", "main", "esp"):
        assert not fits(Match(label=word), transit(label=""))


def test_rules_act_in_their_order():
    book = Rulebook((rule("delay", "a"), rule("corrupt", "b")), Random(1))
    assert names(book, transit()) == ["a", "b"]


def test_a_drop_stands_alone_and_hides_what_follows():
    book = Rulebook((rule("delay", "a"), rule("drop", "b"), rule("corrupt", "c")), Random(1))
    assert names(book, transit()) == ["b"]
    assert book.bites == {"a": 0, "b": 1, "c": 0}


def test_occurrences_count_what_fits():
    book = Rulebook((rule("drop", label="quick-2", occurrences=frozenset({2, 3})),), Random(1))
    labels = ["quick-2", "main-4", "quick-2", "quick-1", "quick-2", "quick-2"]
    assert [bool(names(book, transit(label))) for label in labels] == [
        *(False, False, True, False, True, False)
    ]
    assert book.bites == {"r": 2}


def test_a_window_bounds_a_rule_and_its_counting():
    occurrences = frozenset({1})
    book = Rulebook((rule("drop", start=10.0, end=20.0, occurrences=occurrences),), Random(1))
    moments = (9.9, 10.0, 10.1, 20.0)
    assert [bool(names(book, transit(), at)) for at in moments] == [False, True, False, False]


def test_the_end_of_a_window_is_outside_it():
    book = Rulebook((rule("drop", end=20.0),), Random(1))
    assert [bool(names(book, transit(), at)) for at in (19.999, 20.0)] == [True, False]


def test_a_probability_is_a_share():
    book = Rulebook((rule("drop", probability=0.25),), Random(1))
    hits = sum(bool(names(book, transit())) for _ in range(1000))
    assert 200 < hits < 300
    assert book.bites["r"] == hits


def test_fragments_share_the_fate_of_their_packet_and_count_once():
    book = Rulebook((rule("drop", port=500, occurrences=frozenset({2})),), Random(1))
    first = pieces(transit(number=1, payload=bytes(900)), 500)
    second = pieces(transit(number=2, payload=bytes(900)), 500)
    mixed = [first[0], second[0], second[1], first[1]]
    assert [bool(names(book, piece)) for piece in mixed] == [False, True, True, False]
    assert book.bites == {"r": 1}


def test_what_is_remembered_of_fragments_is_bounded(monkeypatch):
    monkeypatch.setattr(module, "MAX_DECISIONS", 1)
    book = Rulebook((rule("drop", occurrences=frozenset({1})),), Random(1))
    first = pieces(transit(number=1, payload=bytes(900)), 500)
    second = pieces(transit(number=2, payload=bytes(900)), 500)
    assert names(book, first[0]) == ["r"]
    assert names(book, second[0]) == []
    assert names(book, first[1]) == []


def test_a_rule_that_stays_goes_on_counting():
    kept = rule("drop", "kept", label="esp", occurrences=frozenset({2}))
    book = Rulebook((kept,), Random(1))
    packet = transit("esp", data=esp(HQ, BRANCH))
    names(book, packet)
    book.reconfigure((rule("delay", "new", label="main-4"), kept))
    assert names(book, packet) == ["kept"]
    assert book.bites == {"kept": 1, "new": 0}


def test_a_rule_that_changes_counts_anew_and_its_bites_add_up():
    book = Rulebook((rule("drop", occurrences=frozenset({1})),), Random(1))
    assert names(book, transit()) == ["r"]
    book.reconfigure(())
    assert names(book, transit()) == []
    book.reconfigure((rule("drop", occurrences=frozenset({1})),))
    assert names(book, transit()) == ["r"]
    assert book.bites == {"r": 2}
