"""One gateway to talk to: its configuration, a negotiator that does as told, and a playbook."""

from collections import deque
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from gwsim.gateway.commands import Command
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.events import PacketDropped, TrafficPassed
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.observe import NOTHING
from gwsim.gateway.outputs import Output
from gwsim.ike.config import (
    ChildConfig,
    Connection,
    EndpointConfig,
    Phase1Transform,
    Phase2Transform,
)
from gwsim.ike.events import ChildKeys, Event
from gwsim.ike.export import ExportedKey
from gwsim.ike.snapshot import EndpointSnapshot
from gwsim.ike.states import Role
from gwsim.ike.turn import Datagram
from gwsim.wire.selector import Selector

HQ, BRANCH = "198.51.100.1", "203.0.113.1"
HQ_NET, BRANCH_NET = "10.1.0.0/24", "10.2.0.0/24"
SERVER, PC = "10.1.0.10", "10.2.0.10"
TO_HQ, TO_BRANCH = 0x1001, 0x2002
"""Inbound SPIs of hq and of branch."""


def connection(name: str, own: str, peer: str | None, **changes: Any) -> Connection:
    hq = own == HQ
    local, remote = (HQ_NET, BRANCH_NET) if hq else (BRANCH_NET, HQ_NET)
    child = ChildConfig(
        "net", Selector.parse(local), Selector.parse(remote), (Phase2Transform(12, 2, 128),)
    )
    made = Connection(
        name=name,
        local=own,
        remote=peer,
        psk=b"correct horse battery staple",
        phase1=(Phase1Transform(encryption=7, hash=2, group=2, key_bits=256),),
        children=(child,),
    )
    return replace(made, **changes)


