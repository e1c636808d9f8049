"""Acts of a timeline done to a running lab, through its doors."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from gwsim.daemon.door import DoorError, Silent
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.plan import (
    Act,
    ChangePath,
    RebindNat,
    Reconfigure,
    SendClear,
    SendPing,
    SendStream,
    Tell,
)
from gwsim.lab.runtimes.hosts import PING_FIELDS, STREAM_FIELDS, forged
from gwsim.path.config import PathConfig


@dataclass(frozen=True, slots=True)
class Reach:
    """How to get at a lab.

    `hosts` sends what a host is to do, `configure` gives a node another configuration that it
    keeps when it comes back from the dead, the others give open doors.
    """

    hosts: Callable[[str, Mapping[str, Any]], object]
    configure: Callable[[str, GatewayConfig | PathConfig], object]
    gateway: Callable[[str], AbstractContextManager[GatewayDoor]]
    internet: Callable[[], AbstractContextManager[InternetDoor]]


def perform(act: Act, reach: Reach) -> tuple[bytes, ...]:
    """Do one act now; gives the packets it forged. Raises DoorError when a node does not answer."""
    match act:
        case SendPing():
            reach.hosts("ping", _question(act, PING_FIELDS))
        case SendStream():
            reach.hosts("stream", _question(act, STREAM_FIELDS))
        case SendClear(source, destination, number, size):
            packet = forged(source.address, destination, size)
            with reach.internet() as internet:
                for _ in range(number):
                    internet.inject(packet, source.gateway)
            return (packet,) * number
        case Tell(gateway, command):
            # What a fault has unconfigured cannot be commanded; the operator gets an error.
            try:
                with reach.gateway(gateway) as door:
                    door.command(command)
            except Silent:
                raise
            except DoorError:
                return ()
        case Reconfigure(gateway, config):
            reach.configure(gateway, config)
        case ChangePath(config):
            reach.configure(INTERNET, config)
        case RebindNat(gateway):
            with reach.internet() as internet:
                internet.rebind(gateway)
    return ()


def _question(act: SendPing | SendStream, fields: Iterable[str]) -> dict[str, Any]:
    """Say what a host is to do, as its door takes it."""
    ends = {"source": act.source.address, "destination": act.destination}
    return {**ends, **{name: getattr(act, name) for name in fields}}
