"""A service of the training lab is only started on wires that are wires."""

from dataclasses import replace

import pytest

from gwsim.lab.library import shipped
from gwsim.lab.live import training
from gwsim.lab.live.container import container as module
from gwsim.lab.live.container.gateway import GatewayContainer
from gwsim.lab.live.container.host import HostContainer
from gwsim.lab.runtimes.failure import RuntimeFailure


class Asked:
    """What asking for the own addresses came to."""

    def __init__(self, found):
        self._found = found

    def conflict(self):
        return self._found


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.0)
    monkeypatch.setattr(training, "_FOLDER", shipped())
    return {name: training.training_order(name, {}) for name in ("hq", "hq-server")}


def test_an_address_that_the_machine_has_too_is_named(told):
    host = HostContainer(told["hq-server"])
    host._probe = Asked("10.1.0.10 on its interface eth0")
    with pytest.raises(RuntimeFailure, match=r"shares 10\.1\.0\.10 on its interface eth0 with"):
        host._require_wires(neighbourly=False)


def test_a_gateway_that_the_internet_does_not_answer_is_not_started(told, monkeypatch):
    """Its screens would be true, and tell of a fault that no scenario has."""
    monkeypatch.setattr(module, "reaches", lambda neighbour: False)
    gateway = GatewayContainer(told["hq"])
    gateway._probe = Asked("")
    with pytest.raises(RuntimeFailure, match=r"neighbour 198\.51\.100\.2: .*masquerades them"):
        gateway._require_wires(neighbourly=True)
    gateway._probe = Asked("")
    gateway._require_wires(neighbourly=False)


def test_only_gateways_wait_for_a_neighbour(told):
    """A host's is a gateway, which may be without power; a single node starts in any order."""
    assert GatewayContainer.needs_neighbour and not HostContainer.needs_neighbour
    hq = GatewayContainer(told["hq"])
    assert hq.contained
    single = replace(told["hq"], state=told["hq"].state.replace('"docker"', '"node"'))
    assert not GatewayContainer(single).contained
