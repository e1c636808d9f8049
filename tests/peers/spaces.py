"""Network namespaces of a test's own, wired by gwsim's own pieces, in which anything can be run.

One child process, the holder, keeps them open without names; when it is killed, or pytest is, the
kernel takes interfaces and namespaces away. Programs are brought in by `nsenter`, functions by a
fork. Root needs nothing else; anybody else gets it all inside a user namespace.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from gwsim.lab.live.linux import CLONE_NEWNET, become_capable, die_with, enter, new_network, unshare
from gwsim.lab.live.process import do_in_child, fork, settle_in
from gwsim.lab.live.topology import Topology
from gwsim.lab.live.wiring import wire

PATIENCE = 30.0
"""Seconds after which something that is waited for will never come."""

_PAUSE = 0.01


def eventually(
    happened: Callable[[], bool], patience: float = PATIENCE, pause: float = _PAUSE
) -> bool:
    """Wait until something is so, asking every `pause` seconds; False when it never was."""
    ends = time.monotonic() + patience
    while not (done := happened()) and time.monotonic() < ends:
        time.sleep(pause)
    return done


class Spaces:
    """The namespaces of a topology's nodes; `journal` takes the words of processes in there."""

    def __init__(self, topology: Topology, journal: Path) -> None:
        self._journal = journal
        said, says = os.pipe()
        parent = os.getpid()

        def hold() -> None:
            die_with(parent)
            settle_in(journal, (says,))
            become_capable()
            networks = {node: new_network() for node in topology.nodes}
            unshare(CLONE_NEWNET)
            do_in_child(lambda: wire(topology, networks))
            os.write(says, json.dumps(networks).encode())
            os.close(says)
            while True:
                signal.pause()

        self._holder = fork(hold)
        os.close(says)
        with os.fdopen(said, "rb") as answer:
            text = answer.read()
        if not text:
            self.close()
            raise RuntimeError(f"no namespaces: {journal.read_text(encoding='utf-8')}")
        self._networks: dict[str, int] = json.loads(text)

    def close(self) -> None:
        """Let everything go; what runs in there has been ended before."""
        os.kill(self._holder, signal.SIGKILL)
        os.waitpid(self._holder, 0)

    def words(self, node: str, *words: str) -> list[str]:
        """Give the command line that runs a program in a node, and never longer than we live."""
        own, held = (Path(f"/proc/{who}/ns/user").stat() for who in ("self", self._holder))
        user = [f"--user=/proc/{self._holder}/ns/user", "--preserve-credentials"]
        return [
            "nsenter",
            *(user if own.st_ino != held.st_ino else ()),
            f"--net=/proc/{self._holder}/fd/{self._networks[node]}",
            "--",
            *("setpriv", "--pdeathsig", "KILL"),
            *words,
        ]

    def run(
        self, node: str, *words: str, check: bool = True, text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a program in a node to its end; `text` is what it reads."""
        done = subprocess.run(
            self.words(node, *words),
            capture_output=True,
            text=True,
            input=text,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done

    @contextlib.contextmanager
    def running(self, node: str, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Run a program in a node beside us, and end it with the context."""
        process = subprocess.Popen(
            self.words(node, *words),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        with process:
            yield process
            process.terminate()

    def fork(self, node: str, journal: Path, work: Callable[[], None]) -> int:
        """Let a child of ours do some work in a node; gives its process ID."""
        parent = os.getpid()

        def live() -> None:
            die_with(parent)
            enter(self._holder, f"fd/{self._networks[node]}")
            settle_in(journal)
            work()

        return fork(live)

    def do(self, node: str, work: Callable[[], None]) -> None:
        """Let a child of ours do some work in a node, and wait for its end."""
        child = self.fork(node, self._journal, work)
        assert os.waitpid(child, 0)[1] == 0, self._journal.read_text(encoding="utf-8")

    def socket(self, node: str, make: Callable[[], socket.socket]) -> socket.socket:
        """Make a socket that lives in a node, for use here."""
        near, far = socket.socketpair()

        def hand_over() -> None:
            enter(self._holder, f"fd/{self._networks[node]}")
            with make() as made:
                socket.send_fds(far, [b"!"], [made.fileno()])

        with near, far:
            child = fork(hand_over)
            os.waitpid(child, 0)
            far.close()
            _, descriptors, _, _ = socket.recv_fds(near, 1, 1)
        return socket.socket(fileno=descriptors[0])


def end(pid: int, number: signal.Signals) -> None:
    """End a child of ours and wait for it."""
    os.kill(pid, number)
    os.waitpid(pid, 0)
