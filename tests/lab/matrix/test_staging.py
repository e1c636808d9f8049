"""A cell's coordinates become a scenario in which the fault bites, wherever it can."""

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.faults.catalogue import CATALOGUE, witnesses
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import HEALTHY, Coordinates, every
from gwsim.lab.matrix.ground import USUAL
from gwsim.lab.matrix.staging import staged
from gwsim.lab.runner import play
from gwsim.lab.runtimes.sim import SimRuntime

STAGINGS = [(fault.name, stage.variant) for fault in CATALOGUE.values() for stage in fault.stages]


def cell(fault: str, where: Where, setting: str = "main", variant: str = "") -> Coordinates:
    return Coordinates(fault, variant, where, setting, "asa", "screenos")


def bites(coordinates: Coordinates) -> bool:
    scenario = staged(coordinates)
    record = play(compile_scenario(scenario), SimRuntime())
    return witnesses(scenario, record)[0].bit


@pytest.mark.parametrize(("fault", "variant"), STAGINGS, ids=lambda value: value or "-")
def test_every_stage_of_every_fault_is_one_on_which_it_bites(fault: str, variant: str):
    pairs = [("asa", "screenos"), ("screenos", "asa")]
    cells = (one for one in every([fault], pairs=pairs) if one.variant == variant)
    assert any(bites(one) for one in cells)


def test_here_is_the_end_at_which_the_fault_sits():
    dying = staged(cell("dpd-off", Where.INITIATOR))
    assert dying.timeline is not None
    assert dying.timeline[-1].reboot is not None
    assert dying.timeline[-1].reboot.at == "branch"
    assert dying.faults[0].parameters == {"at": "hq"}


def test_a_fault_on_the_way_is_told_whose_packets_it_touches():
    one_way = staged(cell("udp-500-blocked", Where.RESPONDER))
    assert one_way.faults[0].parameters == {"from": "branch"}
    assert staged(cell("udp-500-blocked", Where.BOTH)).faults[0].parameters == {}


def test_a_setting_decides_mode_and_nat():
    assert staged(cell(HEALTHY, Where.BOTH, "aggressive")).tunnels[0].mode == "aggressive"
    behind = staged(cell(HEALTHY, Where.BOTH, "nat")).gateways["hq"]
    assert behind.behind_nat is not None
    assert behind.behind_nat.public == USUAL.initiator.outside
    assert behind.outside == USUAL.initiator.private


def test_a_stage_lays_its_options_over_those_of_the_ground():
    tunnel = staged(cell("sha256-96-bit", Where.RESPONDER)).tunnels[0]
    assert tunnel.phase2 is not None
    assert tunnel.phase2[0].integrity == "sha256"
    assert tunnel.phase2[0].encryption == USUAL.phase2["encryption"]
