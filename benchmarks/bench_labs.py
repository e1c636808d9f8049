"""Starting and ending a lab of two gateways and two hosts, on each runtime that this machine has.

Of a lab in namespaces the nodes' lead is a part: a quarter of a second in which they get ready.
"""

from pathlib import Path

import pytest

from gwsim.lab.compile import compile_scenario
from gwsim.lab.load import load_scenario
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.registry import make_runtime

SCENARIO = Path(__file__).parent.parent / "scenarios" / "healthy" / "asa-screenos.yaml"


@pytest.fixture(params=["sim", "netns"])
def cycle(request):
    """Something that starts a lab and ends it, leaving nothing."""
    plan = compile_scenario(load_scenario(SCENARIO).scenario)

    def up_and_down():
        runtime = make_runtime(request.param)
        try:
            runtime.start(plan)
        finally:
            runtime.abandon()

    try:
        up_and_down()
    except RuntimeFailure as error:
        pytest.skip(str(error))
    return up_and_down


def test_a_lab_starts_and_ends(benchmark, cycle):
    benchmark.pedantic(cycle, rounds=5)
