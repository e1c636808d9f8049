"""Changes to a scenario, as an operator makes them: each returns a new one.

Options are changed on the tunnel under the gateway's name, where they win over all else.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from gwsim.lab.faults.fault import At, AtTunnel
from gwsim.lab.options import BehaviourOptions, SideOptions
from gwsim.lab.resolve import Side, side
from gwsim.lab.scenario import LinkSpec, Scenario, TunnelSpec


def gateway_of(scenario: Scenario, parameters: At) -> str:
    """Give the gateway a fault is at: the one it names, else an end of the first tunnel."""
    return parameters.at or scenario.tunnels[0].between[parameters.usual_end]


def peers_of(scenario: Scenario, parameters: At) -> tuple[str, ...]:
    """Give the peers a fault's gateway has, or the one the fault names."""
    gateway = gateway_of(scenario, parameters)
    only = parameters.peer if isinstance(parameters, AtTunnel) else None
    found = [
        tunnel.between[1 - tunnel.between.index(gateway)]
        for tunnel in scenario.tunnels
        if gateway in tunnel.between
    ]
    return tuple(peer for peer in found if only in (None, peer))


def alter_sides(
    scenario: Scenario,
    gateway: str,
    peers: Iterable[str],
    values: Callable[[Side], Mapping[str, Any]],
) -> Scenario:
    """Set options at one end of tunnels; `values` is asked for each end what to set."""
    wanted = set(peers)

    def altered(tunnel: TunnelSpec) -> TunnelSpec:
        if gateway not in tunnel.between or not wanted & set(tunnel.between) - {gateway}:
            return tunnel
        own = tunnel.sides.get(gateway, SideOptions())
        update = dict(values(side(scenario, tunnel, gateway)))
        return tunnel.model_copy(update={gateway: own.model_copy(update=update)})

    return scenario.model_copy(update={"tunnels": tuple(map(altered, scenario.tunnels))})


def alter_end(
    scenario: Scenario, parameters: At, values: Callable[[Side], Mapping[str, Any]]
) -> Scenario:
    """Set options at the end a fault is at."""
    gateway = gateway_of(scenario, parameters)
    return alter_sides(scenario, gateway, peers_of(scenario, parameters), values)


def alter_gateway(scenario: Scenario, gateway: str, **values: Any) -> Scenario:
    """Set what a gateway says of itself."""
    spec = scenario.gateways[gateway].model_copy(update=values)
    return scenario.model_copy(update={"gateways": {**scenario.gateways, gateway: spec}})


def alter_behaviour(scenario: Scenario, gateway: str, **values: Any) -> Scenario:
    """Set where a gateway differs from its vendor's temperament."""
    behaviour = scenario.gateways[gateway].behaviour or BehaviourOptions()
    return alter_gateway(scenario, gateway, behaviour=behaviour.model_copy(update=values))


def alter_link(scenario: Scenario, gateway: str, **values: Any) -> Scenario:
    """Set what one gateway's line does, the others' stay."""
    own = scenario.internet.links.get(gateway, LinkSpec()).model_copy(update=values)
    internet = scenario.internet.model_copy(update={gateway: own})
    return scenario.model_copy(update={"internet": internet})


def other_end(scenario: Scenario, end: Side) -> Side:
    """Give the peer's end of the same tunnel."""
    return side(scenario, end.tunnel, end.peer)
