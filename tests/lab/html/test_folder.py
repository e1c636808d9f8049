"""Pages stand where their scenarios stood, beside an index; nothing overwrites another."""

import re
from urllib.parse import unquote

import pytest

from gwsim.capture.wanted import Wanted
from gwsim.lab.captures import keeper_below
from gwsim.lab.html import folder
from gwsim.lab.html.folder import report_below, twin_of, write_index, write_page
from gwsim.lab.html.page import page
from gwsim.lab.load import load_scenario
from gwsim.lab.runner import run, run_file
from gwsim.lab.source import Problem, ScenarioError
from tests.lab.html.runs import HEALTHY, STUCK, judged, loaded


@pytest.fixture
def files(tmp_path):
    found = []
    for name, text in (("one/a.yaml", HEALTHY), ("two/b.yaml", STUCK)):
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True)
        file.write_text(text, encoding="utf-8")
        found.append(str(file))
    return found


def test_a_page_for_each_scenario_and_an_index_that_leads_to_it(files, tmp_path):
    keeper = report_below(tmp_path / "out", files)
    verdicts = [run_file(file, keepers=(keeper,)) for file in files]
    index = write_index(keeper, [load_scenario(file) for file in files], verdicts)
    assert index == tmp_path / "out" / "index.html"
    assert "two/b.html" in index.read_text(encoding="utf-8")
    assert "MM_WAIT_MSG6" in (tmp_path / "out/two/b.html").read_text(encoding="utf-8")


def test_a_run_that_broke_off_has_its_page(files, tmp_path):
    keeper = report_below(tmp_path / "out", files)
    broken = [run_file(file, runtime="none-such", keepers=(keeper,)) for file in files]
    write_index(keeper, [load_scenario(file) for file in files], broken)
    assert "broke off" in (tmp_path / "out/one/a.html").read_text(encoding="utf-8")


def test_names_do_not_collide(tmp_path):
    names = ("a.yaml", "a.yml", "index.yaml", "below/index.yaml")
    keeper = report_below(tmp_path, [str(tmp_path / name) for name in names])
    pages = [keeper.place(str(tmp_path / name)) for name in names]
    assert len({*pages, tmp_path / "index.html"}) == 5


def test_what_no_file_can_hold_does_not_stop_a_report(tmp_path):
    write_page(tmp_path / "below" / "a.html", "a lone half: \ud800")
    assert (tmp_path / "below" / "a.html").read_text(encoding="utf-8") == "a lone half: ?"


def test_the_twin_has_the_seed_of_the_run_and_only_faults_have_one():
    assert twin_of(loaded(HEALTHY), judged(HEALTHY)) is None
    twin = twin_of(loaded(STUCK), run(loaded(STUCK), seed=77))
    assert twin is not None
    assert (twin.passed, twin.seed) == (True, 77)


def test_captures_that_were_written_are_linked_from_the_page(files, tmp_path):
    captures = keeper_below(tmp_path / "with space", files)
    keeper = report_below(tmp_path / "out", files, captures=captures)
    wanted = Wanted(packets=True, keys=True)
    verdict = run_file(files[1], keepers=(captures, keeper), capture=wanted)
    assert verdict.word == "passed"
    text = (tmp_path / "out/two/b.html").read_text(encoding="utf-8")
    links = re.findall(r'<li><a href="([^"#]+)">([^<]+)</a>', text)
    assert "hq-outside.pcapng" in [title for _, title in links]
    for href, _ in links:
        assert (tmp_path / "out/two" / unquote(href)).is_file(), href


def test_a_twin_that_cannot_be_compiled_says_so(monkeypatch):
    def contradiction(*_):
        raise ScenarioError((Problem("toy.yaml", 3, 1, "no such thing"),))

    monkeypatch.setattr(folder, "run_twin", contradiction)
    twin = twin_of(loaded(STUCK), judged(STUCK))
    assert twin is not None
    assert not twin.passed
    assert "toy.yaml:3:1: no such thing" in twin.error
    assert "does not come up as it should: toy.yaml:3:1" in page(loaded(STUCK), judged(STUCK), twin)
