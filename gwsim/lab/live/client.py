"""A running lab as seen from outside: its doors, its namespaces and its end."""

import os
import time
from contextlib import suppress

from gwsim.daemon.door import Door, DoorError, GatewayDoor, InternetDoor
from gwsim.lab.live.linux import enter
from gwsim.lab.live.places import KEEPER, Place, State, sweep
from gwsim.lab.live.topology import INTERNET

_PATIENCE = 15.0
_PAUSE = 0.01


class Lab:
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

    def gateway(self, name: str) -> GatewayDoor:
        """The door of a gateway."""
        return GatewayDoor(self.place.door(name))

    def internet(self) -> InternetDoor:
        """The door of the internet."""
        return InternetDoor(self.place.door(INTERNET))

    def enter(self, node: str) -> None:
        """Go into a node's network namespace, for good; raises NamespaceError."""
        state = self.state
        enter(state.keeper, state.networks[node])

    def down(self) -> None:
        """End the lab and wait until nothing of it is left."""
        if self._hand is not None:
            os.close(self._hand)
            self._hand = None
            with suppress(ChildProcessError):
                os.waitpid(self._child, 0)
            sweep()
            return
        with suppress(DoorError), self.keeper() as door:
            door.ask("stop")
        patience = time.monotonic() + _PATIENCE
        while self.place.path.exists() and time.monotonic() < patience:
            time.sleep(_PAUSE)
        sweep()
