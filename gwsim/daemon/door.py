"""The way in to a running node: questions to its control door, answers as values."""

import json
import socket
from pathlib import Path
from typing import Any, Protocol, Self

from gwsim.capture.sighted import InsidePacket
from gwsim.daemon.eventlog import Page
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


class DoorError(RuntimeError):
    """The node said no, or did not answer; the text is for people."""


class Wire(Protocol):
    """What carries lines to a door and back; errors are OSError."""

    def sendall(self, data: bytes) -> None:
        """Send all of it."""

    def readline(self) -> bytes:
        """Give the next line, b"" when there will be no more."""

    def close(self) -> None:
        """End the connection."""


class UnixWire:
    """A connection to a unix socket on this machine (interface: `Wire`); raises OSError."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout)
        try:
            self._socket.connect(str(path))
        except OSError:
            self._socket.close()
            raise
        self._lines = self._socket.makefile("rb")

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        self._socket.sendall(data)

    def readline(self) -> bytes:
        """Give the next line, b"" when there will be no more."""
        return self._lines.readline()

    def close(self) -> None:
        """End the connection."""
        self._lines.close()
        self._socket.close()


class Door:
    """One connection to the control door at `path`; raises DoorError where there is no answer.

    It is used by one thread at a time and closes as a context. A `wire` that is given leads to a
    door that is not on this machine.
    """

    def __init__(self, path: Path, timeout: float = 10.0, wire: Wire | None = None) -> None:
        self._path = path
        try:
            self._wire = UnixWire(path, timeout) if wire is None else wire
        except OSError as error:
            raise DoorError(f"nobody answers at {path}: {error.strerror or error}") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._wire.close()

    def ask(self, name: str, **arguments: Any) -> Any:
        """Ask anything and give the answer as JSON values."""
        try:
            self._wire.sendall(json.dumps({"ask": name, **arguments}).encode() + b"\n")
            line = self._wire.readline()
        except OSError as error:
            raise DoorError(f"{self._path} does not answer: {error}") from None
        if not line:
            raise DoorError(f"{self._path} hung up")
        reply = json.loads(line)
        if "error" in reply:
            raise DoorError(reply["error"])
        return reply["answer"]

    def status(self) -> dict[str, Any]:
        """Ask any node who it is: `kind`, `name`, `pid`, `now` and what else it tells."""
        found: dict[str, Any] = self.ask("status")
        return found

    def begin(self, epoch: float) -> None:
        """Tell any node the moment, on the machine's monotonic clock, at which time begins."""
        self.ask("begin", epoch=epoch)

    def stop(self) -> None:
        """Tell any node to end, in order."""
        self.ask("stop")


class GatewayDoor(Door):
    """The door of a gateway."""

    def snapshot(self) -> Snapshot:
        """Take a snapshot now."""
        return snapshot_from_json(self.ask("snapshot"))

    def events(self, cursor: int = 0, limit: int = PAGE) -> Page[Event]:
        """Give the events from a cursor on; an empty page means that there are no more yet."""
        found = self.ask("events", cursor=cursor, limit=limit)
        items = tuple(event_from_json(text) for text in found["items"])
        return Page(items, found["cursor"], found["lost"])

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
        items = tuple(decode(InsidePacket, item, "packet inside") for item in found["items"])
        return Page(items, found["cursor"], found["lost"])

    def keys(self) -> ExportedKeys:
        """Ask for the keys of all living SAs, of former ones too if its file says so."""
        found: ExportedKeys = decode(ExportedKeys, self.ask("keys"), "keys")
        return found


class InternetDoor(Door):
    """The door of the internet node."""

    def events(self, cursor: int = 0, limit: int = PAGE) -> Page[PathEvent]:
        """Give what happened to packets from a cursor on."""
        found = self.ask("events", cursor=cursor, limit=limit)
        items = tuple(decode(PathEvent, item, "path event") for item in found["items"])
        return Page(items, found["cursor"], found["lost"])

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
