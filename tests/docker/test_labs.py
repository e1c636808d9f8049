"""A lab of containers that stays up, worked in from the machine's own command line."""

import os
import sys

import pytest

from tests.docker.conftest import ROOT, left, sh

pytestmark = [pytest.mark.needs("docker"), pytest.mark.usefixtures("image")]

STORY = ROOT / "scenarios/phase2/proxy-id-not-mirrored.yaml"


@pytest.fixture
def gwsim(tmp_path):
    """The program, with labs of this test alone."""

    def call(*words, code=0):
        command = (sys.executable, "-m", "gwsim.cli.main", *map(str, words))
        return sh(*command, code=code, XDG_RUNTIME_DIR=str(tmp_path), PYTHONPATH=str(ROOT))

    yield call
    call("down", "--all")


READY = "until python -m gwsim.lab.live.alive; do sleep 0.2; done"


def test_containers_that_are_killed_whole_are_named_and_come_back(gwsim):
    name = f"k{os.getpid()}"
    hq, internet = f"gwsim-{name}-hq", f"gwsim-{name}-internet"
    gwsim("up", ROOT / "scenarios/healthy/asa-screenos.yaml", "--runtime", "docker", "--name", name)
    sh("docker", "kill", hq)
    ended = f"its container has ended (exit code 137); `docker start {hq}` brings it back"
    assert ended in gwsim("status")
    assert ended in gwsim("show", "hq", "show crypto isakmp sa", code=2)
    sh("docker", "start", hq)
    sh("docker", "exec", hq, "sh", "-c", READY)
    assert "Active SA" not in gwsim("show", "hq", "show crypto isakmp sa")
    sh("docker", "kill", internet)
    assert "nobody answers for it: internet, which does, has ended" in gwsim("status")
    assert f"docker start {internet}" in gwsim("show", "hq", "show crypto isakmp sa", code=2)
    sh("docker", "start", internet)
    sh("docker", "exec", internet, "sh", "-c", READY)
    assert "tunnels up: " in gwsim("status")
    sh("docker", "kill", internet)
    assert f"the lab {name} is down" in gwsim("down", name)
    assert left(f"gwsim-{name}") == []


def test_a_lab_is_broken_repaired_and_gone(gwsim):
    name = f"t{os.getpid()}"
    gwsim("up", STORY, "--runtime", "docker", "--name", name)
    assert "running already" in gwsim("up", STORY, "--runtime", "docker", "--name", name, code=2)
    ping = ("exec", "branch.pc", "ping", "-c", "3", "-i", "0.5", "-W", "1", "10.1.0.10")
    assert "100% packet loss" in gwsim(*ping, code=1)
    assert f"{name} (docker)" in gwsim("status")
    assert "IKEv1 SAs" in gwsim("show", "hq", "show crypto isakmp sa")
    gwsim("fault", "repair", "proxy-id-mismatch")
    gwsim(*ping, code=None)
    assert " 0% packet loss" in gwsim(*ping)
    assert "MM_ACTIVE" in gwsim("show", "hq", "show crypto isakmp sa")
    assert "Phase 2" in gwsim("logs", "branch")
    assert f"the lab {name} is down" in gwsim("down", name)
    assert left(f"gwsim-{name}") == []
    assert "no lab is running" in gwsim("show", "hq", "show crypto isakmp sa", code=2)
