"""Tests with real interfaces run in namespaces of their own, as root or as anybody.

A test marked `needs("ip")` is run by a child inside fresh namespaces for network, mounts and
processes, and for an ordinary user for users too. All it makes there ends with it.
"""

import os
import select
import signal
import subprocess
import tempfile
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from gwsim.lab.live.linux import CLONE_NEWNS, become_capable, die_with, unshare
from gwsim.lab.live.process import fork, settle_in

LONGEST = 120.0
"""Seconds that a test may take."""

_CLONE_NEWPID = 0x20000000
_SETUP = (
    "mount --make-rprivate / && mount -t proc proc /proc && mount -t tmpfs tmpfs /run"
    " && mkdir /run/netns && ip link set lo up"
)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    needs = {program for mark in pyfuncitem.iter_markers("needs") for program in mark.args}
    if "ip" not in needs:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    arguments = {name: pyfuncitem.funcargs[name] for name in names}
    with tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        said = Path(folder) / "said"
        if not secluded(lambda: pyfuncitem.obj(**arguments), said):
            words = said.read_text(encoding="utf-8")
            pytest.fail(f"in its own namespaces:\n{words}", pytrace=False)
    return True


def secluded(work: Callable[[], object], said: Path) -> bool:
    """Do some work in namespaces of its own; say whether it ended well. Its words go to a file."""
    parent, home = os.getpid(), Path.cwd()

    def be_first() -> None:
        die_with(0)  # the parent of the first process of a namespace has no number there
        settle_in(said)
        os.chdir(home)
        warnings.simplefilter("error")
        subprocess.run(["sh", "-c", _SETUP], check=True)
        try:
            work()
        except BaseException:  # those of pytest are no Exceptions
            traceback.print_exc()
            os._exit(1)

    def be_outside() -> None:
        die_with(parent)
        become_capable()
        unshare(CLONE_NEWNS | _CLONE_NEWPID)
        os._exit(os.waitstatus_to_exitcode(os.waitpid(fork(be_first), 0)[1]) != 0)

    child = fork(be_outside)
    with os.fdopen(os.pidfd_open(child), "rb", buffering=0) as ended:
        if not select.select([ended], [], [], LONGEST)[0]:
            os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1] == 0
