"""Faults of contact: the other end is not there, not found, or not willing."""

from typing import Annotated

from pydantic import Field

from gwsim.gateway.commands import Reboot, SetLink
from gwsim.gateway.events import DropCause
from gwsim.ike.flaws import Flaw
from gwsim.lab.base import Address, GatewayRef
from gwsim.lab.durations import LONGEST
from gwsim.lab.faults.deltas import alter_end, alter_gateway, alter_sides, gateway_of
from gwsim.lab.faults.fault import (
    At,
    AtTunnel,
    Evidence,
    Fault,
    FaultAct,
    FaultKind,
    FaultParameters,
    Span,
    Testimony,
    Theme,
)
from gwsim.lab.faults.proof import (
    arrivals,
    at_of,
    could_not_begin,
    dropped,
    either,
    progress,
    refusal,
    rule_bit,
)
from gwsim.lab.faults.stage import Stage, Where, lasting
from gwsim.lab.plan import Tell
from gwsim.lab.scenario import Scenario
from gwsim.path.config import Match, Rule, RuleAction
from gwsim.path.events import PathAction
from gwsim.wire.ip import UDP
from gwsim.wire.numbers import IKE_PORT


class Blocked(FaultParameters):
    """A blocked port: both ways, or only what one gateway sends."""

    source: Annotated[GatewayRef | None, Field(alias="from")] = None


class WrongPeer(AtTunnel):
    """A wrong peer address; not said, one of the documentation block where nobody is."""

    address: Address = "203.0.113.66"


def blocked_port(port: int, scenario: Scenario, told: Blocked, name: str, span: Span) -> Rule:
    """Make the rule that drops UDP to or from a port."""
    match = Match(UDP, port, from_side=told.source or "", start=span.start, end=span.end)
    return Rule(name, RuleAction.DROP, match)


def _block_500(scenario: Scenario, told: Blocked, name: str, span: Span) -> tuple[Rule, ...]:
    return (blocked_port(IKE_PORT, scenario, told, name, span),)


def _lose_route(scenario: Scenario, told: At, name: str, span: Span) -> tuple[Rule, ...]:
    match = Match(to_side=gateway_of(scenario, told), start=span.start, end=span.end)
    return (Rule(name, RuleAction.DROP, match),)


def _power_off(scenario: Scenario, told: At, span: Span) -> tuple[FaultAct, ...]:
    gateway = gateway_of(scenario, told)
    down = min(span.end, LONGEST) - span.start
    return (FaultAct(span.start, Tell(gateway, Reboot(down)), f"{gateway} loses power"),)


def _unplug(scenario: Scenario, told: At, span: Span) -> tuple[FaultAct, ...]:
    gateway = gateway_of(scenario, told)
    down = FaultAct(span.start, Tell(gateway, SetLink(False)), f"{gateway}: outside goes down")
    up = FaultAct(span.end, Tell(gateway, SetLink(True)), f"{gateway}: outside goes up")
    return (down, up) if span.end < LONGEST else (down,)


def _wrong_peer(scenario: Scenario, told: WrongPeer) -> Scenario:
    return alter_end(scenario, told, lambda end: {"peer": told.address})


def _disable(scenario: Scenario, told: At) -> Scenario:
    return alter_gateway(scenario, gateway_of(scenario, told), isakmp=False)


def _answer_only(scenario: Scenario, told: FaultParameters) -> Scenario:
    for gateway in scenario.gateways:
        scenario = alter_sides(
            scenario, gateway, scenario.gateways, lambda end: {"direction": "answer-only"}
        )
    return scenario


def _originate_only(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: {"direction": "originate-only"})


def _nobody_there(evidence: Evidence) -> Testimony:
    """Somebody called, and nobody could answer."""
    gateway = at_of(evidence).name
    calls = sum(1 for _ in arrivals(evidence, gateway))
    if calls:
        return Testimony(True, f"{calls} packets reached {gateway} and nobody was there")
    return Testimony(False, f"nobody called {gateway}; {progress(evidence.record)}")


def _hosts_cut_off(evidence: Evidence) -> Testimony:
    """The gateway's own hosts sent something while it was off."""
    gateway, span = at_of(evidence).name, evidence.span
    sent = [(one.source, one.at) for one in evidence.record.echoes]
    sent += [(one.source, one.at) for one in evidence.record.flows]
    lost = sum(host.startswith(f"{gateway}.") and span.start <= at < span.end for host, at in sent)
    if lost:
        return Testimony(True, f"the hosts behind {gateway} sent {lost} times into nothing")
    return Testimony(False, f"no host behind {gateway} sent anything")


def _called_wrong(evidence: Evidence) -> Testimony:
    """Something was sent to the wrong address."""
    gateway = at_of(evidence).name
    calls = sum(
        event.destination == evidence.parameters.address and event.action is PathAction.ENTERED
        for event in evidence.record.path
    )
    words = f"sent {calls} packets to {evidence.parameters.address}, where no gateway is"
    if calls:
        return Testimony(True, f"{gateway} {words}")
    return Testimony(False, f"{gateway} called nobody; {progress(evidence.record)}")


