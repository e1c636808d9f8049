"""A NAT in front of one side: the station that rewrites addresses, and forgets.

It sees whole packets only: fragments are joined first, for later ones bear no ports. How an
address is translated stands in `translation`.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from gwsim.path.bindings import Binding
from gwsim.path.config import Nat
from gwsim.path.events import PathAction
from gwsim.path.passage import DESTINATION, SOURCE, Leg
from gwsim.path.rewriting import Rewriting
from gwsim.path.transit import Mishap, Transit, carry
from gwsim.path.translation import OneToOne, PortTranslation, Refusal
from gwsim.wire.fragments import Reassembler
from gwsim.wire.ip import Ipv4Packet, flow_of, parse_ipv4


class NatDevice:
    """A NAT at work between one `inside` address, or many, and the internet.

    `outward` and `inward` give the translated packet, or the mishap that ended its way: refused,
    or kept until the other fragments of its packet are there.
    """

    def __init__(self, nat: Nat, inside: str, rng: Random) -> None:
        self._nat = nat
        self._ports = PortTranslation(nat, inside, rng)
        self._one = OneToOne(nat.public, inside)
        self._joining_outward = Reassembler()
        self._joining_inward = Reassembler()

    def reconfigure(self, nat: Nat, inside: str) -> None:
        """Go by other settings; bindings survive unless the public address or the kind changes."""
        if (nat.public, nat.translate_ports) != (self._nat.public, self._nat.translate_ports):
            self._ports.forget()
        self._nat = nat
        self._ports.reconfigure(nat, inside)
        self._one = OneToOne(nat.public, inside)

    def rebind(self) -> None:
        """Forget who had which port; whoever sends next gets another one."""
        self._ports.forget()

    def bindings(self, now: float) -> tuple[Binding, ...]:
        """Give the bindings that are alive."""
        return self._ports.bindings(now)

    def owner(self, transit: Transit, now: float) -> str | None:
        """Say for whom inside a packet from outside is, None for nobody who asked for it."""
        if not self._nat.translate_ports:
            return None
        return self._ports.owner(transit, now)

    def outward(self, transit: Transit, now: float) -> Transit | Mishap:
        """Translate a packet that leaves: its source becomes public."""
        return _cross(transit, self._joining_outward, self._translation.outward, now)

    def inward(self, transit: Transit, now: float) -> Transit | Mishap:
        """Translate a packet to the public address: its destination becomes private."""
        return _cross(transit, self._joining_inward, self._translation.inward, now)

    def leg(self, transit: Transit, outward: bool) -> Leg | None:
        """Give the way in few steps of packets like this whole one, None where there is none."""
        crossing = self._translation.crossing(parse_ipv4(transit.data), outward)
        if crossing is None:
            return None
        return Leg(transit, SOURCE if outward else DESTINATION, crossing)

    @property
    def _translation(self) -> OneToOne | PortTranslation:
        return self._ports if self._nat.translate_ports else self._one


def _cross(
    transit: Transit,
    joining: Reassembler,
    translate: Callable[[Ipv4Packet, Rewriting, float], None],
    now: float,
) -> Transit | Mishap:
    """Join what comes in fragments, and translate the whole."""
    packet = joining.add(parse_ipv4(transit.data), now)
    if packet is None:
        return Mishap(PathAction.JOINED, transit, "the NAT waits for the other fragments")
    if transit.is_fragment:
        transit = carry(packet, transit)
    rewriting = Rewriting(transit.data)
    try:
        translate(packet, rewriting, now)
    except Refusal as refusal:
        return Mishap(PathAction.NAT_REFUSED, transit, str(refusal))
    return _read_again(transit, rewriting.octets)


def _read_again(transit: Transit, data: bytes) -> Transit:
    """Note what a packet bears after its translation."""
    packet = parse_ipv4(data)
    _, source_port, destination_port = flow_of(packet)
    return replace(
        transit,
        data=data,
        source=packet.source,
        destination=packet.destination,
        source_port=source_port,
        destination_port=destination_port,
    )
