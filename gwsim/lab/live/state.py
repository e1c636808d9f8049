"""What is written down about a lab, as far as its plan tells."""

from gwsim.lab.live.broken import faults_in
from gwsim.lab.live.places import DOCKER, State
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.topology import topology_of
from gwsim.lab.plan import Plan


def state_of(
    plan: Plan,
    lab: str,
    speed: float,
    scenario: str = "",
    text: str = "",
    runtime: str = DOCKER,
) -> State:
    """Say what a lab is, for those who look for it there; nobody holds it and it has not begun."""
    topology = topology_of(plan)
    gateways = {config.name: config for config in plan.gateways}
    hosts = {host.name: host for host in plan.hosts}
    kinds = {INTERNET: "internet"}
    kinds |= dict.fromkeys(gateways, "gateway") | dict.fromkeys(hosts, "host")
    addresses = {name: config.endpoint.address for name, config in gateways.items()}
    return State(
        name=lab,
        title=plan.title,
        runtime=runtime,
        keeper=0,
        speed=speed,
        epoch=plan.epoch.isoformat(),
        started=0.0,
        networks={},
        kinds=kinds,
        ports={node: topology.main_port(node) for node in topology.nodes},
        vendors={name: config.vendor for name, config in gateways.items()},
        addresses=addresses | {name: host.address for name, host in hosts.items()},
        scenario=scenario,
        text=text,
        faults=faults_in(text),
    )
