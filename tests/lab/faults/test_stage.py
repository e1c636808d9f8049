"""Stages are data in the scenario language that say who is meant by a word."""

from gwsim.lab.faults.catalogue import CATALOGUE
from gwsim.lab.faults.stage import EVERYWHERE, Stage, lasting


def test_a_fault_has_at_least_one_stage_and_tells_them_apart():
    for fault in CATALOGUE.values():
        variants = [stage.variant for stage in fault.stages]
        assert variants and len(set(variants)) == len(variants), fault.name


def test_without_a_word_a_fault_is_there_from_the_start():
    (stage,) = EVERYWHERE
    assert stage == Stage()
    assert "start" not in stage.parameters


def test_what_befalls_a_tunnel_in_use_begins_later_and_is_watched_longer():
    stage = lasting(down="5s")
    assert stage.parameters == {"start": "25s", "down": "5s"}
    assert stage.duration > Stage().duration
