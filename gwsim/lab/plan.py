"""A scenario made ready to run: configurations, hosts, the path, and acts in order of time.

A runtime needs nothing but a `Plan`; it never sees the scenario. Times are seconds from the
start of the run, addresses dotted text.
"""

from dataclasses import dataclass
from datetime import datetime

from gwsim.gateway.commands import Command
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.host import Host
from gwsim.path.config import PathConfig


@dataclass(frozen=True, slots=True)
class SendPing:
    """A host sends `count` echo requests, one every `every` seconds, `size` octets of data each.

    They may go `ttl` hops far.
    """

    source: Host
    destination: str
    count: int
    every: float
    size: int
    dont_fragment: bool
    ttl: int = 64


@dataclass(frozen=True, slots=True)
class SendStream:
    """A host sends `packets` UDP datagrams to `port`, `size` octets of payload each."""

    source: Host
    destination: str
    packets: int
    every: float
    size: int
    port: int
    dont_fragment: bool


@dataclass(frozen=True, slots=True)
class SendClear:
    """Packets of a host appear on its gateway's line outside, unprotected."""

    source: Host
    destination: str
    count: int
    size: int


@dataclass(frozen=True, slots=True)
class Tell:
    """An operator gives a gateway a command."""

    gateway: str
    command: Command


@dataclass(frozen=True, slots=True)
class Reconfigure:
    """A gateway gets another configuration."""

    gateway: str
    config: GatewayConfig


@dataclass(frozen=True, slots=True)
class ChangePath:
    """What lies between the gateways changes: rules, lines, NAT."""

    config: PathConfig


@dataclass(frozen=True, slots=True)
class RebindNat:
    """The NAT in front of a gateway forgets all bindings and gives new ports."""

    gateway: str


Act = SendPing | SendStream | SendClear | Tell | Reconfigure | ChangePath | RebindNat


@dataclass(frozen=True, slots=True)
class PlannedAct:
    """One act: when, what, and in words for reports (`hq reboots`); `loc` is its place in the file.

    `loc` is the path of keys and indices as a mark wants it, empty for what no line says.
    """

    at: float
    act: Act
    text: str
    loc: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All a runtime needs.

    `path` and `gateways` hold at the start; `acts` are sorted by time and, at one time, in the
    order of the scenario. Pings that start late run out before `duration` ends.
    """

    name: str
    title: str
    seed: int
    duration: float
    epoch: datetime
    gateways: tuple[GatewayConfig, ...]
    path: PathConfig
    hosts: tuple[Host, ...]
    acts: tuple[PlannedAct, ...]

    @property
    def played(self) -> bool:
        """Whether the acts of the scenario's timeline are among its acts."""
        return any(act.loc[:1] == ("timeline",) for act in self.acts)

    def host(self, name: str) -> Host:
        """Give a host by its name, `hq.server`. Raises KeyError."""
        for host in self.hosts:
            if host.name == name:
                return host
        raise KeyError(name)
