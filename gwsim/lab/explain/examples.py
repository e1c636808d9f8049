"""The scenarios that speak of a word: read out of the files, which tests keep true."""

from collections.abc import Callable, Iterator, Sequence

from gwsim.lab.expectations import GatewayExpectation
from gwsim.lab.load import Loaded
from gwsim.lab.scenario import Scenario


def showing_state(library: Sequence[Loaded], words: frozenset[str]) -> tuple[str, ...]:
    """List the scenarios in which some gateway stands in one of the states, or passes it."""

    def shows(wanted: GatewayExpectation) -> bool:
        flapping = (wanted.flapping.state,) if wanted.flapping else ()
        named = (*(wanted.state or ()), *(wanted.passed or ()), *flapping)
        return not words.isdisjoint(named)

    return _listed(library, lambda scenario: any(map(shows, _wanted(scenario))))


def showing_line(library: Sequence[Loaded], matches: Callable[[str], bool]) -> tuple[str, ...]:
    """List the scenarios that expect a log line."""

    def shows(wanted: GatewayExpectation) -> bool:
        return any(matches(e.text or "") for e in wanted.log or () if not e.none)

    return _listed(library, lambda scenario: any(map(shows, _wanted(scenario))))


def having_fault(library: Sequence[Loaded], name: str) -> tuple[str, ...]:
    """List the scenarios that have a fault."""
    return _listed(library, lambda scenario: any(use.name == name for use in scenario.faults))


def speaking_of_label(library: Sequence[Loaded], label: str) -> tuple[str, ...]:
    """List the scenarios that expect a message on the wire, or do something to it."""

    def speaks(scenario: Scenario) -> bool:
        wires = [block.wire for block in scenario.expect if block.wire is not None]
        wanted = any(label in (*wire.named, *(wire.order or ())) for wire in wires)
        told = [word for use in scenario.faults for word in use.parameters.values()]
        return wanted or any(label in str(word).split() for word in told)

    return _listed(library, speaks)


def _wanted(scenario: Scenario) -> Iterator[GatewayExpectation]:
    for block in scenario.expect:
        yield from block.gateways.values()


def _listed(library: Sequence[Loaded], speaks: Callable[[Scenario], bool]) -> tuple[str, ...]:
    lines = []
    for loaded in library:
        if speaks(loaded.scenario):
            faults = ", ".join(use.name for use in loaded.scenario.faults) or "no fault"
            lines.append(f"{loaded.name}: {loaded.scenario.title} ({faults})")
    return tuple(lines)
