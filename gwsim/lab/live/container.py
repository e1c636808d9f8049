"""The first process of a container of a lab: `python -m gwsim.lab.live.container [NODE]`.

It makes the container's interfaces those of its node and sees to it that the node lives: a gateway
or the internet as a process of its own, which comes back when it dies; a host in this one. What a
gateway logs in its vendor's words goes to standard output, `docker logs` shows it.

The containers of a lab share one directory (a volume in memory) with their doors, their logs and
the moment at which the lab's clock began.
"""

import json
import math
import os
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gwsim.daemon.clock import Clock
from gwsim.daemon.door import Door, DoorError
from gwsim.daemon.node import NodeError, run_node
from gwsim.daemon.nodefile import (
    GatewayFile,
    NodeFile,
    Timing,
    gateway_config_from_json,
    node_from_json,
    path_config_from_json,
)
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.live.desk import Desk
from gwsim.lab.live.hostdesk import HostDesk
from gwsim.lab.live.links import reaches, settle
from gwsim.lab.live.linux import die_with
from gwsim.lab.live.orders import ORDER_FILE, ContainerOrder, order_from_json
from gwsim.lab.live.places import ENDING, KEEPER, State, join
from gwsim.lab.live.process import fork
from gwsim.lab.live.steward import Steward, begin_life, remembered, wires_of
from gwsim.lab.live.topology import INTERNET
from gwsim.lab.live.training import training_order
from gwsim.lab.load import load_text
from gwsim.lab.runtimes.runtime import RuntimeFailure
from gwsim.lab.source import ScenarioError

LEAD = 0.3
"""Seconds between the moment at which a lab begins and its second 0, for all to hear of it."""

RETURN_AFTER = 1.0
"""Seconds after which a node that died is back."""

TAIL_EVERY = 0.2
"""Seconds between two looks at a log that is being written."""

_EPOCH = "_epoch"
_PATIENCE = 60.0
_PAUSE = 0.02
_FAREWELL = 4.0


