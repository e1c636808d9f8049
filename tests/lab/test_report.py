"""Reports tell everything that is known, and no verdict breaks their format."""

import json
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.load import load_text
from gwsim.lab.report import bite_text, finding_text, to_json, to_junit, totals, verdict_text
from gwsim.lab.runner import run
from gwsim.lab.verdict import Bite, Finding, Verdict
from tests.lab.scenarios_for_tests import with_fault

FINDING = Finding(
    place="psk.yaml:27",
    line="hq: {state: MM_ACTIVE}",
    gateway="hq",
    expected="state MM_ACTIVE",
    seen="MM_WAIT_MSG6 (initiator)",
    at=15.0,
    before=("1.000  hq -> branch  main-5",),
)
BITTEN = Bite("psk-mismatch", "psk.yaml:11", True, True, "branch refused main-5")
IDLE = Bite("udp-4500-blocked", "psk.yaml:12", False, True, "no packet on UDP 4500 was seen")
PASSED = Verdict("a.yaml", "a", "A", 1, 90.0, 0.25, bites=(BITTEN,))
FAILED = Verdict("b.yaml", "b", "B", 2, 10.0, 0.25, findings=(FINDING,), bites=(IDLE,))
BROKEN = Verdict("c.yaml", "c", "C", 3, error="gwsim broke off\nsomewhere")


def test_a_verdict_has_one_word():
    assert [v.word for v in (PASSED, FAILED, BROKEN)] == ["passed", "failed", "error"]
    assert not Verdict("d", "d", "", 1, bites=(IDLE,)).passed


def test_a_passed_scenario_takes_one_line():
    assert verdict_text(PASSED) == "PASSED a.yaml (seed 1)"


def test_a_failure_shows_line_expectation_sight_and_messages():
    assert verdict_text(FAILED).splitlines() == [
        "FAILED b.yaml (seed 2)",
        "  psk.yaml:12: fault udp-4500-blocked did not bite, though it should: "
        "no packet on UDP 4500 was seen",
        "  psk.yaml:27: hq: {state: MM_ACTIVE}",
        "    expected  hq: state MM_ACTIVE",
        "    seen      MM_WAIT_MSG6 (initiator)",
        "    at        15.000 s",
        "    the last messages up to then",
        "      1.000  hq -> branch  main-5",
    ]


def test_a_tunnel_that_is_up_and_carries_nothing_is_not_one_that_never_came_up():
    told = {}
    for fault in ("esp-blocked", "psk-mismatch"):
        verdict = run(load_text(with_fault(fault))).verdict
        [tunnel] = verdict.tunnels
        told[fault] = tunnel.word
        assert f"  hq - branch {tunnel.word}: {tunnel.told}" in verdict_text(verdict)
        [scenario] = json.loads(to_json([verdict]))["scenarios"]
        assert scenario["tunnels"][0]["word"] == tunnel.word
    assert told == {"esp-blocked": "up, no traffic", "psk-mismatch": "never up"}


def test_the_same_messages_are_not_told_twice():
    verdict = Verdict("b.yaml", "b", "B", 2, findings=(FINDING, FINDING))
    assert verdict_text(verdict).count("main-5") == 1


def test_a_screen_that_was_seen_hangs_under_its_beginning_and_is_cut():
    screen = "\n".join(f"line {n}" for n in range(60))
    text = finding_text(Finding("x:1", "", "", "it", screen, 1.0))
    assert "\n            line 39\n            ... and 20 more lines\n" in text


def test_a_bite_that_was_not_wanted_is_told():
    assert "bit, though it should not" in bite_text(Bite("nat", "x:1", True, False, "so"))


def test_errors_and_warnings_are_part_of_the_text():
    assert "  somewhere" in verdict_text(BROKEN)
    assert "warning: odd" in verdict_text(Verdict("a", "a", "", 1, warnings=("odd",)))


def test_totals_name_only_what_there_is():
    assert totals([PASSED]) == "1 passed; 90 s simulated in 0.25 s"
    assert totals([PASSED, FAILED, BROKEN]).startswith("1 passed, 1 failed, 1 error; 100 s")
    assert totals([]) == "nothing run; 0 s simulated in 0.00 s"


def test_json_holds_everything():
    document = json.loads(to_json([PASSED, FAILED]))
    assert document["passed"] is False
    one, two = document["scenarios"]
    assert (one["verdict"], one["passed"], one["seed"]) == ("passed", True, 1)
    assert two["findings"][0]["place"] == "psk.yaml:27"
    assert two["bites"][0]["bit"] is False


def test_junit_counts_failures_and_errors_apart():
    suite = ElementTree.fromstring(to_junit([PASSED, FAILED, BROKEN])).find("testsuite")
    assert suite is not None
    assert [suite.get(key) for key in ("tests", "failures", "errors")] == ["3", "1", "1"]
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == ["a", "b", "c"]
    failure = cases[1].find("failure")
    assert failure is not None
    assert "(and 1 more)" in failure.get("message", "")
    assert failure.text == verdict_text(FAILED)
    error = cases[2].find("error")
    assert error is not None
    assert error.get("message") == "gwsim broke off"


@given(words=st.text(max_size=40))
def test_whatever_a_peer_says_the_reports_stay_readable(words):
    finding = Finding("x:1", words, "hq", words, words, 1.0, (words,))
    verdict = Verdict("x", "x", words, 1, findings=(finding,), error=words and words + "!")
    ElementTree.fromstring(to_junit([verdict]))
    assert json.loads(to_json([verdict]))["scenarios"][0]["title"] == words
