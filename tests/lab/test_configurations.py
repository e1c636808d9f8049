"""A scenario becomes what gateways and path are told."""

import pytest

from gwsim.ike.config import LifetimePolicy, PfsPolicy, ProxyPolicy
from gwsim.lab.configurations import gateway_config, hosts_of, path_config
from gwsim.lab.load import load_text
from gwsim.lab.scenario import Scenario
from gwsim.vendors.registry import VENDORS
from tests.lab.scenarios_for_tests import varied

KEY = "psk: correct horse battery staple"


def scenario(*changes: tuple[str, str]) -> Scenario:
    return load_text(varied(*changes)).scenario


def test_a_gateway_is_told_its_addresses_and_its_peer() -> None:
    config = gateway_config(scenario(), "hq")
    assert (config.name, config.vendor, config.inside) == ("hq", "asa", ("10.1.0.0/24",))
    assert config.endpoint.address == "198.51.100.1"
    assert config.endpoint.behaviour == VENDORS["asa"].behaviour
    assert config.endpoint.enabled
    [connection] = config.endpoint.connections
    assert (connection.name, connection.remote) == ("branch", "203.0.113.1")
    assert connection.psk == b"correct horse battery staple"
    assert connection.remote_id is not None
    assert connection.remote_id.text == "203.0.113.1"
    [child] = connection.children
    assert (str(child.local), str(child.remote)) == ("10.1.0.0/24", "10.2.0.0/24")


def test_further_selectors_are_further_children() -> None:
    config = gateway_config(scenario(("10.2.0.0/24", "[10.2.0.0/24, 10.8.0.0/24]")), "hq")
    assert [child.name for child in config.endpoint.connections[0].children] == [
        "branch",
        "branch-2",
    ]


def test_the_vendor_names_interfaces_and_fills_the_rest() -> None:
    config = gateway_config(
        scenario(("branch: {vendor: asa", "branch: {vendor: screenos")), "branch"
    )
    defaults = VENDORS["screenos"].defaults
    assert config.outside_interface == defaults.outside_interface
    assert config.df == defaults.dont_fragment
    [connection] = config.endpoint.connections
    assert connection.nat_traversal == defaults.nat_traversal
    assert connection.accept_aggressive == defaults.accepts_other_mode
    assert connection.children[0].replay_window == defaults.replay_window


def test_everything_that_can_be_said_of_an_end_arrives() -> None:
    told = (
        "mode: aggressive, accept: [main], nat_traversal: no, force_encapsulation: yes,"
        " direction: answer-only, auto_start: yes, identity: a.example, peer_identity: b@example,"
        " peer: any, esn: yes, replay_window: 128, encapsulation: transport"
    )
    config = gateway_config(scenario((KEY, f"{KEY}\n    hq: {{{told}}}")), "hq")
    [connection] = config.endpoint.connections
    assert connection.aggressive
    assert (connection.accept_main, connection.accept_aggressive) == (True, False)
    assert (connection.nat_traversal, connection.force_encapsulation) == (False, True)
    assert (connection.may_initiate, connection.may_respond) == (False, True)
    assert connection.auto_start
    assert connection.remote is None
    assert connection.local_id is not None
    assert connection.remote_id is not None
    assert (connection.local_id.text, connection.remote_id.text) == ("a.example", "b@example")
    [child] = connection.children
    assert (child.esn, child.replay_window, child.transport) == (True, 128, True)


def test_a_peer_expects_the_identity_the_other_end_gives_itself() -> None:
    config = gateway_config(scenario((KEY, f"{KEY}\n    branch: {{identity: b.example}}")), "hq")
    remote = config.endpoint.connections[0].remote_id
    assert remote is not None
    assert remote.text == "b.example"


