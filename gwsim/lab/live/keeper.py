"""The process that holds a lab: it makes namespaces, starts nodes, and ends them all in the end.

It has no threads, so that it can fork at any time: a node that dies, killed or crashed, is back a
moment later, as a box with a watchdog would be. Its door answers

    status                    what there is and how it fares
    ping, stream              a host sends (fields as in `HostStack`, `source` is an address)
    configure                 a node gets another configuration (`node`, `config`)
    follow                    what is still to come is as a changed scenario says (`text`)
    traffic                   what all pings and streams came to
    stop                      end the lab; the connection closes when nothing is left
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.daemon.clock import Clock, Timing
from gwsim.daemon.door import DoorError, Silent
from gwsim.daemon.node import run_node
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import (
    GatewayFile,
    InternetFile,
    NodeFile,
    gateway_config_from_json,
    path_config_from_json,
)
from gwsim.daemon.process import NodeError
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.jsonform import encode
from gwsim.lab.live.acts import Reach
from gwsim.lab.live.desk import Desk
from gwsim.lab.live.hosts import Hosts
from gwsim.lab.live.linux import (
    CLONE_NEWNET,
    NamespaceError,
    become_capable,
    die_with,
    new_network,
    own_view,
    processes_in,
    setns,
    unshare,
)
from gwsim.lab.live.places import HINTS, KEEPER, Place
from gwsim.lab.live.player import Player, acts_of
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.process import (
    do_in_child,
    end_processes,
    fork,
    last_words,
    settle_in,
    wait_for,
)
from gwsim.lab.live.silent import process_silence
from gwsim.lab.live.topology import Topology
from gwsim.lab.live.wiring import wire
from gwsim.lab.plan import Plan, PlannedAct
from gwsim.path.config import PathConfig

LEAD = 0.25
"""Seconds that nodes are given to get ready; the lab's clock stands at 0 until then."""

RETURN_AFTER = 1.0
"""Seconds after which a node that died is back."""

MOST_RETURNS = 20
"""How often one node may come back before it is left alone."""

LOOK_EVERY = 2.0
"""Seconds after which a keeper looks at the latest whether its lab can still be found."""

_LONGEST_LEAD = 4.0
_PATIENCE = 60.0
_FAREWELL = 2.0
_COMING = 3.0
_PATIENCE_WITH_NODES = 5.0


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


