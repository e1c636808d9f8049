"""The record of a run on real sockets ends where the run ended, however long collecting takes."""

import pytest

from gwsim.gateway.commands import Clear
from gwsim.lab.load import load_scenario, prepare
from gwsim.lab.plan import Tell
from gwsim.lab.runtimes.registry import make_runtime
from tests.netns.conftest import SCENARIOS

pytestmark = pytest.mark.needs("ip")


@pytest.fixture
def runtime():
    made = make_runtime("netns", 4.0)
    yield made
    made.abandon()


def labels(record):
    return {departure.label for departure in record.departures}


def test_what_gateways_do_while_a_record_is_collected_is_not_part_of_it(runtime, monkeypatch):
    _, plan = prepare(load_scenario(SCENARIOS / "healthy/asa-screenos.yaml"))
    runtime.start(plan)
    for planned in plan.acts:
        runtime.advance(planned.at - runtime.now())
        runtime.act(planned.act)
    runtime.advance(2.0)
    snapshot = runtime.snapshot

    def cleared_meanwhile(gateway):
        runtime.act(Tell(gateway, Clear()))
        return snapshot(gateway)

    with monkeypatch.context() as patched:
        patched.setattr(runtime, "snapshot", cleared_meanwhile)
        collected = runtime.record()
    assert "quick-3" in labels(collected)
    assert not any("delete" in label for label in labels(collected))
    assert any("delete" in label for label in labels(runtime.record()))
