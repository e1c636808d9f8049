"""What a command shows is compared loosely in blanks and exactly in words and numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.expect.probe import decide
from gwsim.lab.expect.screens import first_word, fits, screen_probes, values
from gwsim.lab.expectations import GatewayExpectation, TimeKind

from .made import snapshot, subject

SNAPSHOTS = (snapshot(10.0, 0), snapshot(20.0, 4), snapshot(30.0, 9))


def judge(wanted, since=20.0, until=20.0, kind=TimeKind.AT, command="show toy"):
    screens = GatewayExpectation(**{command: wanted}).named
    probes = screen_probes(subject(snapshots=SNAPSHOTS), command, screens[command])
    return [decide(probe, kind, since, until).seen for probe in probes]


@pytest.mark.parametrize(
    ("wanted", "ok"),
    [
        ({"encaps": 4}, True),
        ({"encaps": 5}, False),
        ({"encaps": ">= 3"}, True),
        ({"encaps": "5..9"}, False),
        ({"pkts encaps": 4}, True),
        ({"cap": 4}, False),
        ({"role": "initiator"}, True),
        ({"Role": "init"}, False),
        ({"role": "responder"}, False),
        ("Role : initiator", True),
        ("Role : responder", False),
        ({"lacks": "responder"}, True),
        ({"lacks": "initiator"}, False),
        ({"pattern": r"^ +Role.*initiator"}, True),
        ({"pattern": "^Role"}, False),
        ({"empty": False}, True),
        ({"empty": True}, False),
    ],
)
def test_a_screen_is_judged_by_captions_texts_and_patterns(wanted, ok):
    assert [seen.ok for seen in judge(wanted)] == [ok]


def test_the_screen_is_that_of_the_moment():
    assert judge({"encaps": 0}, until=10.0)[0].ok
    assert judge({"encaps": 9}, until=99.0)[0].ok


def test_by_a_moment_every_snapshot_is_looked_at():
    assert judge({"encaps": 4}, 0.0 + 10.0, 30.0, TimeKind.BY)[0].ok
    assert not judge({"encaps": 5}, 10.0, 30.0, TimeKind.BY)[0].ok


def test_throughout_every_snapshot_must_fit():
    assert not judge({"encaps": "< 9"}, 10.0, 30.0, TimeKind.THROUGHOUT)[0].ok
    assert judge({"encaps": "< 9"}, 10.0, 29.0, TimeKind.THROUGHOUT)[0].ok


def test_what_was_seen_is_the_value_or_the_whole_screen():
    assert judge({"encaps": 5})[0].text == "encaps 4"
    assert "Role    : initiator" in judge({"decaps": 5})[0].text
    assert judge("x", command="show nothing")[0].text == "an empty screen"


def test_a_word_that_looks_like_no_number_is_a_word():
    assert fits("none", "none")
    assert fits("yes, sir", "yes")
    assert not fits("yesterday", "yes")
    assert not fits("four", 4)


def test_truth_values_of_yaml_are_words_on_a_screen():
    assert fits("no", False)
    assert fits("On", True)
    assert not fits("no", True)
    assert not fits("none", False)


def test_all_places_of_a_caption_are_found():
    assert values("spi: 1\nother spi: 2\nspine: 3\n", "spi") == ["1", "2"]


def test_the_value_alone_is_shown():
    assert first_word("4, #pkts encrypt: 4") == "4"


@given(text=st.text(max_size=60), caption=st.text(min_size=1, max_size=12))
def test_no_screen_and_no_caption_break_the_search(text, caption):
    for found in values(text, caption):
        assert first_word(found) in found
        fits(found, 4)
