"""The configuration of a PIX: written, read back, and read from what others have published."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import Dpd, Phase1Transform, Phase2Transform
from gwsim.vendors.ios.pix import VENDOR
from gwsim.vendors.ios.pix.config import write_terminal
from gwsim.vendors.ios.pix.config_reader import read_config
from gwsim.wire.numbers import Encryption, EspTransform
from tests.vendors import pair
from tests.vendors.ios.pix.pair import Pair
from tests.vendors.pair import BRANCH, HQ, HQ_NET

connection = partial(pair.connection, VENDOR)
gateway = partial(pair.gateway, VENDOR)

RICH = {
    "phase1": (Phase1Transform(7, 2, 5, 256), Phase1Transform(5, 1, 2, lifetime_seconds=28800)),
    "transforms": (Phase2Transform(12, 2, 192), Phase2Transform(3, 1)),
    "pfs_group": 5,
    "lifetime_seconds": 1800,
    "lifetime_kilobytes": 50000,
    "dpd": Dpd(20.0, 3.0, 5),
    "nat_traversal": True,
    "pairs": [("10.1.0.0/24", "10.2.0.0/16"), ("10.1.0.10 tcp/80", "any tcp")],
}


def plain():
    return gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH))


def rich():
    box = gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH, **RICH))
    return replace(box, mtu=1400, inside=(HQ_NET, "10.7.0.0/16"))


def renamed(config):
    """A configuration as it can be read: connections and children have the names of entries."""
    connections = tuple(
        replace(
            c,
            name=c.remote,
            children=tuple(
                replace(child, name=f"outside_map {20 * n}")
                for n, child in enumerate(c.children, 1)
            ),
        )
        for c in config.endpoint.connections
    )
    return replace(config, endpoint=replace(config.endpoint, connections=connections))


@pytest.mark.parametrize(("name", "config"), [("plain", plain()), ("rich", rich())])
def test_what_is_written_is_read_back(golden, name, config):
    text = write_terminal(config, secrets=True)
    golden(f"write_terminal__{name}", text)
    reading = read_config(text)
    assert reading.ignored == ()
    assert reading.config == renamed(config)


PUBLISHED = """\
access-list outside_cryptomap_120 permit ip 10.1.0.0 255.255.255.0 10.2.0.0 255.255.255.0
nat (inside) 0 access-list inside_outbound_nat0_acl
ip address outside 198.51.100.1 255.255.255.240
ip address inside 10.1.0.1 255.255.255.0
crypto ipsec transform-set ESP-3DES-MD5 esp-3des esp-md5-hmac
crypto map outside_map 120 ipsec-isakmp
crypto map outside_map 120 match address outside_cryptomap_120
crypto map outside_map 120 set pfs group2
crypto map outside_map 120 set peer 203.0.113.1
crypto map outside_map 120 set transform-set ESP-3DES-MD5
crypto map outside_map 120 set security-association lifetime seconds 86400 kilobytes 4608000
crypto map outside_map interface outside
isakmp enable outside
isakmp key ******** address 203.0.113.1 netmask 255.255.255.255 no-xauth no-config-mode
isakmp identity address
isakmp policy 20 authentication pre-share
isakmp policy 20 encryption 3des
isakmp policy 20 hash sha
isakmp policy 20 group 2
isakmp policy 20 lifetime 86400
"""
"""The lines of a 6.3(5) that was published with its peer's, other addresses put in."""


def test_a_published_configuration_is_understood_but_for_its_key():
    reading = read_config(PUBLISHED)
    [key] = reading.ignored
    assert "starred" in key.why
    [peer] = reading.config.endpoint.connections
    assert (peer.remote, peer.psk, peer.nat_traversal, peer.dpd) == (
        "203.0.113.1",
        None,
        False,
        None,
    )
    assert [t.encryption for t in peer.phase1] == [Encryption.TRIPLE_DES_CBC]
    [child] = peer.children
    assert (child.transforms[0].transform, child.pfs_group) == (EspTransform.TRIPLE_DES, 2)
    assert (child.lifetime_seconds, child.lifetime_kilobytes) == (86400, 4608000)
    assert reading.config.vendor == "pix"


def test_what_is_not_known_is_returned_with_its_line():
    text = f"{PUBLISHED}vpngroup remote idle-time 1800\ncrypto map outside_map 120 set pfs group9\n"
    found = {ignored.number: ignored.why for ignored in read_config(text).ignored}
    assert found[21] == "not known here"
    assert found[22] == "group 9 is not known here"


@given(st.text(max_size=200))
def test_nothing_stops_the_reading(noise):
    assert read_config(PUBLISHED + noise).config.outside_interface == "outside"


def test_a_configuration_without_a_tunnel_is_refused():
    with pytest.raises(ValueError, match="no crypto map"):
        read_config("hostname hq\n")


def test_screens_star_the_key_and_show_what_is_asked_for():
    pix = Pair()
    whole = pix.show("hq", "write terminal")
    assert whole == pix.show("hq", "show running-config")
    assert "isakmp key ******** address 203.0.113.1 netmask 255.255.255.255 no-xauth" in whole
    assert pix.show("hq", "show isakmp").startswith("isakmp enable outside\nisakmp key ********")
