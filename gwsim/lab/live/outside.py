"""A running lab as seen from outside: where it is, its namespaces and its end.

What is asked here needs no more than this to be imported, for people wait for the answer. Doors
whose answers are values of the engine are in `client`.
"""

import os
import time
from contextlib import suppress

from gwsim.daemon.door import Door, DoorError
from gwsim.lab.live.linux import NamespaceError, enter
from gwsim.lab.live.places import DOCKER, ENDING, KEEPER, Place, PlaceError, State, sweep
from gwsim.lab.live.ports import INTERNET

OWN_NODE = "GWSIM_NODE"
"""The variable in which a container finds which node it is."""

_PATIENCE = 15.0
_PAUSE = 0.01


class RunningLab:
    """One lab; `hand` holds the lifeline of a lab that is to end with this process.

    Doors raise DoorError when a node does not answer.
    """

    def __init__(self, place: Place, hand: int | None = None, child: int = 0) -> None:
        self.place = place
        self._hand = hand
        self._child = child

    @property
    def state(self) -> State:
        """What is written down about the lab; raises PlaceError while it is coming or going."""
        return self.place.state()

    def keeper(self) -> Door:
        """The door of the process that holds the lab."""
        return Door(self.place.door(KEEPER))

    def door(self, node: str) -> Door:
        """The door of any node, for what every one of them is asked."""
        return Door(self.place.door(node))

    def enter(self, node: str) -> None:
        """Go into a node's network namespace, for good; raises RuntimeFailure, in words."""
        state = self.state
        if state.runtime == DOCKER:
            _require_here(node)
        elif state.keeper:
            enter(state.keeper, f"fd/{state.networks[node]}")
        else:
            with Door(self.place.door(node)) as door:
                process = int(door.status()["pid"])
            enter(process, "ns/net")

    def down(self) -> None:
        """End the lab and wait until nothing of it is left.

        Raises NamespaceError in a container of the lab, where nobody can end the others.
        """
        if self._hand is not None:
            os.close(self._hand)
            self._hand = None
            with suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            sweep()
            return
        with suppress(PlaceError):
            state = self.state
            if state.runtime == DOCKER:
                raise NamespaceError(
                    "the containers of a lab are ended from outside of them:"
                    f" `docker compose down -v`, or `gwsim down {state.name}` if that started it"
                )
            self._end_each(state)
        with suppress(DoorError), self.keeper() as door:
            door.stop()
        patience = time.monotonic() + _PATIENCE
        while self.place.path.exists() and time.monotonic() < patience:
            time.sleep(_PAUSE)
        sweep()

    def _end_each(self, state: State) -> None:
        """End the nodes of a lab that nobody holds: each is a process that somebody started."""
        if state.keeper:
            return
        (self.place.path / ENDING).touch()
        for node in sorted(state.kinds, key=lambda node: state.kinds[node] == INTERNET):
            with suppress(DoorError), Door(self.place.door(node)) as door:
                door.stop()


def _require_here(node: str) -> None:
    """Raise NamespaceError unless this process is in the container of a node."""
    if os.environ.get(OWN_NODE) != node:
        service = node.replace(".", "-")
        raise NamespaceError(
            f"{node} is a container of its own; outside of it: `docker compose exec {service} ...`"
        )
