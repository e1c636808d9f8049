"""What devices are told of the networks at their sides, alike for all vendors."""

from dataclasses import replace

import pytest

from gwsim.vendors.surroundings import inside_address, inside_network, routed_inside
from gwsim.wire.selector import Selector
from tests.gateway.boxes import hq_config


@pytest.mark.parametrize(
    ("network", "address"),
    [("10.1.0.0/24", "10.1.0.1"), ("10.1.0.8/31", "10.1.0.9"), ("10.1.0.7/32", "10.1.0.7")],
)
def test_a_gateway_has_the_first_address_of_the_network_behind_it(network, address):
    assert inside_address(Selector.parse(network)) == address


def test_networks_further_inside_lie_behind_the_last_address_of_the_first():
    config = replace(hq_config(), inside=("10.1.0.0/24", "10.8.0.0/16", "10.9.0.0/16"))
    assert str(inside_network(config)) == "10.1.0.0/24"
    assert [(str(network), router) for network, router in routed_inside(config)] == [
        ("10.8.0.0/16", "10.1.0.254"),
        ("10.9.0.0/16", "10.1.0.254"),
    ]


def test_a_gateway_without_networks_has_nothing_inside():
    config = replace(hq_config(), inside=())
    assert inside_network(config) is None
    assert list(routed_inside(config)) == []
