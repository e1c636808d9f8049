"""Walk through the expectations of a scenario and say which ones the record meets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gwsim.lab.expect.counters import counter_probes, sa_probes
from gwsim.lab.expect.evidence import Evidence, Subject
from gwsim.lab.expect.logs import log_probes
from gwsim.lab.expect.probe import Outcome, Probe, decide
from gwsim.lab.expect.screens import screen_probes
from gwsim.lab.expect.states import state_probes
from gwsim.lab.expect.traffic import Directions, clear_text_probe, traffic_probes
from gwsim.lab.expect.wire import wire_probes
from gwsim.lab.expectations import Expectation, GatewayExpectation, TimeKind
from gwsim.lab.record import Record
from gwsim.lab.runtimes.runtime import Watch
from gwsim.lab.scenario import Scenario
from gwsim.lab.source import Loc
from gwsim.vendors.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of an expectation: whether it was `met`, and what was seen.

    `where` is its place in the scenario (see `lab.source.Source`), `at` the moment at which it
    was decided, `gateway` whom it is about ("" for wire and traffic).
    """

    where: Loc
    gateway: str
    expected: str
    seen: str
    at: float
    met: bool


def judge(scenario: Scenario, record: Record, vendors: Mapping[str, Vendor]) -> list[Judgement]:
    """Judge every expectation, in the order of the scenario; clear text outside comes last."""
    evidence = Evidence(record, vendors)
    between = tuple(tunnel.between for tunnel in scenario.tunnels)
    found: list[Judgement] = []
    for index, block in enumerate(scenario.expect):
        since, until = _span(block, record.duration)
        for probe in _block(("expect", index), block, evidence, between):
            found.append(_judged(probe, decide(probe, block.kind, since, until)))
    if not scenario.clear_text_allowed:
        probe = clear_text_probe((), record)
        found.append(_judged(probe, decide(probe, TimeKind.END, 0.0, record.duration)))
    return found


def watches(scenario: Scenario, duration: float) -> tuple[Watch, ...]:
    """List the spans in which screens and counters must be seen change by change.

    A moment is a span that begins where it ends; the run's last moment needs no watch.
    """
    found = []
    for block in scenario.expect:
        since, until = _span(block, duration)
        for name, wanted in block.gateways.items():
            if wanted.named or wanted.counters is not None or wanted.sas is not None:
                first = until if block.kind in (TimeKind.AT, TimeKind.END) else since
                found.append(Watch(name, first, until))
    return tuple(found)


def _span(block: Expectation, duration: float) -> tuple[float, float]:
    since, until = block.span
    return since, duration if until is None else until


def _block(
    where: Loc, block: Expectation, evidence: Evidence, between: Directions
) -> Iterator[Probe]:
    for name, wanted in block.gateways.items():
        peers = evidence.of(wanted.peer).gateway.addresses if wanted.peer else ()
        yield from _gateway(Subject((*where, name), evidence.of(name), peers), wanted)
    if block.wire is not None:
        yield from wire_probes((*where, "wire"), block.wire, evidence.record)
    if block.traffic is not None:
        yield from traffic_probes((*where, "traffic"), block.traffic, evidence.record, between)
    if block.clear_text == "forbidden":
        yield clear_text_probe((*where, "clear_text"), evidence.record)


def _gateway(subject: Subject, wanted: GatewayExpectation) -> Iterator[Probe]:
    yield from state_probes(subject, wanted)
    if wanted.log is not None:
        yield from log_probes(subject, wanted.log)
    for command, screen in wanted.named.items():
        yield from screen_probes(subject, command, screen)
    if wanted.counters is not None:
        yield from counter_probes(subject, wanted.counters)
    if wanted.sas is not None:
        yield from sa_probes(subject, wanted.sas)


def _judged(probe: Probe, outcome: Outcome) -> Judgement:
    seen = outcome.seen
    return Judgement(probe.where, probe.gateway, probe.expected, seen.text, outcome.at, seen.ok)
