"""Faults of address translation: ports that are filtered, bindings that are forgotten."""

from typing import Annotated, Literal

from pydantic import Field

from gwsim.ike.events import MessageSent, NatDetected, PeerMoved
from gwsim.lab.base import Address
from gwsim.lab.faults.contact import Blocked, blocked_port
from gwsim.lab.faults.deltas import alter_behaviour, alter_end, alter_gateway, gateway_of
from gwsim.lab.faults.fault import (
    At,
    AtTunnel,
    Evidence,
    Fault,
    FaultAct,
    FaultKind,
    Span,
    Testimony,
    Theme,
)
from gwsim.lab.faults.proof import at_of, progress, rule_bit, translated
from gwsim.lab.faults.stage import Stage, lasting
from gwsim.lab.plan import RebindNat
from gwsim.lab.scenario import BehindNat, Forward, Scenario
from gwsim.lab.units import Duration
from gwsim.path.config import Rule
from gwsim.path.events import PathAction
from gwsim.wire.numbers import NAT_T_PORT

USUAL_KEEPALIVE = 20.0
"""Seconds between keepalives when nothing is said (RFC 3948 4)."""


class Inserted(At):
    """A NAT put in front of a gateway, which gets a private address behind it."""

    private: Address = "192.168.1.2"
    ports: Literal["translate", "one-to-one"] = "translate"
    forward: tuple[Forward, ...] = ()
    esp_helper: bool = False


class Timeout(At):
    """How soon the NAT forgets, and whether the gateway keeps its binding alive."""

    timeout: Duration = 15.0
    keepalive: Annotated[bool, Field(description="no: the gateway sends no keepalives.")] = False


def _insert(scenario: Scenario, told: Inserted) -> Scenario:
    gateway = gateway_of(scenario, told)
    spec = scenario.gateways[gateway]
    if spec.behind_nat is not None:
        return scenario
    nat = BehindNat(
        public=spec.outside, ports=told.ports, forward=told.forward, esp_helper=told.esp_helper
    )
    return alter_gateway(scenario, gateway, outside=told.private, behind_nat=nat)


def _forget(scenario: Scenario, told: Timeout) -> Scenario:
    gateway = gateway_of(scenario, told)
    nat = scenario.gateways[gateway].behind_nat
    if nat is None:
        return scenario
    nat = nat.model_copy(update={"udp_timeout": told.timeout})
    scenario = alter_gateway(scenario, gateway, behind_nat=nat)
    return scenario if told.keepalive else alter_behaviour(scenario, gateway, keepalive=0.0)


def _only_draft(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), nat_dialects=("draft-02",))


def _no_keepalive(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), keepalive=0.0)


def _rebind(scenario: Scenario, told: At, span: Span) -> tuple[FaultAct, ...]:
    gateway = gateway_of(scenario, told)
    if scenario.gateways[gateway].behind_nat is None:
        return ()
    words = f"the NAT of {gateway} forgets its bindings"
    return (FaultAct(span.start, RebindNat(gateway), words),)


def _no_nat_traversal(scenario: Scenario, told: AtTunnel) -> Scenario:
    return alter_end(scenario, told, lambda end: {"nat_traversal": False})


def _block_4500(scenario: Scenario, told: Blocked, name: str, span: Span) -> tuple[Rule, ...]:
    return (blocked_port(NAT_T_PORT, scenario, told, name, span),)


def _blocked(evidence: Evidence) -> Testimony:
    """Without a NAT nobody moves to port 4500, unless told to."""
    told = rule_bit("UDP 4500")(evidence)
    if told.bit or translated(evidence.record):
        return told
    return Testimony(False, f"{told.why}, no NAT on the path")


def _nat_found(evidence: Evidence) -> Testimony:
    for gateway in evidence.record.gateways:
        for event in gateway.of(NatDetected):
            if event.local_behind_nat or event.peer_behind_nat:
                words = f"{gateway.name} found a NAT at {event.at:.1f} s"
                return Testimony(True, f"{words} ({event.variant})")
    if translated(evidence.record):
        return Testimony(True, "the NAT changed packets, and no gateway looked for it")
    refused = sum(event.action is PathAction.NAT_REFUSED for event in evidence.record.path)
    if refused:
        return Testimony(True, f"the NAT kept out {refused} packets that nobody had asked for")
    return Testimony(False, f"no packet came to the NAT; {progress(evidence.record)}")


