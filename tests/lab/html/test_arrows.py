"""The rungs of a report are the rows of the ladder, drawn and in words."""

from xml.etree import ElementTree

from gwsim.capture.ladder import Ladder, Row
from gwsim.lab.html import arrows
from gwsim.lab.html.arrows import rungs
from gwsim.lab.messages import ladder_of
from tests.lab.html.runs import FILTERED, STUCK, judged


def row(source="hq", target="branch", fate="delivered", **more):
    return Row(1.0, 1.0, source, target, "main-1", 100, "SA", fate, **more)


def line(rung):
    shaft = next(e for e in ElementTree.fromstring(rung.arrow) if "shaft" in e.get("class", ""))
    return float(shaft.get("x1").rstrip("%")), float(shaft.get("x2").rstrip("%"))


def one(drawn_row, poles=("hq", "branch")):
    (rung,) = rungs(Ladder(poles, (), (drawn_row,))).first
    return rung


def test_every_row_of_the_ladder_is_there_with_its_remarks():
    drawn = ladder_of(judged(STUCK).record)
    found = rungs(drawn)
    assert [rung.at for rung in found.first] == [row.at for row in drawn.rows]
    assert found.first[-1].remarks == drawn.rows[-1].remarks
    assert found.first[0].payloads == drawn.rows[0].payloads
    assert "hq" in found.head
    assert "198.51.100.1" in found.head


def test_arrows_point_from_sender_to_receiver():
    assert line(one(row())) == (5.0, 95.0)
    assert line(one(row("branch", "hq"))) == (95.0, 5.0)
    assert line(one(row("b", "c"), ("a", "b", "c"))) == (50.0, 95.0)


def test_an_arrow_that_is_lost_ends_before_the_other_pole_in_a_cross():
    rung = one(row(fate="dropped: filter"))
    assert line(rung)[1] < 95.0
    assert 'class="cross"' in rung.arrow
    assert rung.sentence == "hq sends main-1 to branch, 100 octets, which does not arrive"


def test_an_end_nobody_knows_is_half_way():
    assert line(one(row(target=""))) == (5.0, 50.0)
    assert line(one(row(source="", target="branch"))) == (50.0, 95.0)
    assert one(row(source="")).sentence.startswith("the internet sends main-1")


def test_folded_rows_say_how_many_and_until_when():
    found = rungs(ladder_of(judged(FILTERED).record)).first
    folded = next(rung for rung in found if "times esp" in rung.sentence)
    assert folded.remarks[0].startswith("until ")


def test_the_middle_of_a_long_ladder_is_left_out(monkeypatch):
    monkeypatch.setattr(arrows, "_HEAD", 2)
    monkeypatch.setattr(arrows, "_TAIL", 1)
    found = rungs(Ladder(("hq", "branch"), (), (row(),) * 10))
    assert (len(found.first), found.left_out, len(found.last)) == (2, 7, 1)
