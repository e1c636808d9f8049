"""The configuration: written, read back, and tolerant of what it does not know."""

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gwsim.ike.config import Dpd, Identity, Phase1Transform, Phase2Transform
from gwsim.vendors.fortios.config import configuration
from gwsim.vendors.fortios.config_reader import CONFIG_TEXT, read_config
from gwsim.wire.numbers import IdType
from tests.vendors.fortios.pair import BRANCH, HQ, HQ_NET, connection, gateway
from tests.vendors.spoiled import spoiled

RICH = {
    "phase1": (
        Phase1Transform(7, 4, 14, 256, lifetime_seconds=28800),
        Phase1Transform(5, 2, 14, lifetime_seconds=28800),
    ),
    "transforms": (Phase2Transform(12, 5, 256), Phase2Transform(20, None, 128)),
    "pfs_group": None,
    "lifetime_seconds": 1800,
    "lifetime_kilobytes": 100_000,
    "replay_window": 0,
    "transport": True,
    "aggressive": True,
    "local_id": Identity(IdType.USER_FQDN, "hq@example.org"),
    "psk": b'with "quotes" and \\',
    "dpd": Dpd(10.0, 10.0, 5, on_demand=False),
    "nat_traversal": True,
    "force_encapsulation": True,
    "auto_start": True,
    "may_initiate": False,
    "pairs": [
        ("10.1.0.0/24", "10.2.0.0/16"),
        ("10.1.0.10 tcp/80", "any tcp"),
        ("10.1.0.5-10.1.0.9", "10.2.0.7"),
    ],
}


def plain():
    return gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH))


def rich():
    own = connection("branch", HQ, BRANCH, **RICH)
    second = connection("other", HQ, "203.0.113.9", pairs=[("10.1.0.0/24", "10.9.0.0/24")])
    box = gateway("hq", HQ, HQ_NET, own, second)
    behaviour = replace(box.endpoint.behaviour, keepalive=30.0)
    endpoint = replace(box.endpoint, behaviour=behaviour)
    return replace(box, endpoint=endpoint, mtu=1400, inside=(HQ_NET, "10.7.0.0/16"))


BOXES = pytest.mark.parametrize(("name", "config"), [("plain", plain()), ("rich", rich())])


@BOXES
@pytest.mark.parametrize("full", [False, True])
def test_what_is_written_is_read_back(golden, name, config, full):
    text = configuration(config, full=full)
    golden(f"{'show_full' if full else 'show'}__{name}", text)
    reading = read_config(text)
    assert reading.ignored == ()
    assert reading.config == config


@BOXES
def test_what_is_written_says_whose_it_is(name, config):
    assert CONFIG_TEXT.sign.search(configuration(config))


def test_a_configuration_can_be_shown_without_keys():
    assert 'psksecret "correct horse"' in configuration(plain())
    assert "correct horse" not in configuration(plain(), secrets=False)
    (line,) = read_config(configuration(plain(), secrets=False)).ignored
    assert (line.text.strip(), line.why) == (
        "set psksecret ENC ****************",
        "the key is encrypted",
    )


def test_a_peer_without_address_and_one_without_key():
    box = gateway("hq", HQ, HQ_NET, connection("branch", HQ, None, may_initiate=False))
    assert "set type dynamic" in configuration(box)
    assert read_config(configuration(box)).config == box
    box = gateway("hq", HQ, HQ_NET, connection("branch", HQ, BRANCH, psk=None))
    assert read_config(configuration(box)).config == box


def test_a_phase_2_that_ends_by_volume_alone():
    own = connection("branch", HQ, BRANCH, lifetime_seconds=None, lifetime_kilobytes=5120)
    box = gateway("hq", HQ, HQ_NET, own)
    assert "set keylife-type kbs" in configuration(box)
    assert read_config(configuration(box)).config == box


