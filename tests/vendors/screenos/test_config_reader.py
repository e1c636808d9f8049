"""Reading a configuration: what is written is read back, real lines mean what they mean."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gwsim.gateway.config import GatewayConfig, PolicyRule
from gwsim.ike.config import Connection, Dpd, Identity, Phase1Transform, Phase2Transform
from gwsim.vendors.screenos.config import running_config
from gwsim.vendors.screenos.config_reader import read_config
from gwsim.wire.numbers import IdType
from gwsim.wire.selector import Selector
from tests.vendors.screenos.pair import Pair

BASE = """\
set hostname ns5gt
set interface "untrust" zone "Untrust"
set interface untrust ip 203.0.113.1/24
set interface "trust" zone "Trust"
set interface trust ip 10.2.0.1/24
set address "Trust" "lan" 10.2.0.0 255.255.255.0
set address "Untrust" "hq" 10.1.0.0 255.255.255.0
set ike gateway "To-Cisco" address 198.51.100.1 Main outgoing-interface "untrust" preshare \
"netscreen" proposal "pre-g2-des-sha"
set vpn "VPN" gateway "To-Cisco" no-replay tunnel idletime 0 proposal "g2-esp-3des-sha"
set policy id 1 from "Trust" to "Untrust" "lan" "hq" "ANY" tunnel vpn "VPN" id 0x1 pair-policy 2
set policy id 2 from "Untrust" to "Trust" "hq" "lan" "ANY" tunnel vpn "VPN" id 0x1 pair-policy 1
"""


def read(more: str = "", base: str = BASE) -> Connection:
    reading = read_config(base + more)
    assert reading.ignored == ()
    return reading.config.endpoint.connections[0]


def ignored(line: str) -> str:
    (found,) = read_config(BASE + line).ignored
    assert (found.number, found.text) == (len(BASE.splitlines()) + 1, line)
    return found.why


def test_a_small_configuration():
    reading = read_config(BASE)
    config, connection = reading.config, reading.config.endpoint.connections[0]
    assert (config.name, config.endpoint.address) == ("ns5gt", "203.0.113.1")
    assert (config.outside_interface, config.inside_interface) == ("untrust", "trust")
    assert config.inside == ("10.2.0.0/24",)
    assert (connection.remote, connection.psk) == ("198.51.100.1", b"netscreen")
    assert connection.phase1 == (Phase1Transform(1, 2, 2, lifetime_seconds=28800),)
    assert not connection.nat_traversal and connection.dpd is None
    (child,) = connection.children
    assert (str(child.local), str(child.remote)) == ("10.2.0.0/24", "10.1.0.0/24")
    assert (child.pfs_group, child.transforms) == (2, (Phase2Transform(3, 2),))
    assert (child.lifetime_seconds, child.replay_window) == (3600, 0)


def test_options_of_a_gateway():
    options = """\
set ike gateway "To-Cisco" nat-traversal
unset ike gateway "To-Cisco" nat-traversal udp-checksum
set ike gateway "To-Cisco" nat-traversal keepalive-frequency 10
set ike gateway "To-Cisco" dpd interval 20
set ike gateway "To-Cisco" dpd-retry 3
"""
    connection = read(options)
    assert connection.nat_traversal
    assert connection.dpd == Dpd(20.0, 20.0, 3)
    assert read_config(BASE + options).config.endpoint.behaviour.keepalive == 10.0
    assert not read(options + 'unset ike gateway "To-Cisco" nat-traversal\n').nat_traversal


def test_options_of_a_vpn():
    options = """\
set ike p2-proposal "own" group14 esp aes256 sha-1 hour 8 kbyte 4608000
set vpn "VPN" gateway "To-Cisco" replay transport idletime 0 proposal "own" "nopfs-esp-null-md5"
set vpn "VPN" monitor optimized rekey
set vpn "VPN" id 0x9 bind interface tunnel.1
"""
    connection = read(options)
    (child,) = connection.children
    assert child.transforms == (Phase2Transform(12, 2, 256), Phase2Transform(11, 1))
    assert (child.pfs_group, child.lifetime_seconds, child.lifetime_kilobytes) == (
        14,
        28800,
        4608000,
    )
    assert child.transport and child.replay_window == 64 and connection.auto_start


@pytest.mark.parametrize(
    ("line", "local", "remote"),
    [
        (
            'set vpn "VPN" proxy-id local-ip 10.2.0.4/32 remote-ip 10.1.0.0/24 "PING"',
            "10.2.0.4 icmp",
            "10.1.0.0/24 icmp",
        ),
        (
            'set vpn "VPN" proxy-id local-ip 0.0.0.0/0 remote-ip 10.1.0.0/24 "HTTP"',
            "any tcp",
            "10.1.0.0/24 tcp/80",
        ),
    ],
)
def test_proxy_ids_by_hand_come_before_policies(line, local, remote):
    (child,) = read(line + "\n").children
    assert (str(child.local), str(child.remote)) == (local, remote)


def test_a_route_based_vpn_without_proxy_ids_carries_everything():
    base = "\n".join(line for line in BASE.splitlines() if "policy" not in line) + "\n"
    (child,) = read('set vpn "VPN" bind interface tunnel.1\n', base).children
    assert (str(child.local), str(child.remote)) == ("any", "any")
    assert read("", base).children == ()


def test_every_policy_of_a_vpn_is_a_child_of_its_own():
    more = """\
