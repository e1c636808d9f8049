"""The container of a host: all it does of itself is done in this process."""

from gwsim.lab.live.container.container import Container
from gwsim.lab.live.hostdesk import HostDesk


class HostContainer(Container):
    """A host, among the hosts of its lab."""

    def open(self) -> None:
        """Take questions, and hear what comes to the host."""
        own = next(host for host in self.order.hosts if host.name == self.node)
        self._desk = HostDesk(own, self.order.hosts, self.place, self.selector)
        self._desk.open(self.clock, self.stop)

    def patience(self) -> float | None:
        """How long nothing is to be sent."""
        return self._desk.patience()

    def turn(self) -> None:
        """Send what is due."""
        self._desk.handle_timer()

    def close(self) -> None:
        """Take no more questions."""
        self._desk.close()
