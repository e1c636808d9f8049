"""What one node of a scenario is told when it is started by hand."""

import pytest

from gwsim.daemon.nodefile import GatewayFile, node_from_json
from gwsim.lab.library import shipped
from gwsim.lab.live.places import PlaceError
from gwsim.lab.live.single import single_order
from gwsim.lab.load import load_scenario

HEALTHY = "healthy/asa-screenos.yaml"


@pytest.fixture
def loaded(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return load_scenario(shipped() / HEALTHY)


def test_its_doors_are_in_the_directory_of_this_machines_labs(loaded, tmp_path):
    order = single_order(loaded, "hq", "mine", 2.0, played=False, settled=True)
    file = node_from_json(order.file)
    assert isinstance(file, GatewayFile)
    assert file.control == str(tmp_path / "gwsim" / "mine" / "hq.sock")
    assert order.speed == 2.0
    assert order.settled


def test_every_node_can_found_the_lab(loaded):
    for node in ("internet", "hq", "branch", "hq.server", "branch.pc"):
        order = single_order(loaded, node, "mine", 1.0, played=False, settled=False)
        assert '"runtime": "node"' in order.state
        assert order.begins is (node == "internet")


def test_a_bad_name_is_refused(loaded):
    with pytest.raises(PlaceError, match="no name for a lab"):
        single_order(loaded, "hq", "No Name", 1.0, played=False, settled=True)
