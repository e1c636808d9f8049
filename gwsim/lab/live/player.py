"""Who does in a running lab what its scenario says: its keeper, or the internet's container."""

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
    """Does acts when their time comes; `reach` is how it gets at the lab."""

    def __init__(self, clock: Clock, reach: Reach, acts: Iterable[PlannedAct]) -> None:
        self._clock = clock
        self._reach = reach
        self._acts = deque(acts)

    def patience(self) -> float | None:
        """How long nothing is due, in real seconds; None for ever."""
        if not self._acts:
            return None
        return max(0.0, self._clock.real(self._acts[0].at) - time.monotonic())

    def act(self) -> None:
        """Do what is due; what cannot be done to a node that is down is lost."""
        self._act(self._clock.now())

    def follow(self, acts: Iterable[PlannedAct]) -> None:
        """Do what is due, and from then on what these acts say: the scenario is another one."""
        now = self._clock.now()
        self._act(now)
        self._acts = deque(act for act in acts if act.at > now)

    def _act(self, now: float) -> None:
        while self._acts and self._acts[0].at <= now:
            planned = self._acts.popleft()
            try:
                perform(planned.act, self._reach)
            except DoorError as error:
                sys.stderr.write(f"{planned.text}: not done, {error}\n")


def reach_of(place: Place, steward: Steward) -> Reach:
    """Say how the container that speaks for the lab in `place` gets at it."""

    def configure(node: str, config: GatewayConfig | PathConfig) -> None:
        if isinstance(config, GatewayConfig):
            steward.configure(node, gateway_config_to_json(config))
        else:
            steward.configure(node, path_config_to_json(config))

    return Reach(
        steward.send,
        configure,
        lambda name: GatewayDoor(place.door(name)),
        lambda: InternetDoor(place.door(INTERNET)),
    )
