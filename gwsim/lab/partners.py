"""Words that pair a gateway with one it has no tunnel with: acts, expectations and faults."""

from collections.abc import Iterator

from gwsim.lab.scenario import Scenario
from gwsim.lab.source import Loc

Pair = tuple[Loc, str, str]
"""Where it stands, the gateway, and its alleged peer."""


def without_tunnel(scenario: Scenario) -> Iterator[tuple[Loc, str, str]]:
    """Give place, sentence and hint wherever a peer is named that is none."""
    tunnels = {frozenset(tunnel.between) for tunnel in scenario.tunnels}
    for loc, gateway, peer in (*_acts(scenario), *_expectations(scenario), *_faults(scenario)):
        if frozenset((gateway, peer)) not in tunnels:
            yield loc, f"{gateway} has no tunnel with {peer}", ""


def _acts(scenario: Scenario) -> Iterator[Pair]:
    for index, entry in enumerate(scenario.timeline or ()):
        name, act = entry.act
        peer = getattr(act, "peer" if name == "clear" else "to", None)
        if name in ("clear", "initiate", "rekey") and peer:
            yield ("timeline", index, name), act.at, peer


def _expectations(scenario: Scenario) -> Iterator[Pair]:
    for index, block in enumerate(scenario.expect):
        for gateway, wanted in block.gateways.items():
            if wanted.peer:
                yield ("expect", index, gateway, "peer"), gateway, wanted.peer


def _faults(scenario: Scenario) -> Iterator[Pair]:
    for index, use in enumerate(scenario.faults):
        gateway, peer = use.parameters.get("at"), use.parameters.get("peer")
        if isinstance(gateway, str) and isinstance(peer, str):
            yield ("faults", index, use.name), gateway, peer
