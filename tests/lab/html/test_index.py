"""The index leads to every page and puts what did not pass first."""

from gwsim.lab.html.index import Entry, index
from gwsim.lab.verdict import Bite, Finding, Verdict
from tests.lab.html.runs import HEALTHY, STUCK, judged

GOOD = Verdict("a.yaml", "a", "All is <well>", 1)
BAD = Verdict("b.yaml", "b", "B", 1, findings=(Finding("b:1", "", "hq", "x", "y\nz", 1.0),))
IDLE = Verdict("c.yaml", "c", "C", 1, bites=(Bite("nat", "c:2", False, True, "nothing seen"),))
BROKEN = Verdict("d.yaml", "d", "", 1, error="no engine\nsecond line")


def entries(*verdicts):
    return [Entry(f"{v.name} 1.html", judged(STUCK).scenario, v) for v in verdicts]


def test_what_did_not_pass_comes_first_and_says_why():
    text = index(entries(GOOD, BAD, IDLE, BROKEN))
    places = [text.index(f'href="{name}%201.html"') for name in "bcda"]
    assert places == sorted(places)
    assert "b:1: expected x, seen y ..." in text
    assert "nat: nothing seen" in text
    assert "no engine</p>" in text
    assert "1 passed" in text
    assert "2 failed" in text
    assert "1 error" in text


def test_a_run_is_told_with_its_gateways_and_faults():
    text = index(entries(GOOD))
    assert "All is &lt;well&gt;" in text
    assert "hq (Cisco ASA), branch (Cisco ASA)" in text
    assert "Broken: The two ends hold different pre-shared keys" in text
    assert "<h1>1 scenario</h1>" in text


def test_a_scenario_without_fault_says_so():
    assert "Nothing is broken" in index([Entry("a.html", judged(HEALTHY).scenario, GOOD)])
