"""The container of a gateway that is itself an end of what its tunnels carry (transport mode)."""

from gwsim.lab.live.container.gateway import GatewayContainer
from gwsim.lab.live.hostdesk import HostDesk
from gwsim.lab.live.order import ContainerOrder


class EndpointContainer(GatewayContainer):
    """A gateway, and the hosts at its own address: what they do of themselves is done here."""

    def __init__(self, order: ContainerOrder) -> None:
        super().__init__(order)
        self._desks: list[HostDesk] = []

    def open(self) -> None:
        """Start the gateway, then take questions for each of those hosts."""
        super().open()
        for host in self.order.hosts:
            if host.name in self.order.itself:
                desk = HostDesk(host, self.order.hosts, self.place, self.selector)
                desk.open(self.clock, self.stop)
                self._desks.append(desk)

    def patience(self) -> float | None:
        """How long nothing is due, of the gateway or of a host."""
        due = (super().patience(), *(desk.patience() for desk in self._desks))
        return min((one for one in due if one is not None), default=None)

    def turn(self) -> None:
        """Look after the gateway, and send what hosts are to send."""
        super().turn()
        for desk in self._desks:
            desk.handle_timer()

    def close(self) -> None:
        """Take no more questions, and end the gateway."""
        for desk in self._desks:
            desk.close()
        super().close()
