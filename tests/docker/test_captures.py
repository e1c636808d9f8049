"""Captures of a run in containers arrive where gwsim was called, and can be read."""

import os
import subprocess
import sys

import pytest

from tests.docker.conftest import ROOT, sh
from tests.netns.conftest import SCENARIOS
from tests.tools.test_captures import CARDS, labels_sent, read_everything


@pytest.mark.needs("tshark", "docker")
def test_every_packet_of_a_run_in_containers_is_read(image, tmp_path):
    assert labels_sent(CARDS[0], "docker", tmp_path) <= read_everything(tmp_path)
    assert (tmp_path / "hq-inside.pcapng").stat().st_size > 1000


@pytest.mark.needs("docker")
def test_a_capture_of_a_lab_that_stays_up_is_a_file_of_the_caller(image, tmp_path):
    name = f"c{os.getpid()}"
    gwsim = (sys.executable, "-m", "gwsim.cli.main")
    here = {"XDG_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    sh(*gwsim, "up", SCENARIOS / CARDS[0], "--runtime", "docker", "--name", name, **here)
    file = tmp_path / "seen.pcap"
    try:
        with subprocess.Popen(
            [*gwsim, "capture", "hq", "-c", "4", "-w", file],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **here},
        ) as capture:
            for _ in range(30):
                ping = ("exec", "branch.pc", "ping", "-c", "1", "-W", "1", "10.1.0.10")
                sh(*gwsim, *ping, code=None, **here)
                if capture.poll() is not None:
                    break
            else:
                capture.terminate()
        assert capture.returncode == 0
    finally:
        sh(*gwsim, "down", name, **here)
    octets = file.read_bytes()
    hq, branch = bytes([198, 51, 100, 1]), bytes([203, 0, 113, 1])
    assert hq + branch in octets
    assert branch + hq in octets
