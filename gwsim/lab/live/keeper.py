"""The process that holds a lab: it makes namespaces, starts nodes, and ends them all in the end.

It has no threads, so that it can fork at any time. Its door answers

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
from functools import partial
from math import inf
from typing import Any

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.daemon.clock import Clock, Timing
from gwsim.daemon.door import DoorError, Silent
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import (
    gateway_config_from_json,
    path_config_from_json,
)
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.jsonform import encode
from gwsim.lab.live.acts import Reach
from gwsim.lab.live.desk import Desk
from gwsim.lab.live.hosts import Hosts
from gwsim.lab.live.linux import (
    CLONE_NEWNET,
    become_capable,
    new_network,
    processes_in,
    unshare,
)
from gwsim.lab.live.nodes import Nodes
from gwsim.lab.live.pace import bearable, effort
from gwsim.lab.live.places import KEEPER, Place
from gwsim.lab.live.player import Player, acts_of
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.process import (
    do_in_child,
    end_processes,
)
from gwsim.lab.live.silent import process_silence
from gwsim.lab.live.topology import Topology
from gwsim.lab.live.wiring import wire
from gwsim.lab.plan import Plan, PlannedAct
from gwsim.path.config import PathConfig

LEAD = 0.1
"""Seconds in which all nodes are told when second 0 is; the lab's clock stands at 0 until then."""

LOOK_EVERY = 2.0
"""Seconds after which a keeper looks at the latest whether its lab can still be found."""

_LONGEST_LEAD = 4.0
_FAREWELL = 2.0
_PATIENCE_WITH_NODES = 5.0


class Keeper:
    """Holds one lab; `speed` seconds pass there in each real one, `logs` wants vendors' logs.

    `acts` are done when their time comes; of a `gwsim run` somebody else does them. `capture` is
    what nodes keep for captures. A lab that `yields` is slower where the machine is too busy.
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
        yields: bool = False,
    ) -> None:
        self._plan = plan
        self._topology = topology
        self._place = place
        self._speed = speed
        self._yields = yields
        self._selector = selectors.DefaultSelector()
        self._heard: set[socket.socket] = set()
        self._stopping = False
        self.networks: dict[str, int] = {}
        self._acts = tuple(acts)
        self._wake, self._wakeup = socket.socketpair()
        self._nodes = Nodes(plan, place, self.networks, self._wake, logs, capture)
        self._reach = Reach(
            lambda name, fields: self._handlers()[name](fields),
            self._configure,
            lambda name: GatewayDoor(place.door(name), _PATIENCE_WITH_NODES),
            lambda: InternetDoor(place.door(INTERNET), _PATIENCE_WITH_NODES),
        )

    def build(self, wanted: Callable[[], bool]) -> None:
        """Make everything and let it begin, as long as it is wanted.

        Raises NamespaceError, in words.
        """
        become_capable()
        self.networks |= {node: new_network() for node in self._topology.nodes}
        self.networks |= {host: self.networks[own] for host, own in self._topology.itself}
        unshare(CLONE_NEWNET)
        do_in_child(lambda: wire(self._topology, self.networks))
        self._hosts = Hosts(self._plan.hosts, self.networks)
        for end in (self._wake, self._wakeup):
            end.setblocking(False)
        signal.set_wakeup_fd(self._wakeup.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        lead = LEAD
        while not self._begin(lead, wanted):
            lead *= 2
            self._nodes.kill()

    def _begin(self, lead: float, wanted: Callable[[], bool]) -> bool:
        """Start all nodes; False when not all knew of second 0 then, so slow is the machine."""

        def is_unwanted() -> bool:
            return self._stopping or self._place.is_to_end or not wanted()

        self._nodes.start(is_unwanted)
        speed = bearable(self._speed, effort()) if self._yields else self._speed
        epoch = time.monotonic() + lead
        self._clock = Clock(Timing(self._plan.epoch, epoch, speed))
        self._player = Player(self._clock, self._reach, self._acts)
        self._nodes.begin(epoch, speed)
        return time.monotonic() < epoch or lead > _LONGEST_LEAD

    def stop(self) -> None:
        """End the lab as soon as may be."""
        self._stopping = True

    # the loop

    def serve(
        self, lifeline: int | None, ready: Callable[[], None], there: Callable[[], bool]
    ) -> None:
        """Answer and send until told to stop, or until nobody holds the lifeline any more.

        `ready` is called as soon as questions are taken. A lab whose directory is not `there` any
        more, so that nobody can find it, ends.
        """
        desk = Desk(self._place.door(KEEPER), self._selector, self._handlers())
        self._selector.register(self._wake, selectors.EVENT_READ, self._nodes.awake)
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
            self._send_what_is_due()
            self._nodes.bring_back()
            self._player.act()
        desk.close()

    def _configure(self, node: str, config: GatewayConfig | PathConfig) -> None:
        """Give a node another configuration, and remember it for when it comes back."""
        self._nodes.told(node, config)
        if not self._nodes.reaches(node):
            return
        if isinstance(config, GatewayConfig):
            with self._reach.gateway(node) as gateway:
                gateway.reconfigure(config)
        else:
            with self._reach.internet() as internet:
                internet.reconfigure(config)

    def _send_what_is_due(self) -> None:
        due, now = self._hosts.next_timer(), self._clock.now()
        if due is not None and due <= now:
            now = self._clock.now_for(due)
        self._hosts.handle_timer(now)

    def _patience(self) -> float:
        """How long nothing is due, in real seconds."""
        timer = self._hosts.next_timer()
        due = (self._nodes.next_return(), None if timer is None else self._clock.real(timer))
        left = min((one for one in due if one is not None), default=inf) - time.monotonic()
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
            words = process_silence(self._place, node, self._nodes.status()[node], silent.reached)
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
            "late": self._clock.late,
            "epoch": self._clock.epoch,
            "speed": self._clock.speed,
            "played": self._plan.played,
            "nodes": self._nodes.status(),
        }

    # the end

    def end(self) -> None:
        """End all nodes; what people run in the lab's namespaces ends too, as in a container."""
        self._stopping = True
        self._place.forget_state()
        self._nodes.end()
        end_processes(lambda: processes_in(self.networks.values()), _FAREWELL)
