"""What a fault is: data about it, what it changes, and the witness that proves it took effect.

A fault of kind `configuration` alters the scenario as an operator's mistake would (it could be
seen in the running configuration), one of kind `path` adds rules or changes lines (it could be
seen in a capture only), one of kind `act` does something at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from gwsim.lab.base import GatewayRef, Model
from gwsim.lab.faults.stage import EVERYWHERE, Stage
from gwsim.lab.plan import Act
from gwsim.lab.record import Record
from gwsim.lab.scenario import Scenario
from gwsim.lab.units import Duration
from gwsim.path.config import Rule


class Theme(StrEnum):
    """The part of a tunnel's life to which a fault belongs."""

    CONTACT = "contact"
    PHASE1 = "phase 1"
    NAT = "NAT"
    PHASE2 = "phase 2"
    TRAFFIC = "traffic"
    LIFE = "life"
    CRAFTED = "crafted"


class FaultKind(StrEnum):
    """Where a fault could be seen: in a configuration, in a capture, or in a diary."""

    CONFIGURATION = "configuration"
    PATH = "path"
    ACT = "act"


class FaultParameters(Model):
    """What every fault can be told: its span in time, and whether it is expected to bite."""

    start: Annotated[Duration | None, Field(description="When it begins; not said: at once.")] = (
        None
    )
    end: Annotated[Duration | None, Field(description="When it ends; not said: never.")] = None
    bites: Annotated[bool, Field(description="no: a control, it must change nothing.")] = True


class At(FaultParameters):
    """A fault at one gateway; not said, it is the second of the first tunnel."""

    at: GatewayRef | None = None

    @property
    def usual_end(self) -> int:
        """The place in `between` of the gateway that is meant when none is named."""
        return 1


class AtTunnel(At):
    """A fault at one gateway's end of its tunnels, or of the one with `peer` only."""

    peer: GatewayRef | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When a fault is in force, in seconds: `end` excluded, infinite when it never ends."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Testimony:
    """What a witness says: whether the fault took effect, and the proof, or what is lacking."""

    bit: bool
    why: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a witness may look at: the faulty scenario, the record, and its own fault's facts.

    `rule` is the name under which the fault's path rules are counted.
    """

    scenario: Scenario
    record: Record
    parameters: Any
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class FaultAct:
    """Something a fault does at a time, and in words."""

    at: float
    act: Act
    text: str


def _unaltered(scenario: Scenario, parameters: Any) -> Scenario:
    return scenario


def _no_rules(scenario: Scenario, parameters: Any, name: str, span: Span) -> tuple[Rule, ...]:
    return ()


def _no_acts(scenario: Scenario, parameters: Any, span: Span) -> tuple[FaultAct, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of the catalogue.

    `cause` is one sentence, `signs` what to look for (in the field's terms; the vendors' own
    screens are computed, never written here), `repair` what to do. `brief` names the parameter
    that a bare word gives (`drop: main-4`). `alter` returns the scenario with the mistake in it,
    `rules` what to do to packets, `acts` what happens when; most faults have one of the three.
    `stages` are the circumstances in which it can bite: one, or several that look different.
    """

    name: str
    theme: Theme
    kind: FaultKind
    title: str
    cause: str
    signs: tuple[str, ...]
    repair: str
    witness: Callable[[Evidence], Testimony]
    parameters: type[FaultParameters] = AtTunnel
    brief: str = "at"
    alter: Callable[[Scenario, Any], Scenario] = _unaltered
    rules: Callable[[Scenario, Any, str, Span], tuple[Rule, ...]] = _no_rules
    acts: Callable[[Scenario, Any, Span], tuple[FaultAct, ...]] = _no_acts
    stages: tuple[Stage, ...] = EVERYWHERE
