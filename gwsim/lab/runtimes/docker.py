"""The runtime in containers: what `netns` does, on nodes that a Docker engine runs."""

import math
import time
from types import ModuleType

from gwsim.lab.live.client import Lab
from gwsim.lab.live.pace import bearable
from gwsim.lab.plan import Plan
from gwsim.lab.runtimes.failure import RuntimeFailure
from gwsim.lab.runtimes.netns import NetnsRuntime

try:
    from gwsim.lab.live import dockerlab

    ENGINE: ModuleType | None = dockerlab
    """How to speak with an engine; None without the package docker, which is an extra."""
except ImportError:
    ENGINE = None


_PAUSE = 0.02


def engine() -> ModuleType:
    """Give `gwsim.lab.live.dockerlab`; raises RuntimeFailure where it cannot be had."""
    if ENGINE is None:
        raise RuntimeFailure(
            "labs of containers need the Python package docker:"
            " `pip install 'gwsim[docker]'`, or `pip install docker`"
        )
    return ENGINE


class DockerRuntime(NetnsRuntime):
    """A lab of containers that ends with the run (interface: `Runtime`).

    What the containers said and how they ended is in `lab.remains` once the run is over.
    """

    lab: Lab

    def _launch(self, plan: Plan, name: str) -> Lab:
        """Start the lab; raises RuntimeFailure, in words."""
        self.lab = engine().launch(plan, name, self._speed, capture=self._wanted)
        return self.lab

    def _second_zero(self) -> float:
        """Let the lab begin now that its doors are open; that took its time."""
        self._speed = self._bearable()
        self._keeper.ask("begin", speed=self._speed)
        while (epoch := float(self._keeper.status()["epoch"])) == math.inf:
            time.sleep(_PAUSE)
        return epoch

    def _bearable(self) -> float:
        """Give the speed that was asked for, or as much of it as this machine keeps up with.

        Five containers on a machine that has other things to do wait for their turns; times of
        the plan are not to suffer from it.
        """
        return bearable(self._speed, float(self._keeper.ask("effort")))


def start(plan: Plan, name: str, speed: float, scenario: str, text: str) -> Lab:
    """Start a lab of containers that outlives this process (interface: `Starter`)."""
    lab: Lab = engine().start(plan, name, speed, scenario, text)
    return lab
