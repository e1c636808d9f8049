"""A plan as a network: addresses that fit, names that are unique, and words where none do."""

from dataclasses import replace
from ipaddress import ip_address, ip_interface

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.lab.compile import compile_scenario
from gwsim.lab.live.ports import INTERNET
from gwsim.lab.live.topology import TopologyError, topology_of
from gwsim.lab.load import load_text
from gwsim.wire.ip import format_address

HEAD = """\
name: toy
title: A tunnel
gateways:
  hq:     {vendor: asa, outside: 198.51.100.1, inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}}
  branch: {vendor: asa, outside: 203.0.113.1, inside: %s, hosts: {%s}}
tunnels:
  - between: [hq, branch]
    psk: secret
"""


def plan(inside="10.2.0.0/24", hosts="pc: 10.2.0.10"):
    return compile_scenario(load_text(HEAD % (inside, hosts)).scenario)


def outside(plan, gateway, address):
    """The plan with another outside address of one gateway."""
    gateways = tuple(
        replace(one, endpoint=replace(one.endpoint, address=address))
        if one.name == gateway
        else one
        for one in plan.gateways
    )
    return replace(plan, gateways=gateways)


def test_a_host_is_joined_directly_to_its_gateway():
    drawn = topology_of(plan())
    assert drawn.nodes == (INTERNET, "hq", "branch", "hq.server", "branch.pc")
    assert drawn.bridges == ()
    assert [port.name for port in drawn.ports("branch")] == ["inside", "outside"]
    assert [port.addresses for port in drawn.ports("branch")] == [
        ("10.2.0.1/24",),
        ("203.0.113.1/30",),
    ]
    [port] = drawn.ports("branch.pc")
    assert (port.name, port.addresses) == ("eth0", ("10.2.0.10/24",))
    assert dict(drawn.defaults)["branch.pc"] == "10.2.0.1"
    assert dict(drawn.defaults)["branch"] == "203.0.113.2"
    assert [port.name for port in drawn.ports(INTERNET)] == ["to-hq", "to-branch"]
    assert drawn.main_port("branch") == "outside"
    assert drawn.main_port("branch.pc") == "eth0"


def test_several_hosts_share_a_bridge_and_none_loses_its_address():
    drawn = topology_of(plan(hosts="pc: 10.2.0.1, printer: 10.2.0.2"))
    [bridge] = drawn.bridges
    assert (bridge.node, bridge.name, bridge.addresses) == ("branch", "inside", ("10.2.0.3/24",))
    assert [port.bridge for port in drawn.ports("branch")] == ["", "inside", "inside", ""]
    assert dict(drawn.defaults)["branch.printer"] == "10.2.0.3"


def test_a_gateway_has_an_address_in_each_network_behind_it():
    drawn = topology_of(plan("[10.2.0.0/24, 10.3.0.0/24]", "pc: 10.2.0.10, lab: 10.3.0.10"))
    [bridge] = drawn.bridges
    assert bridge.addresses == ("10.2.0.1/24", "10.3.0.1/24")
    assert dict(drawn.defaults)["branch.lab"] == "10.3.0.1"


def test_a_network_without_room_for_its_gateway_is_told():
    with pytest.raises(TopologyError, match=r"10\.2\.0\.10/32 has no room"):
        topology_of(plan("10.2.0.10/32"))


def test_a_host_with_its_gateways_address_is_the_gateway_itself():
    drawn = topology_of(plan("203.0.113.1/32", "itself: 203.0.113.1"))
    assert drawn.nodes == (INTERNET, "hq", "branch", "hq.server")
    assert drawn.itself == (("branch.itself", "branch"),)
    assert drawn.main_port("branch.itself") == "outside"
    assert "branch.itself" not in dict(drawn.defaults)


def test_no_gateway_may_be_called_internet():
    text = (HEAD % ("10.2.0.0/24", "pc: 10.2.0.10")).replace("branch", INTERNET)
    with pytest.raises(TopologyError, match="cannot be called internet"):
        topology_of(compile_scenario(load_text(text).scenario))


def test_a_long_name_gives_a_short_interface():
    text = (HEAD % ("10.2.0.0/24", "pc: 10.2.0.10")).replace("branch", "a-very-long-name-indeed")
    drawn = topology_of(compile_scenario(load_text(text).scenario))
    assert [port.name for port in drawn.ports(INTERNET)] == ["to-hq", "to-2"]


@given(st.integers(0x0B000001, 0x7EFFFFFE), st.integers(-9, 9).filter(bool))
def test_every_gateway_shares_a_network_with_the_internet_and_no_other_gateway(first, distance):
    addresses = format_address(first), format_address(first + distance)
    both = outside(outside(plan(), "hq", addresses[0]), "branch", addresses[1])
    try:
        drawn = topology_of(both)
    except TopologyError:
        assert abs(distance) == 1  # two neighbours of which neither has another
        return
    for name, own, other in (("hq", *addresses), ("branch", *reversed(addresses))):
        near = ip_interface(drawn.ports(name)[-1].addresses[0])
        far = ip_address(dict(drawn.defaults)[name])
        assert str(near.ip) == own
        assert far in near.network
        assert str(far) not in addresses
        if near.network.prefixlen < 31:
            assert ip_address(other) not in near.network
            assert {near.ip, far} <= set(near.network.hosts())
