"""Faults in the life of a tunnel: reboots, silence, and words that are never heard."""

from typing import Annotated, Literal

from pydantic import Field

from gwsim.gateway.commands import Reboot, Rekey
from gwsim.gateway.events import GatewayStarted
from gwsim.ike.events import (
    CloseReason,
    MessageSent,
    PhaseOneClosed,
    PhaseOneCompleted,
    PhaseTwoClosed,
)
from gwsim.ike.flaws import Flaw
from gwsim.ike.impairments import Change
from gwsim.lab.configurations import gateway_config
from gwsim.lab.faults.deltas import alter_behaviour, alter_sides, gateway_of
from gwsim.lab.faults.fault import (
    At,
    Evidence,
    Fault,
    FaultAct,
    FaultKind,
    FaultParameters,
    Span,
    Testimony,
    Theme,
)
from gwsim.lab.faults.proof import at_of, progress, refusal, rule_bit
from gwsim.lab.faults.stage import LONG_PINGS, Stage, Where, lasting
from gwsim.lab.impairments import ImpairmentOptions
from gwsim.lab.options import BehaviourOptions
from gwsim.lab.plan import Tell
from gwsim.lab.scenario import Scenario
from gwsim.lab.units import Duration
from gwsim.path.config import Match, Rule, RuleAction

_OWN_WISH = frozenset(
    {
        CloseReason.CLEARED,
        CloseReason.SHUTDOWN,
        CloseReason.EXPIRED,
        CloseReason.REKEYED,
        CloseReason.PHASE2_FAILED,
        CloseReason.LAST_CHILD_GONE,
    }
)


class Rebooting(At):
    """How long a reboot takes."""

    down: Duration = 5.0


class Crossing(FaultParameters):
    """Which SAs are renewed from both ends at once."""

    phase: Literal[1, 2] = 2


class Flood(At):
    """How many negotiations are begun that nobody means to finish; `at` is who begins them."""

    count: Annotated[int, Field(ge=1, le=1000)] = 30

    @property
    def usual_end(self) -> int:
        """Who calls is usually the first gateway of a tunnel."""
        return 0


class DpdOff(At):
    """DPD off at one gateway, or not said at all of them."""


def _reboot(scenario: Scenario, told: Rebooting, span: Span) -> tuple[FaultAct, ...]:
    gateway = gateway_of(scenario, told)
    act = Tell(gateway, Reboot(told.down))
    return (FaultAct(span.start, act, f"{gateway} loses power for {told.down:g} s"),)


def _cross(scenario: Scenario, told: Crossing, span: Span) -> tuple[FaultAct, ...]:
    """Both ends of the first tunnel renew at the same instant."""
    one, two = scenario.tunnels[0].between
    return tuple(
        FaultAct(span.start, Tell(gateway, Rekey(peer, told.phase)), f"{gateway} renews its SAs")
        for gateway, peer in ((one, two), (two, one))
    )


def _flood(scenario: Scenario, told: Flood) -> Scenario:
    gateway = gateway_of(scenario, told)
    behaviour = scenario.gateways[gateway].behaviour or BehaviourOptions()
    own = ImpairmentOptions(message="the 1st main-1", change=Change.FLOOD, value=told.count)
    return alter_behaviour(scenario, gateway, impairments=(*behaviour.impairments, own))


def _no_dpd(scenario: Scenario, told: DpdOff) -> Scenario:
    for gateway in [told.at] if told.at else list(scenario.gateways):
        scenario = alter_sides(scenario, gateway, scenario.gateways, lambda end: {"dpd": False})
    return scenario


def _no_initial_contact(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), initial_contact=False)


def _no_delete(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), send_delete=False)


def _lose_delete(
    scenario: Scenario, told: FaultParameters, name: str, span: Span
) -> tuple[Rule, ...]:
    match = Match(label="info-delete", start=span.start, end=span.end)
    return (Rule(name, RuleAction.DROP, match),)


