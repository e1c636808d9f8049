"""What a scenario expects: blocks, each with a time and what must hold then.

A block's time is one of

* `at: 15s`: at that moment;
* `by: 20s`: at some moment up to then; `within: 20s` likewise, counted from `after` (0s);
* `from: 10s` and/or `until: 60s`: at every moment between; `always: true`: at every moment.

A moment is every instant at which something happens, and the ends of the span. A block without
time speaks of the end of the run. Log lines, messages on the wire, traffic and counters are
counted from the start of the run up to the moment (for spans: within the span).
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from gwsim.lab.base import (
    AlsoWritten,
    CounterRef,
    DirectionRef,
    GatewayRef,
    LabelRef,
    Model,
    OneOrMany,
    OpenModel,
    Pattern,
    Patterns,
    StateRef,
    States,
    Words,
)
from gwsim.lab.units import Count, Duration, Number, count

NEUTRAL_STATES: dict[str, str] = {
    "up": "an ISAKMP SA is established and IPsec SAs are in use",
    "down": "no IPsec SA is in use",
    "none": "there is no phase 1 at all, not even half open",
}
"""State words that belong to no vendor, beside the engine's own (`MAIN_WAIT_4`, `ESTABLISHED`)."""

TUNNEL_COUNTERS = ("encapsulated", "decapsulated", "send-errors", "receive-errors")
"""Counters of a gateway's tunnels, summed up; beside them every cause of drops has one."""


class TimeKind(StrEnum):
    """How the time of a block is meant."""

    AT = "at"
    BY = "by"
    THROUGHOUT = "throughout"
    END = "end"


class LogExpectation(Model):
    """A line of the gateway's log contains `text` (`pattern`: a regular expression finds it).

    Without a number it is enough that one line does; `none` demands that none does.
    """

    text: str | None = None
    pattern: Pattern | None = None
    count: Number | None = None
    at_least: Annotated[int, Field(ge=0)] | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    none: bool = False

    @model_validator(mode="after")
    def _sense(self) -> "LogExpectation":
        if (self.text is None) == (self.pattern is None):
            raise ValueError("a log expectation has either a text or a pattern")
        numbers = (self.count, self.at_least, self.at_most, self.none or None)
        if self.count is not None and sum(number is not None for number in numbers) > 1:
            raise ValueError("count stands alone, without at_least, at_most and none")
        if self.none and (self.at_least is not None or self.at_most is not None):
            raise ValueError("none stands alone, without at_least and at_most")
        return self

    @property
    def wanted(self) -> Count:
        """The number of lines that must match."""
        if self.count is not None:
            return self.count
        if self.none:
            return count("none")
        if self.at_most is not None:
            return count(f"{self.at_least or 0}..{self.at_most}")
        return count(f">= {1 if self.at_least is None else self.at_least}")


class ScreenExpectation(OpenModel):
    """What a command shows: numbers or words beside their captions, texts, patterns.

    Captions are found loosely: `encaps: 4` finds `#pkts encaps: 4`, `Role: initiator` finds
    `Role    : initiator`. Values are numbers to expect or the exact word.
    """

    __pydantic_extra__: dict[str, bool | int | str] = Field(init=False)

    contains: Words | None = None
    lacks: Words | None = None
    pattern: Patterns | None = None
    empty: bool | None = None


class Flapping(Model):
    """A state is reached again and again: entered at least so many times, not said: twice."""

    state: StateRef
    at_least: Annotated[int, Field(ge=2)] = 2


def _flapping(value: object) -> object:
    return {"state": value} if isinstance(value, str) else value


class SaCounts(Model):
    """How many SAs a gateway has: established ISAKMP SAs, half-open ones, IPsec SA pairs."""

    ike: Number | None = None
    half_open: Number | None = None
    ipsec: Number | None = None


def _log(value: object) -> object:
    entries = value if isinstance(value, list | tuple) else [value]
    return [{"text": entry} if isinstance(entry, str) else entry for entry in entries]


def _screen(value: object) -> object:
    if isinstance(value, str):
        return {"contains": [value]}
    return {"contains": value} if isinstance(value, list | tuple) else value


Logs = Annotated[
    tuple[LogExpectation, ...], BeforeValidator(_log), OneOrMany(), AlsoWritten(("text", "texts"))
]
"""One log expectation or several; a mere text must occur."""