class Container:
    """One container; `serve` returns when somebody ends it."""

    def __init__(self, order: ContainerOrder) -> None:
        self._order = order
        self._node = order.node
        self._selector = selectors.DefaultSelector()
        self._stopping = False
        self._child = 0
        self._back_at: float | None = None
        self._told = 0

    def serve(self) -> None:
        """Live as this node until a signal says stop; raises RuntimeFailure, in words."""
        self._watch_signals()
        if not self._order.settled:
            settle(self._order.ports, self._order.default)
        self._place, self._lock = join(self._order.lab)
        if not self._order.gather:
            self._found_lab()
        self._learn_epoch()
        self._clock = Clock(Timing(self._calendar, self._epoch, self._order.speed))
        host = self._open_host()
        if host is None:
            self._start()
            self._await_door()
        (self._place.path / f"{self._node}.here").touch()
        if self._order.gather and self._order.default:
            self._check_wires()
        steward = self._open_steward() if self._node == INTERNET else None
        self._live(host, steward)
        self._end_child()
        if host is not None:
            host.close()
        os.close(self._lock)

    def stop(self) -> None:
        """End as soon as may be."""
        self._stopping = True

    # the beginning

    def _watch_signals(self) -> None:
        self._wake, wakeup = socket.socketpair()
        for end in (self._wake, wakeup):
            end.setblocking(False)
        self._wakeup = wakeup
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._selector.register(self._wake, selectors.EVENT_READ, self._awake)

    def _open_host(self) -> HostDesk | None:
        own = next((host for host in self._order.hosts if host.name == self._node), None)
        if own is None:
            return None
        desk = HostDesk(own, self._order.hosts, self._place, self._selector)
        desk.open(self._clock, self.stop)
        return desk

    def _found_lab(self) -> None:
        """Let the lab begin, unless it has: who is first sets clock and calendar."""
        path = self._place.path
        if (path / _EPOCH).exists():
            return
        state = _state(self._order)
        if not self._order.gather:
            self._place.write_state(replace(state, started=time.time()))
        fresh = path / f".{_EPOCH}.{self._node}"
        fresh.write_text(f"{time.monotonic() + LEAD!r} {state.epoch}", encoding="ascii")
        with suppress(FileExistsError):
            (path / _EPOCH).hardlink_to(fresh)
        fresh.unlink()

    def _learn_epoch(self) -> None:
        """Find the moment that is the lab's second 0, if it is known already, and the calendar."""
        moment, calendar = "inf", _state(self._order).epoch
        with suppress(FileNotFoundError):
            moment, calendar = (self._place.path / _EPOCH).read_text(encoding="ascii").split()
        self._epoch, self._calendar = float(moment), datetime.fromisoformat(calendar)

    def _begin(self) -> None:
        """Let time pass if the lab has begun meanwhile."""
        self._learn_epoch()
        if self._epoch == math.inf:
            return
        self._clock.begin(self._epoch)
        if self._child:
            with suppress(DoorError), Door(self._place.door(self._node)) as door:
                door.begin(self._epoch)

    def _await_door(self) -> None:
        """Wait until the node answers, so that whoever is here is ready."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            while probe.connect_ex(str(self._place.door(self._node))) and not self._stopping:
                time.sleep(_PAUSE)
                self._awake()

    def _await(self, path: Path, words: str) -> None:
        patience = time.monotonic() + _PATIENCE
        while not path.exists():
            if self._stopping or time.monotonic() > patience:
                raise RuntimeFailure(words)
            time.sleep(_PAUSE)

    def _open_steward(self) -> Steward:
        """Let this container speak for the lab, once all are there.

        A lab that does its own acts begins at once, any other when somebody says so.
        """
        path = self._place.path
        for node in self._order.gather:
            self._await(path / f"{node}.here", f"the container of {node} has not come up")
        state, clock = _state(self._order), self._clock
        if self._epoch == math.inf:
            self._place.write_state(replace(state, started=time.time()))
        steward = Steward(self._place, self._order.hosts, clock, self._found_lab, self.stop)
        if self._order.acts and state.text:
            scenario = load_text(state.text).scenario
            steward.play(plan_for_people(scenario, self._calendar, self._order.played).acts)
        if self._order.acts:
            self._found_lab()
        self._desk = Desk(self._place.door(KEEPER), self._selector, steward.handlers())
        return steward

    def _check_wires(self) -> None:
        """Tell whether the neighbour who leads elsewhere can be reached, once he is there."""
        self._await(self._place.path / f"{INTERNET}.here", "the internet has not come up")
        neighbour = self._order.default
        words = ""
        if not reaches(neighbour):
            words = (
                f"{self._node} does not reach its neighbour {neighbour}: the engine's bridge drops"
                " packets between containers; on its machine let firewall rules pass what stays on"
                " one bridge, or try `sysctl net.bridge.bridge-nf-call-iptables=0`"
            )
            _say(words)
        fresh = self._place.path / f".{self._node}.wires"
        fresh.write_text(words, encoding="utf-8")
        fresh.replace(wires_of(self._place, self._node))

    # the node

    def _start(self) -> None:
        """Start the process of a gateway or of the internet."""
        self._back_at = None
        file = self._file(begin_life(self._place, self._node))
        journal = self._place.journal(self._node)
        parent = os.getpid()

        def live() -> None:
            die_with(parent)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            said = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            errors = os.dup(2)
            os.dup2(said, 2)
            try:
                run_node(file)
            except NodeError as error:
                os.write(errors, f"{error}\n".encode())
                os._exit(1)

        self._child = fork(live)

    def _file(self, life: int) -> NodeFile:
        """Say what the node is now; one that comes back must not draw the same random numbers."""
        file = node_from_json(self._order.file)
        seed = f"{file.timing.seed}/{life}" if life > 1 else file.timing.seed
        timing = Timing(self._calendar, self._epoch, self._order.speed, seed)
        config = remembered(self._place, self._node)
        if isinstance(file, GatewayFile):
            told = gateway_config_from_json(config) if config else file.config
            return replace(file, timing=timing, config=told)
        path = path_config_from_json(config) if config else file.config
        return replace(file, timing=timing, config=path)

    def _live(self, host: HostDesk | None, steward: Steward | None) -> None:
        """Answer, send, log and bring back until told to stop."""
        log = self._place.log(self._node)
        while not self._stopping:
            for key, _ in self._selector.select(self._patience(host, steward)):
                key.data()
            if self._epoch == math.inf:
                self._begin()
            if host is not None:
                host.handle_timer()
            if steward is not None:
                steward.act()
            if self._back_at is not None and self._back_at <= time.monotonic():
                self._start()
            self._tail(log)

    def _patience(self, host: HostDesk | None, steward: Steward | None) -> float | None:
        if self._epoch == math.inf:
            return _PAUSE
        due = [one.patience() for one in (host, steward) if one is not None]
        if host is None and self._node != INTERNET:
            due.append(TAIL_EVERY)
        if self._back_at is not None:
            due.append(max(0.0, self._back_at - time.monotonic()))
        return min((one for one in due if one is not None), default=None)

    def _tail(self, log: Path) -> None:
        """Show what the device has logged since the last look, whole lines only."""
        with suppress(FileNotFoundError), log.open("rb") as file:
            file.seek(self._told)
            fresh = file.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self._told += len(whole)
            while whole:
                whole = whole[os.write(1, whole) :]

    def _awake(self) -> None:
        """Notice that the node has ended, and plan its return."""
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._child:
                    self._child = 0
                    code = os.waitstatus_to_exitcode(found[1])
                    if code > 0:
                        raise RuntimeFailure(f"{self._node} has ended with exit code {code}")
                    if (self._place.path / ENDING).exists():
                        self.stop()
                    elif not self._stopping:
                        self._back_at = time.monotonic() + RETURN_AFTER

    def _end_child(self) -> None:
        """End the node; it says goodbye to its peers first."""
        until = time.monotonic() + _FAREWELL
        if self._child:
            os.kill(self._child, signal.SIGTERM)
        while self._child and time.monotonic() < until:
            with suppress(ChildProcessError):
                if os.waitpid(self._child, os.WNOHANG)[0]:
                    self._child = 0
            time.sleep(_PAUSE)
        if self._node not in (host.name for host in self._order.hosts):
            self._tail(self._place.log(self._node))


def _state(order: ContainerOrder) -> State:
    found = json.loads(order.state)
    return State(**{**found, "faults": tuple(found["faults"])})


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    """Live as one container of a lab; the exit status for the engine."""
    try:
        if Path(ORDER_FILE).exists():
            order = order_from_json(Path(ORDER_FILE).read_text(encoding="utf-8"))
        else:
            order = training_order(arguments[0] if arguments else "", os.environ)
        Container(order).serve()
    except (RuntimeFailure, ScenarioError) as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