def hq_config(child: dict[str, Any] | None = None, **changes: Any) -> GatewayConfig:
    """The configuration of hq, whose connection is called `branch`; `child` changes its child."""
    return _config("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH), child, changes)


def branch_config(child: dict[str, Any] | None = None, **changes: Any) -> GatewayConfig:
    """The configuration of branch, whose connection is called `hq`."""
    return _config("branch", BRANCH, BRANCH_NET, connection("hq", BRANCH, HQ), child, changes)


def _config(
    name: str,
    own: str,
    network: str,
    made: Connection,
    child: dict[str, Any] | None,
    changes: dict[str, Any],
) -> GatewayConfig:
    if child:
        made = replace(made, children=(replace(made.children[0], **child),))
    made = replace(made, **changes.pop("connection", {}))
    endpoint = EndpointConfig(own, (made,))
    endpoint = replace(endpoint, **changes.pop("endpoint", {}))
    return replace(GatewayConfig(name, "asa", endpoint, (network,)), **changes)


def child_keys(at: float = 1.0, **changes: Any) -> ChildKeys:
    """What a negotiator of hq says when quick mode is through; AES-128 with SHA-1."""
    made = ChildKeys(
        at=at,
        peer=BRANCH,
        connection="branch",
        sa=1,
        message_id=7,
        child="net",
        role=Role.INITIATOR,
        inbound_spi=TO_HQ,
        outbound_spi=TO_BRANCH,
        keymat_in=bytes(range(36)),
        keymat_out=bytes(range(100, 136)),
        transform=12,
        key_bits=128,
        authentication=2,
        truncated_sha256=False,
        transport=False,
        local_address=HQ,
        peer_address=BRANCH,
        udp=None,
        local=HQ_NET,
        remote=BRANCH_NET,
        replay_window=64,
        esn=False,
        lifetime_kilobytes=None,
        pfs_group=None,
    )
    return replace(made, **changes)


def mirrored(keys: ChildKeys) -> ChildKeys:
    """What the negotiator of branch says about the same pair."""
    return replace(
        keys,
        peer=keys.local_address,
        connection="hq",
        role=keys.role.other,
        inbound_spi=keys.outbound_spi,
        outbound_spi=keys.inbound_spi,
        keymat_in=keys.keymat_out,
        keymat_out=keys.keymat_in,
        local_address=keys.peer_address,
        peer_address=keys.local_address,
        udp=None if keys.udp is None else keys.udp[::-1],
        local=keys.remote,
        remote=keys.local,
    )


@dataclass
class FakeEndpoint:
    """A negotiator without a mind: remembers what it was told, says what a test put into it."""

    config: EndpointConfig
    rng: Random | None = None
    now: float = 0.0
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    outbox: list[Datagram] = field(default_factory=list)
    happened: deque[Event] = field(default_factory=deque)
    willing: bool = True
    timer: float | None = None
    picture: EndpointSnapshot = NOTHING

    def _note(self, *call: Any) -> None:
        self.calls.append(call)

    def initiate(self, connection: str, child: str, now: float, trigger: str = "traffic") -> bool:
        self._note("initiate", connection, child, trigger)
        return self.willing

    def receive_datagram(self, data, source, destination, now) -> None:
        self._note("datagram", data, source, destination)

    def handle_timer(self, now: float) -> None:
        self._note("timer", now)
        self.timer = None

    def next_timer(self) -> float | None:
        return self.timer

    def datagrams_to_send(self) -> list[Datagram]:
        outbox, self.outbox = self.outbox, []
        return outbox

    def next_event(self) -> Event | None:
        return self.happened.popleft() if self.happened else None

    def snapshot(self) -> EndpointSnapshot:
        return self.picture

    def note_traffic(self, peer: str, inbound: bool, now: float) -> None:
        self._note("traffic", peer, inbound)

    def rekey_child(self, inbound_spi: int, now: float) -> None:
        self._note("rekey child", inbound_spi)

    def expire_child(self, inbound_spi: int, now: float) -> None:
        self._note("expire child", inbound_spi)

    def peer_moved(self, inbound_spi: int, new: tuple[str, int], now: float) -> None:
        self._note("moved", inbound_spi, new)

    def unknown_spi(self, peer: str, spi: int, now: float) -> None:
        self._note("unknown spi", peer, spi)

    def clear(self, what: str, peer: str, now: float) -> None:
        self._note("clear", what, peer)

    def rekey(self, connection: str, phase: int, now: float) -> None:
        self._note("rekey", connection, phase)

    def shutdown(self, now: float) -> None:
        self._note("shutdown")

    def reconfigure(self, config: EndpointConfig, now: float) -> None:
        self.config = config
        self._note("reconfigure")

    def exported_keys(self) -> tuple[ExportedKey, ...]:
        return (ExportedKey(b"cookie--", b"key"),)


class Playbook:
    """A conversation with one gateway, read from top to bottom.

    Every input is followed by `sends` and `tells`, which say all that left and all that happened;
    what nobody asked for before the next input fails the test.
    """

    def __init__(self, config: GatewayConfig, seed: int = 1) -> None:
        self.endpoints: list[FakeEndpoint] = []
        self.gateway = Gateway(config, Random(seed), 0.0, self._make_endpoint)
        self.now = 0.0
        self._outputs: list[Output] = self.gateway.outputs()
        self._events: list[Event] = self.gateway.events()[1:]

    def _make_endpoint(self, config: EndpointConfig, rng: Random, now: float) -> Any:
        self.endpoints.append(FakeEndpoint(config, rng, now))
        return self.endpoints[-1]

    @property
    def endpoint(self) -> FakeEndpoint:
        """The negotiator now at work."""
        return self.endpoints[-1]

    def at(self, now: float) -> "Playbook":
        self.now = now
        return self

    def _fed(self) -> "Playbook":
        assert self._outputs == [], "sent, and not expected"
        unexpected = [e for e in self._events if not isinstance(e, TrafficPassed)]
        assert unexpected == [], "happened, and not expected"
        self._outputs = self.gateway.outputs()
        self._events = self.gateway.events()
        return self

    def inside(self, packet: bytes) -> "Playbook":
        self.gateway.receive_inside(packet, self.now)
        return self._fed()

    def outside(self, packet: bytes) -> "Playbook":
        self.gateway.receive_outside(packet, self.now)
        return self._fed()

    def udp(self, payload: bytes, source, destination, tos: int = 0) -> "Playbook":
        self.gateway.receive_udp(payload, source, destination, self.now, tos)
        return self._fed()

    def esp(self, payload: bytes, source: str = BRANCH, tos: int = 0) -> "Playbook":
        self.gateway.receive_esp(payload, source, HQ, self.now, tos)
        return self._fed()

    def timer(self) -> "Playbook":
        self.gateway.handle_timer(self.now)
        return self._fed()

    def negotiator(self, *said: Event | Datagram) -> "Playbook":
        """The negotiator says something, at its own timer."""
        self.endpoint.outbox += [s for s in said if isinstance(s, Datagram)]
        self.endpoint.happened.extend(s for s in said if isinstance(s, Event))
        return self.timer()

    def command(self, command: Command) -> "Playbook":
        self.gateway.command(command, self.now)
        return self._fed()

    def reconfigure(self, config: GatewayConfig) -> "Playbook":
        self.gateway.reconfigure(config, self.now)
        return self._fed()

    def sends(self, *outputs: Any) -> "Playbook":
        """All that left: a type stands for any output of that type."""
        sent, self._outputs = self._outputs, []
        shown = [type(s) if isinstance(e, type) else s for s, e in zip(sent, outputs, strict=False)]
        assert [*shown, *sent[len(shown) :]] == list(outputs)
        self.sent = sent
        return self

    def tells(self, *events: Any) -> "Playbook":
        """All that happened: an event, its type, or the cause of a dropped packet."""
        told, self._events = self._events, []
        shown: list[Any] = []
        for number, event in enumerate(told):
            wanted = events[number] if number < len(events) else None
            if isinstance(wanted, type):
                shown.append(type(event))
            elif isinstance(event, PacketDropped) and not isinstance(wanted, Event):
                shown.append(event.cause)
            else:
                shown.append(event)
        assert shown == list(events)
        self.told = told
        return self


def up(config: GatewayConfig | None = None, **changes: Any) -> Playbook:
    """Make hq with its pair of SAs in use, and a negotiator that has not heard anything yet."""
    play = Playbook(config or hq_config())
    play.negotiator(child_keys(**changes)).sends().tells()
    play.endpoint.calls.clear()
    return play


def from_branch(
    content: bytes, config: GatewayConfig | None = None, **changes: Any
) -> tuple[bytes, ...]:
    """Give the ESP packets in which branch, with the other end of that pair, carries this."""
    play = Playbook(config or branch_config())
    play.negotiator(mirrored(child_keys(**changes))).sends().tells()
    play.gateway.receive_inside(content, 0.0)
    return tuple(output.payload for output in play.gateway.outputs())
