"""What can be asked of a running lab, and by whom."""

import pytest

from gwsim.lab.live.client import Lab
from gwsim.lab.live.linux import NamespaceError
from gwsim.lab.live.places import Place
from gwsim.lab.live.state import state_of
from gwsim.lab.load import load_scenario, prepare

PLAN = prepare(load_scenario("scenarios/healthy/asa-screenos.yaml"))[1]


def test_nobody_ends_a_lab_of_containers_from_inside_of_one(tmp_path):
    """Only one of them would end, and the lab would be called down."""
    place = Place(tmp_path / "training")
    place.path.mkdir()
    place.write_state(state_of(PLAN, "training", 1.0, "asa-screenos", ""))
    with pytest.raises(NamespaceError, match="`docker compose down -v`"):
        Lab(place).down()
    assert place.state().name == "training"