TYPED = """\
#config-version=FGT60F-7.2.5-FW-build1517-230606:opmode=0:vdom=0:user=admin
config system global
    set admintimeout 30
    set hostname "FGT-HQ"
end
config system interface
    edit "wan1"
        set vdom "root"
        set ip 198.51.100.1 255.255.255.0
        set allowaccess ping
        config ipv6
            set ip6-address 2001:db8::1/64
        end
    next
    edit "internal"
        set ip 10.1.0.1/24
    next
    edit "to-branch"
        set ip 169.254.1.1 255.255.255.255
        set interface "wan1"
    next
end
config firewall address
    edit "LAN"
        set subnet 10.1.0.0 255.255.255.0
    next
    edit "REMOTE"
        set subnet 10.2.0.0/24
    next
end
config firewall addrgrp
    edit "REMOTES"
        set member "REMOTE"
    next
    edit "BOTH"
        set member "LAN" "REMOTE"
    next
end
config vpn certificate local
    edit "Fortinet"
        set certificate "-----BEGIN
set hostname wrong
-----END"
    next
end
config vpn ipsec phase1-interface
    edit "to-branch"
        set interface "wan1"
        set peertype any
        set proposal aes128-sha256 chacha20poly1305-prfsha256
        set dhgrp 14 31
        set remote-gw 203.0.113.1
        set psksecret correct-horse
    next
    edit "v2"
        set interface "wan1"
        set ike-version 2
        set remote-gw 203.0.113.2
    next
    edit "unused"
        set interface "wan1"
        set remote-gw 203.0.113.3
    next
    edit "elsewhere"
        set interface "wan2"
        set remote-gw 203.0.113.4
    next
end
config vpn ipsec phase2-interface
    edit "first"
        set phase1name "to-branch"
        set dhgrp 5 2
        set src-addr-type name
        set dst-addr-type name
        set src-name "LAN"
        set dst-name "REMOTES"
    next
    edit "second"
        set phase1name "to-branch"
        set pfs disable
        set dst-addr-type name
        set dst-name "BOTH"
    next
end
config firewall policy
    edit 1
        set srcintf "internal"
        set dstintf "to-branch"
        set action accept
    next
end
config router static
    edit 1
        set gateway 198.51.100.254
        set device "wan1"
    next
    edit 2
        set dst 10.7.0.0 255.255.0.0
        set device "internal"
    next
end
"""


def test_a_typed_configuration():
    reading = read_config(TYPED)
    box = reading.config
    (found,) = box.endpoint.connections
    first, second = found.children
    assert (box.name, box.outside_interface, box.inside_interface) == ("FGT-HQ", "wan1", "internal")
    assert box.inside == ("10.1.0.0/24", "10.7.0.0/16")
    assert (found.name, found.remote, found.psk) == ("to-branch", "203.0.113.1", b"correct-horse")
    assert found.phase1 == (Phase1Transform(7, 4, 14, 128),)
    assert (first.name, str(first.local), str(first.remote)) == (
        "first",
        "10.1.0.0/24",
        "10.2.0.0/24",
    )
    assert (first.pfs_group, second.pfs_group) == (5, None)
    assert (str(second.local), str(second.remote)) == ("any", "any")
    told = [(line.text.strip(), line.why) for line in reading.ignored]
    assert told == [
        ("set admintimeout 30", "not known here"),
        ("config ipv6", "not known here"),
        ('set interface "wan1"', "not known here"),
        ("config vpn certificate local", "not known here"),
        (
            "set proposal aes128-sha256 chacha20poly1305-prfsha256",
            "without chacha20poly1305-prfsha256, which is not known here",
        ),
        ("set dhgrp 14 31", "without 31, which is not known here"),
        ('edit "v2"', "IKEv2 is not spoken here"),
        ("set ike-version 2", "IKEv2 is not spoken here"),
        ('edit "unused"', "no policy configured"),
        ('edit "elsewhere"', "interface 'wan2' has no address"),
        ("set dhgrp 5 2", "only the first group is used"),
        ('set dst-name "BOTH"', "'BOTH' is not one network; everything is meant here"),
    ]
    assert [reading.ignored[0].number, reading.ignored[-1].number] == [3, 82]


def test_a_part_of_a_configuration_needs_no_policies():
    start, _, _ = TYPED.partition("config firewall policy")
    names = [c.name for c in read_config(start).config.endpoint.connections]
    assert names == ["to-branch", "unused"]


