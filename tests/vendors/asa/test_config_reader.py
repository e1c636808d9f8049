"""Reading real-looking configurations of both generations, and anything else without a fall."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import Dpd, Phase2Transform
from gwsim.vendors.asa.config_reader import read_config
from gwsim.wire.selector import Selector

NEW = """\
: Saved
hostname hq
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 198.51.100.1 255.255.255.0
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.255.0 standby 10.1.0.2
!
object network branch-lan
 subnet 10.2.0.0 255.255.255.0
 description where the branch is
object-group network servers
 network-object host 10.1.0.10
 network-object 10.1.0.64 255.255.255.192
access-list VPN remark to the branch
access-list VPN extended permit ip 10.1.0.0 255.255.255.0 object branch-lan
access-list SERVERS extended permit tcp object-group servers host 10.2.0.10 eq https
crypto ipsec ikev1 transform-set STRONG esp-aes-256 esp-sha-hmac
crypto ipsec ikev1 transform-set WEAK esp-3des esp-md5-hmac
crypto ipsec security-association lifetime seconds 3600
crypto map M 10 match address VPN
crypto map M 10 set pfs
crypto map M 10 set peer 203.0.113.1
crypto map M 10 set ikev1 transform-set STRONG WEAK
crypto map M 20 match address SERVERS
crypto map M 20 set pfs group5
crypto map M 20 set peer 203.0.113.1
crypto map M 20 set ikev1 transform-set WEAK
crypto map M 20 set security-association lifetime seconds 600 kilobytes 1000
crypto map M interface outside
crypto ikev1 enable outside
crypto ikev1 policy 20
 authentication pre-share
 encryption 3des
 hash md5
 group 2
 lifetime none
crypto ikev1 policy 10
 authentication pre-share
 encryption aes-256
 hash sha
 group 5
 lifetime 3600
crypto ikev1 policy 5
 authentication rsa-sig
tunnel-group 203.0.113.1 type ipsec-l2l
tunnel-group 203.0.113.1 ipsec-attributes
 ikev1 pre-shared-key S3cret!
 isakmp keepalive threshold 20 retry 5
"""

OLD = """\
interface Ethernet0
 nameif outside
 ip address 203.0.113.1 255.255.255.0
interface Ethernet1
 nameif lan
 ip address 10.2.0.1 255.255.255.0
access-list 101 permit ip 10.2.0.0 255.255.255.0 10.1.0.0 255.255.255.0
crypto ipsec transform-set T esp-des esp-none
crypto map M 1 match address 101
crypto map M 1 set peer 198.51.100.1
crypto map M 1 set transform-set T
crypto map M 1 set phase1-mode aggressive
crypto map M interface outside
crypto isakmp enable outside
crypto isakmp policy 1
 encryption des
no crypto isakmp nat-traversal
tunnel-group 198.51.100.1 type ipsec-l2l
tunnel-group 198.51.100.1 ipsec-attributes
 pre-shared-key other
