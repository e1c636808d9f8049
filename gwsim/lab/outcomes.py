"""What became of each tunnel: whether it came up, stayed up, and carried traffic."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from gwsim.ike.events import Event, PhaseOneCompleted, Rejected, StateChanged
from gwsim.lab.expect.evidence import Evidence, Witness
from gwsim.lab.history import Spell
from gwsim.lab.record import GatewayRecord, Record
from gwsim.lab.runtimes.hosts import Echo
from gwsim.lab.scenario import Scenario

_MOST_REFUSALS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the tunnel between two gateways.

    `tone` is `good`, `partial` or `bad`; `word` says it in two or three words, `told` in full.
    `refusals` are what the ends refused of each other in a tunnel that is bad, and why: each kind
    once, at most three.
    """

    ends: tuple[str, str]
    tone: str
    word: str
    told: str
    refusals: tuple[str, ...] = ()


def outcomes(scenario: Scenario, evidence: Evidence) -> tuple[Outcome, ...]:
    """Give the outcome of every pair of gateways that has a tunnel, in the scenario's order."""
    ends = dict.fromkeys(tunnel.between for tunnel in scenario.tunnels)
    return tuple(_outcome(evidence.of(a), evidence.of(b), evidence.record) for a, b in ends)


def _outcome(one: Witness, other: Witness, record: Record) -> Outcome:
    ends = (one.gateway.name, other.gateway.name)
    up = together(_lives(one, other), _lives(other, one), record.duration)
    if not up:
        told = f"It never came up: {_how_far(one, other)}."
        return Outcome(ends, "bad", "never up", told, _refusals(one, other))
    traffic = _traffic(one.gateway, other.gateway, record, up)
    if up[-1].until >= record.duration:
        told = f"{_comings(up)} and is up at the end, at {record.duration:g} s. {traffic.told}"
        return Outcome(ends, traffic.tone, traffic.word, told)
    word = "lost" if len(up) == 1 else "up and down"
    believers = [w.gateway.name for w, peer in ((one, other), (other, one)) if _alive(w, peer)]
    end = f"only {believers[0]} still has it" if believers else "neither end has it"
    told = f"{_comings(up)}; it went at {up[-1].until:.3f} s, and at the end {end}. {traffic.told}"
    return Outcome(ends, "bad", word, told, _refusals(one, other))


def together(ones: Sequence[Spell], others: Sequence[Spell], end: float) -> tuple[Spell, ...]:
    """Give the spells up to `end` in which both sides had something, neighbours joined."""
    points = sorted({point for spell in (*ones, *others) for point in (spell.since, spell.until)})
    found: list[Spell] = []
    for since, until in zip(points, [*points[1:], end], strict=False):
        if since >= end or not (_any(ones, since) and _any(others, since)):
            continue
        joins = bool(found) and found[-1].until == since
        begun = found.pop().since if joins else since
        found.append(Spell(begun, min(until, end)))
    return tuple(found)


def _any(spells: Iterable[Spell], moment: float) -> bool:
    return any(spell.holds(moment) for spell in spells)


def _lives(witness: Witness, peer: Witness) -> list[Spell]:
    known = set(peer.gateway.addresses)
    return [pair.spell for pair in witness.pairs if pair.peer in known]


def _alive(witness: Witness, peer: Witness) -> bool:
    """Say whether a gateway has IPsec SAs with its peer when the run ends."""
    return any(spell.until == math.inf for spell in _lives(witness, peer))


def _comings(up: Sequence[Spell]) -> str:
    again = f", {len(up)} times in all," if len(up) > 1 else ""
    return f"It came up at {up[0].since:.3f} s{again}"


def _how_far(one: Witness, other: Witness) -> str:
    names = (one.gateway, other.gateway), (other.gateway, one.gateway)
    events = [list(_with(gateway, peer)) for gateway, peer in names]
    times = min(sum(isinstance(e, PhaseOneCompleted) for e in told) for told in events)
    if times:
        again = f" ({times} times over)" if times > 1 else ""
        return f"phase 1 completes{again}, phase 2 does not"
    if any(isinstance(e, PhaseOneCompleted) for told in events for e in told):
        return "phase 1 completes at one end only"
    if any(isinstance(e, StateChanged) for told in events for e in told):
        return "phase 1 never completes"
    return "no negotiation ever began"


def _refusals(one: Witness, other: Witness) -> tuple[str, ...]:
    """Tell what each end refused of the other: message, row of the bad-input table, comparison."""
    ends = (one.gateway, other.gateway), (other.gateway, one.gateway)
    said = Counter(
        f"{gateway.name} refuses {event.label}: {event.flaw}: {event.why}"
        for gateway, peer in ends
        for event in _with(gateway, peer)
        if isinstance(event, Rejected)
    )
    told = (line + (f" ({times} times)" if times > 1 else "") for line, times in said.items())
    return tuple(islice(told, _MOST_REFUSALS))


def _with(gateway: GatewayRecord, peer: GatewayRecord) -> Iterable[Event]:
    return (event for event in gateway.events if event.peer in peer.addresses)


@dataclass(frozen=True, slots=True)
class _Traffic:
    """What came through a tunnel that is up."""

    tone: str
    word: str
    told: str


def _traffic(
    one: GatewayRecord, other: GatewayRecord, record: Record, up: Sequence[Spell]
) -> _Traffic:
    """Tell what came through in each direction; a ping sent while it was up must be answered."""
    there = record.protected(one.name, other.name)
    back = record.protected(other.name, one.name)
    pings = [e for e in record.echoes if _between(e.source, e.destination, one, other)]
    streams = [f for f in record.flows if _between(f.source, f.destination, one, other)]
    lost = sum(_lost(pings, up))
    told = (
        f"Packets that came through it: {there} from {one.name} to {other.name}, "
        f"{back} from {other.name} to {one.name}."
    )
    if pings:
        verb = "was" if lost == 1 else "were"
        unanswered = f"; {lost} {verb} lost while it was up" if lost else ""
        answered = sum(echo.answered is not None for echo in pings)
        told = f"{answered} of {len(pings)} pings were answered{unanswered}. {told}"
    if (pings or streams) and not there and not back:
        return _Traffic("bad", "up, no traffic", told)
    if pings and not (there and back):
        return _Traffic("partial", "up, one way", told)
    if lost:
        return _Traffic("partial", "up, with loss", told)
    return _Traffic("good", "up", told)


def _lost(pings: Iterable[Echo], up: Sequence[Spell]) -> Iterator[bool]:
    """Say of each ping whether the tunnel lost it.

    It was up then, and one between the same hosts had been answered before, or none ever was: the
    first ones between two networks may have been what asked for their SAs.
    """
    flows: dict[tuple[str, str], list[Echo]] = {}
    for echo in pings:
        flows.setdefault((echo.source, echo.destination), []).append(echo)
    for flow in flows.values():
        begun = next((n for n, echo in enumerate(flow) if echo.answered is not None), 0)
        for echo in flow[begun:]:
            yield echo.answered is None and _any(up, echo.at)


def _between(source: str, destination: str, one: GatewayRecord, other: GatewayRecord) -> bool:
    """Say whether a host's packets go from behind one of two gateways to behind the other."""
    pairs = ((one, other), (other, one))
    return any(
        source.partition(".")[0] == sender.name and _is_behind(destination, receiver)
        for sender, receiver in pairs
    )


def _is_behind(destination: str, gateway: GatewayRecord) -> bool:
    if destination.partition(".")[0] == gateway.name:
        return True
    return destination[:1].isdigit() and gateway.owns(destination)