def _crossed(evidence: Evidence) -> Testimony:
    """Both ends began before either had heard of the other's beginning."""
    label = "quick-1" if evidence.parameters.phase == 2 else "main-1"
    begun = [
        (event.at, gateway.name)
        for gateway in evidence.record.gateways
        for event in gateway.of(MessageSent)
        if event.label == label and not event.attempt and event.at >= evidence.span.start
    ]
    for at, name in begun:
        others = [when for when, other in begun if other != name and abs(when - at) < CROSSING]
        if others:
            return Testimony(True, f"both ends sent {label} at {at:.1f} s")
    return Testimony(False, f"the ends did not renew at once; {progress(evidence.record)}")


def _flooded(evidence: Evidence) -> Testimony:
    """A gateway had as many half-open negotiations as it takes, and refused the next."""
    caller = at_of(evidence)
    if not any(event.label == "main-1" for event in caller.of(MessageSent)):
        return Testimony(False, f"{caller.name} began no negotiation in main mode")
    told = refusal((Flaw.HALF_OPEN_LIMIT,), "nobody refused to begin another negotiation")
    return told(evidence)


def _rebooted(evidence: Evidence) -> Testimony:
    gateway = at_of(evidence)
    for event in gateway.of(GatewayStarted):
        if event.reboot and event.at >= evidence.span.start:
            return Testimony(True, f"{gateway.name} was back at {event.at:.1f} s, knowing nothing")
    return Testimony(False, f"{gateway.name} did not come back before the run ended")


def _without_dpd(evidence: Evidence) -> Testimony:
    names = [evidence.parameters.at] if evidence.parameters.at else list(evidence.scenario.gateways)
    for gateway in evidence.record.gateways:
        for event in gateway.of(PhaseOneCompleted):
            if gateway.name in names and not event.dpd:
                return Testimony(True, f"{gateway.name}: phase 1 at {event.at:.1f} s has no DPD")
    return Testimony(False, f"no phase 1 came up without DPD; {progress(evidence.record)}")


def _without_contact(evidence: Evidence) -> Testimony:
    """A message left that would have carried INITIAL-CONTACT without the fault."""
    gateway = at_of(evidence)
    carriers = gateway_config(evidence.scenario, gateway.name).endpoint.behaviour.initial_contact
    if not carriers:
        return Testimony(False, f"{gateway.name} never announces initial contact anyway")
    for event in gateway.of(MessageSent):
        if event.label in carriers and event.at >= evidence.span.start:
            words = f"{event.label} of {gateway.name} at {event.at:.1f} s announced no contact"
            return Testimony(True, words)
    return Testimony(False, f"{gateway.name} never began; {progress(evidence.record)}")


def _without_delete(evidence: Evidence) -> Testimony:
    """An SA ended at the gateway's own wish, and the peer was not told."""
    gateway, since = at_of(evidence), evidence.span.start
    for event in gateway.events:
        match event:
            case PhaseOneClosed(reason=reason) | PhaseTwoClosed(reason=reason):
                if reason in _OWN_WISH and event.at >= since:
                    words = f"{gateway.name} ended an SA at {event.at:.1f} s ({reason.value})"
                    return Testimony(True, f"{words} and told nobody")
    return Testimony(False, f"{gateway.name} ended no SA; {progress(evidence.record)}")


CROSSING = 0.02
"""Seconds within which two beginnings cross on a path of the usual latency."""

_ENDS = (Where.INITIATOR, Where.RESPONDER)

_PEER_DIES = (
    Stage(
        timeline=(*LONG_PINGS, {"at": "25s", "reboot": {"at": "there", "down": "1h"}}),
        duration=120.0,
        places=_ENDS,
    ),
)
"""Without DPD nothing happens unless somebody dies."""

_COMES_BACK = (
    Stage(
        timeline=(
            *LONG_PINGS,
            {"at": "25s", "reboot": {"at": "here", "down": "5s"}},
            {"at": "33s", "ping": {"from": "here", "to": "there", "count": 5}},
        ),
        duration=120.0,
    ),
)
"""Who has rebooted calls its peer before that notices."""

