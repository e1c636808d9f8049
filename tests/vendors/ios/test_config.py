"""The running configuration: written, read back, and tolerant of what it does not know."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import Dpd, Phase1Transform, Phase2Transform
from gwsim.vendors.ios.config import running_config
from gwsim.vendors.ios.config_reader import read_config
from tests.vendors.ios.pair import BRANCH, HQ, HQ_NET, connection, gateway
from tests.vendors.spoiled import spoiled

RICH = {
    "phase1": (Phase1Transform(7, 4, 14, 256), Phase1Transform(5, 1, 2, lifetime_seconds=28800)),
    "transforms": (Phase2Transform(12, 5, 192), Phase2Transform(20, None, 128)),
    "pfs_group": 5,
    "lifetime_seconds": 1800,
    "lifetime_kilobytes": None,
    "replay_window": 128,
    "dpd": Dpd(20.0, 3.0, 5, on_demand=True),
    "accept_aggressive": False,
    "nat_traversal": False,
    "pairs": [("10.1.0.0/24", "10.2.0.0/16"), ("10.1.0.10 tcp/80", "any tcp")],
}


def plain():
    return gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH))


def rich():
    box = gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH, **RICH))
    return replace(box, mtu=1400, df="clear", inside=(HQ_NET, "10.7.0.0/16"))


def renamed(config):
    """A configuration as it can be read: connections and children have the names of entries."""
    connections = tuple(
        replace(
            c,
            name=c.remote or "dynamic",
            children=tuple(
                replace(child, name=f"CMAP {10 * n}") for n, child in enumerate(c.children, 1)
            ),
        )
        for c in config.endpoint.connections
    )
    return replace(config, endpoint=replace(config.endpoint, connections=connections))


@pytest.mark.parametrize(("name", "config"), [("plain", plain()), ("rich", rich())])
def test_what_is_written_is_read_back(golden, name, config):
    text = running_config(config)
    golden(f"running_config__{name}", text)
    reading = read_config(text)
    assert reading.ignored == ()
    assert reading.config == renamed(config)


def test_a_configuration_can_be_shown_without_keys():
    assert "correct horse" in running_config(plain())
    assert "correct horse" not in running_config(plain(), secrets=False)


def test_a_peer_without_address_and_one_without_key():
    box = gateway("hq", HQ, HQ_NET, connection("branch", HQ, None))
    (found,) = read_config(running_config(box)).config.endpoint.connections
    assert (found.remote, found.psk, found.may_initiate) == (None, b"correct horse", False)
    box = gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH, psk=None))
    (found,) = read_config(running_config(box)).config.endpoint.connections
    assert found.psk is None


TYPED = """\
version 12.4
hostname R1
crypto isakmp policy 10
 encr aes 128
 authentication pre-share
 group 2
crypto isakmp policy 20
 encryption 3des
crypto isakmp key 0 wide address 203.0.113.0 255.255.255.0
crypto isakmp key narrow address 203.0.113.1 no-xauth
crypto isakmp key 6 QWERTY address 203.0.113.9
crypto isakmp keepalive 10 3 periodic
crypto isakmp profile P
   keyring default
crypto ipsec transform-set TS esp-3des esp-md5-hmac
 mode transport
crypto ipsec security-association lifetime seconds 7200
crypto map VPN 10 ipsec-isakmp
 set peer 203.0.113.1
 set peer 203.0.113.2
 set transform-set TS
 set pfs
 match address 101
interface FastEthernet0/0
 ip address 198.51.100.1 255.255.255.0
 crypto map VPN
interface FastEthernet0/1
 ip address 10.1.0.1 255.255.255.0
ip route 0.0.0.0 0.0.0.0 198.51.100.254
access-list 101 permit ip 10.1.0.0 0.0.0.255 10.2.0.0 0.0.0.255 log
access-list 101 permit tcp any gt 1024 any
"""


def test_a_typed_configuration():
    reading = read_config(TYPED)
    (found,) = reading.config.endpoint.connections
    (child,) = found.children
    assert (found.remote, found.psk, found.phase1) == (
        "203.0.113.1",
        b"narrow",
        (Phase1Transform(7, 2, 2, 128),),
    )
    assert found.dpd == Dpd(10.0, 3.0, 5)
    assert (child.pfs_group, child.lifetime_seconds, child.transport) == (1, 7200, True)
    assert (str(child.local), str(child.remote)) == ("10.1.0.0/24", "10.2.0.0/24")
    assert reading.config.inside == ("10.1.0.0/24",)
    assert [(line.number, line.why) for line in reading.ignored] == [
        (11, "the key is encrypted"),
        (13, "not known here"),
        (14, "not known here"),
        (20, "only the first peer is used"),
        (31, "ports with gt do not fit into a proxy ID"),
    ]


def test_a_wildcard_with_holes_is_ignored():
    text = TYPED.replace("10.1.0.0 0.0.0.255 10.2", "10.1.0.0 0.0.255.0 10.2")
    assert "0.0.255.0 has holes" in [line.why for line in read_config(text).ignored]


def test_without_a_crypto_map_on_an_interface_there_is_nothing_to_read():
    with pytest.raises(ValueError, match="no crypto map"):
        read_config("hostname R1\n")


@given(st.lists(st.sampled_from(TYPED.splitlines()) | st.text(max_size=60), max_size=40))
def test_no_text_stops_the_reading(lines):
    """Anything may stand there; it is read, ignored, or there is no crypto map."""
    with contextlib.suppress(ValueError):
        read_config("\n".join(lines))


@given(spoiled(TYPED))
def test_of_a_spoiled_configuration_the_rest_is_read(text):
    """What was understood can be written down, and means the same when it is read again."""
    try:
        reading = read_config(text)
    except ValueError as nothing:
        assert "no crypto map" in str(nothing)
    else:
        assert all(1 <= i.number <= len(text.splitlines()) and i.why for i in reading.ignored)
        if reading.config.endpoint.connections:
            again = read_config(running_config(reading.config))
            assert again.config == renamed(reading.config)
