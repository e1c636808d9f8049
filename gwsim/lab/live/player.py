"""Who does in a lab of containers what its scenario says: the container of the internet."""

import sys
import time
from collections import deque
from collections.abc import Iterable
from datetime import datetime

from gwsim.daemon.clock import Clock
from gwsim.daemon.door import DoorError
from gwsim.daemon.node_doors import GatewayDoor, InternetDoor
from gwsim.daemon.nodefile import gateway_config_to_json, path_config_to_json
from gwsim.gateway.config import GatewayConfig
from gwsim.lab.live.acts import Reach, perform
from gwsim.lab.live.changes import plan_for_people
from gwsim.lab.live.places import Place
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.steward import Steward
from gwsim.lab.load import load_text
from gwsim.lab.plan import PlannedAct
from gwsim.path.config import PathConfig


def acts_of(text: str, calendar: datetime, played: bool) -> tuple[PlannedAct, ...]:
    """Give the acts of a scenario, those of its timeline only if it is to be `played`."""
    return plan_for_people(load_text(text).scenario, calendar, played).acts


class Player:
    """Does acts when their time comes, through the doors of the lab in `place`."""

    def __init__(
        self, place: Place, clock: Clock, steward: Steward, acts: Iterable[PlannedAct]
    ) -> None:
        self._place = place
        self._clock = clock
        self._acts = deque(acts)
        self._reach = Reach(steward.send, self._configure, self._gateway, self._internet)
        self._steward = steward

    def patience(self) -> float | None:
        """How long nothing is due, in real seconds; None for ever."""
        if not self._acts:
            return None
        return max(0.0, self._clock.real(self._acts[0].at) - time.monotonic())

    def act(self) -> None:
        """Do what is due; what cannot be done to a node that is down is lost."""
        while self._acts and self._acts[0].at <= self._clock.now():
            planned = self._acts.popleft()
            try:
                perform(planned.act, self._reach)
            except DoorError as error:
                sys.stderr.write(f"{planned.text}: not done, {error}\n")

    def _configure(self, node: str, config: GatewayConfig | PathConfig) -> None:
        if isinstance(config, GatewayConfig):
            self._steward.configure(node, gateway_config_to_json(config))
        else:
            self._steward.configure(node, path_config_to_json(config))

    def _gateway(self, name: str) -> GatewayDoor:
        return GatewayDoor(self._place.door(name))

    def _internet(self) -> InternetDoor:
        return InternetDoor(self._place.door(INTERNET))
