"""Starting a lab: its keeper is forked off, and does not answer before everything is ready."""

import os
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.lab.live.client import Lab
from gwsim.lab.live.keeper import Keeper
from gwsim.lab.live.linux import NamespaceError, require_tun
from gwsim.lab.live.places import KEEPER, Place, State, take
from gwsim.lab.live.process import fork, settle_in
from gwsim.lab.live.state import state_of
from gwsim.lab.live.topology import Topology, topology_of
from gwsim.lab.plan import Plan


@dataclass(frozen=True, slots=True)
class Order:
    """How a lab is to run.

    `attached` labs end with the process that started them, others when they are told to.
    `scenario` is the file and `text` its content, for those who change the lab later. `capture`
    is what its nodes keep for captures.
    """

    name: str
    speed: float = 1.0
    attached: bool = False
    scenario: str = ""
    text: str = ""
    capture: Wanted = NOTHING


def launch(plan: Plan, order: Order) -> Lab:
    """Start a lab and give it when all its nodes answer.

    Raises NamespaceError, PlaceError or TopologyError, each in words for people.
    """
    require_tun()
    topology = topology_of(plan)
    place, lock = take(order.name)
    heard, told = os.pipe()
    lifeline, hand = os.pipe()

    def keep() -> None:
        os.setsid()
        if not order.attached:
            if os.fork():
                os._exit(0)
            os.close(hand)
        settle_in(place.journal(KEEPER), (lock, told, lifeline))
        _keep(plan, topology, place, order, told, lifeline if order.attached else None)

    child = fork(keep)
    for descriptor in (lock, told, lifeline):
        os.close(descriptor)
    with os.fdopen(heard, "rb") as answer:
        words = answer.read().decode()
    if not order.attached:
        os.waitpid(child, 0)
        os.close(hand)
    if words != "ready":
        if order.attached:
            os.close(hand)
            os.waitpid(child, 0)
        raise NamespaceError(words or "the lab ended while it was starting")
    return Lab(place, hand, child) if order.attached else Lab(place)


def _keep(
    plan: Plan, topology: Topology, place: Place, order: Order, told: int, lifeline: int | None
) -> None:
    """Live as the keeper of a lab, from its making to its end."""
    acts = () if order.attached else plan.acts
    logs = not order.attached
    keeper = Keeper(plan, topology, place, order.speed, acts, logs, order.capture)
    words = "ready"
    try:
        keeper.build()
        place.write_state(_state(plan, topology, place, order, keeper.networks))
    except NamespaceError as error:
        words = str(error)
    except Exception as error:  # whoever waits must not wait for ever
        traceback.print_exc()
        words = f"the lab could not be started, and that is a bug in gwsim: {error!r}"
    if words == "ready":
        # Nobody hears it when he who waited was broken off; then nobody wants the lab either.
        with suppress(BrokenPipeError):
            keeper.serve(lifeline, lambda: _say(told, words))
    keeper.end()
    place.remove()
    if words != "ready":
        with suppress(BrokenPipeError):
            _say(told, words)


def _say(told: int, words: str) -> None:
    os.write(told, words.encode())
    os.close(told)


def _state(
    plan: Plan, topology: Topology, place: Place, order: Order, networks: dict[str, int]
) -> State:
    return replace(
        state_of(plan, place.name, order.speed, order.scenario, order.text, runtime="netns"),
        keeper=os.getpid(),
        started=time.time(),
        networks=networks,
        ports={node: topology.main_port(node) for node in networks},
    )


def start(plan: Plan, name: str, speed: float, scenario: str, text: str) -> Lab:
    """Start a lab that outlives this process (interface: `Starter`)."""
    file = str(Path(scenario).resolve()) if scenario else ""
    return launch(plan, Order(name, speed, scenario=file, text=text))
