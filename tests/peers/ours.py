"""Our daemon as one end of a tunnel: `python -m gwsim.daemon FILE`, spoken to at its door."""

import re
import signal
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from gwsim.daemon.__main__ import main
from gwsim.daemon.clock import Timing
from gwsim.daemon.door import DoorError
from gwsim.daemon.node_doors import GatewayDoor
from gwsim.daemon.nodefile import GatewayFile, write_node
from gwsim.gateway.commands import Clear, Initiate, Rekey
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike.config import Behaviour, ChildConfig, Connection, EndpointConfig, Identity, Schedule
from gwsim.ike.events import Event
from gwsim.vendors.registry import VENDORS
from gwsim.wire.ip import parse_address
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector
from tests.peers.spaces import Spaces, end, eventually
from tests.peers.tunnel import WEST, WEST_NET, Tunnel, phase1_transform, phase2_transform

CALENDAR = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
QUEUE = 8

IMPATIENT = Schedule((0.3, 0.6, 1.2, 2.4, 4.8), 9.6)
"""How quick mode is said again where a vendor's own patience is not the subject.

strongSwan works on several messages at once and ignores a quick-1 that it looks at before the
aggr-3 just ahead of it; then it must be told again.
"""

_SERVICE = re.compile(r"\[(\w+)(?:/(\d+))?\]")


class Ours:
    """One gateway of ours at a node, the west side of the tunnel.

    It plays a `vendor`, whose patience with a peer that does not answer it has only if it is
    `patient`; `speed` seconds pass for it in each real one.
    """

    def __init__(
        self,
        spaces: Spaces,
        node: str,
        folder: Path,
        vendor: str = "ios",
        speed: float = 1.0,
        patient: bool = False,
    ) -> None:
        self._spaces = spaces
        self._node = node
        self._folder = folder
        self._speed = speed
        self._vendor = vendor
        self._patient = patient
        self._config = self._told(Tunnel())
        self._pid = 0
        self._door: GatewayDoor | None = None
        self._cursor = 0
        folder.mkdir(parents=True)

    # its life

    def start(self) -> None:
        """Start it; it answers when this returns."""
        file, door = self._folder / "node.json", self._folder / "door"
        timing = Timing(CALENDAR, time.monotonic(), self._speed)
        write_node(GatewayFile(self._config, timing, str(door)), file)
        journal = self._folder / "journal"
        self._pid = self._spaces.fork(self._node, journal, lambda: _live(file))
        self._cursor = 0
        assert eventually(self._answers), journal.read_text(encoding="utf-8")

    def _answers(self) -> bool:
        with suppress(DoorError):
            self._door = GatewayDoor(self._folder / "door", timeout=30.0)
            return True
        return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it, in order or as a power failure would."""
        if self._pid:
            self.door.close()
            end(self._pid, number)
            self._pid = 0

    @property
    def door(self) -> GatewayDoor:
        """Its control door."""
        assert self._door is not None, "it was never started"
        return self._door

    def configure(self, tunnel: Tunnel, vendor: str = "") -> None:
        """Replace what it is told; what that no longer describes is deleted."""
        self._vendor = vendor or self._vendor
        self._config = self._told(tunnel)
        if self._pid:
            self.door.reconfigure(self._config)

    def _told(self, tunnel: Tunnel) -> GatewayConfig:
        behaviour = VENDORS[self._vendor].behaviour
        if not self._patient:
            behaviour = replace(behaviour, quick=IMPATIENT)
        return config_of(self._vendor, tunnel, behaviour)

    # what it is told to do

    def initiate(self, child: int = 0, wait: bool = True) -> bool:
        """Begin; True when it came up. Without `wait` it goes on by itself."""
        self.door.command(Initiate("peer", f"net{child}"))
        return not wait or eventually(lambda: self.door.snapshot().tunnels[child].up, 20.0)

    def rekey(self, phase: int) -> None:
        """Renew the ISAKMP SA or the IPsec SAs."""
        self.door.command(Rekey("peer", phase))

    def delete(self, phase: int) -> None:
        """Delete the ISAKMP SA or the IPsec SAs, with a word to the peer."""
        self.door.command(Clear("ike" if phase == 1 else "ipsec"))

    def clear(self) -> None:
        """Delete everything, with a word to the peer."""
        self.door.command(Clear())

    # what it says

    def snapshot(self) -> Snapshot:
        """Its whole state."""
        return self.door.snapshot()

    def states(self) -> list[str]:
        """Give the states of its ISAKMP SAs that have not been renewed."""
        return [sa.state for sa in self.snapshot().ike.sas if not sa.replaced]

    def children(self) -> int:
        """Count its pairs of IPsec SAs in use."""
        return sum(not pair.negotiated.retired for pair in self.snapshot().ipsec)

    def news(self) -> list[Event]:
        """Give what has happened since the last time somebody asked."""
        found: list[Event] = []
        while (page := self.door.events(self._cursor)).items:
            found += page.items
            self._cursor = page.cursor
        return found


def _live(file: Path) -> None:
    if main([str(file)]):
        raise SystemExit(1)


def config_of(vendor: str, tunnel: Tunnel, behaviour: Behaviour) -> GatewayConfig:
    """Write the configuration of the west side for a gateway of some vendor."""
    transform, group = phase2_transform(tunnel.esp)
    children = [
        ChildConfig(
            name=f"net{number}",
            local=_selector(local),
            remote=_selector(remote),
            transforms=(transform,),
            pfs_group=group,
            transport=tunnel.transport,
            lifetime_seconds=tunnel.lifetime,
        )
        for number, (local, remote) in enumerate(tunnel.pairs)
    ]
    other = VENDORS[vendor].defaults.accepts_other_mode
    connection = Connection(
        name="peer",
        local=WEST,
        remote=tunnel.peer or tunnel.address_of("east"),
        psk=None if tunnel.psk is None else tunnel.psk.encode(),
        phase1=(phase1_transform(tunnel.ike, tunnel.ike_lifetime),),
        children=tuple(children),
        aggressive=tunnel.aggressive,
        accept_main=other or not tunnel.aggressive,
        accept_aggressive=other or tunnel.aggressive,
        local_id=_identity(tunnel.west),
        remote_id=_identity(tunnel.east),
        dpd=tunnel.probes,
        force_encapsulation=tunnel.forced,
    )
    endpoint = EndpointConfig(WEST, (connection,), behaviour)
    return GatewayConfig("west", vendor, endpoint, (WEST_NET,), queue=QUEUE)


def _identity(text: str) -> Identity:
    try:
        parse_address(text)
    except ValueError:
        return Identity(IdType.FQDN, text)
    return Identity.address(text)


def _selector(text: str) -> Selector:
    """Read `10.1.0.0/24[tcp/80]`."""
    service = _SERVICE.search(text)
    addresses = text.partition("[")[0]
    if service is None:
        return Selector.parse(addresses)
    protocol, port = service.groups()
    return Selector.parse(f"{addresses} {protocol}{f'/{port}' if port else ''}")