def _link_lost(evidence: Evidence) -> Testimony:
    """A packet met the dead line: one that came, or one that could not leave."""
    told = dropped(DropCause.LINK_DOWN, "no packet met the dead line")(evidence)
    gateway = at_of(evidence).name
    came = sum(1 for _ in arrivals(evidence, gateway))
    if came and not told.bit:
        return Testimony(True, f"{came} packets came to the dead line of {gateway}")
    return told


FAULTS: tuple[Fault, ...] = (
    Fault(
        name="peer-down",
        theme=Theme.CONTACT,
        kind=FaultKind.ACT,
        title="The other gateway is off",
        cause="The gateway has no power, so that nobody answers at its address.",
        signs=("main-1 is repeated and never answered", "the peer has no log at all"),
        repair="Power it on; meanwhile look at a capture in front of it for main-1 arriving.",
        parameters=At,
        acts=_power_off,
        witness=either(_nobody_there, _hosts_cut_off),
        stages=(Stage(), lasting()),
    ),
    Fault(
        name="link-down",
        theme=Theme.CONTACT,
        kind=FaultKind.ACT,
        title="The outside line of a gateway is dead",
        cause="The gateway runs, but its outside interface has no link.",
        signs=("main-1 is repeated and never answered", "the gateway's interface is down"),
        repair="Restore the line; the SAs of before are still there, if they have not expired.",
        parameters=At,
        acts=_unplug,
        witness=_link_lost,
        stages=(Stage(), lasting()),
    ),
    Fault(
        name="no-route",
        theme=Theme.CONTACT,
        kind=FaultKind.PATH,
        title="No way through the internet to a gateway",
        cause="Nothing that is sent to the gateway's address arrives.",
        signs=("what it sends arrives, what it should get does not",),
        repair="Ask the provider for the route; a traceroute from both ends shows where it ends.",
        parameters=At,
        rules=_lose_route,
        witness=rule_bit("on its way to the gateway"),
        stages=(Stage(), lasting()),
    ),
    Fault(
        name="wrong-peer-address",
        theme=Theme.CONTACT,
        kind=FaultKind.CONFIGURATION,
        title="The peer's address is wrong",
        cause="The gateway looks for its peer at an address where that peer is not.",
        signs=(
            "as initiator: main-1 goes to the wrong address, for ever unanswered",
            "as responder: the real peer is a stranger",
        ),
        repair="Compare the configured peer address with the other end's outside address.",
        parameters=WrongPeer,
        alter=_wrong_peer,
        witness=either(
            _called_wrong,
            refusal((Flaw.UNKNOWN_PEER, Flaw.NO_PRE_SHARED_KEY), "no stranger called"),
        ),
    ),
    Fault(
        name="isakmp-disabled",
        theme=Theme.CONTACT,
        kind=FaultKind.CONFIGURATION,
        title="IKE is not enabled on the outside interface",
        cause="The gateway does not listen on UDP 500 of its outside interface.",
        signs=("main-1 arrives there and is dropped without a word",),
        repair="Enable IKE on the outside interface.",
        parameters=At,
        alter=_disable,
        witness=either(_nobody_there, could_not_begin),
    ),
    Fault(
        name="udp-500-blocked",
        theme=Theme.CONTACT,
        kind=FaultKind.PATH,
        title="UDP 500 is filtered on the way",
        cause="A filter between the gateways drops UDP port 500.",
        signs=(
            "both ways: the responder sees nothing at all",
            "one way: the responder answers main-1 again and again",
        ),
        repair="Have UDP 500 (and 4500, and protocol 50) permitted between the two addresses.",
        parameters=Blocked,
        brief="from",
        rules=_block_500,
        witness=rule_bit("UDP 500"),
    ),
    Fault(
        name="answer-only-both",
        theme=Theme.CONTACT,
        kind=FaultKind.CONFIGURATION,
        title="Both ends only answer",
        cause="Both gateways are configured to answer only, so neither ever begins.",
        signs=("not one packet on UDP 500",),
        repair="Let at least one end originate.",
        parameters=FaultParameters,
        brief="",
        alter=_answer_only,
        witness=could_not_begin,
    ),
    Fault(
        name="originate-only",
        theme=Theme.CONTACT,
        kind=FaultKind.CONFIGURATION,
        title="One end begins tunnels and never answers",
        cause="The gateway is set to originate only, so that it refuses whoever calls.",
        signs=(
            "calls in one direction are refused at main-1, in the other the tunnel comes up",
            "who calls sees what a missing peer would show",
        ),
        repair="Let both ends begin and answer, or let the right end begin.",
        alter=_originate_only,
        witness=refusal(
            (Flaw.UNKNOWN_PEER, Flaw.NO_PRE_SHARED_KEY, Flaw.NO_PROPOSAL_PHASE1), "nobody called"
        ),
        stages=(Stage(places=(Where.RESPONDER,)),),
    ),
)
