"""`gwsim show`: what a gateway answers to a command, in a running lab or a scenario."""

import json as json_format
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from gwsim.cli.files import load
from gwsim.cli.labs import LabName, in_words, own_node, the_lab
from gwsim.cli.options import Json, Seed, require
from gwsim.cli.output import stop, stop_for, write
from gwsim.lab.expect.evidence import Evidence, Witness
from gwsim.lab.nearest import hint
from gwsim.lab.plan import Plan
from gwsim.lab.runner import play, prepare
from gwsim.lab.runtimes.sim import SimRuntime
from gwsim.lab.source import ScenarioError
from gwsim.lab.units import duration
from gwsim.vendors.registry import VENDORS, match, screen
from gwsim.vendors.vendor import Vendor, View


def show(
    gateway: Annotated[
        str, typer.Argument(metavar="GATEWAY", help="A gateway of the lab or scenario.")
    ],
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="What to type there; abbreviations work.")
    ] = "",
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", "-s", metavar="FILE", help="Not said: ask the running lab."),
    ] = None,
    at: Annotated[
        str, typer.Option(metavar="TIME", help="When (20s, 2m); not said: at the end.")
    ] = "",
    seed: Seed = None,
    json: Json = False,
    lab: LabName = "",
) -> None:
    """Print what a gateway shows, now or at a moment of a scenario.

    Without a scenario a running lab is asked. The screen is what the device itself would print.
    """
    if not command:
        gateway, command = own_node(), gateway
    if scenario is None:
        _show_running(lab, gateway, command, at, json)
        return
    loaded = load(scenario)
    try:
        plan = prepare(loaded, seed)[1]
    except ScenarioError as error:
        stop_for(error)
    vendor = _vendor({config.name: config.vendor for config in plan.gateways}, gateway)
    _check_command(vendor, command)
    moment = _moment(at, plan)
    witness = _run(plan, gateway, moment)
    _print(vendor, gateway, command, moment, witness.screen(command, moment), json)


def _print(
    vendor: Vendor, gateway: str, command: str, moment: float, text: str, json: bool
) -> None:
    if json:
        entry = {"gateway": gateway, "vendor": vendor.name, "command": command}
        write(json_format.dumps({**entry, "at": moment, "screen": text}, indent=2))
    else:
        write(text)


def _show_running(name: str, gateway: str, command: str, at: str, json: bool) -> None:
    """Ask a gateway of a running lab, as it is now."""
    if at:
        stop("--at needs a scenario: a running lab shows what is now")
    lab, state = the_lab(name, gateway)
    vendor = _vendor(state.vendors, gateway)
    _check_command(vendor, command)
    with in_words(), lab.gateway(gateway) as door:
        snapshot, config = door.snapshot(), door.configuration()
        events = lab.events(gateway)
    view = View(snapshot, events, datetime.fromisoformat(state.epoch), config)
    _print(vendor, gateway, command, snapshot.now, screen(vendor, command, view), json)


def _vendor(vendors: Mapping[str, str], gateway: str) -> Vendor:
    require(gateway, vendors, "gateway", " here")
    return VENDORS[vendors[gateway]]


def _check_command(vendor: Vendor, typed: str) -> None:
    """End the program when the device would not understand the command, and say which it does."""
    found = match(vendor, typed)
    if isinstance(found, str):
        return
    if vendor.unseen:
        stop(vendor.unseen)
    known = (*vendor.commands, *vendor.parametric)
    if found:
        stop(f"{typed!r} is not a whole command of {vendor.name}; it could be\n" + _listed(found))
    near = hint(typed, known) or "."
    stop(f"{vendor.name} has no command {typed!r}{near} It has\n" + _listed(known))


def _listed(commands: tuple[str, ...] | list[str]) -> str:
    return "\n".join(f"  {command}" for command in commands)


def _moment(text: str, plan: Plan) -> float:
    try:
        return duration(text) if text else plan.duration
    except ValueError as error:
        stop(f"--at: {error}")


def _run(plan: Plan, gateway: str, moment: float) -> Witness:
    """Run a plan up to a moment, be it beyond its own end."""
    record = play(replace(plan, duration=moment), SimRuntime())
    return Evidence(record, VENDORS).of(gateway)
