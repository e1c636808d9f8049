"""The container of a node that is a process of its own, a gateway or the internet."""

import os
import signal
import socket
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import replace

from gwsim.daemon.clock import Timing
from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.nodefile import NodeFile, node_from_json
from gwsim.daemon.process import NodeError
from gwsim.lab.live.container.container import PAUSE, Container
from gwsim.lab.live.linux import die_with
from gwsim.lab.live.places import ENDING
from gwsim.lab.live.process import fork
from gwsim.lab.live.remembered import begin_life, note_end, note_process
from gwsim.lab.runtimes.failure import RuntimeFailure

RETURN_AFTER = 1.0
"""Seconds after which a node that died is back."""

_FAREWELL = 4.0


class ProcessContainer(Container, ABC):
    """A node that comes back when it dies; each kind says how it is run."""

    @abstractmethod
    def run(self, file: NodeFile) -> None:
        """Run the node in this process until it is told to stop; raises NodeError."""

    @abstractmethod
    def configured(self, file: NodeFile) -> NodeFile:
        """Give the node file with the configuration that the node was told last."""

    def open(self) -> None:
        """Start the node and wait until it answers."""
        self._child = 0
        self._back_at: float | None = None
        self._start()
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            while probe.connect_ex(str(self.place.door(self.node))) and not self.stopping:
                time.sleep(PAUSE)
                self.awake()

    def begin(self) -> None:
        """Tell the node the moment at which time begins."""
        if self._child:
            with suppress(DoorError), Door(self.place.door(self.node)) as door:
                door.begin(self.epoch, self.speed)

    def patience(self) -> float | None:
        """How long it is until a node that died is to be back."""
        return None if self._back_at is None else max(0.0, self._back_at - time.monotonic())

    def turn(self) -> None:
        """Bring back what died."""
        if self._back_at is not None and self._back_at <= time.monotonic():
            self._start()

    def awake(self) -> None:
        """Notice that the node has ended, and plan its return."""
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._child:
                    self._child = 0
                    self._ended(os.waitstatus_to_exitcode(found[1]))

    def close(self) -> None:
        """End the node; it says goodbye to its peers first."""
        until = time.monotonic() + _FAREWELL
        if self._child:
            os.kill(self._child, signal.SIGTERM)
        while self._child and time.monotonic() < until:
            with suppress(ChildProcessError):
                if os.waitpid(self._child, os.WNOHANG)[0]:
                    self._child = 0
            time.sleep(PAUSE)

    def _ended(self, code: int) -> None:
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        note_end(self.place, self.node, how, time.monotonic())
        if code > 0:
            raise RuntimeFailure(f"{self.node} has ended with exit code {code}")
        if (self.place.path / ENDING).exists():
            self.stop()
        elif not self.stopping:
            self._back_at = time.monotonic() + RETURN_AFTER

    def _start(self) -> None:
        """Start the process of the node."""
        self._back_at = None
        file = self._file(begin_life(self.place, self.node))
        journal = self.place.journal(self.node)
        parent = os.getpid()

        def live() -> None:
            die_with(parent)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            # Whoever asks at the door may leave before the answer: no reason to die.
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            signal.set_wakeup_fd(-1)
            said = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            errors = os.dup(2)
            os.dup2(said, 2)
            try:
                self.run(file)
            except NodeError as error:
                os.write(errors, f"{error}\n".encode())
                os._exit(1)

        self._child = fork(live)
        note_process(self.place, self.node, self._child)

    def _file(self, life: int) -> NodeFile:
        """Say what the node is now; one that comes back must not draw the same random numbers."""
        file = node_from_json(self.order.file)
        seed = f"{file.timing.seed}/{life}" if life > 1 else file.timing.seed
        timing = Timing(self.calendar, self.epoch, self.speed, seed)
        return self.configured(replace(file, timing=timing))
