"""Whether the process that signed something is gone is known only where it signed."""

import os
import subprocess
import sys

from gwsim.lab.live.owner import is_gone, signature


def test_who_lives_is_not_gone():
    assert signature().endswith(f"/{os.getpid()}")
    assert not is_gone(signature())


def test_who_has_ended_is_gone():
    code = "from gwsim.lab.live.owner import signature; print(signature())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert is_gone(said.stdout.strip())


def test_of_processes_elsewhere_nothing_is_known():
    here, _, _ = signature().rpartition("/")
    assert not is_gone(f"{here}x/999999999")
    assert not is_gone("nonsense")
    assert is_gone(f"{here}/999999999")
