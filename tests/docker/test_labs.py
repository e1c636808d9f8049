"""A lab of containers that stays up, worked in from the machine's own command line."""

import os
import signal
import subprocess
import sys

import pytest

from tests.docker.conftest import ROOT, left, sh
from tests.netns.test_labs import lengths, until

pytestmark = [pytest.mark.needs("docker"), pytest.mark.usefixtures("image")]

STORY = ROOT / "scenarios/phase2/proxy-id-not-mirrored.yaml"


class Program:
    """The program, with labs of one test alone: they are known by a folder."""

    def __init__(self, folder):
        self._here = {"XDG_RUNTIME_DIR": str(folder), "PYTHONPATH": str(ROOT)}

    def __call__(self, *words, code=0):
        return sh(*self._command(words), code=code, **self._here)

    def start(self, *words):
        """Call it as a terminal does: a signal to its group is for all that it runs."""
        return subprocess.Popen(
            self._command(words),
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self._here},
            start_new_session=True,
            # Whoever runs tests in the background may have them ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )

    def _command(self, words):
        return (sys.executable, "-m", "gwsim.cli.main", *map(str, words))


@pytest.fixture
def gwsim(tmp_path):
    program = Program(tmp_path)
    yield program
    program("down", "--all")


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


LEAVE_BEFORE_THE_ANSWER = """
import socket, sys
for _ in range(50):
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(sys.argv[1])
        door.sendall(b'{"ask": "snapshot"}\\n' * 50)
"""


def running(container, program):
    said = sh("docker", "exec", container, "ps", "-eo", "comm")
    return program in said.split()


def test_what_is_broken_off_in_a_container_ends_there_and_nothing_else(gwsim, tmp_path):
    """In a lab whose gateways are the ends of their tunnel, and have no container for a host."""
    name = f"i{os.getpid()}"
    hq, file = f"gwsim-{name}-hq", tmp_path / "seen.pcap"
    gwsim("up", ROOT / "scenarios/healthy/transport.yaml", "--runtime", "docker", "--name", name)
    ping = gwsim.start("exec", "hq.itself", "ping", "-q", "203.0.113.1")
    assert until(lambda: running(hq, "ping"))
    capture = gwsim.start("capture", "hq.itself", "-w", file)
    assert until(lambda: file.exists() and len(file.read_bytes()) > 200, 1_000_000)
    os.killpg(capture.pid, signal.SIGINT)
    assert capture.wait() == 0
    assert lengths(file.read_bytes())
    ping.terminate()
    assert ping.wait() == 128 + signal.SIGTERM
    assert not running(hq, "ping")
    door = f"/run/lab/gwsim/{name}/hq.sock"
    sh("docker", "exec", hq, "python", "-c", LEAVE_BEFORE_THE_ANSWER, door)
    assert "which node? There are branch, branch.itself, hq," in gwsim(
        "exec", "itself", "true", code=2
    )
    assert "came back" not in gwsim("status")


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