class GatewayExpectation(OpenModel):
    """What one gateway must show, in its own vendor's words.

    `state` is one word or several of which one must hold; `passed` are states seen in this
    order, `never` states that must not be seen; all three may use the vendor's words, the
    engine's or the neutral ones. `peer` picks one where there are several. `counters` are the
    gateway's own drop counters by cause, or counters of its tunnels. Further keys are commands.
    """

    __pydantic_extra__: dict[
        str, Annotated[ScreenExpectation, BeforeValidator(_screen), AlsoWritten(("text", "texts"))]
    ] = Field(init=False)

    peer: GatewayRef | None = None
    role: Literal["initiator", "responder"] | None = None
    state: States | None = None
    passed: States | None = None
    never: States | None = None
    flapping: Annotated[Flapping, BeforeValidator(_flapping), AlsoWritten(("text",))] | None = None
    log: Logs | None = None
    counters: dict[CounterRef, Number] | None = None
    sas: SaCounts | None = None


class LabelExpectation(Model):
    """How many messages of a label a gateway put on the wire (`from`; both when not said).

    Retransmissions count. `delivered` restricts it to those that reached the other side.
    """

    count: Number | None = None
    source: Annotated[GatewayRef | None, Field(alias="from")] = None
    delivered: bool = False


def _label(value: object) -> object:
    return value if isinstance(value, dict) else {"count": value}


class WireExpectation(OpenModel):
    """What was on the wire: labels with how often, and labels in the order of their first sight."""

    __pydantic_extra__: dict[
        str, Annotated[LabelExpectation, BeforeValidator(_label), AlsoWritten(("number",))]
    ] = Field(init=False)

    order: tuple[LabelRef, ...] | None = None


Passage = Annotated[
    bool | Number,
    Field(description="yes or no, or how many packets arrived having crossed the internet in ESP."),
]


def _always(value: object) -> object:
    if value is not True:
        raise ValueError("`always` is said with `yes`; leave it out where it is not meant")
    return value


def _traffic(value: object) -> object:
    if isinstance(value, dict) or value in ("none", "both"):
        return value
    raise ValueError("traffic is `none`, `both`, or by direction, as in {hq->branch: yes}")


class Expectation(OpenModel):
    """One block: a time, and what must hold for gateways (under their names), wire and traffic.

    `traffic: both` wants inner packets delivered in both directions having crossed the internet
    in ESP, `none` in neither; `{hq->branch: yes}` speaks of one. Clear text of the protected
    networks on the internet fails every scenario that does not say `clear_text: allowed`.
    """

    __pydantic_extra__: dict[str, GatewayExpectation] = Field(init=False)

    at: Duration | None = None
    by: Duration | None = None
    within: Duration | None = None
    after: Duration | None = None
    start: Annotated[Duration | None, Field(alias="from")] = None
    until: Duration | None = None
    always: Annotated[Literal[True], BeforeValidator(_always)] | None = None
    traffic: (
        Annotated[Literal["none", "both"] | dict[DirectionRef, Passage], BeforeValidator(_traffic)]
        | None
    ) = None
    clear_text: Literal["allowed", "forbidden"] | None = None
    wire: WireExpectation | None = None

    @model_validator(mode="after")
    def _one_time(self) -> "Expectation":
        ways = {
            "at": self.at,
            "by": self.by,
            "within": self.within,
            "from/until": self.start if self.start is not None else self.until,
            "always": self.always,
        }
        given = [name for name, value in ways.items() if value is not None]
        if len(given) > 1:
            raise ValueError(f"one time per block, and here are {' and '.join(given)}")
        if self.after is not None and self.within is None:
            raise ValueError("`after` belongs to `within`")
        if self.start is not None and self.until is not None and self.until < self.start:
            raise ValueError("`until` lies before `from`")
        return self

    @property
    def kind(self) -> TimeKind:
        """How the time of this block is meant."""
        if self.at is not None:
            return TimeKind.AT
        if self.by is not None or self.within is not None:
            return TimeKind.BY
        if self.always or self.start is not None or self.until is not None:
            return TimeKind.THROUGHOUT
        return TimeKind.END

    @property
    def span(self) -> tuple[float, float | None]:
        """The first and last moment spoken of, in seconds; None is the end of the run."""
        if self.at is not None:
            return self.at, self.at
        if self.by is not None:
            return 0.0, self.by
        if self.within is not None:
            return self.after or 0.0, (self.after or 0.0) + self.within
        if self.kind is TimeKind.THROUGHOUT:
            return self.start or 0.0, self.until
        return 0.0, None

    @property
    def gateways(self) -> dict[str, GatewayExpectation]:
        """What is expected of each gateway, by its name."""
        return self.named
