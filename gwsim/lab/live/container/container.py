"""What the containers of a lab have in common: interfaces, a place in the lab, and its clock."""

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

from gwsim.daemon.clock import Clock, Timing
from gwsim.lab.live.conflicts import Probe
from gwsim.lab.live.links import reaches, settle
from gwsim.lab.live.names import ask_nobody, know_each_other
from gwsim.lab.live.order import ContainerOrder
from gwsim.lab.live.places import DOCKER, State, join, state_from
from gwsim.lab.live.remembered import hold, wires_of
from gwsim.lab.runtimes.failure import RuntimeFailure

LEAD = 0.3
"""Seconds between the moment at which a lab begins and its second 0, for all to hear of it."""

PAUSE = 0.02
"""Seconds between two looks at what is about to come."""

_EPOCH = "_epoch"


class Container:
    """One container; `serve` returns when somebody ends it. Each kind overrides what differs.

    Who `needs_neighbour` is only started, where nobody waits for all, once that one answers.
    """

    needs_neighbour = False

    def __init__(self, order: ContainerOrder) -> None:
        self.order = order
        self.node = order.node
        self.stopping = False
        self.selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Live as this node until a signal says stop; raises RuntimeFailure, in words."""
        self._watch_signals()
        if not self.order.settled:
            settle(self.order.ports, self.order.default)
            self._keep_to_itself()
        if self.contained:
            self._probe = Probe(self.order.ports)
        self.place, self._lock = join(self.order.lab)
        held = hold(self.place, self.node)
        if not self.order.gather:
            self.found_lab()
        self._learn_epoch()
        self.clock = Clock(Timing(self.calendar, self.epoch, self.speed))
        here = self.place.path / f"{self.node}.here"
        if self.contained and not self.order.gather:
            self._require_wires(self.needs_neighbour and not here.exists())
        self.open()
        here.touch()
        if self.order.gather:
            self._check_wires()
        self.lead()
        self._live()
        self.close()
        os.close(held)
        os.close(self._lock)

    @property
    def contained(self) -> bool:
        """Whether an engine has made the network; a single node is in one of a person's own."""
        return self.state().runtime == DOCKER

    def stop(self) -> None:
        """End as soon as may be."""
        self.stopping = True

    # what differs

    def open(self) -> None:
        """Become what this container is, and answer at its door."""

    def lead(self) -> None:
        """Do what is to be done once all containers of the lab are there."""

    def begin(self) -> None:
        """Take note that the clock has begun."""

    def patience(self) -> float | None:
        """How long nothing is due, in real seconds; None for ever."""
        return None

    def turn(self) -> None:
        """Do what is due."""

    def awake(self) -> None:
        """Look after children, one of which may have ended."""

    def close(self) -> None:
        """Give everything back."""

    # the beginning

    def _keep_to_itself(self) -> None:
        """Know the lab by name, and ask nobody outside; a node of a person's own network may."""
        if self.contained:
            know_each_other(self.state().addresses)
            ask_nobody()

    def _watch_signals(self) -> None:
        self._wake, wakeup = socket.socketpair()
        for end in (self._wake, wakeup):
            end.setblocking(False)
        self._wakeup = wakeup
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.selector.register(self._wake, selectors.EVENT_READ, self._woken)

    def found_lab(self, speed: float | None = None) -> None:
        """Let the lab begin, unless it has: who is first sets clock and calendar.

        Time passes at the speed of the order, or at another.
        """
        path = self.place.path
        if (path / _EPOCH).exists():
            return
        state = self.state()
        if not self.order.gather:
            self.place.write_state(replace(state, started=time.time()))
        fresh = path / f".{_EPOCH}.{self.node}"
        said = (repr(time.monotonic() + LEAD), state.epoch, repr(speed or self.order.speed))
        fresh.write_text(" ".join(said), encoding="ascii")
        with suppress(FileExistsError):
            (path / _EPOCH).hardlink_to(fresh)
        fresh.unlink()

    def state(self) -> State:
        """Say what the lab is, as the order has it."""
        return state_from(json.loads(self.order.state))

    def _learn_epoch(self) -> None:
        """Find out when second 0 is, if that is known already, the calendar and the speed."""
        moment, calendar, speed = "inf", self.state().epoch, repr(self.order.speed)
        with suppress(FileNotFoundError):
            moment, calendar, speed = (self.place.path / _EPOCH).read_text("ascii").split()
        self.epoch, self.calendar = float(moment), datetime.fromisoformat(calendar)
        self.speed = float(speed)

    def _begin(self) -> None:
        """Let time pass if the lab has begun meanwhile."""
        self._learn_epoch()
        if self.epoch != math.inf:
            self.clock.begin(self.epoch, self.speed)
            self.begin()

    def await_all(self) -> None:
        """Wait until all containers of the lab are there, or this one is told to stop.

        Whoever started them sees whether one has ended; how long the others take, a machine knows.
        """
        for node in self.order.gather:
            path = self.place.path / f"{node}.here"
            while not path.exists() and not self.stopping:
                time.sleep(PAUSE)

    def _check_wires(self) -> None:
        """Tell what is wrong with this node's wires, once all are there, or that nothing is."""
        self.await_all()
        words = "" if self.stopping else self._wrong(self.order.default)
        if words:
            say(words)
        fresh = self.place.path / f".{self.node}.wires"
        fresh.write_text(words, encoding="utf-8")
        fresh.replace(wires_of(self.place, self.node))

    def _require_wires(self, neighbourly: bool) -> None:
        """Raise RuntimeFailure for wires that are no wires: the lab would tell of other faults."""
        time.sleep(PAUSE)
        words = self._wrong(self.order.default if neighbourly else "")
        if words:
            raise RuntimeFailure(words)

    def _wrong(self, neighbour: str) -> str:
        """Say what keeps this node from a neighbour, "" where it is reached."""
        conflict = self._probe.conflict()
        if conflict:
            return (
                f"{self.node} shares {conflict} with something else: the engine's machine has this"
                " address, or what a bridge of its leads to (`ip address` there tells); take it"
                " away, or give the scenario other addresses"
            )
        if neighbour and not reaches(neighbour):
            return (
                f"{self.node} does not reach its neighbour {neighbour}: the engine's bridge drops"
                " packets between containers, or masquerades them for another network of its own"
                " that has these addresses too (`docker network inspect`); on its machine let"
                " firewall rules pass what stays on one bridge, or try"
                " `sysctl net.bridge.bridge-nf-call-iptables=0`"
            )
        return ""

    # the loop

    def _live(self) -> None:
        """Answer and do what is due until told to stop."""
        while not self.stopping:
            for key, _ in self.selector.select(self._patience()):
                key.data()
            if self.epoch == math.inf:
                self._begin()
            self.turn()

    def _patience(self) -> float | None:
        return PAUSE if self.epoch == math.inf else self.patience()

    def _woken(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        self.awake()


def say(words: str) -> None:
    """Say something that `docker logs` shows."""
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
