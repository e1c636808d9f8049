"""Faults of policy: what a gateway takes into the tunnel, and what it lets out of it."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import Field

from gwsim.gateway.events import DropCause, PacketDropped
from gwsim.ike.flaws import Flaw
from gwsim.lab.base import Network, SelectorText, network_range
from gwsim.lab.configurations import hosts_of
from gwsim.lab.faults.deltas import alter_end, alter_gateway, alter_sides, gateway_of, peers_of
from gwsim.lab.faults.fault import (
    At,
    AtTunnel,
    Evidence,
    Fault,
    FaultKind,
    Testimony,
    Theme,
)
from gwsim.lab.faults.proof import at_of, either, left_clear, progress, proxy_refused, refusal
from gwsim.lab.faults.stage import PINGS, Stage, Where
from gwsim.lab.options import SelectorPair
from gwsim.lab.resolve import Side, selectors_of
from gwsim.lab.scenario import Scenario
from gwsim.wire.ip import parse_address


class ExtraLine(AtTunnel):
    """The network that one end alone believes to be behind its peer."""

    network: Network = "10.99.0.0/24"


class Denied(At):
    """What is denied, by where it comes from; not said, everything."""

    what: Annotated[SelectorText, Field(examples=["any icmp", "10.1.0.0/24"])] = "any"


class Wide(At):
    """The network that a gateway has inside instead; not said, one that covers all of 10/8."""

    network: Network = "10.0.0.0/8"


def _unbound(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: {"selectors": ()})


def _pinned(scenario: Scenario) -> Callable[[Side], dict[str, Any]]:
    """Make a function that writes down what an end's proxy IDs are by default."""

    def selectors(end: Side) -> dict[str, Any]:
        pairs = selectors_of(scenario, end)
        return {
            "selectors": tuple(SelectorPair(local=str(one), remote=str(two)) for one, two in pairs)
        }

    return selectors


def _extra(scenario: Scenario, told: ExtraLine) -> Scenario:
    pinned = _pinned(scenario)

    def values(end: Side) -> dict[str, Any]:
        pairs = pinned(end)["selectors"]
        extra = SelectorPair(local=pairs[0].local, remote=told.network) if pairs else None
        return {"selectors": (*pairs, extra) if extra else ()}

    return alter_end(scenario, told, values)


def _no_exemption(scenario: Scenario, told: At) -> Scenario:
    return alter_gateway(scenario, gateway_of(scenario, told), nat_exemption=False)


def _deny(scenario: Scenario, told: Denied) -> Scenario:
    gateway = gateway_of(scenario, told)
    before = scenario.gateways[gateway].denied
    return alter_gateway(scenario, gateway, denied=(*before, told.what))


def _widen(scenario: Scenario, told: Wide) -> Scenario:
    """Only the network changes: the proxy IDs stay what they were on both ends."""
    gateway = gateway_of(scenario, told)
    pinned = _pinned(scenario)
    peers = peers_of(scenario, told)
    altered = alter_sides(scenario, gateway, peers, pinned)
    for peer in peers:
        altered = alter_sides(altered, peer, [gateway], pinned)
    return alter_gateway(altered, gateway, inside=(told.network,))


def _extra_refused(evidence: Evidence) -> Testimony:
    """The line that only one end has was asked for, and refused."""
    told = proxy_refused(evidence)
    network = evidence.parameters.network
    if told.bit and network in told.why:
        return told
    return Testimony(False, f"no traffic asked for {network}; {progress(evidence.record)}")


def _hidden(evidence: Evidence) -> Testimony:
    """Packets for the other end's network left under the gateway's own address."""
    gateway = at_of(evidence)
    hidden = [packet for packet in evidence.record.clear_text() if packet.gateway == gateway.name]
    if hidden:
        words = f"{len(hidden)} packets left {gateway.name} under its own address"
        return Testimony(True, f"{words} and outside the tunnel, from {hidden[0].at:.1f} s on")
    return Testimony(False, f"no host behind {gateway.name} sent anything to a peer's network")


def _was_denied(evidence: Evidence) -> Testimony:
    gateway, since = at_of(evidence), evidence.span.start
    drops = [
        event
        for event in gateway.of(PacketDropped)
        if event.cause is DropCause.DISCARD and event.inbound and event.at >= since
    ]
    if drops:
        words = f"{gateway.name} decrypted and dropped {len(drops)} packets"
        return Testimony(True, f"{words}, the first at {drops[0].at:.1f} s")
    return Testimony(False, f"nothing came out of a tunnel there; {progress(evidence.record)}")


