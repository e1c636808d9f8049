"""Addresses that contradict each other are found, and so are those nobody can have."""

import pytest

from gwsim.lab.load import ScenarioError, load_text
from tests.lab.scenarios_for_tests import varied


def problems(*changes: tuple[str, str]) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_text(varied(*changes), "x.yaml")
    return [problem.message for problem in caught.value.problems]


def warnings(*changes: tuple[str, str]) -> list[str]:
    return [warning.message for warning in load_text(varied(*changes), "x.yaml").warnings]


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1", "224.0.0.5", "255.255.255.255"])
def test_an_interface_has_an_address_of_its_own(address: str) -> None:
    told = problems(("outside: 198.51.100.1", f"outside: {address}"))
    assert told == [f"{address} is not the address of an interface"]
    nat = f"outside: 192.168.1.2, behind_nat: {{public: {address}}}"
    told = problems(("outside: 198.51.100.1", nat))
    assert told == [f"{address} is not the address of an interface"]


@pytest.mark.parametrize("network", ["127.0.0.0/8", "224.0.0.0/4"])
def test_hosts_live_in_networks_that_can_have_hosts(network: str) -> None:
    told = problems(
        ("inside: 10.1.0.0/24, hosts: {server: 10.1.0.10}", f"inside: {network}"),
        ("from: hq.server", "from: hq"),
    )
    assert told == [f"{network} is no network of hosts"]


def test_a_network_is_named_once() -> None:
    twice = ("inside: 10.1.0.0/24", "inside: [10.1.0.0/24, 10.1.0.0/24]")
    assert problems(twice) == ["10.1.0.0/24 stands here 2 times"]


@pytest.mark.parametrize("address", ["10.2.0.0", "10.2.0.255"])
def test_the_ends_of_a_network_are_no_hosts(address: str) -> None:
    told = problems(("pc: 10.2.0.10", f"pc: {address}"))
    assert told == [f"{address} is the first or last of its network, and no host's"]


def test_in_a_network_of_two_both_are_hosts() -> None:
    small = (
        "inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}",
        "inside: 10.2.0.10/31, hosts: {pc: 10.2.0.10}",
    )
    assert warnings(small) == []


def test_a_gateway_has_no_address_of_a_host_elsewhere() -> None:
    told = problems(("outside: 198.51.100.1", "outside: 10.2.0.10"))
    assert told == ["10.2.0.10 is already the address of branch.pc"]


def test_a_gateway_within_a_network_of_its_peer_is_odd() -> None:
    told = warnings(("outside: 198.51.100.1", "outside: 10.2.0.99"))
    assert told == ["10.2.0.99 lies in 10.2.0.0/24 of branch: the way to hq is unclear"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10.1.0.0/255.255.255.0", "10.1.0.0/24"),
        ("10.0.0.0/255.0.255.0", "10.1.0.0/24"),
        ("172.16.0.0/255.240.0.0", "172.16.0.0/12"),
        ("10.1.0.0 / 24", "10.1.0.0/24"),
    ],
)
def test_a_network_with_a_mask_is_told_how_it_is_written_here(written: str, meant: str) -> None:
    told = problems(("inside: 10.1.0.0/24", f"inside: {written}"))
    assert f"{written!r} is not a network; write it as {meant}" in told


def test_gateways_side_by_side_can_only_be_simulated() -> None:
    third = "  far: {vendor: asa, outside: 203.0.113.2, inside: 10.3.0.0/24}\n"
    fourth = "  off: {vendor: asa, outside: 203.0.113.3, inside: 10.4.0.0/24}\n"
    told = warnings(("tunnels:\n", f"{third}{fourth}tunnels:\n"))
    assert (
        "only in process: 203.0.113.2 has no free address beside it for the internet; "
        "let the gateways' addresses lie further apart"
    ) in told


def test_a_fault_gives_a_gateway_no_address_of_somebody_else() -> None:
    fault = "dynamic-peer-in-main-mode: {address: 198.51.100.1}"
    told = problems(("timeline:\n", f"faults:\n  - {fault}\ntimeline:\n"))
    assert told == ["198.51.100.1 is already the address of hq"]
