"""Labs of containers: made by an engine, found by their labels, removed without a trace.

A node is a container, a cable a network of its own, and all of a lab share a volume in memory with
their doors. The engine may be on another machine: everything goes through it.
"""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from docker.errors import APIError

from gwsim.capture.wanted import NOTHING, Wanted
from gwsim.daemon.door import Door, DoorError, Wire
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.lab.live.client import Lab
from gwsim.lab.live.contained import (
    HOME_LABEL,
    LABEL,
    NODE_LABEL,
    Remains,
    full_name,
    labelled,
    names,
    remove,
)
from gwsim.lab.live.engine import connect, engine_words, require_image
from gwsim.lab.live.making import claim, make_lab
from gwsim.lab.live.order import place_of
from gwsim.lab.live.orders import orders
from gwsim.lab.live.owner import is_gone, signature
from gwsim.lab.live.places import KEEPER, NAME, State, base, name_is_taken
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.relayed import Relay
from gwsim.lab.live.state import state_of
from gwsim.lab.live.topology import topology_of
from gwsim.lab.plan import Plan
from gwsim.lab.runtimes.failure import RuntimeFailure

OWNER_LABEL = "gwsim.owner"
"""The label of a lab that ends with a process; its value is that one's signature."""

_TIMEOUT = 90.0
_PATIENCE = 300.0
_PAUSE = 0.05
_LOOKS = 40
_LAST_LINES = 5


class KeeperDoor(Door):
    """The door of a lab on a machine that has a clock of its own."""

    def status(self) -> dict[str, Any]:
        """Ask how the lab fares; `epoch` is a moment on the clock of this machine."""
        found = super().status()
        behind = time.monotonic() - float(found["clock"])
        return {**found, "epoch": float(found["epoch"]) + behind}


class DockerLab(Lab):
    """A lab of containers, running (interface as of a lab of namespaces)."""

    def __init__(self, client: Any, state: State) -> None:
        super().__init__(place_of(state.name))
        self._client = client
        self._known = state
        self._relay: Relay | None = None
        self.remains: tuple[Remains, ...] = ()

    @property
    def state(self) -> State:
        """What the lab is."""
        return self._known

    def keeper(self) -> Door:
        """The door of the container that speaks for the lab."""
        return KeeperDoor(*self._way(KEEPER))

    def gateway(self, name: str) -> GatewayDoor:
        """The door of a gateway."""
        return GatewayDoor(*self._way(name))

    def internet(self) -> InternetDoor:
        """The door of the internet."""
        return InternetDoor(*self._way(INTERNET))

    def enter(self, node: str) -> None:
        """Raise RuntimeFailure: programs for a container are run by its engine."""
        raise RuntimeFailure(f"use `docker exec {full_name(self._known.name, node)} ...`")

    def down(self) -> None:
        """End the lab; what its containers said is in `remains`."""
        self._hang_up()
        with engine_words():
            self.remains = remove(self._client, self._known.name)
        self._client.close()

    def _way(self, door: str) -> tuple[Path, float, Wire]:
        if self._relay is None or self._relay.broken:
            self._hang_up()
            container = full_name(self._known.name, INTERNET)
            try:
                self._relay = Relay(self._client, container, self._known.name, _TIMEOUT)
            except (APIError, OSError) as error:
                words = f"the container {container} does not answer: {error}"
                raise DoorError(words) from None
        return self.place.door(door), _TIMEOUT, self._relay.way(door)

    def _hang_up(self) -> None:
        if self._relay is not None:
            self._relay.close()
            self._relay = None


def launch(
    plan: Plan,
    name: str,
    speed: float,
    state: State | None = None,
    capture: Wanted = NOTHING,
) -> DockerLab:
    """Start a lab and give it when all its nodes answer; raises RuntimeFailure, in words.

    With a `state` it does the acts of its own scenario, otherwise nobody does any. `capture` is
    what its nodes keep for captures.
    """
    if not NAME.fullmatch(name):
        raise RuntimeFailure(f"{name!r} is no name for a lab: small letters, digits and -")
    topology = topology_of(plan)
    secret = state is None
    told = tuple(
        orders(plan, name, speed, state, True, plan.played, capture=capture, secret=secret)
    )
    client = connect()
    try:
        require_image(client)
        _sweep(client)
        _require_free(client, name)
    except RuntimeFailure:
        client.close()
        raise
    lab = DockerLab(client, state or state_of(plan, name, speed, "", ""))
    labels = _labels(name, state)
    try:
        with engine_words():
            _claim(client, labels)
            make_lab(client, topology, told, labels)
        _await(lab, client, name)
    except _Taken:
        client.close()
        raise
    except BaseException:
        with suppress(RuntimeFailure):
            lab.down()
        raise
    return lab


class _Taken(RuntimeFailure):
    """Somebody else has begun to start a lab of this name."""


def _claim(client: Any, labels: dict[str, str]) -> None:
    if not claim(client, labels):
        raise _Taken(name_is_taken(labels[LABEL]))


def _require_free(client: Any, name: str) -> None:
    if name in names(client, str(base())):
        raise RuntimeFailure(name_is_taken(name))
    if name in names(client):
        raise RuntimeFailure(
            f"this engine has a lab called {name} of somebody else: give this one another name"
            " with --name"
        )


def _labels(lab: str, state: State | None) -> dict[str, str]:
    """Give what is written on everything of a lab."""
    labels = {LABEL: lab, HOME_LABEL: str(base())}
    return labels if state else {**labels, OWNER_LABEL: signature()}


def _sweep(client: Any) -> None:
    """Remove labs that were to end with a process which is gone."""
    found = labelled(client, [OWNER_LABEL, f"{HOME_LABEL}={base()}"])
    for lab in {labels[LABEL] for labels in found if is_gone(labels[OWNER_LABEL])}:
        with engine_words():
            remove(client, lab)


def start(plan: Plan, name: str, speed: float, scenario: str, text: str) -> Lab:
    """Start a lab that outlives this process (interface: `Starter`)."""
    return launch(plan, name, speed, state_of(plan, name, speed, scenario, text))


def _await(lab: DockerLab, client: Any, name: str) -> None:
    """Wait until all nodes answer, and each reaches its neighbour.

    Raises RuntimeFailure with the words of one that does not, or that has ended.
    """
    until = time.monotonic() + _PATIENCE
    while not _answers(lab):
        with engine_words():
            words = _last_words(client, name)
        if words or time.monotonic() > until:
            raise RuntimeFailure(words or "not all nodes of the lab answer")


def _answers(lab: DockerLab) -> bool:
    """Ask for a while whether all nodes are ready; it may be too early for any answer."""
    with suppress(DoorError), lab.keeper() as keeper:
        for _ in range(_LOOKS):
            if _ready(keeper.status()):
                return True
            time.sleep(_PAUSE)
    return False


def _ready(status: dict[str, Any]) -> bool:
    wires = status["wires"].values()
    wrong = [words for words in wires if words]
    if wrong:
        raise RuntimeFailure(wrong[0])
    return None not in wires and all(node["pid"] for node in status["nodes"].values())


def _last_words(client: Any, lab: str) -> str:
    """Say what the containers that ended have said."""
    ended = client.containers.list(
        all=True, filters={"label": f"{LABEL}={lab}", "status": "exited"}
    )
    said = []
    for container in ended:
        lines = container.logs(tail=_LAST_LINES).decode(errors="replace").strip().splitlines()
        node, code = container.labels.get(NODE_LABEL), container.attrs["State"]["ExitCode"]
        said += [f"{node}: {line}" for line in lines or [f"has ended with exit code {code}"]]
    return "\n".join(said)
