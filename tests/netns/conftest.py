"""The program as a shell would call it, with labs in a directory of the test's own.

Each test runs as whoever runs pytest and, where that is root, as an ordinary user too: in a user
namespace in which the process is somebody else and may do nothing at all. A call is a fork of
this process, for most of what a command takes is the time to import everything.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from typer.main import get_command

from gwsim.cli.main import app
from gwsim.lab.live import launch
from gwsim.lab.live.linux import CLONE_NEWUSER, setns, unshare
from gwsim.lab.runtimes import netns

SCENARIOS = Path(__file__).parents[2] / "scenarios"
OURS = ("inside", "outside", "to-", "gwsim", "gwnet")
IMPORTED = (launch, netns, dict(get_command(app).commands))
CAPABILITIES_VERSION_3 = 0x20080522


@contextmanager
def strange_land():
    """A user namespace in which our user has the number 1000; gives who holds it."""
    uid, gid = os.geteuid(), os.getegid()
    ready, done = os.pipe(), os.pipe()
    holder = os.fork()
    if not holder:
        os.close(done[1])
        unshare(CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"1000 {uid} 1")
        Path("/proc/self/gid_map").write_text(f"1000 {gid} 1")
        os.write(ready[1], b"!")
        os.read(done[0], 1)
        os._exit(0)
    for descriptor in (ready[1], done[0]):
        os.close(descriptor)
    assert os.read(ready[0], 1) == b"!"
    yield holder
    os.close(done[1])
    os.close(ready[0])
    os.waitpid(holder, 0)


def become_ordinary(holder):
    """Be user 1000 from now on, who has no rights but those of an ordinary user."""
    with Path(f"/proc/{holder}/ns/user").open() as space:
        setns(space.fileno(), CLONE_NEWUSER)
    nothing = (ctypes.c_uint32 * 6)()
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_VERSION_3, 0)
    assert ctypes.CDLL(None).capset(header, nothing) == 0
    assert os.geteuid() == 1000


def open_scratch():
    """A file without a name, gone when it is closed."""
    return tempfile.TemporaryFile("w+", encoding="utf-8")


class Call:
    """One call of gwsim, running; `arguments` as on a command line."""

    def __init__(self, shell, arguments):
        self._files = [open_scratch(), open_scratch()]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            self.pid = os.fork()
        if not self.pid:
            os.setsid()
            # Whoever runs tests in the background may have them ignore Ctrl-C.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            self._live(shell, arguments)

    def _live(self, shell, arguments):
        code = 70
        try:
            for target, file in enumerate(self._files, 1):
                os.dup2(file.fileno(), target)
            sys.stdout, sys.stderr = (os.fdopen(number, "w", closefd=False) for number in (1, 2))
            os.environ["XDG_RUNTIME_DIR"] = shell.folder
            if shell.holder:
                become_ordinary(shell.holder)
            app(arguments, prog_name="gwsim")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)

    def end(self):
        """Wait for its end: exit code, or minus the signal, and what it wrote."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        texts = []
        for file in self._files:
            file.seek(0)
            texts.append(file.read())
            file.close()
        return code, *texts


class Shell:
    """Calls gwsim; `folder` is where its labs are, `holder` has the namespace of its user."""

    def __init__(self, folder, holder):
        self.folder = folder
        self.holder = holder

    def start(self, *arguments):
        return Call(self, [str(argument) for argument in arguments])

    def __call__(self, *arguments, code=0):
        ended, out, err = self.start(*arguments).end()
        assert ended == code, f"{arguments}: {ended}\n{out}\n{err}"
        assert "Traceback" not in err
        return out if code == 0 else err or out

    def labs(self):
        return json.loads(self("status", "--json"))

    def node(self, name):
        [lab] = self.labs()
        return next(node for node in lab["nodes"] if node["name"] == name)

    def processes(self):
        """All processes of labs of this test: their journals are in its directory."""
        found = []
        for path in Path("/proc").glob("[0-9]*/fd/2"):
            try:
                if str(path.readlink()).startswith(f"{self.folder}/"):
                    found.append(int(path.parts[2]))
            except OSError:
                continue  # ended just now, or somebody else's
        return found

    def left(self):
        """What is left of labs: processes, files, interfaces and named namespaces."""
        folder = Path(self.folder) / "gwsim"
        files = [path.name for path in folder.iterdir() if path.name != "_lock"]
        links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True, check=True)
        names = [line.split()[1].rstrip(":") for line in links.stdout.splitlines()]
        named = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
        spaces = [line for line in named.stdout.splitlines() if "gwsim" in line]
        return self.processes() + files + [n for n in names if n.startswith(OURS)] + spaces

    def left_in_the_end(self, seconds=5.0):
        """What is left after those that are ending had a moment to end."""
        deadline = time.monotonic() + seconds
        while (left := self.left()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return left


@pytest.fixture(params=["self", "ordinary"] if os.geteuid() == 0 else ["self"])
def gwsim(request):
    # Unix sockets have short names, and pytest's own directories have long ones.
    user = strange_land() if request.param == "ordinary" else nullcontext(0)
    with user as holder, tempfile.TemporaryDirectory(prefix="gwsim-") as folder:
        shell = Shell(folder, holder)
        try:
            yield shell
        finally:
            shell("down", "--all")
        assert shell.left_in_the_end() == []
