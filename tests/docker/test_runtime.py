"""One scenario, one verdict, in containers too; and nothing is left of them."""

import os
import signal
import subprocess
import sys

import pytest

from gwsim.lab.load import load_scenario
from gwsim.lab.runner import run
from gwsim.lab.runtimes.docker import DockerRuntime
from gwsim.lab.runtimes.failure import RuntimeFailure
from tests.docker.conftest import ROOT, left, sh
from tests.parity import STORIES, compared

MORE = (
    "contact/line-cut.yaml",
    "crafted/truncated.yaml",
    "healthy/nat-on-both-ends.yaml",
    "healthy/three-sites.yaml",
    "healthy/transport.yaml",
    "life/link-flap.yaml",
    "nat/responder-behind-nat.yaml",
    "phase2/any-any.yaml",
    "phase2/quick-3-lost.yaml",
    "traffic/esp-blocked.yaml",
    "vendors/contivity-screenos.yaml",
    "vendors/fortios-ios.yaml",
    "vendors/pix-ios.yaml",
)
"""With the classic faults every theme and every vendor; `make parity` plays all scenarios."""

AT_ONCE = 2
HEALTHY = ROOT / "scenarios/healthy/asa-screenos.yaml"


@pytest.mark.needs("docker")
def test_scenarios_come_out_alike_in_the_simulation_and_in_containers(image):
    found = compared("docker", (*STORIES, *MORE), AT_ONCE)
    assert [one for one in found if one.said] == []


@pytest.mark.needs("docker")
def test_nothing_is_left_of_a_run_and_its_containers_ended_well(image):
    runtime = DockerRuntime(10.0)
    assert run(load_scenario(HEALTHY), runtime=runtime).verdict.passed
    remains = {one.node: one for one in runtime.lab.remains}
    assert set(remains) == {"internet", "hq", "branch", "hq.server", "branch.pc"}
    assert {one.exit_code for one in remains.values()} == {0}
    assert "PHASE 2 COMPLETED" in remains["hq"].log
    assert left(f"gwsim-{runtime.lab.state.name}") == []


@pytest.mark.needs("docker")
def test_a_run_that_is_broken_off_leaves_nothing(image, tmp_path):
    """Of one that is killed the next run removes what is left, and then its own."""
    killed = _broken_off(signal.SIGKILL, tmp_path)
    assert left(f"gwsim-run-{killed.pid}-") != []
    ended = _broken_off(signal.SIGTERM, tmp_path)
    assert ended.returncode == 143
    assert left(f"gwsim-run-{killed.pid}-") == []
    assert left(f"gwsim-run-{ended.pid}-") == []


def _broken_off(how, folder):
    """Start a run and break it off as soon as it has containers."""
    command = (sys.executable, "-m", "gwsim.cli.main", "run", "--runtime", "docker", str(HEALTHY))
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    run = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    while not sh("docker", "ps", "--quiet", "--filter", f"name=gwsim-run-{run.pid}-"):
        assert run.poll() is None
    run.send_signal(how)
    run.wait(timeout=60)
    return run


@pytest.mark.needs("docker")
def test_a_missing_image_is_named_with_its_remedy(image, monkeypatch):
    monkeypatch.setattr("gwsim.lab.live.engine.IMAGE", "gwsim-that-nobody-built")
    with pytest.raises(RuntimeFailure, match="build it in the project's folder with `docker build"):
        run(load_scenario(HEALTHY), runtime=DockerRuntime(10.0))


def test_an_engine_that_does_not_answer_is_named_with_its_remedy(tmp_path):
    """As a shell sees it: one sentence, no traceback."""
    command = (sys.executable, "-m", "gwsim.cli.main", "run", "--runtime", "docker", str(HEALTHY))
    said = sh(*command, code=None, DOCKER_HOST=f"unix://{tmp_path}/nobody.sock")
    assert "no Docker engine answers here (there is no socket)" in said
    assert "DOCKER_HOST" in said
    assert "Traceback" not in said
