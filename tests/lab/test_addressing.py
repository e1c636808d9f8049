"""Addresses that no scenario names are free, and lie beside whom they are for."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gwsim.lab.addressing import neighbour, own_address

ADDRESSES = st.integers(10 << 24, (10 << 24) + 40).map(lambda number: str(ip_address(number)))


@given(ADDRESSES, st.lists(ADDRESSES, max_size=6))
def test_the_internet_stands_beside_a_gateway_where_no_other_one_is(outside, others):
    assume(outside not in others)
    try:
        found, prefix = neighbour(outside, [outside, *others])
    except ValueError:
        assert str(ip_address(int(ip_address(outside)) ^ 1)) in others
        return
    network = ip_network(f"{outside}/{prefix}", strict=False)
    assert ip_address(found) in network
    assert found not in (outside, *others)
    if prefix < 31:
        assert not any(ip_address(other) in network for other in others)
        edges = network.network_address, network.broadcast_address
        assert ip_address(found) not in edges and ip_address(outside) not in edges


def test_the_usual_addresses_are_those_that_people_see_in_a_lab():
    both = ["198.51.100.1", "203.0.113.1"]
    assert neighbour(both[0], both) == ("198.51.100.2", 30)
    assert neighbour("198.51.100.2", ["198.51.100.2"]) == ("198.51.100.1", 30)


def test_two_that_are_next_to_each_other_leave_no_room():
    with pytest.raises(ValueError, match=r"198\.51\.100\.4 has no free address beside it"):
        neighbour("198.51.100.4", ["198.51.100.4", "198.51.100.5"])


def test_a_gateway_has_the_first_address_inside_that_no_host_has():
    assert own_address("10.1.0.0/24", []) == "10.1.0.1"
    assert own_address("10.1.0.0/24", ["10.1.0.1", "10.1.0.3"]) == "10.1.0.2"
    assert own_address("10.1.0.0/31", ["10.1.0.0"]) == "10.1.0.1"
    with pytest.raises(ValueError, match="no room"):
        own_address("10.1.0.0/30", ["10.1.0.1", "10.1.0.2"])