set address "Trust" "dmz" 10.3.0.4 255.255.255.255
set policy id 3 from "Trust" to "Untrust" "dmz" "hq" "HTTP" tunnel vpn "VPN" id 0x2
"""
    children = read(more).children
    assert [child.name for child in children] == ["VPN", "VPN-2"]
    assert str(children[1].local) == "10.3.0.4 tcp"
    assert str(children[1].remote) == "10.1.0.0/24 tcp/80"


def test_an_incoming_policy_alone_is_enough():
    base = "\n".join(line for line in BASE.splitlines() if "id 1 from" not in line) + "\n"
    (child,) = read("", base).children
    assert (str(child.local), str(child.remote)) == ("10.2.0.0/24", "10.1.0.0/24")


@pytest.mark.parametrize(
    ("level", "phase1", "phase2", "pfs"),
    [("standard", 2, 2, 2), ("compatible", 4, 4, None), ("basic", 2, 2, None)],
)
def test_security_levels(level, phase1, phase2, pfs):
    connection = read(
        'set ike gateway "To-Cisco" address 198.51.100.1 Main outgoing-interface "untrust" '
        f'preshare "x" sec-level {level}\n'
        f'set vpn "VPN" gateway "To-Cisco" no-replay tunnel idletime 0 sec-level {level}\n'
    )
    assert len(connection.phase1) == phase1
    assert len(connection.children[0].transforms) == phase2
    assert connection.children[0].pfs_group == pfs


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("set admin name netscreen", "not known here"),
        ("unset zone trust tcp-rst", "not known here"),
        ('set ike gateway "X" nat-traversal', "gateway 'X' is not defined"),
        ('set ike gateway "To-Cisco" heartbeat hello 5', "not known here"),
        ('set ike gateway "R" address 1.1.1.1 Main proposal "rsa-g2-3des-sha"', "is not defined"),
        ('set ike gateway "R" address 1.1.1.300 Main', "1.1.1.300"),
        ('set ike gateway "R" address 1.1.1.1 Main preshare', "ends too soon"),
        ('set ike p1-proposal "p" rsa-sig group2 esp 3des md5 second 1', "only pre-shared keys"),
        (
            'set ike p1-proposal "p" preshare group9 esp 3des md5 second 1',
            "'group9' is not a group",
        ),
        ('set ike p1-proposal "p" preshare group2 esp cast md5 second 1', "'cast' is not an alg"),
        ('set ike p1-proposal "p" preshare group2 esp 3des md5 week 1', "is not a unit of time"),
        ('set ike p1-proposal "p" preshare', "ends too soon"),
        ('set ike p2-proposal "p" no-pfs ah 3des md5 second 1', "only ESP"),
        ('set ike p2-proposal "p" no-pfs esp 3des', "ends too soon"),
        ('set vpn "V" gateway "nobody" tunnel', "gateway 'nobody' is not defined"),
        ('set vpn "V" monitor', "VPN 'V' is not defined"),
        ('set vpn "VPN" df-bit ignore', "nothing to do with a DF bit"),
        ('set vpn "VPN" proxy-id local-ip 10.0.0.0/8', "has a local-ip and a remote-ip"),
        ('set policy id 9 from "Trust" to "Untrust" "x" "hq" "ANY" permit', "'x' is not defined"),
        ('set policy id 9 from "Trust" to "Untrust" "lan" "hq" "ANY" nat', "'nat' is not known"),
        ('set policy id 9 from "Trust" to "Untrust" "lan" "hq" "X" deny', "'X' is not defined"),
        ('set address "Trust" "x" 10.0.0.0 255.0.255.0', "a mask with holes"),
        ('set address "Trust" "x" www.example.com', "www.example.com"),
        ('set service "s" protocol tcp src-port 0-65535 dst-port 80-90', "a range of ports"),
        ('set ike gateway "R" address 1.1.1.1 Main cert "c"', "'cert' is not known here"),
        ('set ike gateway "R" address 1.1.1.1 sec-level high', "'high' is not a security level"),
        ('set ike gateway "To-Cisco" dpd always-send', "not known here"),
        ('unset ike gateway "To-Cisco" heartbeat', "not known here"),
        ("set interface trust bandwidth 10", "not known here"),
        ("set route 10.0.0.1 interface trust", "'10.0.0.1' is not a network"),
        ("set route source 10.0.0.0/8", "not known here"),
        ('set service "s" timeout 5', "not known here"),
        ('set vpn "VPN" failover-weight 5', "not known here"),
        ('set policy id 9 from "Trust" to "Untrust" "lan" "hq" "ANY" tunnel vpn "X"', "'X' is not"),
        ("set policy id 9 application ftp", "not known here"),
        ("set interface trust mtu 10", "not a number from 68 to 65535"),
        ("set interface trust mtu x", "'x' is not a number"),
    ],
)
def test_a_line_that_cannot_be_read_is_returned_with_its_number(line, why):
    assert why in ignored(line)


def test_words_that_change_nothing_here_are_known():
    more = """\
