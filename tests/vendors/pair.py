"""Two gateways of one vendor, a line between them and a clock that jumps.

Each vendor's folder has a `pair` of its own, which says whose gateways they are, how its log is
read, and what of its text a seed decides.
"""

import heapq
from collections.abc import Callable
from datetime import datetime
from itertools import count
from random import Random
from typing import Any, ClassVar, Self

from gwsim.gateway.commands import Command
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import EspOut, Output, UdpOut
from gwsim.ike.config import Behaviour, ChildConfig, Connection, EndpointConfig
from gwsim.ike.events import Event
from gwsim.vendors.registry import screen
from gwsim.vendors.vendor import LogLine, Vendor, View
from gwsim.wire.ip import IcmpEcho, Ipv4Packet, build_icmp, build_ipv4
from gwsim.wire.selector import Selector

HQ, BRANCH = "198.51.100.1", "203.0.113.1"
HQ_NET, BRANCH_NET = "10.1.0.0/24", "10.2.0.0/24"
EPOCH = datetime(2026, 1, 5, 10, 0, 0)
LATENCY = 0.01

Lost = Callable[[Output, str], bool]


def connection(vendor: Vendor, name: str, own: str, peer: str | None, **changes: Any) -> Connection:
    """What a gateway knows of its peer; `pairs` are the proxy IDs, the rest is as unpacked."""
    here, there = (HQ_NET, BRANCH_NET) if name == "branch" else (BRANCH_NET, HQ_NET)
    usual, aggressive = vendor.defaults, bool(changes.get("aggressive"))
    child = {"pfs_group": usual.pfs_group, "transport": False, "esn": False}
    child |= {"lifetime_seconds": usual.phase2_lifetime, "transforms": usual.phase2}
    child |= {"lifetime_kilobytes": usual.phase2_kilobytes, "replay_window": usual.replay_window}
    child |= {key: changes.pop(key) for key in list(changes) if key in child}
    values = {
        "name": name,
        "local": own,
        "remote": peer,
        "psk": b"correct horse",
        "phase1": usual.phase1,
        "dpd": usual.dpd,
        "nat_traversal": usual.nat_traversal,
        "accept_main": usual.accepts_other_mode or not aggressive,
        "accept_aggressive": usual.accepts_other_mode or aggressive,
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


def gateway(
    vendor: Vendor,
    name: str,
    own: str,
    network: str,
    *connections: Connection,
    acts: Behaviour | None = None,
) -> GatewayConfig:
    """A whole gateway, as unpacked; `acts` is another temperament than its vendor's."""
    usual = vendor.defaults
    return GatewayConfig(
        name,
        vendor.name,
        EndpointConfig(own, connections, acts or vendor.behaviour),
        (network,),
        usual.outside_interface,
        usual.inside_interface,
        df=usual.dont_fragment,
    )


class Pair:
    """`hq` and `branch`; `lost` says of each packet and its sender's name whether it is lost.

    `hq_is` and `branch_is` change what they know of each other, `acts` the temperament of both.
    With `public` the hq stands behind a NAT of that address.
    """

    vendor: ClassVar[Vendor]
    addresses: ClassVar[tuple[str, str]] = (HQ, BRANCH)
    epoch: ClassVar[datetime] = EPOCH

    def __init__(
        self,
        hq_is: dict[str, Any] | None = None,
        branch_is: dict[str, Any] | None = None,
        lost: Lost = lambda output, sender: False,
        public: str = "",
        acts: Behaviour | None = None,
    ) -> None:
        outside, self.branch = self.addresses
        self.own = {"hq": "192.168.7.2" if public else outside, "branch": self.branch}
        self.public = public
        self.lost = lost
        self.now = 0.0
        self._numbers = count()
        self._wire: list[tuple[float, int, Output]] = []
        hq = connection(self.vendor, "branch", self.own["hq"], self.branch, **(hq_is or {}))
        branch = connection(self.vendor, "hq", self.branch, public or outside, **(branch_is or {}))
        self.gateways = {
            name: Gateway(
                gateway(self.vendor, name, self.own[name], network, peer, acts=acts),
                Random(seed),
                0.0,
            )
            for seed, (name, network, peer) in enumerate(
                (("hq", HQ_NET, hq), ("branch", BRANCH_NET, branch)), 1
            )
        }
        self.events: dict[str, list[Event]] = {"hq": [], "branch": []}
        self._pump()

    def ping(self, until: float, *, back: bool = False) -> Self:
        """A host of hq (or with `back` of branch) sends an echo request; then time passes."""
        ends = ("10.2.0.10", "10.1.0.10") if back else ("10.1.0.10", "10.2.0.10")
        echo = build_icmp(IcmpEcho(1, 1, b"gwsim", False))
        packet = build_ipv4(Ipv4Packet(*ends, 1, echo))
        self.gateways["branch" if back else "hq"].receive_inside(packet, self.now)
        self._pump()
        return self.run(until)

    def order(self, name: str, command: Command) -> Self:
        """An operator says something."""
        self.gateways[name].command(command, self.now)
        self._pump()
        return self

    def run(self, until: float) -> Self:
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
        box = self.gateways[name]
        return View(box.snapshot(self.now), tuple(self.events[name]), self.epoch, box.config)

    def show(self, name: str, typed: str) -> str:
        """What the gateway prints when somebody types this."""
        return screen(self.vendor, typed, self.view(name))

    def lines(self, name: str) -> tuple[LogLine, ...]:
        """Everything the gateway wrote, debug lines included."""
        view = self.view(name)
        return self.vendor.log(view.events, view.snapshot)

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
            box = self._at(destination[0])
            box.receive_esp(output.payload, source[0], destination[0], self.now)

    def _at(self, address: str) -> Gateway:
        return self.gateways["branch" if address == self.branch else "hq"]

    def _outer(self, address: str, *port: int) -> tuple[Any, ...]:
        return (self.public if self.public and address == self.own["hq"] else address, *port)

    def _inner(self, address: str, *port: int) -> tuple[Any, ...]:
        return (self.own["hq"] if address == self.public else address, *port)
