"""Two FortiGates, a line between them and a clock that jumps: real events for the views."""

import heapq
import re
from collections.abc import Callable
from datetime import datetime
from itertools import count
from random import Random
from typing import Any

from gwsim.gateway.commands import Command
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import EspOut, Output, UdpOut
from gwsim.ike.config import ChildConfig, Connection, EndpointConfig
from gwsim.ike.events import Event
from gwsim.vendors.fortios import VENDOR
from gwsim.vendors.registry import screen
from gwsim.vendors.vendor import LogLine, View
from gwsim.wire.ip import IcmpEcho, Ipv4Packet, build_icmp, build_ipv4
from gwsim.wire.selector import Selector

HQ, BRANCH = "198.51.100.1", "203.0.113.1"
HQ_NET, BRANCH_NET = "10.1.0.0/24", "10.2.0.0/24"
EPOCH = datetime(2026, 1, 5, 10, 0, 0)
LATENCY = 0.01

Lost = Callable[[Output, str], bool]


def connection(name: str, own: str, peer: str | None, **changes: Any) -> Connection:
    """What a FortiGate knows of its peer; `pairs` are its phase 2s, the rest is as unpacked."""
    here, there = (HQ_NET, BRANCH_NET) if name == "branch" else (BRANCH_NET, HQ_NET)
    usual = VENDOR.defaults
    child = {"pfs_group": usual.pfs_group, "transport": False, "lifetime_kilobytes": None}
    child |= {"lifetime_seconds": usual.phase2_lifetime, "transforms": usual.phase2}
    child |= {"replay_window": usual.replay_window}
    child |= {key: changes.pop(key) for key in list(changes) if key in child}
    values = {
        "name": name,
        "local": own,
        "remote": peer,
        "psk": b"correct horse",
        "phase1": usual.phase1,
        "dpd": usual.dpd,
        "accept_aggressive": changes.get("aggressive", False),
        "accept_main": not changes.get("aggressive", False),
        "children": tuple(
            ChildConfig(
                name=name if not number else f"{name}-{number + 1}",
                local=Selector.parse(local),
                remote=Selector.parse(remote),
                **child,
            )
            for number, (local, remote) in enumerate(changes.pop("pairs", [(here, there)]))
        ),
    }
    return Connection(**(values | changes))


def gateway(name: str, own: str, network: str, *connections: Connection) -> GatewayConfig:
    """A whole FortiGate."""
    endpoint = EndpointConfig(own, connections, VENDOR.behaviour)
    defaults = VENDOR.defaults
    return GatewayConfig(
        name,
        "fortios",
        endpoint,
        (network,),
        outside_interface=defaults.outside_interface,
        inside_interface=defaults.inside_interface,
    )


