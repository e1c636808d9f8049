"""The runtime in containers: what `netns` does, on nodes that a Docker engine runs."""

from gwsim.lab.live.client import Lab
from gwsim.lab.plan import Plan
from gwsim.lab.runtimes.netns import NetnsRuntime
from gwsim.lab.runtimes.runtime import RuntimeFailure

try:
    from gwsim.lab.live import dockerlab
except ImportError:
    dockerlab = None  # type: ignore[assignment]  # the package docker is an extra


class DockerRuntime(NetnsRuntime):
    """A lab of containers that ends with the run (interface: `Runtime`).

    `remains` are what the containers said and how they ended, once the run is over.
    """

    def _launch(self, plan: Plan, name: str) -> Lab:
        """Start the lab; raises RuntimeFailure, in words."""
        if dockerlab is None:
            raise RuntimeFailure(
                "the docker runtime needs the Python package docker:"
                " `pip install 'gwsim[docker]'`, or `pip install docker`"
            )
        self.lab = dockerlab.launch(plan, name, self._speed)
        return self.lab
