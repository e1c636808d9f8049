"""Faults of a gateway that misbehaves, and of a path that plays with messages: theme "crafted".

The tables of mistakes become faults here, one by one; beside them stand habits (nothing is sent
twice, nothing is answered) and what only somebody in between can do. The names are those of
libreswan's `impair` where the meaning is the same. By default every message is changed in which
there is something to change; `message` names fewer.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated

from pydantic import Field

from gwsim.ike.events import (
    GaveUp,
    MessageSent,
    PhaseTwoClosed,
    PhaseTwoCompleted,
    Rejected,
    StateChanged,
)
from gwsim.ike.impairments import Change
from gwsim.ike.states import State
from gwsim.lab.faults import mistakes_in_messages, mistakes_in_payloads
from gwsim.lab.faults.deltas import alter_behaviour, gateway_of
from gwsim.lab.faults.fault import At, Evidence, Fault, FaultKind, Span, Testimony, Theme
from gwsim.lab.faults.mistake import Mistake
from gwsim.lab.faults.proof import at_of, progress, rule_bit
from gwsim.lab.faults.stage import LONG_PINGS, WITH_AES, Stage, Where
from gwsim.lab.faults.traffic import Some, What, match_of
from gwsim.lab.impairments import ImpairmentOptions, MessageText
from gwsim.lab.options import BehaviourOptions
from gwsim.lab.scenario import Scenario
from gwsim.lab.units import Duration
from gwsim.path.config import Rule, RuleAction
from gwsim.path.rules import rule_from_text

UPDATE = "Update the gateway that writes so; no setting on either end can mend it."


INITIATORS = frozenset(("main-1", "main-3", "main-5", "aggr-1", "aggr-3", "quick-1", "quick-3"))
"""The messages that come from whoever begins."""


class Crafted(At):
    """In which of its messages a gateway makes the mistake; not said, wherever it can.

    Where a message is named and no gateway, the first of the tunnel is meant if it is one that
    initiators send, and else the second.
    """

    message: Annotated[
        MessageText | None, Field(description="Which: quick-1, the 2nd quick-1, main, any.")
    ] = None

    @property
    def usual_end(self) -> int:
        """Where the message comes from when the first gateway of the tunnel initiates."""
        label = rule_from_text(self.message).label if self.message else ""
        return 0 if label in INITIATORS else 1


class Again(Some):
    """Which packets are sent again; not said, what goes over UDP 500."""

    what: What = "udp/500"


class Dripping(Again):
    """How long the path waits before it lets the next packet through."""

    every: Duration = 2.0


def _write_wrongly(row: Mistake, scenario: Scenario, told: Crafted) -> Scenario:
    gateway = gateway_of(scenario, told)
    own = ImpairmentOptions.model_validate(
        {
            "message": told.message or row.message,
            "change": row.change,
            "payload": row.payload,
            "value": row.value,
        }
    )
    return _with_impairment(scenario, gateway, own)


def _with_impairment(scenario: Scenario, gateway: str, own: ImpairmentOptions) -> Scenario:
    behaviour = scenario.gateways[gateway].behaviour or BehaviourOptions()
    return alter_behaviour(scenario, gateway, impairments=(*behaviour.impairments, own))


def _was_written(row: Mistake, evidence: Evidence) -> Testimony:
    """The message went out with the mistake in it; say what became of it."""
    gateway = at_of(evidence)
    for sent in gateway.of(MessageSent):
        if row.change in sent.altered and sent.at >= evidence.span.start:
            words = f"{gateway.name} sent {sent.label} at {sent.at:.1f} s ({_inside(row.title)})"
            return Testimony(True, words + _refused_by(evidence, gateway.name, sent))
    words = f"{gateway.name} sent no message in which this could be wrong"
    return Testimony(False, f"{words}; {progress(evidence.record)}")


def _inside(title: str) -> str:
    """Write a title as it stands inside a sentence; AES stays what it is."""
    return title if title.startswith("AES ") else title[0].lower() + title[1:]


def _refused_by(evidence: Evidence, sender: str, sent: MessageSent) -> str:
    for gateway in evidence.record.gateways:
        for event in gateway.of(Rejected):
            if gateway.name != sender and event.at >= sent.at:
                return f"; {gateway.name} refused it: {event.flaw.value}, {event.why}"
    return "; nobody refused it"


def _withhold_main_2(scenario: Scenario, told: At) -> Scenario:
    gateway = gateway_of(scenario, told)
    own = ImpairmentOptions(message="main-2", change=Change.WITHHOLD)
    return _with_impairment(scenario, gateway, own)


def _never_resend(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), resend="never")


def _give_up(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), resend="give-up")


def _never_rekey(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), rekey=False)


def _never_expire(scenario: Scenario, told: At) -> Scenario:
    return alter_behaviour(scenario, gateway_of(scenario, told), expire=False)


def _was_withheld(evidence: Evidence) -> Testimony:
    """The gateway waits for main-3 without having said anything that could be answered."""
    gateway = at_of(evidence)
    for event in gateway.of(StateChanged):
        if event.new is State.MAIN_WAIT_3 and event.at >= evidence.span.start:
            if any(sent.label == "main-2" for sent in gateway.of(MessageSent)):
                return Testimony(False, f"{gateway.name} sent main-2 all the same")
            words = f"{gateway.name} took main-1 at {event.at:.1f} s and waits for main-3"
            return Testimony(True, f"{words}, having sent nothing")
    return Testimony(False, f"{gateway.name} had nothing to answer; {progress(evidence.record)}")


def _gave_up_unheard(evidence: Evidence) -> Testimony:
    """A negotiation was given up that would have been tried again."""
    gateway = at_of(evidence)
    for event in gateway.of(GaveUp):
        if not event.attempts and event.at >= evidence.span.start:
            words = f"{gateway.name} gave up in {event.state.value} at {event.at:.1f} s"
            return Testimony(True, f"{words} without having sent anything again")
    return Testimony(False, f"{gateway.name} gave nothing up; {progress(evidence.record)}")


def _will_not_renew(evidence: Evidence) -> Testimony:
    gateway = at_of(evidence)
    for event in gateway.of(PhaseTwoCompleted):
        if event.rekey_in is None and event.at >= evidence.span.start:
            words = f"{gateway.name} has an SA since {event.at:.1f} s and will not renew it"
            return Testimony(True, words)
    return Testimony(False, f"{gateway.name} has no SA to renew; {progress(evidence.record)}")


def _outlived(evidence: Evidence) -> Testimony:
    """A pair of IPsec SAs became older than it may."""
    gateway, end = at_of(evidence), evidence.record.duration
    closed = {event.inbound_spi: event.at for event in gateway.of(PhaseTwoClosed)}
    for event in gateway.of(PhaseTwoCompleted):
        age = closed.get(event.inbound_spi, end) - event.at
        if event.lifetime_seconds is not None and age > event.lifetime_seconds:
            words = f"an SA of {gateway.name} with {event.lifetime_seconds} s to live"
            return Testimony(True, f"{words} was used for {age:.0f} s")
    return Testimony(False, f"no SA of {gateway.name} came to the end of its lifetime")


def _replay(action: RuleAction) -> Callable[[Scenario, Again, str, Span], tuple[Rule, ...]]:
    def rules(scenario: Scenario, told: Again, name: str, span: Span) -> tuple[Rule, ...]:
        return (Rule(name, action, match_of(told, span)),)

    return rules


def _drip(scenario: Scenario, told: Dripping, name: str, span: Span) -> tuple[Rule, ...]:
    return (Rule(name, RuleAction.DRIP, match_of(told, span), told.every),)


_MODES = ("main", "aggressive")
"""The settings in which messages differ; a NAT changes nothing in what they hold."""

_KEY_LENGTHS = frozenset(change for change in Change if change.name.startswith("KEY_LENGTH"))


def _stages(row: Mistake) -> tuple[Stage, ...]:
    needed = WITH_AES if row.change in _KEY_LENGTHS else {}
    return tuple(
        replace(stage, settings=_MODES, options={**stage.options, **needed}) for stage in row.stages
    )


def _fault(row: Mistake) -> Fault:
    return Fault(
        name=row.name,
        theme=Theme.CRAFTED,
        kind=FaultKind.CONFIGURATION,
        title=row.title,
        cause=row.cause,
        signs=row.signs,
        repair=UPDATE,
        parameters=Crafted,
        brief="message",
        alter=partial(_write_wrongly, row),
        witness=partial(_was_written, row),
        stages=_stages(row),
    )


_BEFORE_THE_LINE = (
    Stage(
        timeline=(
            {"at": "500ms", "link": {"at": "there", "up": False}},
            {"at": "45s", "link": {"at": "there", "up": True}},
            *LONG_PINGS,
        ),
        duration=120.0,
        places=(Where.INITIATOR,),
    ),
)
"""The peer's line is dead at first, so that something would have to be sent again."""

