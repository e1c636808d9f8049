"""With which command a thing can be seen on the device: asked of the vendor's own screens."""

from gwsim.lab.diagnose.observables import Kind, Observable
from gwsim.lab.expect.evidence import Witness
from gwsim.lab.faults.stage import Where
from gwsim.lab.matrix.coordinates import Coordinates
from gwsim.lab.matrix.ground import USUAL
from gwsim.lab.matrix.patterns import nameless, patterns
from gwsim.lab.matrix.screens import log_commands, plain_commands
from gwsim.lab.matrix.summary import run_cell
from gwsim.vendors.registry import VENDORS

CAPTURE = "a capture of UDP 500 and 4500 and protocol 50 in front of it"


def command_for(thing: Observable, at: Coordinates) -> str:
    """Give the command that shows a thing; `at` is a cell in which it can be seen.

    That run is made again, and all commands are asked. What is no line of any screen is to be
    looked for on the wire.
    """
    if thing.kind is Kind.SCREEN:
        return thing.command
    if thing.end is Where.BOTH or thing.kind is Kind.WIRE:
        return CAPTURE if thing.kind is Kind.WIRE else "a ping from a host behind the initiator"
    vendor = VENDORS[at.vendor(thing.end)]
    if thing.kind in (Kind.LOG, Kind.DEBUG):
        return _log_command(thing, at)
    return next(iter(plain_commands(vendor)), "") or next(iter(log_commands(vendor)), CAPTURE)


def _log_command(thing: Observable, at: Coordinates) -> str:
    record, _ = run_cell(at)
    ground = USUAL
    place = ground.initiator if thing.end is Where.INITIATOR else ground.responder
    gateway = record.gateway(place.name)
    witness = Witness(gateway, VENDORS[gateway.vendor], record)
    names = nameless((ground.initiator.name, ground.responder.name))
    commands = log_commands(witness.vendor)
    for command in commands:
        shown = patterns(witness.screen(command, record.duration), names)
        if any(thing.text in line for line in shown):
            return command
    return next(iter(commands), CAPTURE)
