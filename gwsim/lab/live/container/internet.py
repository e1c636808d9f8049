"""The container of the internet, which also speaks for the lab."""

import math
import time
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

from gwsim.daemon.internet_node import InternetNode
from gwsim.daemon.nodefile import InternetFile, NodeFile, path_config_from_json
from gwsim.daemon.process import run
from gwsim.lab.live.container.process import ProcessContainer
from gwsim.lab.live.desk import Desk
from gwsim.lab.live.order import ContainerOrder
from gwsim.lab.live.places import KEEPER
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.remembered import life, remember, remembered
from gwsim.lab.live.steward import Steward

PLAYER = "gwsim.lab.live.player"
"""Who does the acts of a scenario; imported where there are any, for it knows the language."""


class InternetContainer(ProcessContainer):
    """The internet between the gateways."""

    def __init__(self, order: ContainerOrder) -> None:
        super().__init__(order)
        self._told = ""
        self._player: Any = None

    def run(self, file: NodeFile) -> None:
        """Be the internet."""
        assert isinstance(file, InternetFile)
        run(INTERNET, file.control, partial(InternetNode, file))

    def configured(self, file: NodeFile) -> NodeFile:
        """Give the internet the configuration that it was told last."""
        assert isinstance(file, InternetFile)
        told = self._told or remembered(self.place, self.node)
        return replace(file, config=path_config_from_json(told)) if told else file

    def lead(self) -> None:
        """Let this container speak for the lab, once all are there.

        A lab that does its own acts begins at once, any other when somebody says so.
        """
        self.await_all()
        state = self.state()
        if self.epoch == math.inf:
            self.place.write_state(replace(state, started=time.time()))
        steward = Steward(
            self.place,
            self.order.hosts,
            self.clock,
            self.found_lab,
            self.stop,
            self._keep,
            self._follow,
            self.order.played,
        )
        if self.order.acts:
            player = import_module(PLAYER)
            acts = self._acts(self.place.state().text)
            # Whoever comes back in mid-run finds done what was to be done until then.
            since = self.clock.now() if life(self.place, self.node).number > 1 else 0.0
            left = tuple(act for act in acts if act.at >= since)
            self._player = player.Player(self.clock, player.reach_of(self.place, steward), left)
        if self.order.begins:
            self.found_lab()
        self._desk = Desk(self.place.door(KEEPER), self.selector, steward.handlers())

    def patience(self) -> float | None:
        """How long nothing is to be done."""
        due = [super().patience(), self._player.patience() if self._player is not None else None]
        return min((one for one in due if one is not None), default=None)

    def turn(self) -> None:
        """Bring the internet back if it died, and do what the scenario says."""
        super().turn()
        if self._player is not None:
            self._player.act()

    def _acts(self, text: str) -> Any:
        return import_module(PLAYER).acts_of(text, self.calendar, self.order.played)

    def _follow(self, text: str) -> None:
        """Let what is still to come be as a changed scenario says; without acts nothing is."""
        if self._player is not None:
            self._player.follow(self._acts(text))

    def _keep(self, node: str, config: str) -> None:
        """Keep what a node is configured to be; what is secret lies in no file of this node."""
        if self.order.secret and node == self.node:
            self._told = config
        else:
            remember(self.place, node, config)
