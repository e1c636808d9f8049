"""Whole commands as a person types them, from Enter to the next prompt.

What a command imports is part of it. `python -X importtime -m gwsim.cli.main ...` tells what.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCENARIO = Path(__file__).parent.parent / "scenarios" / "healthy" / "asa-screenos.yaml"
NAME = "bench-commands"
UP = ("up", str(SCENARIO), "--name", NAME)
DOWN = ("down", NAME)

ASKED = {
    "show": ("show", "hq", "show crypto isakmp sa"),
    "status": ("status",),
    "logs": ("logs", "hq"),
    "exec": ("exec", "hq", "true"),
}
"""What is asked of a running lab."""

ALONE = {
    "help": ("--help",),
    "run": ("run", str(SCENARIO)),
    "validate": ("validate", str(SCENARIO)),
}
"""What needs none."""


@pytest.fixture(scope="module")
def gwsim(tmp_path_factory):
    """Type a command, in a world of its own."""
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path_factory.mktemp("runtime"))}

    def typed(*words):
        command = (sys.executable, "-m", "gwsim.cli.main", *words)
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return typed


@pytest.fixture(scope="module")
def lab(gwsim):
    """The same, with a lab in namespaces running."""
    started = gwsim(*UP)
    if started.returncode:
        pytest.skip(started.stderr)
    yield gwsim
    gwsim(*DOWN)


@pytest.mark.parametrize("name", ALONE)
def test_a_command_that_needs_no_lab(benchmark, gwsim, name):
    done = benchmark.pedantic(gwsim, args=ALONE[name], rounds=5)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ASKED)
def test_a_question_to_a_running_lab(benchmark, lab, name):
    done = benchmark.pedantic(lab, args=ASKED[name], rounds=5)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("runtime", ["netns", "docker"])
@pytest.mark.parametrize("step", ["up", "down"])
def test_a_lab_comes_and_goes(benchmark, gwsim, runtime, step):
    """Only one of the two is measured, the other one stands before or after it."""
    started = gwsim(*UP, "--runtime", runtime)
    gwsim(*DOWN)
    if started.returncode:
        pytest.skip(started.stderr)

    def begin():
        if step == "down":
            gwsim(*UP, "--runtime", runtime)

    def finish(*_):
        if step == "up":
            gwsim(*DOWN)

    words = (*UP, "--runtime", runtime) if step == "up" else DOWN
    done = benchmark.pedantic(gwsim, args=words, setup=begin, teardown=finish, rounds=3)
    assert done.returncode == 0, done.stderr