class Keeper:
    """Holds one lab; `speed` seconds pass there in each real one, `logs` wants vendors' logs.

    `acts` are done when their time comes; of a `gwsim run` somebody else does them. `capture` is
    what nodes keep for captures.
    """

    def __init__(
        self,
        plan: Plan,
        topology: Topology,
        place: Place,
        speed: float,
        acts: Iterable[PlannedAct] = (),
        logs: bool = False,
        capture: Wanted = NOTHING,
    ) -> None:
        self._plan = plan
        self._topology = topology
        self._place = place
        self._speed = speed
        self._logs = logs
        self._capture = capture
        self._selector = selectors.DefaultSelector()
        self._heard: set[socket.socket] = set()
        self._stopping = False
        self.networks: dict[str, int] = {}
        names = (INTERNET, *(config.name for config in plan.gateways))
        self._nodes = {name: _Node(name) for name in names}
        self._acts = tuple(acts)
        self._configs = {config.name: config for config in plan.gateways}
        self._path = plan.path

    def build(self, wanted: Callable[[], bool]) -> None:
        """Make everything and let it begin, as long as it is wanted.

        Raises NamespaceError, in words.
        """
        self._wanted = wanted
        become_capable()
        self.networks = {node: new_network() for node in self._topology.nodes}
        self.networks |= {host: self.networks[own] for host, own in self._topology.itself}
        unshare(CLONE_NEWNET)
        do_in_child(lambda: wire(self._topology, self.networks))
        self._hosts = Hosts(self._plan.hosts, self.networks)
        self._wake, wakeup = socket.socketpair()
        for end in (self._wake, wakeup):
            end.setblocking(False)
        self._wakeup = wakeup
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        lead = LEAD
        while not self._begin(lead):
            lead *= 2
            self._kill()

    def _begin(self, lead: float) -> bool:
        """Start all nodes; False when they were not ready at second 0, so slow is the machine."""
        self._epoch = time.monotonic() + lead
        self._clock = Clock(Timing(self._plan.epoch, self._epoch, self._speed))
        self._reach = Reach(
            lambda name, fields: self._handlers()[name](fields),
            self._configure,
            lambda name: GatewayDoor(self._place.door(name), _PATIENCE_WITH_NODES),
            lambda: InternetDoor(self._place.door(INTERNET), _PATIENCE_WITH_NODES),
        )
        self._player = Player(self._clock, self._reach, self._acts)
        for node in self._nodes.values():
            node.lives = 0
            self._start(node)
        self._await_doors()
        return time.monotonic() < self._epoch or lead > _LONGEST_LEAD

    def stop(self) -> None:
        """End the lab as soon as may be."""
        self._stopping = True

    # nodes

    def _start(self, node: _Node) -> None:
        node.lives += 1
        node.back_at = None
        file = self._file(node)
        parent = os.getpid()

        def live() -> None:
            die_with(parent)
            setns(self.networks[node.name], CLONE_NEWNET)
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

    def _await_doors(self) -> None:
        """Wait until every node answers; raises NamespaceError with the words of one that ended."""
        waiting = list(self._nodes.values())
        patience = time.monotonic() + _PATIENCE
        while waiting:
            if self._stopping or self._place.is_to_end or not self._wanted():
                raise NamespaceError(f"the lab {self._place.name} was ended while it was starting")
            waiting = [node for node in waiting if not self._answers(node)]
            self._reap()
            ended = next((node for node in waiting if node.ended), None)
            if ended is not None or time.monotonic() > patience:
                culprit = ended or waiting[0]
                raise NamespaceError(self._why(culprit))
            if waiting:
                wait_for(self._wake, 0.005)

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

    def _reap(self) -> None:
        """Notice which nodes have ended, and plan their return."""
        by_pid = {node.pid: node for node in self._nodes.values()}
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                node = by_pid.get(found[0])
                if node is None:
                    continue
                code = os.waitstatus_to_exitcode(found[1])
                node.ended = f"signal {-code}" if code < 0 else f"exit code {code}"
                node.pid = 0
                node.at = time.monotonic()
                if not self._stopping and node.lives <= MOST_RETURNS:
                    node.back_at = time.monotonic() + RETURN_AFTER

    def _bring_back(self) -> None:
        for node in self._nodes.values():
            if node.back_at is not None and node.back_at <= time.monotonic():
                self._start(node)

    # the loop

    def serve(
        self, lifeline: int | None, ready: Callable[[], None], there: Callable[[], bool]
    ) -> None:
        """Answer and send until told to stop, or until nobody holds the lifeline any more.

        `ready` is called as soon as questions are taken. A lab whose directory is not `there` any
        more, so that nobody can find it, ends.
        """
        desk = Desk(self._place.door(KEEPER), self._selector, self._handlers())
        self._selector.register(self._wake, selectors.EVENT_READ, self._awake)
        if lifeline is not None:
            self._selector.register(lifeline, selectors.EVENT_READ, self.stop)
        self._listen()
        if self._place.is_to_end:
            self.stop()
        else:
            ready()
        while not self._stopping and there():
            for key, _ in self._selector.select(self._patience()):
                key.data()
            self._hosts.handle_timer(self._clock.now())
            self._bring_back()
            self._player.act()
        desk.close()

    def _awake(self) -> None:
        with suppress(BlockingIOError):
            self._wake.recv(4096)
        self._reap()

    def _configure(self, node: str, config: GatewayConfig | PathConfig) -> None:
        """Give a node another configuration, and remember it for when it comes back."""
        if isinstance(config, GatewayConfig):
            self._configs[node] = config
            if self._reaches(node):
                with self._reach.gateway(node) as gateway:
                    gateway.reconfigure(config)
        else:
            self._path = config
            if self._reaches(INTERNET):
                with self._reach.internet() as internet:
                    internet.reconfigure(config)

    def _reaches(self, name: str) -> bool:
        """Wait for a node that is just coming; False for one that is down, which will find out."""
        node = self._nodes[name]
        patience = time.monotonic() + _COMING
        while node.pid and not self._answers(node) and time.monotonic() < patience:
            wait_for(self._wake, 0.005)
            self._awake()
        return node.pid != 0

    def _patience(self) -> float:
        """How long nothing is due, in real seconds."""
        due = [node.back_at for node in self._nodes.values() if node.back_at is not None]
        timer = self._hosts.next_timer()
        if timer is not None:
            due.append(self._clock.real(timer))
        left = min(due, default=inf) - time.monotonic()
        acts = self._player.patience()
        return min(max(0.0, left), LOOK_EVERY, LOOK_EVERY if acts is None else acts)

    def _listen(self) -> None:
        """Hear what comes to hosts, on new sockets too."""
        for sock, read in self._hosts.readers():
            if sock not in self._heard:
                self._heard.add(sock)
                self._selector.register(sock, selectors.EVENT_READ, partial(self._hear, read))

    def _hear(self, read: Callable[[float], None]) -> None:
        read(self._clock.now())

    # the door

    def _handlers(self) -> dict[str, Callable[[Mapping[str, Any]], Any]]:
        return {
            "status": self._status,
            "ping": lambda question: self._hosts.ping(question, self._clock.now()),
            "stream": self._stream,
            "configure": self._take_configuration,
            "follow": self._follow,
            "traffic": self._traffic,
            "stop": lambda _: self.stop(),
        }

    def _stream(self, question: Mapping[str, Any]) -> None:
        self._hosts.stream(question, self._clock.now())
        self._listen()

    def _take_configuration(self, question: Mapping[str, Any]) -> None:
        node, text = str(question["node"]), str(question["config"])
        read = path_config_from_json if node == INTERNET else gateway_config_from_json
        try:
            self._configure(node, read(text))
        except Silent as silent:
            found = self._status({})["nodes"][node]
            words = process_silence(self._place, node, found, silent.reached)
            raise ValueError(f"{node} does not answer: {words}") from None
        except DoorError as error:
            raise ValueError(str(error)) from None

    def _follow(self, question: Mapping[str, Any]) -> None:
        text = str(question["text"])
        self._player.follow(acts_of(text, self._plan.epoch, self._plan.played))

    def _traffic(self, _: Mapping[str, Any]) -> dict[str, Any]:
        echoes, flows = self._hosts.echoes(), self._hosts.flows()
        return {"echoes": encode(echoes), "flows": encode(flows)}

    def _status(self, _: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "kind": "keeper",
            "name": self._place.name,
            "pid": os.getpid(),
            "now": self._clock.now(),
            "epoch": self._epoch,
            "played": self._plan.played,
            "nodes": {
                node.name: {
                    "pid": node.pid,
                    "lives": node.lives,
                    "ended": node.ended,
                    "at": node.at,
                    "stays": node.lives > MOST_RETURNS,
                }
                for node in self._nodes.values()
            },
        }

    # the end

    def end(self) -> None:
        """End all nodes, gateways first so that their farewells can still travel.

        What people run in the lab's namespaces ends with it, as it would in a container.
        """
        self._stopping = True
        self._place.forget_state()
        gateways = [node for name, node in self._nodes.items() if name != INTERNET]
        self._end(gateways, _FAREWELL)
        self._end(list(self._nodes.values()), _FAREWELL)
        self._kill()
        end_processes(lambda: processes_in(self.networks.values()), _FAREWELL)

    def _kill(self) -> None:
        for node in self._nodes.values():
            if node.pid:
                os.kill(node.pid, signal.SIGKILL)
                os.waitpid(node.pid, 0)
                node.pid = 0

    def _end(self, nodes: list[_Node], patience: float) -> None:
        until = time.monotonic() + patience
        for node in nodes:
            if node.pid:
                os.kill(node.pid, signal.SIGTERM)
        while any(node.pid for node in nodes) and time.monotonic() < until:
            wait_for(self._wake, until - time.monotonic())
            with suppress(BlockingIOError):
                self._wake.recv(4096)
            self._reap()
