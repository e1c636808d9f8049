"""A page tells what the run's values say, whatever strangers have written into them."""

import re
from html import unescape

import pytest

from gwsim.lab.html.page import Attached, command, error_page, page
from gwsim.lab.html.screens import said_last
from gwsim.lab.load import load_scenario, load_text
from gwsim.lab.verdict import Verdict
from tests.lab.html.runs import (
    FILTERED,
    HEALTHY,
    STUCK,
    WRONG_KEY,
    evidence,
    judged,
    loaded,
    looked,
    written,
)
from tests.lab.scenarios_for_tests import varied


def plain(markup):
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_the_first_screen_says_verdict_outcome_cause_place_and_repair():
    glance = plain(written(STUCK).partition('id="picture"')[0])
    for words in (
        "passed",
        "never up hq \N{EN DASH} branch It never came up: phase 1 never completes.",
        "The two ends hold different pre-shared keys at branch",
        "Proof: branch refused main-5",
        "branch refuses main-5: payload malformed",
        "Enter the same key on both ends",
        "Proven by the twin",
        "2 of 2 expectations",
        "MM_WAIT_MSG6 MAIN_WAIT_6",
        "waits for main-6",
    ):
        assert words in glance, words


def test_a_device_without_commands_has_a_page_all_the_same():
    silent = load_scenario("scenarios/vendors/contivity-screenos.yaml")
    text = plain(page(silent, looked(silent.source.text), None))
    assert text.count("gwsim knows Contivity's behaviour on the wire, not its screens") >= 3
    assert "The device has no word for this" not in text


def test_the_first_screens_have_the_last_words_of_the_log():
    glance = plain(written(STUCK).partition('id="picture"')[0])
    assert "The last lines of its log up to then" in glance
    for name in ("hq", "branch"):
        for line in said_last(evidence(STUCK).of(name), 10.0):
            assert " ".join(line.text.split()) in glance


def test_screens_and_logs_are_the_devices_own():
    text = unescape(written(STUCK))
    witness = evidence(STUCK).of("hq")
    for line in witness.screen("show crypto isakmp sa", 10.0).strip().splitlines():
        assert line in text
    for line in witness.lines:
        assert witness.written(line) in text


def test_an_expectation_that_is_not_met_is_told_with_what_was_seen():
    text = plain(written(WRONG_KEY))
    finding = judged(WRONG_KEY).verdict.findings[0]
    assert "What did not come out as expected" in text
    assert f"Expected of hq : {finding.expected}" in text
    assert text.index("What did not come out") < text.index("What the gateways show")
    assert finding.seen in text
    assert "1 of 2 expectations" in text


def test_a_scenario_without_fault_says_so_and_has_no_twin():
    text = plain(written(HEALTHY))
    assert "Nothing: this scenario has no fault in it." in text
    assert "twin" not in text
    assert "Nowhere: no message was refused or lost" in text


def test_the_same_run_gives_the_same_page():
    pages = {page(loaded(STUCK), looked(STUCK), None) for _ in range(2)}
    assert len(pages) == 1
    assert page(loaded(STUCK), looked(STUCK, seed=5), None) not in pages


def test_every_anchor_leads_somewhere():
    for text in (written(STUCK), written(FILTERED)):
        wanted = set(re.findall(r'href="#([^"]+)"', text))
        assert wanted <= set(re.findall(r'id="([^"]+)"', text))
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))


def test_a_page_refers_to_nothing_outside():
    for text in (written(STUCK), written(HEALTHY)):
        assert "<script" not in text
        assert not re.search(r'\b(src|href|action)="(?!#|data:,)', text)
        assert "url(" not in text
        assert "@import" not in text


HOSTILE = "</title></style><script>alert(1)</script><img src=x onerror=alert(2)>&amp;\"'{{ 7*7 }}"


def test_hostile_words_stay_words():
    quoted = HOSTILE.replace("'", "''")
    text = varied(
        ("title: Two ASAs", f"title: '{quoted}'\nstory: '{quoted}'\ntags: ['{quoted}']"),
        ("psk: correct horse battery staple", f"psk: '{quoted}'"),
        ("{state: ESTABLISHED}", f"{{log: '{quoted}'}}"),
    )
    hostile = load_text(text, "<b>.yaml")
    found = page(hostile, looked(text), None, attached=[Attached("<i>", 'javascript:"<x>')])
    for tag in ("<script", "<img", "<b>.", "<i>", "<x>"):
        assert tag not in found.partition("</style>")[2]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found
    assert "{{ 7*7 }}" in found


def test_files_of_the_run_are_linked():
    files = [Attached("outside", "a%20b.pcapng")]
    found = page(loaded(HEALTHY), judged(HEALTHY), None, attached=files)
    assert '<a href="a%20b.pcapng">outside</a>' in found


@pytest.mark.parametrize(
    ("file", "runtime", "wanted"),
    [
        ("a.yaml", "sim", "gwsim run a.yaml --seed 7"),
        ("a b; rm.yaml", "netns", "gwsim run 'a b; rm.yaml' --seed 7 --runtime netns"),
    ],
)
def test_the_command_that_runs_it_again_fits_a_shell(file, runtime, wanted):
    assert command(file, 7, runtime) == wanted


def test_a_run_that_broke_off_has_a_page_too():
    found = error_page(Verdict("a.yaml", "a", "", 3, error="<no> engine"))
    assert "&lt;no&gt; engine" in found
    assert "gwsim run a.yaml --seed 3" in found