_AFTER_THE_PEER = (
    Stage(
        options={"dpd": False, "phase2": {"lifetime": "40s"}},
        timeline=(*LONG_PINGS, {"at": "25s", "reboot": {"at": "there", "down": "1h"}}),
        duration=120.0,
        places=(Where.INITIATOR, Where.RESPONDER),
    ),
)
"""The peer dies without a word, so that only the lifetime can end its SAs."""

_ALL_THE_WAY = (Stage(places=(Where.BOTH,)),)

FAULTS: tuple[Fault, ...] = (
    *map(_fault, mistakes_in_payloads.MISTAKES),
    *map(_fault, mistakes_in_messages.MISTAKES),
    Fault(
        name="send-no-main-2",
        theme=Theme.CRAFTED,
        kind=FaultKind.CONFIGURATION,
        title="The responder takes main-1 and never answers",
        cause="The gateway makes an SA of main-1 and sends no main-2.",
        signs=("the responder waits for main-3, the initiator repeats main-1",),
        repair=UPDATE,
        parameters=At,
        alter=_withhold_main_2,
        witness=_was_withheld,
        stages=(Stage(places=(Where.RESPONDER,)),),
    ),
    Fault(
        name="suppress-retransmits",
        theme=Theme.CRAFTED,
        kind=FaultKind.CONFIGURATION,
        title="Nothing is sent twice",
        cause="The gateway never repeats a message that is not answered.",
        signs=("one lost message is the end of a negotiation, after the usual time",),
        repair=UPDATE,
        parameters=At,
        alter=_never_resend,
        witness=_gave_up_unheard,
        stages=_BEFORE_THE_LINE,
    ),
    Fault(
        name="timeout-on-retransmit",
        theme=Theme.CRAFTED,
        kind=FaultKind.CONFIGURATION,
        title="A negotiation ends where a message should be sent again",
        cause="The gateway gives up at the moment at which it should repeat itself.",
        signs=("one lost message is the end of a negotiation, after seconds",),
        repair=UPDATE,
        parameters=At,
        alter=_give_up,
        witness=_gave_up_unheard,
        stages=_BEFORE_THE_LINE,
    ),
    Fault(
        name="ignore-soft-expire",
        theme=Theme.CRAFTED,
        kind=FaultKind.CONFIGURATION,
        title="SAs are not renewed before their end",
        cause="The gateway lets its SAs expire instead of renewing them in time.",
        signs=("at the end of each lifetime the tunnel is down until the next packet",),
        repair=UPDATE,
        parameters=At,
        alter=_never_rekey,
        witness=_will_not_renew,
    ),
    Fault(
        name="ignore-hard-expire",
        theme=Theme.CRAFTED,
        kind=FaultKind.CONFIGURATION,
        title="IPsec SAs live longer than was agreed",
        cause="The gateway goes on using IPsec SAs whose lifetime has ended.",
        signs=("one end has an SA that the other has not any more: unknown SPIs are counted",),
        repair=UPDATE,
        parameters=At,
        alter=_never_expire,
        witness=_outlived,
        stages=_AFTER_THE_PEER,
    ),
    Fault(
        name="replay-forward",
        theme=Theme.CRAFTED,
        kind=FaultKind.PATH,
        title="The whole conversation is sent again behind each message",
        cause="Somebody on the path repeats all earlier messages behind each new one.",
        signs=("duplicates are answered with what was answered before, or dropped",),
        repair="None: both ends must cope, and do. Find the source.",
        parameters=Again,
        brief="what",
        rules=_replay(RuleAction.REPLAY_FORWARD),
        witness=rule_bit("replayed"),
        stages=_ALL_THE_WAY,
    ),
    Fault(
        name="replay-backward",
        theme=Theme.CRAFTED,
        kind=FaultKind.PATH,
        title="The whole conversation is sent again, the youngest message first",
        cause="Somebody on the path repeats all earlier messages behind each new one, backwards.",
        signs=("duplicates are answered with what was answered before, or dropped",),
        repair="None: both ends must cope, and do. Find the source.",
        parameters=Again,
        brief="what",
        rules=_replay(RuleAction.REPLAY_BACKWARD),
        witness=rule_bit("replayed"),
        stages=_ALL_THE_WAY,
    ),
    Fault(
        name="drip",
        theme=Theme.CRAFTED,
        kind=FaultKind.PATH,
        title="Messages come in drops",
        cause="The path lets one message through, holds the others back, then the next.",
        signs=("messages are repeated although none is lost; everything takes its time",),
        repair="Nothing in the tunnel: find what holds packets back.",
        parameters=Dripping,
        brief="every",
        rules=_drip,
        witness=rule_bit("held back"),
        stages=_ALL_THE_WAY,
    ),
)
"""Every mistake of the tables as a fault of the catalogue, then habits, then the path."""
