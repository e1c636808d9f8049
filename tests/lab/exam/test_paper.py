"""What is asked is fair, varied, and the same again with the same seed."""

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.exam.paper import LEVELS, Answer, NoPaper, as_loaded, by_level, draw, works
from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.fault import FaultKind
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime
from tests.lab.exam.conftest import ASKED, paper_of


def played(scenario, faults):
    plan = compile_scenario(scenario.model_copy(update={"faults": tuple(faults)}))
    return play(plan, SimRuntime())


@pytest.mark.parametrize("level", LEVELS)
def test_a_paper_hurts_until_all_of_it_is_repaired(level):
    paper = paper_of(level, 3)
    for number in range(len(paper.answers)):
        assert not works(played(paper.scenario, paper.scenario.faults[number:]))
    assert works(played(paper.scenario, ()))
    assert all(answer.fault in ASKED[level] for answer in paper.answers)


def test_the_same_level_and_seed_give_the_same_paper_and_others_another(wrong_key):
    assert paper_of.__wrapped__("beginner", 6) == wrong_key
    drawn = {paper_of("beginner", seed).answers for seed in (0, 1, 2, 3)}
    assert len(drawn) > 2


def test_advanced_papers_hide_two_faults():
    assert len(paper_of("advanced", 3).answers) == 2
    assert len(paper_of("advanced", 3, faults=1).answers) == 1


def test_a_mismatch_has_no_guilty_end(wrong_key):
    assert wrong_key.answers == (Answer("psk-mismatch", ""),)


def test_every_level_can_be_drawn_from_all_there_is():
    for level in LEVELS:
        assert set(draw(level, 7).answers)


def test_every_level_has_faults_and_none_that_is_over_before_it_can_be_repaired():
    for names in by_level().values():
        assert names
        assert all(CATALOGUE[name].kind is not FaultKind.ACT for name in names)


def test_too_many_faults_for_a_level_are_refused_in_words(monkeypatch):
    monkeypatch.setattr("gwsim.lab.exam.paper.by_level", lambda: dict.fromkeys(LEVELS, ()))
    with pytest.raises(NoPaper, match="try another seed"):
        draw("beginner", 1)


def test_a_scenario_that_no_file_holds_can_be_run(wrong_key):
    assert as_loaded(wrong_key.scenario).scenario is wrong_key.scenario