set interface trust nat
set policy id 9 name "out" from "Trust" to "Untrust" "lan" "hq" "ANY" permit
set vpn "VPN" bind zone Untrust-Tun
set service "gre" protocol 47 src-port 0-65535 dst-port 0-65535
set route 10.9.0.0/16 interface trust gateway 10.2.0.254
"""
    reading = read_config(BASE + more)
    assert reading.ignored == ()
    assert reading.config.inside == ("10.2.0.0/24", "10.9.0.0/16")


def test_a_dynamic_gateway_is_known_by_its_identity():
    connection = read(
        'set ike gateway "To-Cisco" dynamic "user@example" Aggressive local-id "10.2.0.1" '
        'outgoing-interface "untrust" preshare "x" proposal "pre-g2-3des-sha"\n'
    )
    assert connection.remote is None and not connection.may_initiate
    assert connection.remote_id == Identity(IdType.USER_FQDN, "user@example")
    assert connection.local_id == Identity.address("10.2.0.1")
    assert connection.accept_aggressive and not connection.accept_main


def test_comments_and_blank_lines_are_no_lines():
    assert read_config("# a comment\n\n" + BASE).ignored == ()


def test_without_an_outside_address_there_is_no_gateway():
    with pytest.raises(ValueError, match="no interface towards a gateway"):
        read_config("set hostname x\n")


def test_initial_contact_default_policy_and_plain_policies():
    config = read_config(
        BASE
        + "set ike initial-contact\nset policy default-permit-all\n"
        + 'set policy id 7 from "Trust" to "Untrust" "lan" "Any" "DNS" deny\n'
    ).config
    assert "main-5" in config.endpoint.behaviour.initial_contact
    assert config.default == "bypass"
    wanted = PolicyRule(Selector.parse("10.2.0.0/24 udp"), Selector.parse("any udp/53"), "discard")
    assert config.rules == (wanted,)
    assert read_config(BASE).config.default == "discard"


def written(**hq_is: Any) -> GatewayConfig:
    return Pair({"accept_main": True, **hq_is}).gateways["hq"].config


@pytest.mark.parametrize(
    "hq_is",
    [
        {},
        {"pairs": [("10.1.0.10 tcp", "10.2.0.0/24 tcp/80"), ("10.1.0.0/24 47", "any 47")]},
        {"pairs": [("10.1.0.0/24 tcp/22", "10.2.0.0/24 tcp")]},
        {"phase1": (Phase1Transform(7, 4, 14, 256), Phase1Transform(5, 1, 5))},
        {"transforms": (Phase2Transform(12, 5, 256), Phase2Transform(20, None, 128))},
        {"pfs_group": 14, "lifetime_seconds": 28800, "lifetime_kilobytes": 5000},
        {"replay_window": 64, "transport": True, "nat_traversal": True, "auto_start": True},
        {"dpd": Dpd(10.0, 10.0, 5)},
        {"remote_id": Identity(IdType.FQDN, "b.example"), "aggressive": True}
        | {"accept_main": False, "accept_aggressive": True},
        {"local_id": Identity(IdType.USER_FQDN, "me@example")},
    ],
)
def test_what_is_written_is_read_back(hq_is):
    config = written(**hq_is)
    reading = read_config(running_config(config, secrets=True))
    assert reading.ignored == ()
    assert reading.config == config


def test_mtu_df_and_further_networks_are_read_back():
    config = replace(
        written(), mtu=1400, df="copy", default="discard", inside=("10.1.0.0/24", "10.9.0.0/16")
    )
    assert read_config(running_config(config, secrets=True)).config == config


WORDS = st.sampled_from(
    f"{BASE} proxy-id bind dpd 10.0.0.0/8 local-ip unset p1-proposal p2-proposal x".replace(
        '"', ""
    ).split()
)
LINES = st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=14).map(" ".join)


@settings(max_examples=300)
@given(st.lists(st.one_of(LINES, st.sampled_from(BASE.splitlines())), max_size=12))
def test_whatever_is_read_only_a_missing_outside_address_is_an_error(lines):
    """Lines that contradict themselves or each other are returned, none of them raises."""
    text = BASE + "\n".join(lines)
    reading = read_config(text)
    count = len(text.splitlines())
    assert all(1 <= line.number <= count and line.why for line in reading.ignored)
    assert running_config(reading.config).startswith("set ")
