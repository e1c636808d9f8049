"""The container of a gateway: its process, and its vendor's log on standard output."""

import os
from contextlib import suppress
from dataclasses import replace
from functools import partial

from gwsim.daemon.gateway_node import GatewayNode
from gwsim.daemon.nodefile import GatewayFile, NodeFile, gateway_config_from_json
from gwsim.daemon.process import run
from gwsim.lab.live.container.process import ProcessContainer
from gwsim.lab.live.order import ContainerOrder
from gwsim.lab.live.remembered import remembered, taken

TAIL_EVERY = 0.2
"""Seconds between two looks at a log that is being written."""


class GatewayContainer(ProcessContainer):
    """A gateway; of the training lab it is started when the internet is there."""

    needs_neighbour = True

    def __init__(self, order: ContainerOrder) -> None:
        super().__init__(order)
        self._log_shown = 0
        self._told = ""

    def run(self, file: NodeFile) -> None:
        """Be this gateway."""
        assert isinstance(file, GatewayFile)
        run(file.config.name, file.control, partial(GatewayNode, file))

    def open(self) -> None:
        """Start the gateway; what its log has from before this container came back is old."""
        with suppress(FileNotFoundError):
            self._log_shown = self.place.log(self.node).stat().st_size
        super().open()

    def configured(self, file: NodeFile) -> NodeFile:
        """Give the gateway the configuration that it was told last."""
        self._learn()
        assert isinstance(file, GatewayFile)
        return replace(file, config=gateway_config_from_json(self._told)) if self._told else file

    def patience(self) -> float | None:
        """How long until there may be something new in the log."""
        due = super().patience()
        return TAIL_EVERY if due is None else min(due, TAIL_EVERY)

    def turn(self) -> None:
        """Bring back a gateway that died, and show what the device has logged."""
        if self.order.secret:
            self._learn()
        super().turn()
        self._tail()

    def close(self) -> None:
        """End the gateway, and show its last words."""
        super().close()
        self._tail()

    def _learn(self) -> None:
        """Take in what the gateway is told to be; in a lab with secrets the file goes away."""
        read = taken if self.order.secret else remembered
        self._told = read(self.place, self.node) or self._told

    def _tail(self) -> None:
        """Show what the device has logged since the last look, whole lines only."""
        log = self.place.log(self.node)
        with suppress(FileNotFoundError), log.open("rb") as file:
            file.seek(self._log_shown)
            fresh = file.read()
            whole = fresh[: fresh.rfind(b"\n") + 1]
            self._log_shown += len(whole)
            while whole:
                whole = whole[os.write(1, whole) :]
