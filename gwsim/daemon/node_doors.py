"""The doors of gateways and of the internet: what each is asked, and its answers as values."""

from gwsim.capture.wanted import InsidePacket
from gwsim.daemon.door import Door
from gwsim.daemon.eventlog import Page, page_from_json
from gwsim.daemon.nodefile import (
    gateway_config_from_json,
    gateway_config_to_json,
    path_config_to_json,
)
from gwsim.gateway.commands import Command
from gwsim.gateway.config import GatewayConfig
from gwsim.gateway.jsonform import decode
from gwsim.gateway.keys import ExportedKeys
from gwsim.gateway.snapshot import Snapshot
from gwsim.gateway.wireform import command_to_json, event_from_json, snapshot_from_json
from gwsim.ike.events import Event
from gwsim.path.config import PathConfig
from gwsim.path.events import PathEvent

PAGE = 2000
"""How many events are asked for at once."""


class GatewayDoor(Door):
    """The door of a gateway."""

    def snapshot(self) -> Snapshot:
        """Take a snapshot now."""
        return snapshot_from_json(self.ask("snapshot"))

    def events(self, cursor: int = 0, limit: int = PAGE) -> Page[Event]:
        """Give the events from a cursor on; an empty page means that there are no more yet."""
        return page_from_json(self.ask("events", cursor=cursor, limit=limit), event_from_json)

    def command(self, command: Command) -> None:
        """Do what an operator says."""
        self.ask("command", command=command_to_json(command))

    def configuration(self) -> GatewayConfig:
        """Ask what the gateway is told, keys included."""
        return gateway_config_from_json(self.ask("configuration"))

    def reconfigure(self, config: GatewayConfig) -> None:
        """Give the gateway another configuration."""
        self.ask("reconfigure", config=gateway_config_to_json(config))

    def inside(self, cursor: int = 0, limit: int = PAGE) -> Page[InsidePacket]:
        """Give packets between the gateway and its hosts, if its file says that it keeps them."""
        found = self.ask("inside", cursor=cursor, limit=limit)
        return page_from_json(found, lambda item: decode(InsidePacket, item, "packet inside"))

    def keys(self) -> ExportedKeys:
        """Ask for the keys of all living SAs, of former ones too if its file says so."""
        found: ExportedKeys = decode(ExportedKeys, self.ask("keys"), "keys")
        return found


class InternetDoor(Door):
    """The door of the internet node."""

    def events(self, cursor: int = 0, limit: int = PAGE) -> Page[PathEvent]:
        """Give what happened to packets from a cursor on."""
        found = self.ask("events", cursor=cursor, limit=limit)
        return page_from_json(found, lambda item: decode(PathEvent, item, "path event"))

    def reconfigure(self, config: PathConfig) -> None:
        """Change what lies between the gateways."""
        self.ask("reconfigure", config=path_config_to_json(config))

    def rebind(self, side: str) -> None:
        """Make the NAT of a side forget its bindings."""
        self.ask("rebind", side=side)

    def bites(self) -> dict[str, int]:
        """Give how many packets each rule touched."""
        found: dict[str, int] = self.ask("bites")
        return found

    def inject(self, packet: bytes, side: str) -> None:
        """Put a forged IPv4 packet on the line of a side, as an outsider could."""
        self.ask("inject", packet=packet.hex(), side=side)