_CLEARS = (
    Stage(timeline=(*LONG_PINGS, {"at": "25s", "clear": "here"}), duration=120.0, places=_ENDS),
)
"""An operator clears the SAs of one end."""

FAULTS: tuple[Fault, ...] = (
    Fault(
        name="reboot",
        theme=Theme.LIFE,
        kind=FaultKind.ACT,
        title="A gateway reboots in the middle of its work",
        cause="The gateway loses power and comes back without any SA.",
        signs=(
            "its peer goes on sending into SAs that only it still has",
            "the rebooted end counts unknown SPIs",
        ),
        repair="DPD or INITIAL-CONTACT heal it; by hand: clear the SAs on the other end.",
        parameters=Rebooting,
        acts=_reboot,
        witness=_rebooted,
        stages=(lasting(),),
    ),
    Fault(
        name="dpd-off",
        theme=Theme.LIFE,
        kind=FaultKind.CONFIGURATION,
        title="Nobody looks whether the peer is alive",
        cause="Dead peer detection is off.",
        signs=("after the peer has died its SAs stay up until their lifetime ends",),
        repair="Enable DPD on both ends.",
        parameters=DpdOff,
        alter=_no_dpd,
        witness=_without_dpd,
        stages=_PEER_DIES,
    ),
    Fault(
        name="initial-contact-off",
        theme=Theme.LIFE,
        kind=FaultKind.CONFIGURATION,
        title="A gateway does not say that it is new",
        cause="After a reboot the gateway negotiates without INITIAL-CONTACT.",
        signs=("the peer keeps the dead SAs beside the new ones",),
        repair="Enable INITIAL-CONTACT, or clear the old SAs by hand.",
        parameters=At,
        alter=_no_initial_contact,
        witness=_without_contact,
        stages=_COMES_BACK,
    ),
    Fault(
        name="delete-off",
        theme=Theme.LIFE,
        kind=FaultKind.CONFIGURATION,
        title="A gateway does not say that it ends",
        cause="The gateway drops SAs without sending a delete.",
        signs=("the peer goes on sending into SAs that are gone",),
        repair="Enable deletes, and DPD for when they get lost.",
        parameters=At,
        alter=_no_delete,
        witness=_without_delete,
        stages=_CLEARS,
    ),
    Fault(
        name="delete-lost",
        theme=Theme.LIFE,
        kind=FaultKind.PATH,
        title="The delete gets lost",
        cause="A delete is sent once and never repeated; the path loses it.",
        signs=("one end has the SA, the other has not", "unknown SPIs are counted"),
        repair="DPD finds out; by hand: clear the SAs on both ends.",
        parameters=FaultParameters,
        brief="",
        rules=_lose_delete,
        witness=rule_bit("info-delete"),
        stages=_CLEARS,
    ),
    Fault(
        name="crossing-rekey",
        theme=Theme.LIFE,
        kind=FaultKind.ACT,
        title="Both ends renew their SAs at the same instant",
        cause="The lifetimes end together, and neither end has heard of the other's beginning.",
        signs=(
            "two quick modes cross, and for a while there are two pairs of SAs",
            "both ends settle on one pair; nothing is lost",
        ),
        repair="None is needed; different lifetimes or jitter make it rare.",
        parameters=Crossing,
        brief="phase",
        acts=_cross,
        witness=_crossed,
        stages=(lasting(),),
    ),
    Fault(
        name="half-open-flood",
        theme=Theme.LIFE,
        kind=FaultKind.CONFIGURATION,
        title="Somebody begins negotiations by the dozen",
        cause="Many first messages with different cookies come from one address, never a third.",
        signs=(
            "the receiver is full of SAs in MAIN_WAIT_3 and refuses further ones",
            "the true negotiation from that address is refused until the others time out",
        ),
        repair="Find the source; limits on half-open SAs keep the others working.",
        parameters=Flood,
        brief="count",
        alter=_flood,
        witness=_flooded,
        stages=(Stage(places=(Where.INITIATOR,)),),
    ),
)