class Pair:
    """`hq` and `branch`; `lost` says of each packet and its sender's address whether it is lost.

    `hq_is` and `branch_is` change what they know of each other. With `public` the hq stands behind
    a NAT of that address.
    """

    def __init__(
        self,
        hq_is: dict[str, Any] | None = None,
        branch_is: dict[str, Any] | None = None,
        lost: Lost = lambda output, sender: False,
        public: str = "",
    ) -> None:
        self.own = {"hq": "192.168.7.2" if public else HQ, "branch": BRANCH}
        self.public = public
        self.lost = lost
        self.now = 0.0
        self._numbers = count()
        self._wire: list[tuple[float, int, Output]] = []
        hq = connection("branch", self.own["hq"], BRANCH, **(hq_is or {}))
        branch = connection("hq", BRANCH, public or HQ, **(branch_is or {}))
        self.gateways = {
            "hq": Gateway(gateway("hq", self.own["hq"], HQ_NET, hq), Random(1), 0.0),
            "branch": Gateway(gateway("branch", BRANCH, BRANCH_NET, branch), Random(2), 0.0),
        }
        self.events: dict[str, list[Event]] = {"hq": [], "branch": []}
        self._pump()

    def ping(self, until: float, *, back: bool = False) -> "Pair":
        """A host of hq (or with `back` of branch) sends an echo request; then time passes."""
        ends = ("10.2.0.10", "10.1.0.10") if back else ("10.1.0.10", "10.2.0.10")
        echo = build_icmp(IcmpEcho(1, 1, b"gwsim", False))
        packet = build_ipv4(Ipv4Packet(*ends, 1, echo))
        self.gateways["branch" if back else "hq"].receive_inside(packet, self.now)
        self._pump()
        return self.run(until)

    def order(self, name: str, command: Command) -> "Pair":
        """An operator says something."""
        self.gateways[name].command(command, self.now)
        self._pump()
        return self

    def run(self, until: float) -> "Pair":
        """Let time pass, from one timer or delivery to the next."""
        while (due := self._next()) is not None and due <= until:
            self.now = max(self.now, due)
            while self._wire and self._wire[0][0] <= self.now:
                self._deliver(heapq.heappop(self._wire)[2])
            for box in self.gateways.values():
                timer = box.next_timer()
                if timer is not None and timer <= self.now:
                    box.handle_timer(self.now)
            self._pump()
        self.now = until
        return self

    def view(self, name: str) -> View:
        """All that a screen of this gateway may be made from."""
        gateway = self.gateways[name]
        return View(gateway.snapshot(self.now), tuple(self.events[name]), EPOCH, gateway.config)

    def show(self, name: str, typed: str) -> str:
        """What the gateway prints when somebody types this."""
        return screen(VENDOR, typed, self.view(name))

    def log(self, name: str) -> tuple[LogLine, ...]:
        """All that the gateway has told."""
        view = self.view(name)
        return VENDOR.log(view.events, view.snapshot)

    def debug(self, name: str) -> list[str]:
        """What `diagnose debug application ike -1` has printed, without its time stamps."""
        return [line.text for line in self.log(name) if line.debug]

    def entries(self, name: str, number: str = "") -> list[str]:
        """The entries of the event log, or those with this number."""
        return [line.text for line in self.log(name) if line.id and number in ("", line.id)]

    def _next(self) -> float | None:
        due = [box.next_timer() for box in self.gateways.values()]
        due += [self._wire[0][0]] if self._wire else []
        return min((at for at in due if at is not None), default=None)

    def _pump(self) -> None:
        for name, box in self.gateways.items():
            for output in box.outputs():
                if isinstance(output, UdpOut | EspOut) and not self.lost(output, name):
                    heapq.heappush(self._wire, (self.now + LATENCY, next(self._numbers), output))
            self.events[name] += box.events()

    def _deliver(self, output: Output) -> None:
        if isinstance(output, UdpOut):
            source, destination = self._outer(*output.source), self._inner(*output.destination)
            box = self._at(destination[0])
            box.receive_udp(output.payload, source, destination, self.now)
        elif isinstance(output, EspOut):
            source, destination = self._outer(output.source), self._inner(output.destination)
            self._at(destination[0]).receive_esp(
                output.payload, source[0], destination[0], self.now
            )

    def _at(self, address: str) -> Gateway:
        return self.gateways["branch" if address == BRANCH else "hq"]

    def _outer(self, address: str, *port: int) -> tuple[Any, ...]:
        return (self.public if self.public and address == self.own["hq"] else address, *port)

    def _inner(self, address: str, *port: int) -> tuple[Any, ...]:
        return (self.own["hq"] if address == self.public else address, *port)


def steady(text: str) -> str:
    """Take out what a seed decides: cookies, message ids, SPIs."""
    text = re.sub(r"[0-9a-f]{16}(?=/[0-9a-f]{16})", "____", text)
    text = re.sub(r"____/(?!0{16})[0-9a-f]{16}", "____/____", text)
    text = re.sub(r"(____/____|____/0{16}):[0-9a-f]{8}", r"\1:____", text)
    text = re.sub(r"(SPIs=)[0-9a-f]{8}/[0-9a-f]{8}", r"\1____/____", text)
    return re.sub(r"(?i)(spi(?:=|: |=\"| | 0x))[0-9a-f]{7,8}\b", r"\1____", text)
