"""Starting a lab: its keeper is forked off, and does not answer before everything is ready."""

import os
import select
import time
import traceback
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.lab.live.client import Lab
from gwsim.lab.live.keeper import Keeper
from gwsim.lab.live.linux import NamespaceError, require_tun
from gwsim.lab.live.places import KEEPER, Place, State, take, unusable
from gwsim.lab.live.process import fork, settle_in
from gwsim.lab.live.state import state_of
from gwsim.lab.live.topology import Topology, topology_of
from gwsim.lab.plan import Plan
from gwsim.lab.runtimes.failure import RuntimeFailure


@dataclass(frozen=True, slots=True)
class Order:
    """How a lab is to run.

    `attached` labs end with the process that started them, others when they are told to; `speed`
    is the most an attached one has, and where the machine is too busy for it, it has less.
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
    """Start a lab and give it when all its nodes answer; if this is broken off there is none.

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
        try:
            settle_in(place.journal(KEEPER), (lock, told, lifeline))
            place.sign(lock)
            _keep(plan, topology, place, order, lock, told, lifeline if order.attached else None)
        except OSError as error:
            _say(told, str(unusable(place.path, error)))

    lab = Lab(place, hand)
    try:
        with ExitStack() as theirs:
            for descriptor in (lock, told, lifeline):
                theirs.callback(os.close, descriptor)
            lab.child = fork(keep)
        with os.fdopen(heard, "rb") as answer:
            words = answer.read().decode()
        if words != "ready":
            raise NamespaceError(words or f"the lab {place.name} was ended while it was starting")
    except BaseException:
        lab.down()
        raise
    if not order.attached:
        lab.let_go()
    return lab


def _keep(
    plan: Plan,
    topology: Topology,
    place: Place,
    order: Order,
    lock: int,
    told: int,
    lifeline: int | None,
) -> None:
    """Live as the keeper of a lab, from its making to its end."""
    acts = () if order.attached else plan.acts
    logs = not order.attached
    keeper = Keeper(
        plan, topology, place, order.speed, acts, logs, order.capture, yields=order.attached
    )
    words = "ready"
    try:
        keeper.build(lambda: _is_heard(told))
        place.write_state(_state(plan, topology, place, order, keeper.networks))
    except RuntimeFailure as error:
        words = str(error)
    except Exception as error:  # whoever waits must not wait for ever
        traceback.print_exc()
        words = f"the lab could not be started, and that is a bug in gwsim: {error!r}"
    if words == "ready":
        # Nobody hears it when he who waited was broken off; then nobody wants the lab either.
        with suppress(BrokenPipeError):
            keeper.serve(lifeline, lambda: _say(told, words), lambda: os.fstat(lock).st_nlink > 0)
    keeper.end()
    place.remove()
    if words != "ready":
        with suppress(BrokenPipeError):
            _say(told, words)


def _is_heard(told: int) -> bool:
    """Say whether he who waits for the lab still does."""
    poll = select.poll()
    poll.register(told, 0)
    return not poll.poll(0)


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
