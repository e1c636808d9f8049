"""Exchanges as tables of steps: the one place where the order of messages is decided.

An exchange is a tuple of `Step`s in wire order. Each step says who sends it, which payloads it
must and may carry, how it is protected, and names the two functions that build and take it. A
negotiation keeps one number, `position`: the index of the step that comes next. From that number
and our role everything else follows:

* the step at `position` is ours: build it, send it, count up;
* it is the peer's: we rest, and the state is named by its label (`main-4` -> MAIN_WAIT_4);
* there is none: the exchange is finished and the state is the exchange's `final` one.

So no code outside a table compares states in order to decide what to do. The tables are checked
by `problems` (a test demands that it finds none) and drawn by `diagram`, from which the state
diagram of the documentation is generated.

What stands outside the tables, once each: retransmission and duplicates (`conversation`), births
and ends of SAs (`lifecycle`, `children`), rekeying (`upkeep`), notify and delete (`informational`,
`notices`), dead peer detection (`dpd`), NAT detection and the float (`nat_traversal`), half-open
limits (`admission`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from gwsim.ike.inbound import Inbound
from gwsim.ike.states import Role, State
from gwsim.ike.turn import Turn
from gwsim.wire.numbers import PayloadType
from gwsim.wire.payloads import Payload

N = TypeVar("N")


class Protection(StrEnum):
    """How a message travels; EITHER is for aggr-3, which may come clear (RFC 2409 5.4)."""

    CLEAR = "clear"
    ENCRYPTED = "encrypted"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Step(Generic[N]):
    """One message of an exchange.

    `required` payload types must each be present, once unless in `optional` too; anything
    outside both sets is refused. `build` returns the payloads to send; `take` reads a received
    message and raises `Refused` before it changes anything. `prove` computes the HASH of a
    message that has one, given the octets of its other payloads.
    """

    label: str
    sender: Role
    protection: Protection
    required: frozenset[int]
    optional: frozenset[int]
    build: Callable[[N, Turn], list[Payload]]
    take: Callable[[N, Turn, Inbound], None]
    prove: Callable[[N, bytes], bytes] | None = None


@dataclass(frozen=True, slots=True)
class Exchange(Generic[N]):
    """A whole exchange: its name, number, phase, the state it ends in and its steps."""

    name: str
    number: int
    phase: int
    final: State
    steps: tuple[Step[N], ...]

    def state(self, role: Role, position: int) -> State | None:
        """Name the state at `position`; None before the beginning and when it is our turn."""
        if position >= len(self.steps):
            return self.final
        step = self.steps[position]
        if position == 0 or step.sender is role:
            return None
        return State(step.label.replace("-", "_WAIT_").upper())

    def resting_places(self, role: Role) -> tuple[State, ...]:
        """List the states in which this role rests, in order."""
        places = (self.state(role, i) for i in range(1, len(self.steps) + 1))
        return tuple(dict.fromkeys(p for p in places if p is not None))


def problems(exchange: Exchange[N]) -> list[str]:
    """Look for contradictions in a table; an empty list is the only acceptable answer."""
    found = []
    for i, step in enumerate(exchange.steps):
        if i and step.sender is exchange.steps[i - 1].sender:
            found.append(f"{step.label}: the same side speaks twice")
        if not step.label.endswith(f"-{i + 1}"):
            found.append(f"{step.label}: label is out of order")
        if PayloadType.NONE in step.required | step.optional:
            found.append(f"{step.label}: payload type 0 means no payload")
        encrypted = step.protection is not Protection.CLEAR
        if encrypted and exchange.phase == 1 and PayloadType.HASH not in step.required:
            found.append(f"{step.label}: encrypted without a hash")
    return found


def diagram(exchange: Exchange[N]) -> str:
    """Draw an exchange as a Mermaid state diagram, initiator and responder side by side."""
    lines = ["stateDiagram-v2"]
    for role in Role:
        here = f"{role.value}_start"
        for i, step in enumerate(exchange.steps):
            there = exchange.state(role, i + 1)
            if there is None:
                continue
            verb = "send" if step.sender is role else "take"
            answered = i > 0 and exchange.steps[i - 1].sender is role.other
            said = f"take {exchange.steps[i - 1].label}, " if answered and verb == "send" else ""
            target = f"{role.value}_{there.value}"
            lines.append(f"    {here} --> {target}: {said}{verb} {step.label}")
            here = target
    return "\n".join(lines)
