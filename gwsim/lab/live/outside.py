"""A running lab as seen from outside: where it is, its namespaces and its end.

What is asked here needs no more than this to be imported, for people wait for the answer. Doors
whose answers are values of the engine are in `client`.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from gwsim.daemon.door import Door, DoorError, Silent
from gwsim.lab.live.linux import NamespaceError, enter
from gwsim.lab.live.places import DOCKER, KEEPER, TURNING, Place, PlaceError, State
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.silent import OWN_NODE, keeper_silence, silence

PATIENCE_WITH_NODES = 10.0
"""Seconds that a node may take to answer."""

_PATIENCE = 5.0
_PAUSE = 0.01


class RunningLab:
    """One lab; `hand` holds the lifeline of a lab that is to end with this process.

    `child` is the process that was started for it, if this one did. Doors raise DoorError when a
    node does not answer.
    """

    def __init__(self, place: Place, hand: int | None = None) -> None:
        self.place = place
        self.child = 0
        self._hand = hand

    @property
    def state(self) -> State:
        """What is written down about the lab; raises PlaceError while it is coming or going."""
        return self.place.state()

    def keeper(self) -> Door:
        """The door of the process that holds the lab."""
        return Door(self.place.door(KEEPER))

    @contextmanager
    def asked(self) -> Iterator[Door]:
        """Open the door of the lab as a whole; a lab that does not answer is spoken of in words."""
        try:
            with self.keeper() as door:
                yield door
        except Silent:
            words = keeper_silence(self.place, self.state)
            raise DoorError(f"the lab {self.place.name} does not answer: {words}") from None

    @contextmanager
    def door(self, node: str) -> Iterator[Door]:
        """Open the door of any node; one that does not answer is spoken of in words."""
        with self.in_words(node), Door(self.place.door(node), PATIENCE_WITH_NODES) as door:
            yield door

    @contextmanager
    def in_words(self, node: str) -> Iterator[None]:
        """Raise DoorError, with cause and remedy, where a node does not answer."""
        try:
            yield
        except Silent as silent:
            words = silence(self.place, self.state, node, silent.reached)
            raise DoorError(f"{node} does not answer: {words}") from None

    def enter(self, node: str) -> None:
        """Go into a node's network namespace, for good; raises RuntimeFailure, in words."""
        state = self.state
        if state.runtime == DOCKER:
            _require_here(state, node)
        elif state.keeper:
            enter(state.keeper, f"fd/{state.networks[node]}")
        else:
            with self.door(node) as door:
                process = int(door.status()["pid"])
            enter(process, "ns/net")

    def down(self) -> None:
        """End the lab and wait until nothing of it is left.

        Raises NamespaceError in a container of the lab, where nobody can end the others, and
        PlaceError for a lab that does not end.
        """
        self._hang_up()
        with self.place.watched() as held:
            self._ask_to_end()
            if not _soon(lambda: not held(), TURNING):
                self._kill()
                if not _soon(lambda: not held(), _PATIENCE):
                    raise PlaceError(
                        f"the lab {self.place.name} does not end: find who holds it with"
                        f" `fuser -v {self.place.path}/*` and end that"
                    )
        self._bury()

    def let_go(self) -> None:
        """Leave the lab running when this process ends."""
        self._hang_up()
        self._bury()

    def _hang_up(self) -> None:
        if self._hand is not None:
            os.close(self._hand)
            self._hand = None

    def _bury(self) -> None:
        if self.child:
            with suppress(ChildProcessError):
                os.waitpid(self.child, 0)
            self.child = 0

    def _ask_to_end(self) -> None:
        """Tell whoever holds the lab, or its nodes, or who is just making it, that it ends."""
        try:
            state = self.state
        except PlaceError:
            self.place.ask_to_end()
        else:
            if state.runtime == DOCKER:
                raise NamespaceError(
                    "the containers of a lab are ended from outside of them:"
                    f" `docker compose down -v`, or `gwsim down {state.name}` if that started it"
                )
            self._end_each(state)
        with suppress(DoorError), Door(self.place.door(KEEPER), TURNING / 3) as door:
            door.stop()

    def _kill(self) -> None:
        """End a lab whose keeper does not answer; its nodes end with it."""
        keeper = self.place.signed()
        if keeper:
            with suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGKILL)

    def _end_each(self, state: State) -> None:
        """End the nodes of a lab that nobody holds: each is a process that somebody started."""
        self.place.ask_to_end()
        if state.keeper:
            return
        for node in sorted(state.kinds, key=lambda node: state.kinds[node] == INTERNET):
            with suppress(DoorError), Door(self.place.door(node)) as door:
                door.stop()


def _soon(done: Callable[[], bool], seconds: float) -> bool:
    """Wait for something, but no longer than so many seconds; says whether it came."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(_PAUSE)
    return True


def _require_here(state: State, node: str) -> None:
    """Raise NamespaceError unless this process is in the container of a node.

    A host at a gateway's own address is in the gateway's.
    """
    own = os.environ.get(OWN_NODE, "")
    gateway = node.rpartition(".")[0]
    shares = bool(gateway) and state.addresses[node] == state.addresses.get(gateway)
    home = gateway if shares else node
    if own not in (node, home):
        service = home.replace(".", "-")
        raise NamespaceError(
            f"{node} is a container of its own; outside of it: `docker compose exec {service} ...`"
        )
