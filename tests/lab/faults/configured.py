"""What gateways and path are told when a fault is in force from the start."""

from gwsim.gateway.config import GatewayConfig
from gwsim.ike.config import ChildConfig, Connection
from gwsim.lab.compile import compile_scenario
from gwsim.lab.load import load_text
from gwsim.lab.plan import Plan
from tests.lab.scenarios_for_tests import with_fault


def plan(fault: str, *changes: tuple[str, str]) -> Plan:
    """Give the plan of the two ASAs with a fault."""
    return compile_scenario(load_text(with_fault(fault, *changes)).scenario)


def gateways(fault: str, *changes: tuple[str, str]) -> tuple[GatewayConfig, GatewayConfig]:
    """Give what head office and the branch are told."""
    hq, branch = plan(fault, *changes).gateways
    return hq, branch


def connections(fault: str, *changes: tuple[str, str]) -> tuple[Connection, Connection]:
    """Give the one connection of each end."""
    hq, branch = gateways(fault, *changes)
    return hq.endpoint.connections[0], branch.endpoint.connections[0]


def children(fault: str, *changes: tuple[str, str]) -> tuple[ChildConfig, ChildConfig]:
    """Give the one child of each end."""
    hq, branch = connections(fault, *changes)
    return hq.children[0], branch.children[0]
