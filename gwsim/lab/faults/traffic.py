"""Faults of traffic: what the path does to packets, and ESP that does not fit."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from gwsim.gateway.events import DropCause
from gwsim.lab.base import GatewayRef
from gwsim.lab.faults.deltas import alter_end, alter_link, gateway_of
from gwsim.lab.faults.fault import (
    At,
    AtTunnel,
    Evidence,
    Fault,
    FaultKind,
    FaultParameters,
    Span,
    Testimony,
    Theme,
)
from gwsim.lab.faults.proof import dropped, either, rule_bit
from gwsim.lab.faults.stage import LONG_PINGS, PINGS, Stage, Where
from gwsim.lab.options import Phase2
from gwsim.lab.resolve import Side
from gwsim.lab.scenario import Mtu, Scenario
from gwsim.lab.units import Duration, Fraction
from gwsim.path.config import Match, Rule, RuleAction
from gwsim.path.events import PathAction
from gwsim.path.rules import rule_from_text
from gwsim.wire.ip import ESP


def _readable(value: object) -> object:
    """Check that the path understands which packets are meant."""
    if not isinstance(value, str):
        raise ValueError("say which packets: main-4, the 2nd quick-2, udp/4500, esp, any")
    rule_from_text(value)
    return value


What = Annotated[
    str,
    BeforeValidator(_readable),
    Field(description="Which packets: main-4, the 2nd quick-2, udp/4500, esp, icmp, any."),
]


class Some(FaultParameters):
    """Which packets a rule is about: what they are, who sends them, how many of them."""

    what: What = "any"
    source: Annotated[GatewayRef | None, Field(alias="from")] = None
    share: Fraction = 1.0


class Dropped(Some):
    """The packets that vanish; they must be named."""

    what: What


class Lossy(Some):
    """The share of packets that vanish."""

    share: Fraction = 0.1


class Delayed(Some):
    """How long packets are held back."""

    by: Duration = 1.0


class Copied(Some):
    """After how long the copy follows."""

    after: Duration = 0.0


class Replayed(Some):
    """After how long the packet is sent once more by somebody who listened."""

    what: What = "esp"
    after: Duration = 1.0


class Blocked(FaultParameters):
    """Protocol 50 is dropped both ways, or only what one gateway sends."""

    source: Annotated[GatewayRef | None, Field(alias="from")] = None


class SmallMtu(At):
    """A line that carries only small packets, and perhaps does not say so."""

    mtu: Mtu = 1400
    black_hole: bool = True


def match_of(told: Some, span: Span) -> Match:
    """Give the packets a rule is about, within the time in which the fault is in force."""
    found = rule_from_text(told.what)
    return Match(
        protocol=found.protocol,
        port=found.port,
        label=found.label,
        occurrences=found.occurrences,
        from_side=told.source or found.from_side,
        to_side=found.to_side,
        start=max(span.start, found.start),
        end=min(span.end, found.end),
        probability=told.share * found.probability,
    )


def _drop(scenario: Scenario, told: Some, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.DROP, match_of(told, span)),)


def _delay(scenario: Scenario, told: Delayed, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.DELAY, match_of(told, span), told.by),)


def _duplicate(scenario: Scenario, told: Copied, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.DUPLICATE, match_of(told, span), told.after),)


def _reorder(scenario: Scenario, told: Some, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.REORDER, match_of(told, span)),)


def _corrupt(scenario: Scenario, told: Some, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.CORRUPT, match_of(told, span)),)


def _replay(scenario: Scenario, told: Replayed, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.REPLAY, match_of(told, span), told.after),)


def _block_esp(scenario: Scenario, told: Blocked, name: str, span: Span) -> tuple[Rule, ...]:
    match = Match(ESP, from_side=told.source or "", start=span.start, end=span.end)
    return (Rule(name, RuleAction.DROP, match),)


def _small(scenario: Scenario, told: SmallMtu) -> Scenario:
    gateway = gateway_of(scenario, told)
    return alter_link(scenario, gateway, mtu=told.mtu, black_hole=told.black_hole)


def _truncate(scenario: Scenario, told: AtTunnel) -> Scenario:
    """Cut HMAC-SHA2-256 to 96 bits; where another integrity is configured nothing is to cut."""
    return alter_end(scenario, told, lambda end: {"truncated_sha256": _has_sha256(end)})


def _has_sha256(end: Side) -> bool:
    entries: tuple[Phase2, ...] = end.options.phase2 or ()
    return any(entry.integrity in ("sha256", "sha-256") for entry in entries)


def _too_big(evidence: Evidence) -> Testimony:
    since, until = evidence.span.start, evidence.span.end
    big = [
        event
        for event in evidence.record.path
        if event.action in (PathAction.TOO_BIG, PathAction.FRAGMENTED) and since <= event.at < until
    ]
    if big:
        words = f"{len(big)} packets did not fit, the first of {big[0].length} octets"
        return Testimony(True, f"{words} at {big[0].at:.1f} s")
    largest = max((event.length for event in evidence.record.path), default=0)
    return Testimony(False, f"every packet fitted; the largest had {largest} octets")


def _no_esp(evidence: Evidence) -> Testimony:
    """Blocked protocol 50 does not touch ESP inside UDP."""
    told = rule_bit("protocol 50")(evidence)
    if told.bit:
        return told
    esp = (event for event in evidence.record.path if event.label == "esp")
    inside_udp = any(event.protocol != ESP for event in esp)
    words = "no packet of protocol 50 was seen"
    return Testimony(False, f"{words}; ESP travelled inside UDP" if inside_udp else words)


_ANY_WAY = (Where.BOTH,)

_LOSABLE = (
    *(f"main-{number}" for number in range(2, 7)),
    "aggr-2",
    "aggr-3",
    *(f"quick-{number}" for number in range(1, 4)),
)
"""Messages whose loss is not simply a blocked port."""

_LOST = tuple(Stage(label, {"what": label}, places=_ANY_WAY) for label in _LOSABLE)

_LATE = tuple(
    Stage(label, {"what": label, "by": "12s"}, places=_ANY_WAY)
    for label in ("main-4", "aggr-2", "quick-2")
)

_DAMAGED = tuple(
    Stage(label, {"what": label}, places=_ANY_WAY, samples=12)
    for label in ("esp", "main-4", "main-5", "aggr-2", "quick-2")
)

_LARGE = {"from": "initiator", "to": "responder", "size": 1360, "df": True, "count": 4}
_LARGE_PINGS = (*PINGS, {"at": "15s", "ping": {**_LARGE, "every": "10s"}})

FAULTS: tuple[Fault, ...] = (
    Fault(
        name="esp-blocked",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Protocol 50 is filtered on the way",
        cause="A filter between the gateways lets IKE pass and drops ESP.",
        signs=(
            "both phases are up on both ends",
            "encapsulated counts on one end, decapsulated stays 0 on the other",
            "DPD and rekeying go on, because they use UDP",
        ),
        repair="Have IP protocol 50 permitted between the two addresses, or force UDP.",
        parameters=Blocked,
        brief="from",
        rules=_block_esp,
        witness=_no_esp,
    ),
    Fault(
        name="drop",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Chosen messages are lost",
        cause="The path loses the messages named, and no others.",
        signs=("the sender repeats itself; a state waits for the message that was lost",),
        repair="Find who filters; the label says which message to look for in a capture.",
        parameters=Dropped,
        brief="what",
        rules=_drop,
        witness=rule_bit("dropped"),
        stages=_LOST,
    ),
    Fault(
        name="loss",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="The path loses packets at random",
        cause="A share of all packets is lost on the way.",
        signs=("messages are repeated, pings are missing here and there",),
        repair="Nothing in the tunnel: the line is bad.",
        parameters=Lossy,
        brief="share",
        rules=_drop,
        witness=rule_bit("lost"),
        stages=(Stage("15%", {"share": 0.15}, samples=16, timeline=LONG_PINGS, duration=120.0),),
    ),
    Fault(
        name="delay",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Chosen messages come late",
        cause="The path holds messages back while others overtake them.",
        signs=("messages are repeated although none was lost; duplicates arrive",),
        repair="Nothing in the tunnel: the line is slow.",
        parameters=Delayed,
        brief="by",
        rules=_delay,
        witness=rule_bit("delayed"),
        stages=_LATE,
    ),
    Fault(
        name="duplicate",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Packets arrive twice",
        cause="The path delivers a packet and a copy of it.",
        signs=("IKE answers a duplicate with the same answer; ESP counts a replay",),
        repair="Nothing: both must cope, and do.",
        parameters=Copied,
        brief="what",
        rules=_duplicate,
        witness=rule_bit("duplicated"),
        stages=(Stage("everything", places=_ANY_WAY),),
    ),
    Fault(
        name="reorder",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Packets overtake each other",
        cause="The path delivers a packet after the one that was sent behind it.",
        signs=("within the replay window nothing is lost, beyond it packets are too old",),
        repair="Widen the anti-replay window if packets fall left of it.",
        parameters=Some,
        brief="what",
        rules=_reorder,
        witness=rule_bit("reordered"),
        stages=(Stage("everything", places=_ANY_WAY),),
    ),
    Fault(
        name="corrupt",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Packets arrive damaged",
        cause="Something on the way changes a bit and mends the checksum.",
        signs=("ESP: the ICV is wrong; IKE: a hash is wrong or nothing can be decrypted",),
        repair="Find the box that rewrites packets: an application gateway, a bad line card.",
        parameters=Some,
        brief="what",
        rules=_corrupt,
        witness=rule_bit("damaged"),
        stages=_DAMAGED,
    ),
    Fault(
        name="replay",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="Somebody sends recorded packets again",
        cause="An attacker on the path, or a broken box, repeats packets it has seen.",
        signs=("ESP: the replay counter rises, nothing is delivered twice",),
        repair="None: the receiver drops them. Find the source.",
        parameters=Replayed,
        brief="what",
        rules=_replay,
        witness=either(
            rule_bit("replayed"), dropped(DropCause.REPLAYED, "no replayed packet was dropped")
        ),
    ),
    Fault(
        name="mtu",
        theme=Theme.TRAFFIC,
        kind=FaultKind.PATH,
        title="The line carries only small packets",
        cause="The path's MTU is smaller than the gateways believe, and perhaps nobody says so.",
        signs=("small pings pass, large ones vanish", "sessions open and then hang"),
        repair="Lower the MSS or the inside MTU, or let ICMP 3/4 through.",
        parameters=SmallMtu,
        brief="mtu",
        alter=_small,
        witness=_too_big,
        stages=(Stage(timeline=_LARGE_PINGS),),
    ),
    Fault(
        name="sha256-96-bit",
        theme=Theme.TRAFFIC,
        kind=FaultKind.CONFIGURATION,
        title="One end cuts HMAC-SHA-256 to 96 bits",
        cause="An old implementation truncates HMAC-SHA-256 to 96 bits instead of 128.",
        signs=("both phases complete, and every packet fails authentication",),
        repair="Update the old end, or choose an integrity algorithm both understand alike.",
        alter=_truncate,
        witness=either(
            dropped(DropCause.BAD_ICV, "no packet failed authentication"),
            dropped(DropCause.MALFORMED, "no packet failed authentication"),
        ),
        stages=(Stage(options={"phase2": {"integrity": "sha256"}}),),
    ),
)