def _spoke_draft(evidence: Evidence) -> Testimony:
    """The ends settled on a draft although one of them would have liked the RFC's way."""
    gateway = at_of(evidence)
    for event in gateway.of(NatDetected):
        if event.variant.startswith("draft"):
            return Testimony(True, f"{gateway.name} speaks {event.variant} since {event.at:.1f} s")
    return Testimony(False, f"nobody spoke of NAT; {progress(evidence.record)}")


def _kept_silent(evidence: Evidence) -> Testimony:
    """An ISAKMP SA from behind a NAT is up for longer than a keepalive would have been away."""
    gateway = at_of(evidence)
    found = [event for event in gateway.of(NatDetected) if event.local_behind_nat]
    sent = [d for d in evidence.record.departures if d.gateway == gateway.name]
    if not found:
        return Testimony(False, f"{gateway.name} is behind no NAT that it knows of")
    kept = [d.at for d in sent if d.label == "keepalive" and d.at >= evidence.span.start]
    if kept:
        return Testimony(False, f"{gateway.name} sent a keepalive at {kept[0]:.1f} s all the same")
    waited = evidence.record.duration - found[0].at
    if waited < USUAL_KEEPALIVE:
        return Testimony(False, f"the run ended {waited:.0f} s after the NAT was found")
    words = f"{gateway.name} found a NAT at {found[0].at:.1f} s"
    return Testimony(True, f"{words} and kept its binding alive with nothing")


def _binding_lost(evidence: Evidence) -> Testimony:
    """A packet came back to a NAT that no longer knew whose it was, or a peer was seen to move."""
    name = at_of(evidence).name
    if evidence.scenario.gateways[name].behind_nat is None:
        return Testimony(False, f"there is no NAT in front of {name}")
    since = evidence.span.start
    for event in evidence.record.path:
        if event.action is PathAction.NAT_REFUSED and event.at >= since:
            words = f"the NAT refused {event.label or 'a packet'} from {event.source}"
            return Testimony(True, f"{words} at {event.at:.1f} s")
    for gateway in evidence.record.gateways:
        for moved in gateway.of(PeerMoved):
            if moved.at >= since:
                words = f"{gateway.name} saw its peer move from port {moved.old[1]}"
                return Testimony(True, f"{words} to {moved.new[1]} at {moved.at:.1f} s")
    return Testimony(False, "every binding was still known when it was needed")


_BEARS_NAT_D = ("main-3", "main-4", "aggr-2", "aggr-3")
"""The messages that carry NAT-D payloads where a NAT is looked for (RFC 3947 3.2)."""


def _undetected(evidence: Evidence) -> Testimony:
    """There is a NAT, and while the fault was in force the two ends never spoke of it."""
    if not translated(evidence.record):
        return Testimony(False, "no packet was translated: there is no NAT on the path")
    gateway, span = at_of(evidence), evidence.span
    if any(span.start <= event.at < span.end for event in gateway.of(NatDetected)):
        return Testimony(False, f"{gateway.name} looked for a NAT all the same")
    sent = [
        event
        for event in gateway.of(MessageSent)
        if event.label in _BEARS_NAT_D and span.start <= event.at < span.end
    ]
    if not sent:
        return Testimony(False, f"phase 1 came not as far; {progress(evidence.record)}")
    words = "went over a NAT without NAT-D"
    return Testimony(True, f"{sent[0].label} of {gateway.name} {words} at {sent[0].at:.1f} s")


_AFTER_A_PAUSE = (
    Stage(
        options={"dpd": False},
        timeline=(
            {"at": "1s", "ping": {"from": "here", "to": "there", "count": 3}},
            {"at": "40s", "ping": {"from": "there", "to": "here", "count": 5}},
        ),
    ),
)
"""Whoever is behind the NAT is silent long enough to be forgotten, then its peer speaks."""

