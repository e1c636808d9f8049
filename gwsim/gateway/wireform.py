"""Snapshots, events and commands as one line of JSON each, for control sockets and records.

Events and commands carry the name of their class. The instructions of the negotiator to the data
plane have no form here: they hold keys and stay in the box.
"""

import json
from collections.abc import Mapping
from typing import Any

from gwsim.gateway import commands, events
from gwsim.gateway.commands import Command
from gwsim.gateway.jsonform import decode, encode
from gwsim.gateway.snapshot import Snapshot
from gwsim.ike import events as ike_events
from gwsim.ike.events import Event

EVENTS: tuple[type[Event], ...] = (
    ike_events.NegotiationStarted,
    ike_events.MessageSent,
    ike_events.MessageReceived,
    ike_events.DuplicateReceived,
    ike_events.StateChanged,
    ike_events.ProposalAccepted,
    ike_events.ProposalRefused,
    ike_events.PfsRefused,
    ike_events.ProxyIdRefused,
    ike_events.ProxyIdAccepted,
    ike_events.Rejected,
    ike_events.GaveUp,
    ike_events.ConnectionMatched,
    ike_events.KeysGenerated,
    ike_events.NatDetected,
    ike_events.PortFloated,
    ike_events.PeerMoved,
    ike_events.PeerIdentified,
    ike_events.PhaseOneCompleted,
    ike_events.PhaseTwoCompleted,
    ike_events.SpiAllocated,
    ike_events.LifetimeCompared,
    ike_events.NotifySent,
    ike_events.NotifyReceived,
    ike_events.DeleteSent,
    ike_events.DeleteReceived,
    ike_events.PhaseOneClosed,
    ike_events.QuickModeClosed,
    ike_events.PhaseTwoClosed,
    ike_events.DpdSent,
    ike_events.DpdReceived,
    ike_events.DpdFailed,
    ike_events.AcquireQueued,
    ike_events.AcquireFailed,
    events.PacketDropped,
    events.TrafficPassed,
    events.GatewayStarted,
    events.GatewayStopped,
    events.LinkChanged,
    events.Reconfigured,
)

INSTRUCTIONS: tuple[type[Event], ...] = (
    ike_events.ChildKeys,
    ike_events.ChildActivated,
    ike_events.ChildRetired,
    ike_events.ChildRemoved,
)
"""What passes between negotiator and data plane only."""

COMMANDS: tuple[type[Command], ...] = (
    commands.Clear,
    commands.Initiate,
    commands.Rekey,
    commands.Reboot,
    commands.Shutdown,
    commands.SetLink,
)

_BY_NAME: dict[str, dict[str, type]] = {
    "event": {kind.__name__: kind for kind in EVENTS},
    "command": {kind.__name__: kind for kind in COMMANDS},
}


def snapshot_to_json(snapshot: Snapshot) -> str:
    """Give the JSON form of a snapshot."""
    return _dump(encode(snapshot))


def snapshot_from_json(text: str) -> Snapshot:
    """Read a snapshot back, equal to what it was; raises ValueError for anything else."""
    snapshot: Snapshot = decode(Snapshot, _load(text), "snapshot")
    return snapshot


def event_to_json(event: Event) -> str:
    """Give the JSON form of an event; raises ValueError for an instruction, which has none."""
    return _named("event", event)


def event_from_json(text: str) -> Event:
    """Read an event back, equal to what it was; raises ValueError for anything else."""
    event: Event = _from_named("event", text)
    return event


def command_to_json(command: Command) -> str:
    """Give the JSON form of a command."""
    return _named("command", command)


def command_from_json(text: str) -> Command:
    """Read a command; fields that are missing have their defaults.

    Raises ValueError, saying what is wrong, for anything that is not a command.
    """
    command: Command = _from_named("command", text)
    return command


def _named(kind: str, value: object) -> str:
    name = type(value).__name__
    if _BY_NAME[kind].get(name) is not type(value):
        raise ValueError(f"{name} is not a kind of {kind} that has a JSON form")
    return _dump({kind: name, **encode(value)})


def _from_named(kind: str, text: str) -> Any:
    fields = _load(text)
    if not isinstance(fields, Mapping) or kind not in fields:
        raise ValueError(f"not an object with the name of its {kind}")
    name = fields[kind]
    if not isinstance(name, str) or name not in _BY_NAME[kind]:
        raise ValueError(f"unknown {kind} {name!r}")
    rest = {key: value for key, value in fields.items() if key != kind}
    return decode(_BY_NAME[kind][name], rest, name)


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _load(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not a number")
