"""Bands and their table hold the stays of the history, at their places."""

from xml.etree import ElementTree

import pytest

from gwsim.lab.html import bands
from gwsim.lab.html.bands import axis, round_step, timeline
from tests.lab.html.runs import HEALTHY, ONE_SIDED_PFS, STUCK, THREE, evidence, judged


def drawn(text, name="hq"):
    return timeline(evidence(text).of(name), judged(text).record)


def test_the_table_has_every_stay_in_both_vocabularies():
    found = drawn(STUCK)
    stays = evidence(STUCK).of("hq").stays
    assert [(r.since, r.word, r.state) for r in found.rests] == [
        (s.spell.since, s.word, s.state.value) for s in stays
    ]
    assert found.rests[-1].awaits == "main-6"
    assert drawn(HEALTHY).rests[-1].lasted is None


def test_a_stay_is_drawn_where_it_lies_in_time():
    (band,) = drawn(STUCK).bands
    box = ElementTree.fromstring(band.drawn).findall("svg")[-1]
    stay = evidence(STUCK).of("hq").stays[-1]
    end = judged(STUCK).record.duration
    lasted = stay.spell.until - stay.spell.since
    drawn_at = [float(box.get(key, "").rstrip("%")) for key in ("x", "width")]
    assert drawn_at == pytest.approx([100 * stay.spell.since / end, 100 * lasted / end], abs=0.01)
    assert box.find("title").text.startswith("MM_WAIT_MSG6 (MAIN_WAIT_6), ")
    assert box.find("rect").get("class") == "waiting"


def test_each_phase_with_each_peer_has_its_band():
    assert [band.caption for band in drawn(HEALTHY).bands] == [
        "phase 1 with branch",
        "phase 2 with branch",
    ]
    assert {"phase 1 with north", "phase 2 with south"} <= {b.caption for b in drawn(THREE).bands}


def test_a_very_long_table_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(bands, "_LISTED", 4)
    found = drawn(ONE_SIDED_PFS)
    assert len(found.rests) == 4
    assert found.left_out == len(evidence(ONE_SIDED_PFS).of("hq").stays) - 4


@pytest.mark.parametrize(
    ("duration", "step"), [(91.0, 20.0), (11.0, 2.0), (10.0, 2.0), (3600.0, 500.0), (0.5, 0.1)]
)
def test_the_axis_has_round_numbers(duration, step):
    assert round_step(duration) == pytest.approx(step)
    assert f"{duration:g} s" in axis(duration)