def test_a_policy_may_name_a_zone_that_holds_the_tunnel():
    zone = 'config system zone\n    edit "VPN"\n        set interface "unused" "x"\n    next\nend\n'
    text = zone + TYPED.replace('set dstintf "to-branch"', 'set dstintf "to-branch" "VPN"')
    names = [c.name for c in read_config(text).config.endpoint.connections]
    assert names == ["to-branch", "unused"]
    for word in ("any", "sd-wan"):
        text = TYPED.replace('set srcintf "internal"', f'set srcintf "{word}"')
        assert len(read_config(text).config.endpoint.connections) == 2
    disabled = TYPED.replace("set action accept", "set status disable")
    with pytest.raises(ValueError, match="no tunnel"):
        read_config(disabled)


def test_a_configuration_of_several_virtual_firewalls():
    text = f"config global\n{TYPED}end\nconfig vdom\nedit root\n{TYPED}end\n"
    assert read_config(text).config == read_config(TYPED).config


def test_tunnels_that_leave_by_another_address_are_told():
    wan2 = 'config system interface\nedit "wan2"\nset ip 192.0.2.1 255.255.255.0\nnext\nend\n'
    reading = read_config(wan2 + TYPED.replace("internal", "any"))
    assert "another tunnel has 198.51.100.1, and one address is all there is here" in [
        line.why for line in reading.ignored
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("set keylife 5", "5 is not a number from 120 to 172800"),
        ("set dpd sometimes", "can be had here, sometimes not"),
        ("set remote-gw 1.2.3", "1.2.3"),
        ("set authmethod signature", "only pre-shared keys"),
        ("set peertype one", "peers are not told apart"),
        ("set dhgrp 31", "31 is not known here"),
        ("set type ddns", "a peer by address can be had here, ddns not"),
        ("set", "not known here"),
        ("nonsense", "not known here"),
    ],
)
def test_what_makes_no_sense_is_told(line, why):
    text = configuration(plain()).replace('edit "branch"', f'edit "branch"\n{line}', 1)
    found = [i.why for i in _read(text + configuration(plain()).replace("branch", "b2"))]
    assert any(why in reason for reason in found)


def _read(text):
    return read_config(text).ignored


def test_lines_outside_of_their_place_are_told():
    text = "set hostname x\nend\n" + configuration(plain())
    assert [i.number for i in read_config(text).ignored] == [1, 2]
    text = configuration(plain()) + "config router static\nset dst\nset dst 1.1.1.1\nend\n"
    assert [i.why for i in read_config(text).ignored] == ["not known here", "a value is missing"]
    text = configuration(plain()) + 'config vpn ipsec phase1\nset interface "x"\nend\n'
    assert [i.why for i in read_config(text).ignored] == ["no entry is open"]


def test_without_a_tunnel_there_is_nothing_to_read():
    with pytest.raises(ValueError, match="no tunnel"):
        read_config("config system global\nend\n")


@given(st.lists(st.sampled_from(TYPED.splitlines()) | st.text(max_size=60), max_size=60))
def test_no_text_stops_the_reading(lines):
    """Anything may stand there; it is read, ignored, or there is no tunnel."""
    with contextlib.suppress(ValueError):
        read_config("\n".join(lines))


@given(spoiled(TYPED))
def test_of_a_spoiled_configuration_the_rest_is_read(text):
    """What was understood can be written down, and means the same when it is read again."""
    try:
        reading = read_config(text)
    except ValueError as nothing:
        assert "no tunnel" in str(nothing)
    else:
        assert all(1 <= i.number <= len(text.splitlines()) and i.why for i in reading.ignored)
        assert read_config(configuration(reading.config)).config == reading.config


@given(st.text(min_size=1, max_size=30, alphabet=st.characters(codec="ascii")))
def test_any_name_and_key_comes_back(text):
    """Names and keys are quoted, whatever is in them."""
    if not text.isprintable():
        return
    own = connection("branch", HQ, BRANCH, psk=text.encode())
    box = replace(gateway("hq", HQ, HQ_NET, own), name=text)
    assert read_config(configuration(box)).config == box