"""


def only(text):
    reading = read_config(text)
    (connection,) = reading.config.endpoint.connections
    return connection


def without(text, start):
    return "".join(f"{line}\n" for line in text.splitlines() if not line.startswith(start))


def test_a_configuration_of_8_4_and_later():
    reading = read_config(NEW)
    assert reading.ignored == ()
    config = reading.config
    assert (config.name, config.vendor, config.endpoint.address) == ("hq", "asa", "198.51.100.1")
    assert (config.outside_interface, config.inside_interface) == ("outside", "inside")
    assert config.inside == ("10.1.0.0/24",)
    assert config.endpoint.enabled


def test_policies_come_in_the_order_of_their_numbers_and_only_with_pre_shared_keys():
    first, second = only(NEW).phase1
    assert (first.encryption, first.key_bits, first.group, first.lifetime_seconds) == (
        7,
        256,
        5,
        3600,
    )
    assert (second.encryption, second.hash, second.lifetime_seconds) == (5, 1, None)


def test_entries_of_one_peer_become_one_connection():
    connection = only(NEW)
    assert (connection.name, connection.remote, connection.psk) == (
        "203.0.113.1",
        "203.0.113.1",
        b"S3cret!",
    )
    assert connection.dpd == Dpd(20.0, 5.0, 3)
    names = [child.name for child in connection.children]
    assert names == ["M 10", "M 20.1", "M 20.2"]
    first, second, third = connection.children
    assert (first.pfs_group, first.lifetime_seconds) == (2, 3600)
    assert first.transforms == (Phase2Transform(12, 2, 256), Phase2Transform(3, 1))
    assert first.remote == Selector.parse("10.2.0.0/24")
    assert (second.pfs_group, second.lifetime_seconds, second.lifetime_kilobytes) == (5, 600, 1000)
    assert (str(second.local), str(second.remote)) == ("10.1.0.10 tcp", "10.2.0.10 tcp/443")
    assert str(third.local) == "10.1.0.64/26 tcp"


def test_a_configuration_before_8_4():
    reading = read_config(OLD)
    assert reading.ignored == ()
    assert reading.config.name == "ciscoasa"
    assert reading.config.inside_interface == "lan"
    connection = only(OLD)
    assert connection.psk == b"other"
    assert not connection.nat_traversal
    assert connection.aggressive
    assert connection.phase1[0].encryption == 1
    assert connection.children[0].transforms == (Phase2Transform(2, None),)
    assert connection.children[0].lifetime_seconds == 28800


def test_lines_nobody_knows_are_returned_with_their_numbers():
    text = NEW.replace("!\nobject", "!\nclass-map global\n match any\nobject")
    text += "crypto ca trustpoint X\n enrollment self\n"
    ignored = read_config(text).ignored
    assert [(i.text, i.why) for i in ignored] == [
        ("class-map global", "not known here"),
        (" match any", "not known here"),
        ("crypto ca trustpoint X", "not known here"),
        (" enrollment self", "not known here"),
    ]
    assert text.splitlines()[ignored[0].number - 1] == "class-map global"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("access-list X extended permit ip host 10.1.0.300 any", "10.1.0.300"),
        ("access-list X extended permit ip any", "an address is missing"),
        ("access-list X extended permit ip any object nowhere", "there is no object nowhere"),
        ("access-list X extended permit tcp any range 1 9 any", "range"),
        ("access-list X extended permit tcp any gt 9 any", "gt"),
        ("access-list X extended permit tcp any eq nonsense any", "nonsense"),
        ("access-list X extended permit nonsense any any", "nonsense"),
        ("access-list X extended permit ip 10.1.0.0 255.0.255.0 any", "holes"),
        ("access-list X extended permit ip any any nonsense", "nonsense"),
        ("crypto map M 10 set peer 203.0.113.1 203.0.113.2", "only the first peer"),
        ("crypto map M 10 set pfs group3", "group 3"),
        ("crypto map M 10 set security-association lifetime days 3", "days"),
        ("crypto map M 10 set security-association lifetime seconds x", "x is not a number"),
        ("crypto ipsec ikev1 transform-set T esp-nonsense", "esp-nonsense"),
        ("crypto ipsec ikev1 transform-set NEW mode transport", "no transform set NEW"),
        ("tunnel-group 203.0.113.1 ipsec-attributes\n ikev1 pre-shared-key *****", "starred"),
        ("crypto ikev1 policy 10\n encryption rot13", "rot13"),
        ("crypto ikev1 policy 10\n group 99", "group 99"),
        ("interface Ethernet9\n ip address 10.0.0.1 255.0.0.0", "without nameif"),
        ("object network X\n subnet 10.0.0.0 255.0.0.0 10.0.0.0", "too much"),
    ],
)
def test_lines_that_make_no_sense_say_why(line, why):
    (ignored,) = read_config(f"{NEW}{line}\n").ignored
    assert why in ignored.why


@pytest.mark.parametrize(
    "line",
    [
        "access-list Y extended permit ip any4 range 10.2.0.5 10.2.0.9",
        "access-list Y line 3 extended permit 47 any any log",
        "access-list Y extended permit ip any any inactive",
        "crypto map M 10 set nat-t-disable",
        "crypto map M 10 set ikev1 phase1-mode main",
        "crypto map M 10 set security-association lifetime kilobytes unlimited",
        "crypto map M 10 ipsec-isakmp",
        "crypto ipsec security-association lifetime kilobytes unlimited",
        "crypto ipsec security-association replay disable",
        "crypto ipsec df-bit clear-df outside",
        "crypto isakmp identity auto",
        "crypto isakmp identity key-id hq",
        "crypto isakmp nat-traversal 30",
        "crypto ikev1 am-disable",
        "mtu outside 1400",
        "route inside 10.7.0.0 255.255.0.0 10.1.0.254 1",
        "object-group network G\n group-object servers",
    ],
)
def test_lines_that_are_understood(line):
    assert read_config(f"{NEW}{line}\n").ignored == ()


def test_settings_reach_the_configuration():
    text = NEW + (
        "crypto map M 10 set nat-t-disable\n"
        "crypto map M 10 set connection-type originate-only\n"
        "crypto map M 10 set security-association lifetime kilobytes unlimited\n"
        "crypto ipsec ikev1 transform-set STRONG mode transport\n"
        "crypto ipsec security-association replay window-size 128\n"
        "crypto ipsec df-bit set-df outside\n"
        "crypto isakmp identity hostname\n"
        "crypto isakmp nat-traversal 45\n"
        "crypto ikev1 am-disable\n"
        "mtu outside 1400\n"
        "route inside 10.7.0.0 255.255.0.0 10.1.0.254 1\n"
    )
    reading = read_config(text)
    assert reading.ignored == ()
    config, connection = reading.config, only(text)
    child = connection.children[0]
    assert not connection.nat_traversal
    assert (connection.may_initiate, connection.may_respond) == (True, False)
    assert not connection.accept_aggressive
    assert (connection.local_id.id_type, connection.local_id.text) == (2, "hq")
    assert (child.transport, child.lifetime_kilobytes, child.replay_window) == (True, None, 128)
    assert (config.mtu, config.df) == (1400, "set")
    assert config.inside == ("10.1.0.0/24", "10.7.0.0/16")
    assert config.endpoint.behaviour.keepalive == 45.0


def test_a_peer_without_tunnel_group_has_no_key():
    assert only(without(NEW, ("tunnel-group", " ikev1 pre", " isakmp"))).psk is None


def test_an_incomplete_entry_is_left_out():
    text = NEW + "crypto map M 30 set peer 203.0.113.9\n"
    assert len(read_config(text).config.endpoint.connections) == 1


def test_dynamic_peers_use_the_default_group():
    text = without(NEW, "crypto map M 20") + (
        "crypto dynamic-map D 1 match address VPN\n"
        "crypto dynamic-map D 1 set ikev1 transform-set STRONG\n"
        "crypto map M 65535 ipsec-isakmp dynamic D\n"
        "crypto map M 65534 ipsec-isakmp dynamic EMPTY\n"
        "tunnel-group DefaultL2LGroup ipsec-attributes\n"
        " ikev1 pre-shared-key anyone\n"
        " isakmp keepalive disable\n"
    )
    fixed, dynamic = read_config(text).config.endpoint.connections
    assert fixed.remote == "203.0.113.1"
    assert (dynamic.name, dynamic.remote, dynamic.psk) == ("DefaultL2LGroup", None, b"anyone")
    assert dynamic.dpd is None
    assert not dynamic.may_initiate
    assert dynamic.children[0].name == "D 1"


def test_without_policies_the_default_one_is_used():
    text = without(NEW, ("crypto ikev1 policy", " auth", " encr", " hash", " group", " life"))
    assert (only(text).phase1[0].encryption, only(text).phase1[0].group) == (5, 2)


@pytest.mark.parametrize(
    "text",
    ["", "hostname x\n", without(NEW, "crypto map M interface"), without(NEW, " ip address")],
)
def test_without_a_crypto_map_on_an_interface_there_is_nothing_to_build(text):
    with pytest.raises(ValueError, match="no crypto map is bound"):
        read_config(text)


words = st.sampled_from(sorted(set(NEW.split()) | set(OLD.split()) | {"any", "eq", "range"}))
lines = st.builds(
    lambda indent, parts: indent + " ".join(parts),
    st.sampled_from(["", " "]),
    st.lists(words | st.text(max_size=8), max_size=10),
)


@given(st.lists(lines, max_size=12))
def test_whatever_else_stands_in_it_a_configuration_is_read(extra):
    """Shuffled words of the grammar and arbitrary text: lines are ignored, nothing is raised."""
    reading = read_config(NEW + "\n".join(extra))
    assert reading.config.vendor == "asa"
    total = len((NEW + "\n".join(extra)).splitlines())
    assert all(1 <= ignored.number <= total for ignored in reading.ignored)


@given(st.text())
def test_arbitrary_text_is_read_or_refused(text):
    try:
        read_config(text)
    except ValueError as refusal:
        assert "no crypto map" in str(refusal)