FAULTS: tuple[Fault, ...] = (
    Fault(
        name="nat",
        theme=Theme.NAT,
        kind=FaultKind.CONFIGURATION,
        title="A NAT stands in front of a gateway",
        cause="A router between the gateway and the internet translates its address and ports.",
        signs=(
            "both ends find the NAT and float to UDP 4500 with main-5",
            "unasked packets from outside do not reach the gateway",
        ),
        repair="Let NAT traversal do its work, or forward UDP 500 and 4500 to the gateway.",
        parameters=Inserted,
        alter=_insert,
        witness=_nat_found,
    ),
    Fault(
        name="udp-4500-blocked",
        theme=Theme.NAT,
        kind=FaultKind.PATH,
        title="UDP 4500 is filtered on the way",
        cause="A filter between the gateways drops UDP port 4500, to which NAT traversal moves.",
        signs=(
            "behind a NAT: main-1 to main-4 pass on port 500, main-5 on 4500 is lost",
            "the same states as with a wrong key, but no decryption error anywhere",
            "without a NAT nothing changes at all",
        ),
        repair="Have UDP 4500 permitted between the two addresses, both ways.",
        parameters=Blocked,
        brief="from",
        rules=_block_4500,
        witness=_blocked,
    ),
    Fault(
        name="nat-timeout",
        theme=Theme.NAT,
        kind=FaultKind.PATH,
        title="The NAT forgets faster than keepalives come",
        cause="The NAT drops an idle UDP binding before anything refreshes it.",
        signs=("after a pause what comes from outside no longer arrives",),
        repair="Send keepalives more often than the NAT forgets, or lengthen its timeout.",
        parameters=Timeout,
        alter=_forget,
        witness=_binding_lost,
        stages=_AFTER_A_PAUSE,
    ),
    Fault(
        name="nat-rebind",
        theme=Theme.NAT,
        kind=FaultKind.ACT,
        title="The NAT forgets everything at once",
        cause="The NAT restarts and gives the gateway's packets new ports.",
        signs=("the peer sees authenticated packets from a new port and follows them",),
        repair="None is needed when the gateway behind it sends first; DPD finds out otherwise.",
        parameters=At,
        acts=_rebind,
        witness=_binding_lost,
        stages=(lasting(),),
    ),
    Fault(
        name="nat-traversal-off",
        theme=Theme.NAT,
        kind=FaultKind.CONFIGURATION,
        title="NAT traversal is off on one end",
        cause="One end announces no NAT traversal, so that neither looks for a NAT.",
        signs=(
            "both phases complete on UDP 500 and the tunnel looks up",
            "protocol 50 does not cross the NAT: encapsulated counts, decapsulated stays 0",
        ),
        repair="Enable NAT traversal on both ends.",
        alter=_no_nat_traversal,
        witness=_undetected,
    ),
    Fault(
        name="draft-only-peer",
        theme=Theme.NAT,
        kind=FaultKind.CONFIGURATION,
        title="One end knows NAT traversal by an early draft only",
        cause="The gateway announces draft 02 of NAT traversal and not RFC 3947.",
        signs=(
            "both ends settle on the draft: NAT-D payloads are number 130, modes 61443 and 61444",
            "a peer that knows the RFC only does without NAT traversal",
        ),
        repair="None is needed where both know the draft; else update the older end.",
        parameters=At,
        alter=_only_draft,
        witness=_spoke_draft,
    ),
    Fault(
        name="keepalive-off",
        theme=Theme.NAT,
        kind=FaultKind.CONFIGURATION,
        title="Nobody keeps the NAT's binding alive",
        cause="The gateway behind the NAT sends no keepalives.",
        signs=(
            "everything works while there is traffic; after a pause only this end can begin",
            "a capture in front of the NAT shows no datagrams of one octet",
        ),
        repair="Enable NAT keepalives, well below the NAT's timeout (20 s are usual).",
        parameters=At,
        alter=_no_keepalive,
        witness=_kept_silent,
    ),
)
