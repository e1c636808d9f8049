"""What came of a run, small enough to travel, and whether another run came to the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from struct import Struct

from gwsim.lab.history import stays
from gwsim.lab.record import Record
from gwsim.lab.runner import Run
from gwsim.vendors.registry import VENDORS

_PLACE = Struct("!dI").pack


@dataclass(frozen=True, slots=True)
class GatewayStates:
    """The states a gateway went through, in order: `1 initiator main MAIN_WAIT_2`."""

    gateway: str
    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a run.

    `expectations` tells which were met, `faults` which bit, in the order of the scenario. `wire`
    is the SHA-256 of all packets that left gateways, with times and senders, in hex.
    """

    verdict: str
    expectations: tuple[bool, ...]
    faults: tuple[bool, ...]
    states: tuple[GatewayStates, ...]
    wire: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two runs came to the same: `outcome` verdict and all, `states`, `octets`.

    `differences` says in words what is not the same.
    """

    outcome: bool
    states: bool
    octets: bool
    differences: tuple[str, ...]


def result_of(run: Run) -> Result:
    """Sum up a run."""
    return Result(
        verdict=run.verdict.word,
        expectations=tuple(judged.met for judged in run.judgements),
        faults=tuple(bite.bit for bite in run.verdict.bites),
        states=tuple(
            GatewayStates(gateway.name, tuple(_states(run.record, gateway.name)))
            for gateway in run.record.gateways
        ),
        wire=_wire(run.record),
    )


def compare(before: Result, now: Result) -> Comparison:
    """Compare two runs of one scenario."""
    outcome = (*_outcomes(before, now),)
    states = (*_state_differences(before, now),)
    octets = before.wire == now.wire
    other = () if octets else ("packets: other octets or other times",)
    return Comparison(not outcome, not states, octets, (*outcome, *states, *other))


def _states(record: Record, name: str) -> Iterator[str]:
    gateway = record.gateway(name)
    for stay in stays(gateway.events, VENDORS[gateway.vendor]):
        yield f"{stay.phase} {stay.role.value} {stay.exchange} {stay.state.value}"


def _wire(record: Record) -> str:
    digest = sha256()
    for packet in record.departures:
        digest.update(_PLACE(packet.at, packet.length))
        digest.update(f"{packet.gateway} {packet.label}\n".encode())
        digest.update(packet.packet)
    return digest.hexdigest()


def _outcomes(before: Result, now: Result) -> Iterator[str]:
    if before.verdict != now.verdict:
        yield f"verdict: {before.verdict} then, {now.verdict} now"
    yield from _flags("expectation", before.expectations, now.expectations, ("met", "not met"))
    yield from _flags("fault", before.faults, now.faults, ("bit", "did not bite"))


def _flags(
    what: str, before: tuple[bool, ...], now: tuple[bool, ...], words: tuple[str, str]
) -> Iterator[str]:
    if len(before) != len(now):
        yield f"{what}s: {len(before)} then, {len(now)} now"
        return
    for number, (old, new) in enumerate(zip(before, now, strict=True), 1):
        if old is not new:
            yield f"{what} {number}: {words[not old]} then, {words[not new]} now"


def _state_differences(before: Result, now: Result) -> Iterator[str]:
    new = {entry.gateway: entry.states for entry in now.states}
    for entry in before.states:
        states = new.get(entry.gateway, ())
        if states == entry.states:
            continue
        pairs = zip(entry.states, states, strict=False)
        place = next((n for n, (a, b) in enumerate(pairs) if a != b), None)
        if place is None:
            yield f"states of {entry.gateway}: {len(entry.states)} then, {len(states)} now"
        else:
            yield f"states of {entry.gateway}: {entry.states[place]} then, {states[place]} now"
