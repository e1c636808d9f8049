"""The processes of a lab's gateways and of its internet, each in its namespace.

One that dies, killed or crashed, is back a moment later, as a box with a watchdog would be.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Any

from gwsim.capture.wanted import Wanted
from gwsim.daemon.clock import Timing
from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.node import run_node
from gwsim.daemon.nodefile import GatewayFile, InternetFile, NodeFile
from gwsim.daemon.process import NodeError
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.live.linux import CLONE_NEWNET, NamespaceError, die_with, own_view, setns
from gwsim.lab.live.places import HINTS, Place
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.process import fork, last_words, settle_in, wait_for
from gwsim.lab.plan import Plan
from gwsim.path.config import PathConfig

RETURN_AFTER = 1.0
"""Seconds after which a node that died is back."""

MOST_RETURNS = 20
"""How often one node may come back before it is left alone."""

_PATIENCE = 60.0
_FAREWELL = 2.0
_COMING = 3.0
_LOOK_EVERY = 0.005


@dataclass(slots=True)
class _Node:
    """A process round a gateway or the internet; `lives` counts how often it was started.

    `ended` says how it did last, and `at` when, on the machine's monotonic clock.
    """

    name: str
    pid: int = 0
    lives: int = 0
    back_at: float | None = None
    ended: str = ""
    at: float = 0.0


class Nodes:
    """All nodes of one lab, children of this process.

    `networks` are descriptors of their namespaces. `wake` is readable when a child may have ended.
    `logs` wants vendors' logs, and `capture` is what nodes keep for captures.
    """

    def __init__(
        self,
        plan: Plan,
        place: Place,
        networks: Mapping[str, int],
        wake: socket.socket,
        logs: bool,
        capture: Wanted,
    ) -> None:
        self._plan = plan
        self._place = place
        self._networks = networks
        self._wake = wake
        self._logs = logs
        self._capture = capture
        names = (INTERNET, *(config.name for config in plan.gateways))
        self._nodes = {name: _Node(name) for name in names}
        self._configs = {config.name: config for config in plan.gateways}
        self._path = plan.path
        self._leaving = False

    def start(self, is_unwanted: Callable[[], bool]) -> None:
        """Start all, with clocks that stand still, and wait until they answer.

        Raises NamespaceError with the words of one that ended, or when the lab is not wanted any
        more.
        """
        self._epoch, self._speed = inf, 1.0
        for node in self._nodes.values():
            node.lives = 0
            self._start(node)
        self._await_doors(is_unwanted)

    def begin(self, epoch: float, speed: float) -> None:
        """Tell all when second 0 is, and how fast time passes then; who is down finds it later."""
        self._epoch, self._speed = epoch, speed
        for node in self._nodes.values():
            with suppress(DoorError), Door(self._place.door(node.name)) as door:
                door.begin(epoch, speed)

    def told(self, name: str, config: GatewayConfig | PathConfig) -> None:
        """Remember what a node is configured to be from now on, for when it comes back."""
        if isinstance(config, GatewayConfig):
            self._configs[name] = config
        else:
            self._path = config

    def reaches(self, name: str) -> bool:
        """Wait for a node that is just coming; False for one that is down, which will find out."""
        node = self._nodes[name]
        patience = time.monotonic() + _COMING
        while node.pid and not self._answers(node) and time.monotonic() < patience:
            wait_for(self._wake, _LOOK_EVERY)
            self.awake()
        return node.pid != 0

    def awake(self) -> None:
        """Notice which nodes have ended, and plan their return."""
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        by_pid = {node.pid: node for node in self._nodes.values()}
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                node = by_pid.get(found[0])
                if node is not None:
                    self._note_end(node, os.waitstatus_to_exitcode(found[1]))

    def next_return(self) -> float | None:
        """Give the moment of the machine's monotonic clock at which a node is to be back."""
        due = [node.back_at for node in self._nodes.values() if node.back_at is not None]
        return min(due, default=None)

    def bring_back(self) -> None:
        """Start those whose time has come."""
        for node in self._nodes.values():
            if node.back_at is not None and node.back_at <= time.monotonic():
                self._start(node)

    def status(self) -> dict[str, dict[str, Any]]:
        """Tell of each node its process, how often it was started, how and when it ended last.

        One that `stays` away has ended too often.
        """
        return {
            node.name: {
                "pid": node.pid,
                "lives": node.lives,
                "ended": node.ended,
                "at": node.at,
                "stays": node.lives > MOST_RETURNS,
            }
            for node in self._nodes.values()
        }

    def end(self) -> None:
        """End all, gateways first so that their farewells can still travel."""
        self._leaving = True
        self._end([node for name, node in self._nodes.items() if name != INTERNET])
        self._end(self._nodes.values())
        self.kill()

    def kill(self) -> None:
        """End all at once."""
        for node in self._nodes.values():
            if node.pid:
                os.kill(node.pid, signal.SIGKILL)
                os.waitpid(node.pid, 0)
                node.pid = 0

    def _start(self, node: _Node) -> None:
        node.lives += 1
        node.back_at = None
        file = self._file(node)
        parent = os.getpid()

        def live() -> None:
            die_with(parent)
            setns(self._networks[node.name], CLONE_NEWNET)
            own_view()
            settle_in(self._place.journal(node.name))
            try:
                run_node(file)
            except NodeError as error:
                os.write(2, f"{error}\n".encode())
                os._exit(1)

        node.pid = fork(live)

    def _file(self, node: _Node) -> NodeFile:
        """Say what a node is; one that comes back must not draw the same random numbers again."""
        who = "path" if node.name == INTERNET else node.name
        life = f"/{node.lives}" if node.lives > 1 else ""
        seed = f"{self._plan.seed}/{who}{life}"
        timing = Timing(self._plan.epoch, self._epoch, self._speed, seed)
        door, hints = str(self._place.door(node.name)), str(self._place.door(HINTS))
        if node.name == INTERNET:
            return InternetFile(self._path, timing, door, hints, capture=self._capture)
        log = str(self._place.log(node.name)) if self._logs else ""
        config = self._configs[node.name]
        return GatewayFile(config, timing, door, log, hints, capture=self._capture)

    def _await_doors(self, is_unwanted: Callable[[], bool]) -> None:
        waiting = list(self._nodes.values())
        patience = time.monotonic() + _PATIENCE
        while waiting:
            if is_unwanted():
                raise NamespaceError(f"the lab {self._place.name} was ended while it was starting")
            waiting = [node for node in waiting if not self._answers(node)]
            self.awake()
            ended = next((node for node in waiting if node.ended), None)
            if ended is not None or time.monotonic() > patience:
                raise NamespaceError(self._why(ended or waiting[0]))
            if waiting:
                wait_for(self._wake, _LOOK_EVERY)

    def _answers(self, node: _Node) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(str(self._place.door(node.name))) == 0

    def _why(self, node: _Node) -> str:
        """Say why a node is not ready."""
        if not node.ended:
            return (
                f"{node.name} is not ready after {_PATIENCE:.0f} s: this machine has too much else"
                " to do; try again when it has less"
            )
        said = last_words(self._place.journal(node.name))
        return said or f"{node.name} could not be started ({node.ended})"

    def _note_end(self, node: _Node, code: int) -> None:
        node.ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        node.pid = 0
        node.at = time.monotonic()
        if not self._leaving and node.lives <= MOST_RETURNS:
            node.back_at = time.monotonic() + RETURN_AFTER

    def _end(self, nodes: Iterable[_Node]) -> None:
        them, until = list(nodes), time.monotonic() + _FAREWELL
        for node in them:
            if node.pid:
                os.kill(node.pid, signal.SIGTERM)
        while any(node.pid for node in them) and time.monotonic() < until:
            wait_for(self._wake, until - time.monotonic())
            self.awake()
