"""In an exam the student may look into every container, and finds no answer lying about."""

import pytest

from gwsim.lab.exam.veil import veiled
from gwsim.lab.load import load_scenario, prepare
from gwsim.lab.plan import ChangePath, Reconfigure
from gwsim.lab.runtimes.docker import DockerRuntime
from tests.docker.conftest import ROOT, sh

STORY = ROOT / "scenarios/nat/udp-4500-blocked.yaml"
LOOK = (
    "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null;"
    " find /etc /run /tmp /root /var /home -xdev -newer /.dockerenv -type f -exec cat {} +;"
    " find /run/lab -type f -exec cat {} +"
)


@pytest.mark.needs("docker")
def test_no_file_and_no_process_of_a_run_says_what_is_wrong(image):
    plan = veiled(prepare(load_scenario(STORY))[1])
    runtime = DockerRuntime()
    try:
        runtime.start(plan)
        lab = runtime.lab.state.name
        # What is changed in mid-run is to be found as little as what was there from the start.
        runtime.act(ChangePath(plan.path))
        for config in plan.gateways:
            runtime.act(Reconfigure(config.name, config))
        runtime.advance(1.0)
        for node in ("internet", "hq", "branch", "branch-pc"):
            name = f"gwsim-{lab}-{node}"
            seen = sh("docker", "exec", name, "sh", "-c", LOOK, code=None)
            seen += sh("docker", "inspect", name) + sh("docker", "logs", name)
            assert "branch" in seen
            assert "4500" not in seen, node
            assert plan.gateways[0].endpoint.connections[0].psk.decode() not in seen, node
    finally:
        runtime.abandon()
