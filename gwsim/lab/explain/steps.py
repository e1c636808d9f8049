"""The engine's exchange tables, as articles need them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gwsim.ike.aggressive_mode import AGGRESSIVE_MODE
from gwsim.ike.exchange import Exchange, Protection, Step
from gwsim.ike.main_mode import MAIN_MODE
from gwsim.ike.quick_mode import QUICK_MODE
from gwsim.ike.states import Role, State
from gwsim.lab.explain.source import place_of
from gwsim.wire.numbers import PayloadType, name_of

EXCHANGES: tuple[Exchange[Any], ...] = (MAIN_MODE, AGGRESSIVE_MODE, QUICK_MODE)


@dataclass(frozen=True, slots=True)
class Rest:
    """A place where a negotiation rests: in which exchange, role and state, and what it awaits."""

    exchange: Exchange[Any]
    role: Role
    state: State
    awaited: Step[Any] | None


def rests() -> Iterator[Rest]:
    """Walk through all places where negotiations rest, exchange by exchange."""
    for exchange in EXCHANGES:
        for role in Role:
            for position in range(1, len(exchange.steps) + 1):
                state = exchange.state(role, position)
                if state is not None:
                    awaited = exchange.steps[position : position + 1]
                    yield Rest(exchange, role, state, awaited[0] if awaited else None)


def contents(step: Step[Any]) -> tuple[str, ...]:
    """Say what a message must and may hold, and how it travels."""
    clear = {Protection.CLEAR: "in the clear", Protection.ENCRYPTED: "encrypted"}
    lines = [f"must hold {_names(step.required)}"]
    if step.optional:
        lines.append(f"may hold {_names(step.optional)}")
    lines.append(f"travels {clear.get(step.protection, 'encrypted or in the clear')}")
    return tuple(lines)


def code(step: Step[Any]) -> tuple[str, ...]:
    """Say which functions build and take a message, and where they are."""
    return tuple(
        f"{place_of(function)}  {function.__name__}" for function in (step.build, step.take)
    )


def _names(types: frozenset[int]) -> str:
    return ", ".join(name_of(PayloadType, number) for number in sorted(types))