def test_a_gateway_may_differ_from_its_vendor() -> None:
    told = (
        "behaviour: {pfs: obey, proxy: subset, lifetime: strict, initial_contact: no,"
        " send_delete: no, keepalive: 3s, half_open_limit: 2}, isakmp: off, mtu: 1400, df: set,"
        " other_traffic: discard"
    )
    changes = ("hq:     {vendor: asa,", f"hq: {{vendor: asa, {told},")
    config = gateway_config(scenario(changes), "hq")
    behaviour = config.endpoint.behaviour
    assert (behaviour.pfs, behaviour.proxy) == (PfsPolicy.OBEY, ProxyPolicy.SUBSET)
    assert behaviour.lifetime is LifetimePolicy.STRICT
    assert behaviour.initial_contact == ()
    assert (behaviour.send_delete, behaviour.keepalive, behaviour.half_open_limit) == (False, 3, 2)
    assert not config.endpoint.enabled
    assert (config.mtu, config.df, config.default) == (1400, "set", "discard")


def test_initial_contact_can_be_switched_on_where_the_vendor_has_it_off() -> None:
    changes = (
        ("branch: {vendor: asa,", "branch: {vendor: screenos, behaviour: {initial_contact: yes},"),
    )
    assert VENDORS["screenos"].behaviour.initial_contact == ()
    config = gateway_config(scenario(*changes), "branch")
    assert config.endpoint.behaviour.initial_contact


def test_hosts_have_names_and_a_gateway_without_has_one() -> None:
    hosts = hosts_of(scenario((", hosts: {pc: 10.2.0.10}", ""), ("branch.pc", "branch")))
    told = [(host.name, host.gateway, host.address) for host in hosts]
    assert told == [("hq.server", "hq", "10.1.0.10"), ("branch.host", "branch", "10.2.0.10")]


@pytest.mark.parametrize(
    ("network", "address"),
    [("10.2.0.0/30", "10.2.0.1"), ("10.2.0.7/32", "10.2.0.7"), ("10.0.0.0/8", "10.0.0.10")],
)
def test_the_host_of_a_small_network_is_in_it(network: str, address: str) -> None:
    whole = scenario(
        ("inside: 10.2.0.0/24, hosts: {pc: 10.2.0.10}", f"inside: {network}"),
        ("branch.pc", "branch"),
        ("10.1.0.0/24", "172.16.0.0/24"),
        ("10.1.0.10", "172.16.0.10"),
    )
    assert hosts_of(whole)[1].address == address


def test_the_path_joins_the_gateways_over_their_lines() -> None:
    internet = "internet: {latency: 20ms, loss: 1%, branch: {latency: 300ms, mtu: 1400}}\ntimeline:"
    hq, branch = path_config(scenario(("timeline:", internet))).sides
    assert (hq.link.latency, hq.link.loss, hq.link.mtu) == (0.02, 0.01, None)
    assert (branch.link.latency, branch.link.loss, branch.link.mtu) == (0.3, 0.01, 1400)
    assert hq.addresses == ("198.51.100.1", "10.1.0.0/24")


def test_the_internet_may_be_ignorant_of_the_networks_inside() -> None:
    whole = scenario(("timeline:", "internet: {routes_inside: no}\ntimeline:"))
    assert path_config(whole).sides[0].addresses == ("198.51.100.1",)


def test_a_nat_stands_in_front_of_its_gateway() -> None:
    nat = (
        "behind_nat: {public: 203.0.113.1, ports: translate, udp_timeout: 30s,"
        " forward: [udp/500, esp], esp_helper: yes, random_ports: yes}, hosts: {pc"
    )
    side = path_config(scenario(("203.0.113.1", "192.168.1.2"), ("hosts: {pc", nat))).sides[1]
    assert side.nat is not None
    assert (side.nat.public, side.nat.inside) == ("203.0.113.1", "192.168.1.2")
    assert side.nat.forward == ((17, 500), (50, 0))
    assert (side.nat.udp_timeout, side.nat.esp_helper, side.nat.random_ports) == (30, True, True)
