"""Two gateways that really negotiate over a path, with their keys: what a dissector is fed."""

from random import Random

from gwsim.capture.keys import esp_sa, ikev1_decryption_table
from gwsim.capture.pcapng import pcapng
from gwsim.capture.sighted import Place, Tap, comments_of, sighted
from gwsim.capture.trace import entries
from gwsim.gateway.gateway import Gateway
from gwsim.gateway.outputs import InsideOut
from gwsim.lab.compile import compile_scenario
from gwsim.lab.load import load_text
from gwsim.lab.runtimes.outer import Outside
from gwsim.path.middlebox import Middlebox
from gwsim.wire.ip import ICMP, IcmpEcho, Ipv4Packet, build_icmp, build_ipv4

PC, SERVER = "10.2.0.10", "10.1.0.10"

SCENARIO = """
name: dissected
title: A tunnel to look at
gateways:
  hq:     {{vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {{server: {server}}}}}
  branch: {{vendor: asa, outside: {outside}, inside: 10.2.0.0/24, hosts: {{pc: {pc}}}{nat}}}
tunnels:
  - between: [hq, branch]
    psk: correct horse battery staple
{tunnel}
"""


class Conversation:
    """Gateways hq and branch, what lies between them, and everything the path told."""

    def __init__(self, tunnel: str = "", nat: bool = False) -> None:
        behind = ", behind_nat: {public: 203.0.113.1}" if nat else ""
        text = SCENARIO.format(
            server=SERVER,
            pc=PC,
            outside="192.168.1.2" if nat else "203.0.113.1",
            nat=behind,
            tunnel=tunnel,
        )
        plan = compile_scenario(load_text(text).scenario)
        self.now = 0.0
        self.box = Middlebox(plan.path, Random(1), 0.0)
        self.gateways = {c.name: Gateway(c, Random(c.name), 0.0) for c in plan.gateways}
        self.outsides = {name: Outside(gateway) for name, gateway in self.gateways.items()}
        self.path = []
        self.delivered = []

    def ping(self, count: int) -> None:
        """Ping from branch to hq, once a second; the server behind hq answers."""
        for number in range(count):
            self._echo("branch", PC, SERVER, number, reply=False)
            self.run(self.now + 0.5)
            if number:
                self._echo("hq", SERVER, PC, number, reply=True)
            self.run(self.now + 0.5)

    def run(self, until: float) -> None:
        """Let everything happen up to a time."""
        self._carry()
        while (due := self._due()) is not None and due <= until:
            self.now = max(self.now, due)
            for gateway in self.gateways.values():
                gateway.handle_timer(self.now)
            self.box.handle_timer(self.now)
            self._carry()
        self.now = until

    def capture(self, side: str) -> bytes:
        """What a tap at a gateway saw, as pcapng."""
        tap = Tap(side, Place.OUTSIDE)
        said = comments_of(entries({}, self.path)).items()
        comments = {packet: text.split(",")[0] for packet, text in said}
        return pcapng([tap.interface], sighted(tap, self.path, comments))

    def tables(self) -> tuple[str, str]:
        """Keys for ISAKMP and for ESP, those of both gateways."""
        keys = [gateway.exported_keys() for gateway in self.gateways.values()]
        ike = ikev1_decryption_table(key for exported in keys for key in exported.ike)
        esp = esp_sa((key for exported in keys for key in exported.esp), anywhere=True)
        return _lines(ike), _lines(esp)

    def _echo(self, gateway: str, source: str, destination: str, number: int, reply: bool) -> None:
        message = build_icmp(IcmpEcho(1, number, b"ping over the tunnel", reply))
        packet = build_ipv4(Ipv4Packet(source, destination, ICMP, message))
        self.gateways[gateway].receive_inside(packet, self.now)
        self._carry()

    def _due(self) -> float | None:
        timers = [gateway.next_timer() for gateway in self.gateways.values()]
        timers.append(self.box.next_timer())
        return min((timer for timer in timers if timer is not None), default=None)

    def _carry(self) -> None:
        moving = True
        while moving:
            moving = False
            for name, gateway in self.gateways.items():
                gateway.events()
                for output in gateway.outputs():
                    moving = True
                    if isinstance(output, InsideOut):
                        self.delivered.append(output.packet)
                    else:
                        packet, label = self.outsides[name].wrap(output)
                        self.box.receive(packet, name, self.now, label)
            for delivery in self.box.packets_to_send():
                moving = True
                self.outsides[delivery.side].receive(delivery.packet, self.now)
            self.path += self.box.events()


def _lines(table: str) -> str:
    """A table without its comments, as the options of tshark want it."""
    return "".join(f"{line}\n" for line in table.splitlines() if not line.startswith("#"))
