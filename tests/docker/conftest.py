"""The image as the tree is now, and an engine on which nothing may be left."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def sh(*command, code=0, timeout=180, **environment):
    """Run a command in the project's folder and give what it wrote."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    said = done.stdout + done.stderr
    assert code is None or done.returncode == code, f"{command}: {done.returncode}\n{said}"
    return said


@pytest.fixture(scope="session")
def image():
    """The image, built from the Dockerfile with whatever builder the engine's client has."""
    return sh("docker", "build", "--quiet", "--tag", "gwsim", ".", timeout=600).strip()


def left(mark):
    """What is on the engine under a name: containers, networks and volumes."""
    named = f"name={mark}"
    return [
        *sh("docker", "ps", "--all", "--quiet", "--filter", named).split(),
        *sh("docker", "network", "ls", "--quiet", "--filter", named).split(),
        *sh("docker", "volume", "ls", "--quiet", "--filter", named).split(),
    ]