def _taken_for_neighbours(evidence: Evidence) -> Testimony:
    """A host took one behind the peer for its neighbour and never asked the gateway."""
    gateway = at_of(evidence).name
    first, last = network_range(evidence.parameters.network)
    addresses = {host.name: host.address for host in hosts_of(evidence.scenario)}
    for echo in evidence.record.echoes:
        aim = addresses.get(echo.destination, echo.destination)
        if echo.source.startswith(f"{gateway}.") and first <= parse_address(aim) <= last:
            words = f"{echo.source} took {aim} for a neighbour at {echo.at:.1f} s"
            return Testimony(True, f"{words}: it is inside {evidence.parameters.network}")
    return Testimony(False, f"no host behind {gateway} sent anything into that network")


_ASKS_FOR_MORE = (
    Stage(
        timeline=(*PINGS, {"at": "20s", "ping": {"from": "here", "to": "10.99.0.5", "count": 4}}),
        places=(Where.INITIATOR,),
    ),
)
"""Beside the traffic that fits somebody asks for what only one end has."""

FAULTS: tuple[Fault, ...] = (
    Fault(
        name="crypto-map-not-applied",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="The policy is configured and not bound to the interface",
        cause="The crypto map (or the policy) is complete, but not applied, so nothing uses it.",
        signs=(
            "as sender: packets leave in clear text and no negotiation begins",
            "as responder: phase 1 comes up, every proxy ID is refused",
        ),
        repair="Apply the crypto map to the outside interface, or enable the policy.",
        alter=_unbound,
        witness=either(left_clear, proxy_refused, refusal((Flaw.PROXY_ID,), "none")),
    ),
    Fault(
        name="extra-acl-line",
        theme=Theme.PHASE2,
        kind=FaultKind.CONFIGURATION,
        title="One end's access list has a line more",
        cause="One end wants a network in the tunnel that its peer does not know of.",
        signs=(
            "the tunnel is up for everything else; the further network gets no SA",
            "quick-1 for it is answered with an encrypted INVALID-ID-INFORMATION, again and again",
        ),
        repair="Add the mirrored line on the other end, or remove it here.",
        parameters=ExtraLine,
        alter=_extra,
        witness=_extra_refused,
        stages=_ASKS_FOR_MORE,
    ),
    Fault(
        name="nat-exemption-missing",
        theme=Theme.TRAFFIC,
        kind=FaultKind.CONFIGURATION,
        title="Hosts are translated before the tunnel is asked",
        cause="The gateway's own NAT has no exemption for the traffic of the tunnel.",
        signs=(
            "as sender: no negotiation begins, packets leave under the outside address",
            "as receiver: the tunnel is up, decapsulated counts and encapsulated does not",
        ),
        repair="Exempt the traffic of the crypto ACL from NAT (nat 0, or identity NAT first).",
        parameters=At,
        alter=_no_exemption,
        witness=_hidden,
    ),
    Fault(
        name="inner-acl-deny",
        theme=Theme.TRAFFIC,
        kind=FaultKind.CONFIGURATION,
        title="An access list drops what comes out of the tunnel",
        cause="Decrypted packets meet a filter (vpn-filter, outside ACL, policy) that denies them.",
        signs=(
            "both phases are up, decapsulated counts, and hosts get nothing",
            "the gateway counts packets its policy dropped",
        ),
        repair="Permit the traffic behind the decryption too.",
        parameters=Denied,
        brief="what",
        alter=_deny,
        witness=_was_denied,
    ),
    Fault(
        name="overlapping-subnets",
        theme=Theme.TRAFFIC,
        kind=FaultKind.CONFIGURATION,
        title="The network inside covers the peer's",
        cause="Hosts take the other end's network for their own and never ask their gateway.",
        signs=(
            "from this end no packet ever wants the tunnel",
            "from the other end the tunnel comes up, and nobody answers",
        ),
        repair="Renumber one end, or translate both networks to others (overlap NAT).",
        parameters=Wide,
        alter=_widen,
        witness=_taken_for_neighbours,
        stages=(Stage(places=(Where.INITIATOR,)),),
    ),
)
"""Either the right packets stay out of the tunnel, or what was inside does not get further."""
