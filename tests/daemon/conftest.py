"""Tests with real interfaces run in namespaces of their own, as root or as anybody.

A test marked `needs("ip")` is run by another pytest inside fresh namespaces for network, mounts
and processes, and for an ordinary user for users too. All it makes there ends with it.
"""

import os
import subprocess
import sys
import tempfile

import pytest

_INSIDE = "GWSIM_TEST_NAMESPACE"
_SETUP = "mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && exec "


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    needs = {program for mark in pyfuncitem.iter_markers("needs") for program in mark.args}
    if "ip" not in needs or os.environ.get(_INSIDE):
        return None
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    words = [
        "unshare",
        *user,
        "--net",
        "--mount",
        "--pid",
        "--fork",
        "--kill-child",
        "--mount-proc",
    ]
    inner = f"'{sys.executable}' -m pytest -q -p no:cacheprovider '{pyfuncitem.nodeid}'"
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        done = subprocess.run(
            [*words, "sh", "-c", _SETUP + inner],
            cwd=pyfuncitem.config.rootpath,
            env={**os.environ, _INSIDE: "1", "PYTEST_DEBUG_TEMPROOT": folder},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if done.returncode:
        pytest.fail(f"in its own namespace:\n{done.stdout}\n{done.stderr}", pytrace=False)
    return True
